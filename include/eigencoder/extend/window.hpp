#pragma once

#include <algorithm>
#include <eigencoder/extend/shape.hpp>

/// @file
/// The window that a convolution or a pooling layer moves over an image.
namespace eigencoder {

/// A window along one side of an image; every function is total, as those of `Shape` are.
struct WindowSide {
  Index kernel = 1;
  Index stride = 1;
  Index dilation = 1;
  Index before = 0;      ///< zeros in front of the image
  Index after = 0;       ///< zeros behind it
  Index left_over = 0;   ///< of a transposed window: what it adds behind its smallest result
  bool same = false;     ///< padded so that ceil(n / stride) places result; `before` and `after` do not count

  /// No size is larger than this, so that sums and products of them are numbers.
  static constexpr Index most = Index{1} << 30;

  /// Whether each hyperparameter is in its range, or not known yet.
  constexpr bool is_possible() const {
    const auto fits = [](Index n, Index lowest) { return n == Dynamic || (n >= lowest && n <= most); };
    return fits(kernel, 1) && fits(stride, 1) && fits(dilation, 1) && fits(before, 0) && fits(after, 0) &&
           fits(left_over, 0) && !(same && left_over != 0) && (left_over == 0 || stride == Dynamic || left_over < stride);
  }
  constexpr bool is_static() const {
    return kernel != Dynamic && stride != Dynamic && dilation != Dynamic && before != Dynamic && after != Dynamic &&
           left_over != Dynamic;
  }

  /// What the kernel spans, gaps included.
  constexpr Index extent() const { return (kernel - 1) * dilation + 1; }

  /// The number of places on a side of n values; impossible where the window does not fit.
  constexpr Index output(Index n) const {
    if (!is_possible() || n == Shape::impossible || n > most) return Shape::impossible;
    if (!is_static() || n == Dynamic) return Dynamic;
    if (same) return (n - 1) / stride + 1;
    const Index room = n - extent() + before + after;
    return room < 0 ? Shape::impossible : room / stride + 1;
  }
  /// The size of the side whose windows have n places: what a transposed convolution makes of n values.
  constexpr Index transposed_output(Index n) const {
    if (!is_possible() || n == Shape::impossible || n > most) return Shape::impossible;
    if (!is_static() || n == Dynamic) return Dynamic;
    if (same) return n * stride;
    const Index size = (n - 1) * stride + extent() - before - after + left_over;
    return size > 0 ? size : Shape::impossible;
  }
  /// Zeros in front of a side of n values: with `same` half of what is missing, the larger half behind.
  constexpr Index padding(Index n) const {
    if (!same) return before;
    return std::max<Index>((output(n) - 1) * stride + extent() - n, 0) / 2;
  }
};

/// The window on both sides, and the groups of channels it keeps apart.
struct Window {
  WindowSide height;
  WindowSide width;
  Index groups = 1;

  static constexpr Window square(Index kernel) { return {{.kernel = kernel}, {.kernel = kernel}}; }
};

}  // namespace eigencoder
