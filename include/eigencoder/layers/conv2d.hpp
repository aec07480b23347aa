#pragma once

#include <eigencoder/detail/kernels/convolution_kernel.hpp>
#include <eigencoder/detail/kernels/layer_windows.hpp>
#include <eigencoder/detail/kernels/transposed.hpp>
#include <eigencoder/layers/window_options.hpp>

/// @file
/// Convolutions and transposed convolutions of images.
namespace eigencoder {

/// Hyperparameters that `Conv2d` and `ConvTranspose2d` share, and how they are given: sizes as template arguments, or
/// all by value where these are `Dynamic`.
template <Index Channels, Index Kernel, LayerOption... Options>
struct ConvolutionBase {
  Index channels = Channels;      ///< number of output channels
  Index kernel_size = Kernel;     ///< rows of the kernel, and columns unless `KernelWidth` says otherwise
  Pack<Options...> options = {};  ///< in the order given
  Initializer initializer = {};   ///< of the weight

  constexpr ConvolutionBase() = default;
  /// Static sizes and an initializer: `Conv2d<32, 3>{Initializer::he_uniform()}`.
  constexpr explicit ConvolutionBase(Initializer weights)
    requires(Channels != Dynamic)
      : initializer(weights) {}
  /// By value: `Conv2d{32, 3, Stride{2}}`.
  constexpr ConvolutionBase(Index outputs, Index kernel, const Options&... each)
    requires(Channels == Dynamic)
      : ConvolutionBase(outputs, kernel, Initializer{}, each...) {}
  /// By value, with an initializer.
  constexpr ConvolutionBase(Index outputs, Index kernel, Initializer weights, const Options&... each)
    requires(Channels == Dynamic)
      : channels(outputs), kernel_size(kernel), options(each...), initializer(weights) {}

  /// The window that kernel and options describe.
  constexpr Window window() const { return detail::window_of(kernel_size, options); }

  /// As every `LinearLayer`.
  ///@{
  static constexpr bool has_weight = true;
  /// One bias a channel, or none with `WithoutBias`.
  constexpr Index bias_size(Shape out) const { return detail::has_bias<Options...> ? out.channels : 0; }
  ///@}
};

/// A convolution (strictly a cross-correlation, as throughout the field). Output channel o at (i, j) is b_o + the sum
/// over taps (k, l) and input channels c of W_klco x(i stride + k dilation - padding, j ..., c), where x is zero
/// outside the image. Source: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning" (2016).
///
///     Conv2d<32, 3, Stride<2>, Same>                 32 channels, kernel 3 x 3
///     Conv2d{32, 3, Stride{2}, Padding{1}}           the same by value
///
/// Options: `Stride`, `Same`, `Valid` or `Padding`, `Dilation`, `Groups`, `KernelWidth`, `WithoutBias`.
template <Index Channels = Dynamic, Index Kernel = Dynamic, ConvolutionOption... Options>
struct Conv2d : ConvolutionBase<Channels, Kernel, Options...> {
  using ConvolutionBase<Channels, Kernel, Options...>::ConvolutionBase;

  /// As every `LinearLayer`.
  ///@{
  constexpr Shape output(Shape in) const { return convolution(in).output(); }
  constexpr Text name() const {
    return detail::spelled_type("Conv2d", Channels == Dynamic, {this->channels, this->kernel_size}, this->options);
  }
  constexpr Text expected_input() const {
    return detail::convolution_requirement(this->window(), output({Dynamic, Dynamic, Dynamic}).is_possible());
  }
  WeightShape weight_shape(Shape in) const { return convolution(in).weight_shape(); }

  template <class Scalar>
  auto kernel(Shape in, const Scalar* weight) const {
    return detail::ConvolutionKernel<Scalar>{convolution(in), weight};
  }
  ///@}

 private:
  constexpr detail::Convolution convolution(Shape in) const { return {this->window(), in, this->channels}; }
};

template <class... Options>
Conv2d(Index, Index, Options...) -> Conv2d<Dynamic, Dynamic, Options...>;
template <class... Options>
Conv2d(Index, Index, Initializer, Options...) -> Conv2d<Dynamic, Dynamic, Options...>;

/// A transposed convolution: the adjoint of the convolution with the same window, so that it enlarges what that one
/// shrinks. A side of n values becomes (n - 1) stride + the kernel's extent - padding + `OutputPadding`, with `Same`
/// n stride. Source: as `Conv2d`, chapter 4.
///
///     ConvTranspose2d<16, 4, Stride<2>, Same>        twice as high and wide, 16 channels
///     ConvTranspose2d{16, 3, Stride{2}, Padding{1}, OutputPadding{1}}
///
/// Options: as `Conv2d`, and `OutputPadding`.
template <Index Channels = Dynamic, Index Kernel = Dynamic, LayerOption... Options>
struct ConvTranspose2d : ConvolutionBase<Channels, Kernel, Options...> {
  using ConvolutionBase<Channels, Kernel, Options...>::ConvolutionBase;

  /// As every `LinearLayer`.
  ///@{
  constexpr Shape output(Shape in) const {
    const Window window = this->window();
    const Shape out{window.height.transposed_output(in.height), window.width.transposed_output(in.width),
                    window.groups == Dynamic ? Index{Dynamic} : Shape::checked(this->channels)};
    if (!out.is_possible()) return Shape::none();
    return convolution(out, in).output().is_possible() ? out : Shape::none();
  }
  constexpr Text name() const {
    return detail::spelled_type("ConvTranspose2d", Channels == Dynamic, {this->channels, this->kernel_size},
                              this->options);
  }
  constexpr Text expected_input() const {
    const bool possible = output({Dynamic, Dynamic, Dynamic}).is_possible();
    const Window window = this->window();
    if (possible && window.groups == 1) return "an image that does not shrink to nothing";
    return detail::convolution_requirement(window, possible);
  }
  WeightShape weight_shape(Shape in) const {
    const WeightShape w = convolution(output(in), in).weight_shape();
    return {w.rows, w.cols, w.fan_out, w.fan_in};
  }

  template <class Scalar>
  auto kernel(Shape in, const Scalar* weight) const {
    using Adjoint = detail::Transposed<detail::ConvolutionKernel<Scalar>>;
    return Adjoint{{convolution(output(in), in), weight}};
  }
  ///@}

 private:
  /// The convolution whose adjoint this layer is: it maps this layer's output to its input.
  constexpr detail::Convolution convolution(Shape out, Shape in) const {
    return {this->window(), out, in.channels};
  }
};

template <class... Options>
ConvTranspose2d(Index, Index, Options...) -> ConvTranspose2d<Dynamic, Dynamic, Options...>;
template <class... Options>
ConvTranspose2d(Index, Index, Initializer, Options...) -> ConvTranspose2d<Dynamic, Dynamic, Options...>;

}  // namespace eigencoder
