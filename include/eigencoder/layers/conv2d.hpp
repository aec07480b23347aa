#pragma once

#include <eigencoder/detail/kernels/convolution_kernel.hpp>
#include <eigencoder/detail/kernels/layer_options.hpp>
#include <eigencoder/layers/window_options.hpp>

namespace eigencoder {

/// Hyperparameters that `Conv2d` and `ConvTranspose2d` share, and how they are given: sizes as template arguments, or
/// all by value where these are `Dynamic`.
template <Index Channels, Index Kernel, LayerOption... Options>
struct ConvolutionBase {
  Index channels = Channels;       ///< number of output channels
  Index kernel_size = Kernel;      ///< rows of the kernel, and columns unless `KernelWidth` says otherwise
  Pack<Options...> options = {};   ///< in the order given
  Initializer initializer = {};    ///< of the weight

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
    return detail::layer_name("Conv2d", Channels == Dynamic, {this->channels, this->kernel_size}, this->options);
  }
  constexpr Text wanted() const {
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

}  // namespace eigencoder
