#pragma once

#include <algorithm>
#include <eigencoder/extend/shape.hpp>

/// @file
/// The window that a convolution or a pooling layer moves over an image.
namespace eigencoder {

/// A window along one side of an image. Functions accept every size, as those of `Shape` do.
struct WindowSide {
  Index kernel = 1;          ///< taps of the kernel
  Index stride = 1;          ///< the step from one position of the window to the next
  Index dilation = 1;        ///< the step from one tap to the next
  Index before = 0;          ///< zeros of padding before the image
  Index after = 0;           ///< zeros of padding after it
  Index output_padding = 0;  ///< of a transposed window: values that it adds at the end of its smallest output
  bool same = false;         ///< padded so that the output has ceil(n / stride) values; `before`, `after` are ignored

  /// The largest size, so that sums and products of sizes do not overflow.
  static constexpr Index max_size = Index{1} << 30;

  /// Whether each hyperparameter is in its range or `Dynamic`.
  constexpr bool is_possible() const {
    const auto fits = [](Index n, Index lowest) { return n == Dynamic || (n >= lowest && n <= max_size); };
    return fits(kernel, 1) && fits(stride, 1) && fits(dilation, 1) && fits(before, 0) && fits(after, 0) &&
           fits(output_padding, 0) && !(same && output_padding != 0) &&
           (output_padding == 0 || stride == Dynamic || output_padding < stride);
  }
  /// Whether no hyperparameter is `Dynamic`.
  constexpr bool is_static() const {
    return kernel != Dynamic && stride != Dynamic && dilation != Dynamic && before != Dynamic && after != Dynamic &&
           output_padding != Dynamic;
  }

  /// Values that the kernel spans, gaps included.
  constexpr Index extent() const { return (kernel - 1) * dilation + 1; }

  /// The number of window positions on a side of n values, the size of a convolution's output; impossible if the window
  /// does not fit.
  constexpr Index output(Index n) const {
    if (!is_possible() || n == Shape::impossible || n > max_size) return Shape::impossible;
    if (!is_static() || n == Dynamic) return Dynamic;
    if (same) return (n - 1) / stride + 1;
    const Index last = n - extent() + before + after;
    return last < 0 ? Shape::impossible : last / stride + 1;
  }
  /// The size of a side on which the window has n positions, the size of a transposed convolution's output.
  constexpr Index transposed_output(Index n) const {
    if (!is_possible() || n == Shape::impossible || n > max_size) return Shape::impossible;
    if (!is_static() || n == Dynamic) return Dynamic;
    if (same) return n * stride;
    const Index size = (n - 1) * stride + extent() - before - after + output_padding;
    return size > 0 ? size : Shape::impossible;
  }
  /// Zeros of padding before a side of n values: with `same` half of all padding, rounded down.
  constexpr Index padding(Index n) const {
    if (!same) return before;
    return std::max<Index>((output(n) - 1) * stride + extent() - n, 0) / 2;
  }
};

/// A window over an image.
struct Window {
  WindowSide height;  ///< along the rows
  WindowSide width;   ///< along the columns
  Index groups = 1;   ///< groups of channels that are convolved separately

  /// A square kernel, with stride 1 and without padding.
  static constexpr Window square(Index kernel) { return {{.kernel = kernel}, {.kernel = kernel}}; }
};

}  // namespace eigencoder
