#pragma once

#include <algorithm>
#include <eigencoder/detail/kernels/resampling.hpp>
#include <eigencoder/layers/window_options.hpp>

/// @file
/// What max and average pooling share: a window over an image whose padding is nothing, not zeros.
namespace eigencoder::detail {

/// The places of a window along one side of `in` values.
struct PoolingSide {
  WindowSide window;
  Index in;
  Index out = window.output(in);
  Index before = window.padding(in);

  /// Where the window begins, which may be in front of the image.
  Index start(Index place) const { return place * window.stride - before; }
  /// The taps that see the image, at least one.
  Range inside(Index place) const {
    const Index at = start(place), gap = window.dilation;
    if (at >= 0 && at + window.extent() <= in) return {0, window.kernel};
    const Index first = at < 0 ? (gap - 1 - at) / gap : 0;
    return {first, (std::min)(window.kernel, (in - at + gap - 1) / gap) - first};
  }
  /// Whether every value is under exactly one window.
  bool tiles() const {
    return window.dilation == 1 && window.stride == window.kernel && before == 0 && out * window.kernel == in;
  }
  /// The mean over them.
  LineTaps taps(Index place) const {
    const Range taps = inside(place);
    const double weight = 1 / static_cast<double>(taps.count);
    return {start(place) + taps.first * window.dilation, window.dilation, taps.count, weight, weight};
  }

  /// Whether no window on an image large enough sees padding alone.
  static constexpr bool is_possible(const WindowSide& window) {
    if (!window.is_possible()) return false;
    return window.same || !window.is_static() || (std::max)(window.before, window.after) <= window.extent() / 2;
  }
  /// The number of places; impossible where one of them could see padding alone, as taps may pass by a side shorter
  /// than the gaps between them.
  static constexpr Index output(const WindowSide& window, Index n) {
    if (!is_possible(window)) return Shape::impossible;
    const Index places = window.output(n);
    return places > 0 && n < window.dilation && window.padding(n) > 0 ? Shape::impossible : places;
  }
  /// The smallest side that is sure to have a place.
  static constexpr Index least(const WindowSide& window) {
    if (!window.is_static()) return 1;
    const bool padded = window.same || window.before > 0;
    const Index fits = window.same ? 1 : window.extent() - window.before - window.after;
    return std::max<Index>(padded ? window.dilation : 1, fits);
  }
};

/// Hyperparameters and shapes of a pooling layer. The stride is the kernel where no option says otherwise.
template <Index Kernel, PoolingOption... Options>
struct Pooling2d {
  /// A kernel has no more taps, so that a float can count them.
  static constexpr Index max_taps = Index{1} << 24;

  Index kernel_size = Kernel;
  Pack<Options...> options = {};

  constexpr Pooling2d() = default;
  constexpr explicit Pooling2d(Index kernel, const Options&... each)
    requires(Kernel == Dynamic)
      : kernel_size(kernel), options(each...) {}

  constexpr Window window() const {
    Window window = window_of(kernel_size, options);
    if constexpr (((Options::kind != "Stride") && ...)) {
      window.height.stride = window.height.kernel;
      window.width.stride = window.width.kernel;
    }
    return window;
  }
  constexpr Shape output(Shape in) const {
    const Window w = window();
    const Shape out{PoolingSide::output(w.height, in.height), PoolingSide::output(w.width, in.width), in.channels};
    if (!in.is_possible() || !out.is_possible()) return Shape::none();
    const bool counted = w.height.is_static() && w.width.is_static();
    return counted && w.height.kernel * w.width.kernel > max_taps ? Shape::none() : out;
  }
  constexpr Text wanted() const {
    const Window w = window();
    if (!output({Dynamic, Dynamic, Dynamic}).is_possible())
      return "a positive kernel and stride, and padding of at most half the kernel";
    return Text::of("an image of at least ", static_cast<long long>(PoolingSide::least(w.height)), "x",
                    static_cast<long long>(PoolingSide::least(w.width)));
  }
};

}  // namespace eigencoder::detail
