#pragma once

#include <eigencoder/detail/kernels/transposed.hpp>
#include <eigencoder/extend/linear_layer.hpp>

namespace eigencoder::detail {

/// The decoder's counterpart of the encoder's linear layer `of`: its adjoint at the shape that entered
/// `of`, so it returns exactly that shape. The weight is stored as `of` stores its own (its rows are this
/// layer's inputs); tied, it *is* the weight of `of`, and both layers' gradients add up in it.
template <LinearLayer L, bool Tied>
struct Mirrored {
  static constexpr bool has_weight = L::has_weight;
  static constexpr bool tied = Tied && L::has_weight;

  L of;
  Shape original = Shape::none();  ///< what enters `of`
  Index source = 0;                ///< the position of `of` in the encoder
  Initializer initializer = of.initializer;

  constexpr Shape output(Shape in) const { return in.fits(of.output(original)) ? original : Shape::none(); }
  constexpr Text name() const { return Text::of(Tied ? "Tied(" : "Mirrored(", of.name(), ")"); }
  constexpr Text wanted() const { return of.output(original).text(); }
  constexpr Index bias_size(Shape out) const { return of.bias_size(out); }
  constexpr WeightShape weight_shape(Shape) const {
    const WeightShape w = of.weight_shape(original);
    return {w.rows, w.cols, w.fan_out, w.fan_in};
  }
  template <class Scalar>
  auto kernel(Shape, const Scalar* weight) const {
    return detail::Transposed<decltype(of.kernel(original, weight))>{of.kernel(original, weight)};
  }
};

}  // namespace eigencoder::detail
