#pragma once

#include <eigencoder/detail/kernels/resampling.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/layers/pooling_base.hpp>
#include <eigencoder/layers/upsample.hpp>

namespace eigencoder {

/// Average pooling: the mean of the image's values in each window, channel by channel. Padding does not count; it is at
/// most half the kernel. A linear layer without a weight.
///
///     AveragePool2d<2>                               halves an image
///     AveragePool2d{3, Stride{2}, Padding{1}}        the same with overlap, by value
///
/// Options: `Stride` (the kernel's size unless given), `Same`, `Valid` or `Padding`, `Dilation`, `KernelWidth`. An
/// image with a padded side shorter than the dilation is refused.
template <Index Kernel = Dynamic, PoolingOption... Options>
struct AveragePool2d : WeightlessLayer, PoolingBase<Kernel, Options...> {
  using PoolingBase<Kernel, Options...>::PoolingBase;

  /// As every `LinearLayer`.
  ///@{
  constexpr Text name() const {
    return detail::spelled_type("AveragePool2d", Kernel == Dynamic, {this->kernel_size}, this->options);
  }
  template <class Scalar>
  auto kernel(Shape in, const Scalar*) const {
    const Window window = this->window();
    return detail::ResamplingKernel<detail::PoolingSide>(in, this->output(in), {window.height, in.height},
                                                         {window.width, in.width});
  }
  ///@}
  /// The layer of a mirrored decoder: nearest upsampling to the input's height and width.
  constexpr auto mirror(Shape in) const { return UpsampleTo<>(in.height, in.width); }
};

template <class... Options>
AveragePool2d(Index, Options...) -> AveragePool2d<Dynamic, Options...>;

}  // namespace eigencoder
