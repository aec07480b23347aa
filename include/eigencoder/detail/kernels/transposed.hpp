#pragma once

#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/workspace.hpp>

/// @file
/// The transpose of a linear layer: of its kernel, and as the layer of a mirrored decoder.
namespace eigencoder::detail {

/// A^T as a `LinearKernel`, for the kernel of a linear map A and on the same weight: `apply` and `adjoint` swapped. A
/// transposed convolution is this, and so is every linear layer of a mirrored decoder.
template <class Kernel>
struct Transposed {
  Kernel original;  ///< A

  Index apply_tasks(Index batch) const { return original.adjoint_tasks(batch); }
  Index adjoint_tasks(Index batch) const { return original.apply_tasks(batch); }
  Index outer_tasks() const { return original.outer_tasks(); }
  Range outer_range(Index task) const { return original.outer_range(task); }
  Index work() const { return original.work(); }

  template <class Scalar>
  Region apply(Index task, const Scalar* x, Scalar* y, Index batch, KernelScratch<Scalar>& scratch) const {
    return original.adjoint(task, x, y, batch, scratch);
  }
  template <class Scalar>
  Region adjoint(Index task, const Scalar* y, Scalar* x, Index batch, KernelScratch<Scalar>& scratch) const {
    return original.apply(task, y, x, batch, scratch);
  }
  /// <dy, A^T x> = <A dy, x>, so the gradient of A's weight is that of A with x and dy swapped.
  template <class Scalar>
  void outer(Index task, const Scalar* x, const Scalar* dy, Index batch, Scalar* g, bool accumulate,
             KernelScratch<Scalar>& scratch) const {
    original.outer(task, dy, x, batch, g, accumulate, scratch);
  }
};

/// The decoder's counterpart of a linear layer of the encoder: its adjoint, which returns exactly the shape that the
/// encoder's layer took. The weight is stored as the encoder's layer stores its own, so its rows are this layer's
/// inputs. If tied, it *is* the encoder's weight, and both layers add to its gradient.
template <LinearLayer L, bool Tied>
struct Mirrored {
  static constexpr bool has_weight = L::has_weight;
  static constexpr bool tied = Tied && L::has_weight;

  L layer;                         ///< the encoder's layer
  Shape original = Shape::none();  ///< its input, which is this layer's output
  Index source = 0;                ///< its position in the encoder
  Initializer initializer = layer.initializer;

  constexpr Shape output(Shape in) const { return in.fits(layer.output(original)) ? original : Shape::none(); }
  constexpr Text name() const { return Text::of(Tied ? "Tied(" : "Mirrored(", layer.name(), ")"); }
  constexpr Text expected_input() const { return layer.output(original).text(); }
  constexpr Index bias_size(Shape out) const { return layer.bias_size(out); }
  constexpr WeightShape weight_shape(Shape) const {
    const WeightShape w = layer.weight_shape(original);
    return {w.rows, w.cols, w.fan_out, w.fan_in};
  }
  template <class Scalar>
  auto kernel(Shape, const Scalar* weight) const {
    return detail::Transposed<decltype(layer.kernel(original, weight))>{layer.kernel(original, weight)};
  }
};

}  // namespace eigencoder::detail
