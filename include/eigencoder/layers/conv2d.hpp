#pragma once

#include <eigencoder/detail/kernels/convolution_kernel.hpp>

namespace eigencoder {

/// A convolution (cross-correlation, as everywhere in the field): the value of output channel o at (i, j) is
/// b_o + the sum over taps (k, l) and channels c of W_klco x(i stride + k dilation - padding, j ..., c), zero outside.
/// Source: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning" (2016).
///
///     Conv2d<32, 3, Stride<2>, Same>                 32 channels, kernel 3 x 3
///     Conv2d{32, 3, Stride{2}, Padding{1}}           the same by value
///
/// Options: `Stride`, `Same`, `Valid` or `Padding`, `Dilation`, `Groups`, `KernelWidth`, `WithoutBias`.
template <Index Channels = Dynamic, Index Kernel = Dynamic, ConvolutionOption... Options>
struct Conv2d {
  static constexpr bool has_weight = true;

  Index channels = Channels;
  Index kernel_size = Kernel;
  Pack<Options...> options = {};
  Initializer initializer = {};

  constexpr Conv2d() = default;
  constexpr explicit Conv2d(Initializer weights)
    requires(Channels != Dynamic)
      : initializer(weights) {}
  constexpr Conv2d(Index outputs, Index kernel, const Options&... each)
    requires(Channels == Dynamic)
      : Conv2d(outputs, kernel, Initializer{}, each...) {}
  constexpr Conv2d(Index outputs, Index kernel, Initializer weights, const Options&... each)
    requires(Channels == Dynamic)
      : channels(outputs), kernel_size(kernel), options(each...), initializer(weights) {}

  constexpr Shape output(Shape in) const { return convolution(in).output(); }
  constexpr Text name() const {
    return detail::window_name("Conv2d", Channels == Dynamic, {channels, kernel_size}, options);
  }
  constexpr Text wanted() const {
    return detail::wanted_image(convolution({}).window, output({Dynamic, Dynamic, Dynamic}).is_possible());
  }
  constexpr Index bias_size(Shape out) const { return detail::has_bias<Options...> ? out.channels : 0; }
  WeightShape weight_shape(Shape in) const { return convolution(in).weight_shape(); }

  template <class Scalar>
  detail::ConvolutionKernel<Scalar> kernel(Shape in, const Scalar* weight) const {
    return {convolution(in), weight};
  }

 private:
  constexpr detail::Convolution convolution(Shape in) const {
    return {detail::window_of(kernel_size, options), in, channels};
  }
};

Conv2d(Index, Index) -> Conv2d<>;
Conv2d(Index, Index, Initializer) -> Conv2d<>;
template <class... Options>
Conv2d(Index, Index, Options...) -> Conv2d<Dynamic, Dynamic, Options...>;
template <class... Options>
Conv2d(Index, Index, Initializer, Options...) -> Conv2d<Dynamic, Dynamic, Options...>;

}  // namespace eigencoder
