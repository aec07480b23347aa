#pragma once

#include <eigencoder/detail/kernels/layer_options.hpp>
#include <eigencoder/layers/window_options.hpp>

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

}  // namespace eigencoder
