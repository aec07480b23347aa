#pragma once

#include <concepts>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/window.hpp>
#include <string_view>

/// @file
/// The options that follow the kernel in `Conv2d<32, 3, Stride<2>, Same>` or, by value, in
/// `Conv2d{32, 3, Stride{2}, Same{}}`.
namespace eigencoder {

/// Base of the options that consist of sizes, one along the height and one along the width of an image. The sizes are
/// template arguments, or values where these are `Dynamic`. `Option` is the derived option (CRTP): it has a `kind` and
/// `set_side(side, size)`, which gives its size to one side of a window.
template <class Option, Index Height, Index Width>
struct SizeOption {
  Index height = Height;  ///< along the height
  Index width = Width;    ///< along the width

  constexpr SizeOption() = default;
  /// The same size along both: `Stride{2}`.
  constexpr explicit SizeOption(Index both)
    requires(Height == Dynamic)
      : height(both), width(both) {}
  /// `Stride{2, 1}`
  constexpr SizeOption(Index along_height, Index along_width)
    requires(Height == Dynamic && Width == Dynamic)
      : height(along_height), width(along_width) {}

  /// "Stride<2>", "Stride{2, 1}"
  constexpr Text name() const {
    if (width == height || width == Dynamic) return detail::spelled_type(Option::kind, Height == Dynamic, {height});
    return detail::spelled_type(Option::kind, Height == Dynamic, {height, width});
  }
  /// Changes both sides of a window.
  constexpr void set(Window& window) const {
    Option::set_side(window.height, height);
    Option::set_side(window.width, width);
  }
};

/// Steps of the window along height and width: `Stride<2>`, `Stride<2, 1>`, `Stride{2}`.
template <Index Height = Dynamic, Index Width = Height>
struct Stride : SizeOption<Stride<Height, Width>, Height, Width> {
  using SizeOption<Stride, Height, Width>::SizeOption;
  /// As every `SizeOption`.
  ///@{
  static constexpr std::string_view kind = "Stride";
  static constexpr void set_side(WindowSide& side, Index size) { side.stride = size; }
  ///@}
};
Stride(Index) -> Stride<>;
Stride(Index, Index) -> Stride<>;

/// Distance between neighboring taps of the kernel: `Dilation<2>` leaves a gap of one value.
template <Index Height = Dynamic, Index Width = Height>
struct Dilation : SizeOption<Dilation<Height, Width>, Height, Width> {
  using SizeOption<Dilation, Height, Width>::SizeOption;
  /// As every `SizeOption`.
  ///@{
  static constexpr std::string_view kind = "Dilation";
  static constexpr void set_side(WindowSide& side, Index size) { side.dilation = size; }
  ///@}
};
Dilation(Index) -> Dilation<>;
Dilation(Index, Index) -> Dilation<>;

/// Rows of zeros above and below the image, and columns of zeros on both sides: `Padding<1>`, `Padding<1, 2>`,
/// `Padding{1}`.
template <Index Height = Dynamic, Index Width = Height>
struct Padding : SizeOption<Padding<Height, Width>, Height, Width> {
  using SizeOption<Padding, Height, Width>::SizeOption;
  /// As every `SizeOption`.
  ///@{
  static constexpr std::string_view kind = "Padding";
  static constexpr void set_side(WindowSide& side, Index size) { side.before = side.after = size; }
  ///@}
};
Padding(Index) -> Padding<>;
Padding(Index, Index) -> Padding<>;

/// Zeros such that n values give ceil(n / stride); where their number is odd, the extra zero comes after the image.
/// Transposed, n values give n stride.
struct Same {
  /// As every `LayerOption`.
  ///@{
  static constexpr std::string_view kind = "Padding";
  constexpr void set(Window& window) const { window.height.same = window.width.same = true; }
  constexpr Text name() const { return "Same"; }
  ///@}
};

/// No zeros: the window stays inside the image. The default.
struct Valid {
  /// As every `LayerOption`.
  ///@{
  static constexpr std::string_view kind = "Padding";
  constexpr void set(Window&) const {}
  constexpr Text name() const { return "Valid"; }
  ///@}
};

/// The kernel's width, where it differs from its height.
template <Index Width = Dynamic>
struct KernelWidth : SizeOption<KernelWidth<Width>, Width, Width> {
  constexpr KernelWidth() = default;
  /// `KernelWidth{5}`
  constexpr explicit KernelWidth(Index columns)
    requires(Width == Dynamic)
      : SizeOption<KernelWidth, Width, Width>(columns) {}
  /// As every `LayerOption`.
  ///@{
  static constexpr std::string_view kind = "KernelWidth";
  constexpr void set(Window& window) const { window.width.kernel = this->width; }
  ///@}
};
KernelWidth(Index) -> KernelWidth<>;

/// A grouped convolution: the channels are split into `Count` groups, and the outputs of a group see only the inputs of
/// the same group. Both numbers of channels must be multiples of it. With one input channel a group the convolution is
/// depthwise.
template <Index Count = Dynamic>
struct Groups : SizeOption<Groups<Count>, Count, Count> {
  constexpr Groups() = default;
  /// `Groups{4}`
  constexpr explicit Groups(Index count)
    requires(Count == Dynamic)
      : SizeOption<Groups, Count, Count>(count) {}
  /// As every `LayerOption`.
  ///@{
  static constexpr std::string_view kind = "Groups";
  constexpr void set(Window& window) const { window.groups = this->height; }
  ///@}
};
Groups(Index) -> Groups<>;

/// Rows and columns, fewer than a stride, that a transposed convolution adds at the end. A strided convolution shrinks
/// several sizes to the same one; this chooses to which of them its transpose returns.
template <Index Height = Dynamic, Index Width = Height>
struct OutputPadding : SizeOption<OutputPadding<Height, Width>, Height, Width> {
  using SizeOption<OutputPadding, Height, Width>::SizeOption;
  /// As every `SizeOption`.
  ///@{
  static constexpr std::string_view kind = "OutputPadding";
  static constexpr void set_side(WindowSide& side, Index size) { side.output_padding = size; }
  ///@}
};
OutputPadding(Index) -> OutputPadding<>;
OutputPadding(Index, Index) -> OutputPadding<>;

/// An option of a layer with a window.
///
/// - `kind`: a layer takes at most one option of each kind
/// - `name()`: how it is spelled in a layer's name
/// - optionally `set(window)`: changes the window of the layer
template <class O>
concept LayerOption = std::default_initializable<O> && requires(const O& option) {
  { O::kind } -> std::convertible_to<std::string_view>;
  { option.name() } -> std::same_as<Text>;
};
/// An option of `MaxPool2d` and `AveragePool2d`.
template <class O>
concept PoolingOption = LayerOption<O> && O::kind != "Groups" && O::kind != "Bias" && O::kind != "OutputPadding";
/// An option of `Conv2d`.
template <class O>
concept ConvolutionOption = LayerOption<O> && O::kind != "OutputPadding";

}  // namespace eigencoder
