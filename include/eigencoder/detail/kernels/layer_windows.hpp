#pragma once

#include <algorithm>
#include <concepts>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/window.hpp>
#include <eigencoder/layers/interpolation.hpp>
#include <string_view>
#include <utility>

/// @file
/// What layers read from their list of options, the window and the bias, and where a pooling window lies.
namespace eigencoder::detail {

template <class... O>
inline constexpr bool has_bias = !(std::same_as<O, WithoutBias> || ...);

/// Whether no two options are of the same kind.
template <class... O>
consteval bool kinds_differ() {
  const std::string_view kinds[] = {O::kind..., ""};
  for (std::size_t i = 0; i < sizeof...(O); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (kinds[i] == kinds[j]) return false;
  return true;
}

/// A square window of size `kernel`, changed by each option; an impossible one if two options are of the same kind.
template <class... O>
constexpr Window window_of(Index kernel, const Pack<O...>& options) {
  Window window = Window::square(kinds_differ<O...>() ? kernel : Shape::impossible);
  [[maybe_unused]] const auto set = [&](const auto& option) {
    if constexpr (requires { option.set(window); }) option.set(window);
  };
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    (set(get<K>(options)), ...);
  }(std::index_sequence_for<O...>());
  return window;
}

/// Which images a convolution with this window accepts; if none (`possible` is false), which options it accepts.
constexpr Text convolution_requirement(const Window& window, bool possible) {
  if (!possible) return "sizes, strides and groups of at least 1, padding of at least 0, each option once";
  const auto smallest = [](const WindowSide& side) {
    if (side.same || !side.is_static()) return Index{1};
    return std::max<Index>(side.extent() - side.before - side.after, 1);
  };
  Text text = Text::of("an image of at least ", static_cast<long long>(smallest(window.height)), "x",
                       static_cast<long long>(smallest(window.width)));
  if (window.groups > 1)
    text.append(", channels in and out in multiples of ").append(static_cast<long long>(window.groups));
  return text;
}

/// The positions of a pooling window along one side of `in` values. Padding is not zeros here: taps outside the image
/// do not exist, so every window needs a tap inside.
struct PoolingSide {
  WindowSide window;
  Index in;
  Index out = window.output(in);
  Index before = window.padding(in);

  /// Index of the window's first tap; negative in the padding.
  Index start(Index position) const { return position * window.stride - before; }
  /// The taps inside the image, at least one.
  Range taps_inside(Index position) const {
    const Index begin = start(position), gap = window.dilation;
    if (begin >= 0 && begin + window.extent() <= in) return {0, window.kernel};
    const Index first = begin < 0 ? (gap - 1 - begin) / gap : 0;
    return {first, (std::min)(window.kernel, (in - begin + gap - 1) / gap) - first};
  }
  /// Whether every value lies in exactly one window.
  bool is_partition() const {
    return window.dilation == 1 && window.stride == window.kernel && before == 0 && out * window.kernel == in;
  }
  /// The mean over the taps inside: the filter of average pooling.
  FilterTaps taps(Index position) const {
    const Range inside = taps_inside(position);
    return FilterTaps::mean(start(position) + inside.first * window.dilation, window.dilation, inside.count);
  }

  /// Whether, on every image that is large enough, each window has a tap inside.
  static constexpr bool is_possible(const WindowSide& window) {
    if (!window.is_possible()) return false;
    return window.same || !window.is_static() || (std::max)(window.before, window.after) <= window.extent() / 2;
  }
  /// The number of positions. Impossible where a window could have no tap inside: with dilation, all taps may miss a
  /// padded side that is shorter than the gaps between them.
  static constexpr Index output(const WindowSide& window, Index n) {
    if (!is_possible(window)) return Shape::impossible;
    const Index positions = window.output(n);
    return positions > 0 && n < window.dilation && window.padding(n) > 0 ? Shape::impossible : positions;
  }
  /// The length from which on every side has an output.
  static constexpr Index min_input(const WindowSide& window) {
    if (!window.is_static()) return 1;
    const bool padded = window.same || window.before > 0;
    const Index fits = window.same ? 1 : window.extent() - window.before - window.after;
    return std::max<Index>(padded ? window.dilation : 1, fits);
  }
};

}  // namespace eigencoder::detail
