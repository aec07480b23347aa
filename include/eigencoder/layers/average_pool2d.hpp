#pragma once

#include <eigencoder/detail/kernels/pooling.hpp>
#include <eigencoder/layers/upsample.hpp>

namespace eigencoder {

/// Average pooling: the mean, channel by channel, over the values of the image under a window. Padding does not count;
/// it is at most half the kernel. A linear layer without weight.
///
///     AveragePool2d<2>                               halves an image
///     AveragePool2d{3, Stride{2}, Padding{1}}        the same with overlap, by value
///
/// Options: `Stride` (the kernel, where nothing is said), `Same`, `Valid` or `Padding`, `Dilation`, `KernelWidth`. An
/// image with a padded side shorter than the dilation is refused.
template <Index Kernel = Dynamic, PoolingOption... Options>
struct AveragePool2d : detail::WeightlessLayer, detail::Pooling2d<Kernel, Options...> {
  using detail::Pooling2d<Kernel, Options...>::Pooling2d;

  constexpr Text name() const {
    return detail::window_name("AveragePool2d", Kernel == Dynamic, {this->kernel_size}, this->options);
  }
  /// In a mirrored decoder: repetition up to the size that entered.
  constexpr auto mirror(Shape in) const { return UpsampleTo<>(in.height, in.width); }

  template <class Scalar>
  auto kernel(Shape in, const Scalar*) const {
    const Window window = this->window();
    return detail::ResamplingKernel<detail::PoolingSide>(in, this->output(in), {window.height, in.height},
                                                         {window.width, in.width});
  }
};

template <class... Options>
AveragePool2d(Index, Options...) -> AveragePool2d<Dynamic, Options...>;

}  // namespace eigencoder
