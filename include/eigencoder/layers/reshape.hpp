#pragma once

#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/kernels/weightless_kernels.hpp>
#include <eigencoder/extend/linear_layer.hpp>

namespace eigencoder {

/// Reads the same values as an image of another shape, the channel fastest, as between `Dense` and a convolution. The
/// input is a vector or any image of as many values.
///
///     Reshape<7, 7, 32>, Reshape{7, 7, 32}
template <Index Height = Dynamic, Index Width = Dynamic, Index Channels = Dynamic>
struct Reshape : WeightlessLayer {
  Shape shape{Height, Width, Channels};  ///< of the output

  constexpr Reshape() = default;
  /// By value: `Reshape{7, 7, 32}`.
  constexpr Reshape(Index height, Index width, Index channels)
    requires(Height == Dynamic && Width == Dynamic && Channels == Dynamic)
      : shape{height, width, channels} {}

  /// As every `LinearLayer`.
  ///@{
  constexpr Shape output(Shape in) const {
    const Shape out{Shape::checked(shape.height), Shape::checked(shape.width), Shape::checked(shape.channels)};
    if (!in.is_possible() || !out.is_possible()) return Shape::none();
    return !in.is_static() || !out.is_static() || in.size() == out.size() ? out : Shape::none();
  }
  constexpr Text name() const {
    const bool by_value = Height == Dynamic || Width == Dynamic || Channels == Dynamic;
    return detail::spelled_type("Reshape", by_value, {shape.height, shape.width, shape.channels});
  }
  /// "1568 values"
  constexpr Text expected_input() const {
    const Shape out = output({Dynamic, Dynamic, Dynamic});
    return out.is_static() ? Shape::flat(out.size()).in_words() : Text("positive sizes");
  }
  template <class Scalar>
  auto kernel(Shape in, const Scalar*) const {
    return detail::CopyKernel{{in, output(in)}};
  }
  ///@}
};

Reshape(Index, Index, Index) -> Reshape<>;

}  // namespace eigencoder
