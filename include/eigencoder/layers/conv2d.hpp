#pragma once

#include <eigencoder/detail/kernels/convolution_kernel.hpp>
#include <eigencoder/layers/convolution_base.hpp>

namespace eigencoder {

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

}  // namespace eigencoder
