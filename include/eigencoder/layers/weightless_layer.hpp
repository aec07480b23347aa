#pragma once

#include <eigencoder/extend/linear_layer.hpp>

namespace eigencoder {

/// Base of linear layers without parameters, such as `AveragePool2d`, `Upsample` and `Reshape`. A layer of your own
/// that inherits it adds `output(in)`, `name()` and `kernel<Scalar>(in, weight)` to be a `LinearLayer`; the weight it
/// is given is null.
struct WeightlessLayer {
  /// As every `LinearLayer`: no weight and no bias.
  ///@{
  static constexpr bool has_weight = false;
  static constexpr Initializer initializer = {};

  constexpr Index bias_size(Shape) const { return 0; }
  constexpr WeightShape weight_shape(Shape) const { return {}; }
  ///@}
};

}  // namespace eigencoder
