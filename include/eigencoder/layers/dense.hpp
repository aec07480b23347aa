#pragma once

#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/kernels/dense_kernel.hpp>
#include <eigencoder/extend/linear_layer.hpp>

namespace eigencoder {

/// A fully connected layer, y = W x + b, with W of `width` x inputs. An image is read as a vector of its values,
/// channel fastest. The width is a template argument or, with `Dense{width}`, a value:
///
///     Dense<64>                                   static
///     Dense<64>{Initializer::he_uniform()}        static, with another initializer
///     Dense{64}, Dense{64, WithoutBias{}}         dynamic
template <Index Width = Dynamic, class Bias = WithBias>
struct Dense {
  Index width = Width;           ///< number of outputs
  Initializer initializer = {};  ///< of the weight

  constexpr Dense() = default;
  /// A static width and an initializer.
  constexpr explicit Dense(Initializer weights)
    requires(Width != Dynamic)
      : initializer(weights) {}
  /// The width by value; the bias is a type, `WithBias{}` or `WithoutBias{}`.
  constexpr explicit Dense(Index outputs, Bias = {}, Initializer weights = {})
    requires(Width == Dynamic)
      : width(outputs), initializer(weights) {}
  /// The width by value and an initializer.
  constexpr Dense(Index outputs, Initializer weights)
    requires(Width == Dynamic)
      : width(outputs), initializer(weights) {}

  /// As every `LinearLayer`.
  ///@{
  static constexpr bool has_weight = true;

  constexpr Shape output(Shape in) const { return in.is_possible() ? Shape::flat(width) : Shape::none(); }
  constexpr Text name() const {
    return detail::spelled_type("Dense", Width == Dynamic && width != Dynamic, {width});
  }
  constexpr Text expected_input() const { return "a positive width"; }
  constexpr Index bias_size(Shape out) const { return Bias::value ? out.size() : 0; }
  constexpr WeightShape weight_shape(Shape in) const { return {width, in.size(), in.size(), width}; }

  template <class Scalar>
  auto kernel(Shape in, const Scalar* weight) const {
    return detail::DenseKernel<Scalar>{weight, in.values(), width};
  }
  ///@}
};

Dense(Index) -> Dense<Dynamic, WithBias>;
Dense(Index, Initializer) -> Dense<Dynamic, WithBias>;
template <class Bias>
Dense(Index, Bias) -> Dense<Dynamic, Bias>;
template <class Bias>
Dense(Index, Bias, Initializer) -> Dense<Dynamic, Bias>;

}  // namespace eigencoder
