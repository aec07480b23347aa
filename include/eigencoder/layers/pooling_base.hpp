#pragma once

#include <eigencoder/detail/kernels/layer_options.hpp>
#include <eigencoder/detail/kernels/pooling_side.hpp>
#include <eigencoder/layers/window_options.hpp>

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

}  // namespace eigencoder
