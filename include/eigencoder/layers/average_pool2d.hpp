#pragma once

#include <eigencoder/detail/kernels/layer_windows.hpp>
#include <eigencoder/detail/kernels/weightless_kernels.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/layers/upsample.hpp>
#include <eigencoder/layers/window_options.hpp>

/// @file
/// Average pooling, and what it has in common with `MaxPool2d`.
namespace eigencoder {

/// Hyperparameters and shapes that `MaxPool2d` and `AveragePool2d` share. The stride is the kernel's size unless an
/// option says otherwise.
template <Index Kernel, PoolingOption... Options>
struct PoolingBase {
  /// The largest number of taps of a kernel: a `float` counts them exactly.
  static constexpr Index max_taps = Index{1} << 24;

  Index kernel_size = Kernel;      ///< rows of the kernel, and columns unless `KernelWidth` says otherwise
  Pack<Options...> options = {};  ///< in the order given

  constexpr PoolingBase() = default;
  /// Kernel and options by value: `MaxPool2d{3, Stride{2}}`.
  constexpr explicit PoolingBase(Index kernel, const Options&... each)
    requires(Kernel == Dynamic)
      : kernel_size(kernel), options(each...) {}

  /// The window that kernel and options describe.
  constexpr Window window() const {
    Window window = detail::window_of(kernel_size, options);
    if constexpr (((Options::kind != "Stride") && ...)) {
      window.height.stride = window.height.kernel;
      window.width.stride = window.width.kernel;
    }
    return window;
  }
  /// As every layer.
  ///@{
  constexpr Shape output(Shape in) const {
    const Window w = window();
    const Shape out{detail::PoolingSide::output(w.height, in.height), detail::PoolingSide::output(w.width, in.width),
                    in.channels};
    if (!in.is_possible() || !out.is_possible()) return Shape::none();
    const bool is_known = w.height.is_static() && w.width.is_static();
    return is_known && w.height.kernel * w.width.kernel > max_taps ? Shape::none() : out;
  }
  /// "an image of at least 3x3"
  constexpr Text expected_input() const {
    const Window w = window();
    if (!output({Dynamic, Dynamic, Dynamic}).is_possible())
      return "a positive kernel and stride, and padding of at most half the kernel";
    return Text::of("an image of at least ", static_cast<long long>(detail::PoolingSide::min_input(w.height)), "x",
                    static_cast<long long>(detail::PoolingSide::min_input(w.width)));
  }
  ///@}
};

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
