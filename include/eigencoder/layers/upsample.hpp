#pragma once

#include <concepts>
#include <eigencoder/detail/kernels/resampling.hpp>
#include <eigencoder/extend/window.hpp>

namespace eigencoder {

/// Value i of a side that goes from `in` to `out` values is the value at floor(i in / out): repetition, where out is a
/// multiple of in.
struct Nearest {
  constexpr Text name() const { return "Nearest"; }
  static detail::LineTaps taps(Index i, Index in, Index out) { return {i * in / out, 1, 1, 1, 0}; }
};

/// Linear interpolation between the centers of the values, held at the borders: value i lies at
/// (i + 1/2) in / out - 1/2.
struct Bilinear {
  constexpr Text name() const { return "Bilinear"; }
  static detail::LineTaps taps(Index i, Index in, Index out) {
    const double center = (static_cast<double>(i) + 0.5) * static_cast<double>(in) / static_cast<double>(out) - 0.5;
    const double place = std::clamp(center, 0.0, static_cast<double>(in - 1));
    const auto first = static_cast<Index>(place);
    const double right = place - static_cast<double>(first);
    return {first, 1, right > 0 ? 2 : 1, 1 - right, right};
  }
};

/// Value i is the mean of the values at floor(i in / out), ..., ceil((i + 1) in / out) - 1: what averages as `Nearest`
/// repeats, for a side that shrinks.
struct Area {
  constexpr Text name() const { return "Area"; }
  static detail::LineTaps taps(Index i, Index in, Index out) {
    const Index first = i * in / out, count = ((i + 1) * in + out - 1) / out - first;
    const double weight = 1 / static_cast<double>(count);
    return {first, 1, count, weight, weight};
  }
};

/// How an image comes to another size: `Nearest`, `Bilinear` or `Area`.
template <class M>
concept Interpolation = std::default_initializable<M> && requires(const M& mode, Index n) {
  { mode.name() } -> std::same_as<Text>;
  { M::taps(n, n, n) } -> std::same_as<detail::LineTaps>;
};

namespace detail {

template <Interpolation Mode>
struct InterpolatedSide {
  Index in;
  Index out;
  LineTaps taps(Index i) const { return Mode::taps(i, in, out); }
};

template <Interpolation Mode>
auto interpolation_kernel(Shape in, Shape out) {
  using Side = InterpolatedSide<Mode>;
  return ResamplingKernel<Side>(in, out, {in.height, out.height}, {in.width, out.width});
}

/// A size that a layer may have: at least 1, at most so large that products of two are numbers.
constexpr Index checked_size(Index n) { return n <= WindowSide::most ? Shape::checked(n) : Shape::impossible; }

/// "Upsample<2>", "UpsampleTo{7, 7, Bilinear}"
template <class Mode, class... Sizes>
constexpr Text interpolation_name(const char* layer, bool by_value, Sizes... sizes) {
  Text text = Text::of(layer, by_value ? "{" : "<");
  Index count = 0;
  const auto add = [&](Index n) {
    if (count++ > 0) text.append(", ");
    n == Dynamic ? text.append("Dynamic") : text.append(static_cast<long long>(n));
  };
  (add(sizes), ...);
  if (!std::same_as<Mode, Nearest>) text.append(", ").append(Mode{}.name());
  return text.append(by_value ? "}" : ">");
}

}  // namespace detail

/// Images at exactly this size, a linear layer without weight. A smaller size is allowed; of the modes only `Area`
/// sees every value then.
///
///     UpsampleTo<28, 28>, UpsampleTo<28, 28, Bilinear>
///     UpsampleTo{28, 28}, UpsampleTo{28, 28, Bilinear{}}
template <Index Height = Dynamic, Index Width = Dynamic, Interpolation Mode = Nearest>
struct UpsampleTo : detail::WeightlessLayer {
  Index height = Height;
  Index width = Width;

  constexpr UpsampleTo() = default;
  constexpr UpsampleTo(Index rows, Index columns, Mode = {})
    requires(Height == Dynamic && Width == Dynamic)
      : height(rows), width(columns) {}

  constexpr Shape output(Shape in) const {
    const Shape out{detail::checked_size(height), detail::checked_size(width), in.channels};
    return in.is_possible() && out.is_possible() ? out : Shape::none();
  }
  constexpr Text name() const {
    return detail::interpolation_name<Mode>("UpsampleTo", Height == Dynamic || Width == Dynamic, height, width);
  }
  constexpr Text wanted() const { return "a positive height and width"; }
  /// In a mirrored decoder: averages over what came from one value.
  constexpr auto mirror(Shape in) const { return UpsampleTo<Dynamic, Dynamic, Area>(in.height, in.width); }

  template <class Scalar>
  auto kernel(Shape in, const Scalar*) const {
    return detail::interpolation_kernel<Mode>(in, output(in));
  }
};

UpsampleTo(Index, Index) -> UpsampleTo<>;
template <class Mode>
UpsampleTo(Index, Index, Mode) -> UpsampleTo<Dynamic, Dynamic, Mode>;

/// Images `factor` times as high and wide, a linear layer without weight.
///
///     Upsample<2>, Upsample<2, Bilinear>
///     Upsample{2}, Upsample{2, Bilinear{}}
template <Index Factor = Dynamic, Interpolation Mode = Nearest>
struct Upsample : detail::WeightlessLayer {
  Index factor = Factor;

  constexpr Upsample() = default;
  constexpr explicit Upsample(Index times, Mode = {})
    requires(Factor == Dynamic)
      : factor(times) {}

  constexpr Shape output(Shape in) const {
    const Shape out{times(in.height), times(in.width), in.channels};
    return in.is_possible() && out.is_possible() ? out : Shape::none();
  }
  constexpr Text name() const { return detail::interpolation_name<Mode>("Upsample", Factor == Dynamic, factor); }
  constexpr Text wanted() const { return "a positive factor"; }
  /// In a mirrored decoder: averages over what came from one value.
  constexpr auto mirror(Shape in) const { return UpsampleTo<Dynamic, Dynamic, Area>(in.height, in.width); }

  template <class Scalar>
  auto kernel(Shape in, const Scalar*) const {
    return detail::interpolation_kernel<Mode>(in, output(in));
  }

 private:
  constexpr Index times(Index n) const {
    const Index f = detail::checked_size(factor);
    if (f == Shape::impossible || n > WindowSide::most) return Shape::impossible;
    return f == Dynamic || n == Dynamic ? Index{Dynamic} : Shape::checked(n * f);
  }
};

Upsample(Index) -> Upsample<>;
template <class Mode>
Upsample(Index, Mode) -> Upsample<Dynamic, Mode>;

}  // namespace eigencoder
