#pragma once

#include <concepts>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/window.hpp>
#include <initializer_list>
#include <string_view>
#include <utility>

/// @file
/// What may follow the kernel in `Conv2d<32, 3, Stride<2>, Same>`, or, by value, in `Conv2d{32, 3, Stride{2}, Same{}}`.
namespace eigencoder {

namespace detail {

/// One or two sizes of an option, down and to the right: template arguments, or values.
template <Index Down, Index Right>
struct OptionSizes {
  Index down = Down;
  Index right = Right;

  constexpr OptionSizes() = default;
  constexpr explicit OptionSizes(Index both)
    requires(Down == Dynamic)
      : down(both), right(both) {}
  constexpr OptionSizes(Index d, Index r)
    requires(Down == Dynamic && Right == Dynamic)
      : down(d), right(r) {}

  /// "Stride<2>", "Stride{2, 1}"
  constexpr Text name(std::string_view kind) const {
    Text text = Text::of(kind, Down == Dynamic ? "{" : "<");
    down == Dynamic ? text.append("Dynamic") : text.append(static_cast<long long>(down));
    if (right != down && right != Dynamic) text.append(", ").append(static_cast<long long>(right));
    return text.append(Down == Dynamic ? "}" : ">");
  }
};

}  // namespace detail

/// Steps of the window, down and to the right: `Stride<2>`, `Stride<2, 1>`, `Stride{2}`.
template <Index Down = Dynamic, Index Right = Down>
struct Stride : detail::OptionSizes<Down, Right> {
  static constexpr std::string_view kind = "Stride";
  using detail::OptionSizes<Down, Right>::OptionSizes;
  constexpr void set(Window& window) const { window.height.stride = this->down, window.width.stride = this->right; }
  constexpr Text name() const { return detail::OptionSizes<Down, Right>::name(kind); }
};
Stride(Index) -> Stride<>;
Stride(Index, Index) -> Stride<>;

/// Steps between the values under the kernel: `Dilation<2>` leaves gaps of one.
template <Index Down = Dynamic, Index Right = Down>
struct Dilation : detail::OptionSizes<Down, Right> {
  static constexpr std::string_view kind = "Dilation";
  using detail::OptionSizes<Down, Right>::OptionSizes;
  constexpr void set(Window& window) const {
    window.height.dilation = this->down, window.width.dilation = this->right;
  }
  constexpr Text name() const { return detail::OptionSizes<Down, Right>::name(kind); }
};
Dilation(Index) -> Dilation<>;
Dilation(Index, Index) -> Dilation<>;

/// Zeros around the image, above as below and left as right: `Padding<1>`, `Padding<1, 2>`, `Padding{1}`.
template <Index Vertical = Dynamic, Index Horizontal = Vertical>
struct Padding : detail::OptionSizes<Vertical, Horizontal> {
  static constexpr std::string_view kind = "Padding";
  using detail::OptionSizes<Vertical, Horizontal>::OptionSizes;
  constexpr void set(Window& window) const {
    window.height.before = window.height.after = this->down;
    window.width.before = window.width.after = this->right;
  }
  constexpr Text name() const { return detail::OptionSizes<Vertical, Horizontal>::name(kind); }
};
Padding(Index) -> Padding<>;
Padding(Index, Index) -> Padding<>;

/// Zeros so that n values give ceil(n / stride), the extra zero behind them; transposed, n values give n stride.
struct Same {
  static constexpr std::string_view kind = "Padding";
  constexpr void set(Window& window) const { window.height.same = window.width.same = true; }
  constexpr Text name() const { return "Same"; }
};

/// No zeros: the window stays inside the image. What holds where nothing is said.
struct Valid {
  static constexpr std::string_view kind = "Padding";
  constexpr void set(Window&) const {}
  constexpr Text name() const { return "Valid"; }
};

/// The kernel's width, where it differs from its height.
template <Index Width = Dynamic>
struct KernelWidth : detail::OptionSizes<Width, Width> {
  static constexpr std::string_view kind = "KernelWidth";
  constexpr KernelWidth() = default;
  constexpr explicit KernelWidth(Index width)
    requires(Width == Dynamic)
      : detail::OptionSizes<Width, Width>(width) {}
  constexpr void set(Window& window) const { window.width.kernel = this->right; }
  constexpr Text name() const { return detail::OptionSizes<Width, Width>::name(kind); }
};
KernelWidth(Index) -> KernelWidth<>;

/// Channels in so many groups, each of which sees itself alone; the channels on both sides must be multiples. With one
/// group a channel the convolution is depthwise.
template <Index Count = Dynamic>
struct Groups : detail::OptionSizes<Count, Count> {
  static constexpr std::string_view kind = "Groups";
  constexpr Groups() = default;
  constexpr explicit Groups(Index count)
    requires(Count == Dynamic)
      : detail::OptionSizes<Count, Count>(count) {}
  constexpr void set(Window& window) const { window.groups = this->down; }
  constexpr Text name() const { return detail::OptionSizes<Count, Count>::name(kind); }
};
Groups(Index) -> Groups<>;

/// Rows and columns, fewer than a stride, that a transposed convolution adds at the end: of the sizes that the
/// convolution shrinks to the same, it chooses one.
template <Index Down = Dynamic, Index Right = Down>
struct OutputPadding : detail::OptionSizes<Down, Right> {
  static constexpr std::string_view kind = "OutputPadding";
  using detail::OptionSizes<Down, Right>::OptionSizes;
  constexpr void set(Window& window) const {
    window.height.left_over = this->down, window.width.left_over = this->right;
  }
  constexpr Text name() const { return detail::OptionSizes<Down, Right>::name(kind); }
};
OutputPadding(Index) -> OutputPadding<>;
OutputPadding(Index, Index) -> OutputPadding<>;

/// What may stand behind a kernel: of each `kind` one at most. `set(window)`, if there is one, shapes the window.
template <class O>
concept LayerOption = std::default_initializable<O> && requires(const O& option) {
  { O::kind } -> std::convertible_to<std::string_view>;
  { option.name() } -> std::same_as<Text>;
};
/// For `MaxPool2d` and `AveragePool2d`.
template <class O>
concept PoolingOption = LayerOption<O> && O::kind != "Groups" && O::kind != "Bias" && O::kind != "OutputPadding";
/// For `Conv2d`.
template <class O>
concept ConvolutionOption = LayerOption<O> && O::kind != "OutputPadding";

namespace detail {

template <class... O>
inline constexpr bool has_bias = !(std::same_as<O, WithoutBias> || ...);

/// Whether each option is given once at most.
template <class... O>
consteval bool once_each() {
  const std::string_view kinds[] = {O::kind..., ""};
  for (std::size_t i = 0; i < sizeof...(O); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (kinds[i] == kinds[j]) return false;
  return true;
}

/// The window of a layer: a square kernel, changed by its options; an impossible one if one is given twice.
template <class... O>
constexpr Window window_of(Index kernel, const Pack<O...>& options) {
  Window window = Window::square(once_each<O...>() ? kernel : Shape::impossible);
  [[maybe_unused]] const auto set = [&](const auto& option) {
    if constexpr (requires { option.set(window); }) option.set(window);
  };
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    (set(get<K>(options)), ...);
  }(std::index_sequence_for<O...>());
  return window;
}

/// What a convolution with such a window can take; if none is possible, what its options have to be.
constexpr Text wanted_image(const Window& window, bool possible) {
  if (!possible) return "sizes, strides and groups of at least 1, padding of at least 0, each option once";
  const auto least = [](const WindowSide& side) {
    if (side.same || !side.is_static()) return Index{1};
    return std::max<Index>(side.extent() - side.before - side.after, 1);
  };
  Text text = Text::of("an image of at least ", static_cast<long long>(least(window.height)), "x",
                       static_cast<long long>(least(window.width)));
  if (window.groups > 1)
    text.append(", channels in and out in multiples of ").append(static_cast<long long>(window.groups));
  return text;
}

/// "Conv2d<32, 3, Stride<2>>", with braces where the sizes are values.
template <class... O>
constexpr Text window_name(const char* layer, bool by_value, std::initializer_list<Index> sizes,
                           const Pack<O...>& options) {
  Text text = Text::of(layer, by_value ? "{" : "<");
  const char* comma = "";
  for (const Index size : sizes) {
    text.append(comma);
    size == Dynamic ? text.append("Dynamic") : text.append(static_cast<long long>(size));
    comma = ", ";
  }
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    (text.append(", ").append(get<K>(options).name()), ...);
  }(std::index_sequence_for<O...>());
  return text.append(by_value ? "}" : ">");
}

}  // namespace detail
}  // namespace eigencoder
