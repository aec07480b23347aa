#pragma once

#include <algorithm>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/window.hpp>
#include <numeric>

namespace eigencoder::detail {

/// Which inputs each output reads along one axis of a convolution or of its adjoint, as index arithmetic: no table, no
/// branch per tap. It describes the outputs first + q step for q < outputs, where output q reads the inputs
/// q stride + offset + t dilation through the taps tap + t tap_step of the kernel, for t < taps.
struct ConvolutionAxis {
  Index first, step, outputs;
  Index stride, offset, dilation;
  Index tap, tap_step, taps;

  /// The first input that outputs begin, ..., end - 1 read, and the one after the last.
  Index read_begin(Index begin) const { return begin * stride + offset; }
  Index read_end(Index end) const { return (end - 1) * stride + offset + (taps - 1) * dilation + 1; }

  /// The same with only the taps from, ..., from + count - 1.
  ConvolutionAxis with_taps(Index from, Index count) const {
    return {first, step, outputs, stride, offset + from * dilation, dilation, tap + from * tap_step, tap_step, count};
  }
  /// The same with only the taps that, at any output of a range, read one of n inputs: the others read zeros alone.
  ConvolutionAxis reaching(Range range, Index n) const {
    const Index last = read_begin(range.first + range.count - 1);  // what the first tap reads at the last output
    const Index from = (std::min)(taps, last < 0 ? (dilation - 1 - last) / dilation : 0);
    const Index left = n - read_begin(range.first);
    const Index to = (std::min)(taps, left > 0 ? (left - 1) / dilation + 1 : 0);
    return with_taps(from, std::max<Index>(0, to - from));
  }
  /// The outputs of a range at which every tap reads one of n inputs.
  Range inside(Range range, Index n) const {
    const Index from = (std::max)(range.first, offset < 0 ? (stride - 1 - offset) / stride : 0);
    const Index left = n - offset - (taps - 1) * dilation;
    const Index to = (std::min)(range.first + range.count, left > 0 ? (left - 1) / stride + 1 : 0);
    return {from, std::max<Index>(0, to - from)};
  }

  /// A convolution of n values.
  static ConvolutionAxis forward(const WindowSide& side, Index n) {
    return {0, 1, side.output(n), side.stride, -side.padding(n), side.dilation, 0, 1, side.kernel};
  }

  /// One phase of its adjoint; all `stride` phases make the whole. Value i of the image meets tap t at window position
  /// q where i = q stride + t dilation - padding, so the values i = phase, phase + stride, ... all meet the same taps.
  static ConvolutionAxis adjoint(const WindowSide& side, Index n, Index phase) {
    const Index common = std::gcd(side.dilation, side.stride), tap_step = side.stride / common;
    const Index outputs = std::max<Index>(0, (n - phase + side.stride - 1) / side.stride);
    const Index shifted = phase + side.padding(n);
    Index tap = 0;
    while (tap < (std::min)(side.kernel, tap_step) && (shifted - tap * side.dilation) % side.stride != 0) ++tap;
    const bool any = tap < (std::min)(side.kernel, tap_step);
    const Index taps = any ? (side.kernel - 1 - tap) / tap_step + 1 : 0;
    const Index last = tap + (taps - 1) * tap_step;  // reads the first position
    return {phase, side.stride, outputs, 1, any ? (shifted - last * side.dilation) / side.stride : 0,
            side.dilation / common, last, -tap_step, taps};
  }
};

}  // namespace eigencoder::detail
