#pragma once

#include <eigencoder/detail/kernels/transposed.hpp>
#include <eigencoder/extend/linear_layer.hpp>

namespace eigencoder::detail {

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
