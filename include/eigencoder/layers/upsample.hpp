#pragma once

#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/kernels/weightless_kernels.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/layers/interpolation.hpp>

namespace eigencoder {

/// Resizes images to exactly this height and width; a linear layer without a weight. A smaller size is allowed; of the
/// modes only `Area` then uses every input value.
///
///     UpsampleTo<28, 28>, UpsampleTo<28, 28, Bilinear>, UpsampleTo<28, 28, Bicubic>
///     UpsampleTo{28, 28}, UpsampleTo{28, 28, Bilinear{}}
template <Index Height = Dynamic, Index Width = Dynamic, Interpolation Mode = Nearest>
struct UpsampleTo : WeightlessLayer {
  Index height = Height;  ///< of the output
  Index width = Width;    ///< of the output

  constexpr UpsampleTo() = default;
  /// By value: `UpsampleTo{28, 28, Bilinear{}}`.
  constexpr UpsampleTo(Index rows, Index columns, Mode = {})
    requires(Height == Dynamic && Width == Dynamic)
      : height(rows), width(columns) {}

  /// As every `LinearLayer`.
  ///@{
  constexpr Shape output(Shape in) const {
    const Shape out{detail::checked_size(height), detail::checked_size(width), in.channels};
    return in.is_possible() && out.is_possible() ? out : Shape::none();
  }
  constexpr Text name() const {
    return detail::spelled_type("UpsampleTo", Height == Dynamic || Width == Dynamic, {height, width},
                              detail::NamedMode<Mode>());
  }
  constexpr Text expected_input() const { return "a positive height and width"; }
  template <class Scalar>
  auto kernel(Shape in, const Scalar*) const {
    return detail::interpolation_kernel<Mode>(in, output(in));
  }
  ///@}
  /// The layer of a mirrored decoder: averages down to the input's height and width.
  constexpr auto mirror(Shape in) const { return UpsampleTo<Dynamic, Dynamic, Area>(in.height, in.width); }
};

UpsampleTo(Index, Index) -> UpsampleTo<>;
template <class Mode>
UpsampleTo(Index, Index, Mode) -> UpsampleTo<Dynamic, Dynamic, Mode>;

/// Resizes images to `factor` times their height and width; a linear layer without a weight.
///
///     Upsample<2>, Upsample<2, Bilinear>
///     Upsample{2}, Upsample{2, Bilinear{}}
template <Index Factor = Dynamic, Interpolation Mode = Nearest>
struct Upsample : WeightlessLayer {
  Index factor = Factor;  ///< of height and width

  constexpr Upsample() = default;
  /// By value: `Upsample{2, Bilinear{}}`.
  constexpr explicit Upsample(Index times, Mode = {})
    requires(Factor == Dynamic)
      : factor(times) {}

  /// As every `LinearLayer`.
  ///@{
  constexpr Shape output(Shape in) const {
    const Shape out{detail::scaled_size(in.height, factor), detail::scaled_size(in.width, factor), in.channels};
    return in.is_possible() && out.is_possible() ? out : Shape::none();
  }
  constexpr Text name() const {
    return detail::spelled_type("Upsample", Factor == Dynamic, {factor}, detail::NamedMode<Mode>());
  }
  constexpr Text expected_input() const { return "a positive factor"; }
  template <class Scalar>
  auto kernel(Shape in, const Scalar*) const {
    return detail::interpolation_kernel<Mode>(in, output(in));
  }
  ///@}
  /// The layer of a mirrored decoder: averages down to the input's height and width.
  constexpr auto mirror(Shape in) const { return UpsampleTo<Dynamic, Dynamic, Area>(in.height, in.width); }
};

Upsample(Index) -> Upsample<>;
template <class Mode>
Upsample(Index, Mode) -> Upsample<Dynamic, Mode>;

}  // namespace eigencoder
