#pragma once

#include <algorithm>
#include <concepts>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/window.hpp>
#include <string_view>
#include <utility>

/// @file
/// What layers read from their list of options: the window and the bias.
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

}  // namespace eigencoder::detail
