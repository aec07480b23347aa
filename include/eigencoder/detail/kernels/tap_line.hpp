#pragma once

#include <algorithm>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/window.hpp>
#include <numeric>

namespace eigencoder::detail {

/// One side of a convolution or of its adjoint: for some equidistant values that leave it, which of those that enter
/// they read, and through which taps.
struct TapLine {
  Index first, step, places;     ///< the values that leave: first + q step for q < places
  Index reach;                   ///< value q reads at q reach + offset + t gap ...
  Index offset, gap;
  Index tap, tap_step, count;    ///< ... through tap `tap` + t tap_step of the kernel, for t < count

  /// The values read by places `begin`, ..., `end - 1`: the first and the one behind the last.
  Index read_from(Index begin) const { return begin * reach + offset; }
  Index read_to(Index end) const { return (end - 1) * reach + offset + (count - 1) * gap + 1; }

  /// One tap of it, or some.
  TapLine taps(Index from, Index number) const {
    return {first, step, places, reach, offset + from * gap, gap, tap + from * tap_step, tap_step, number};
  }
  /// Those taps that read one of n values at some place of these: others would read zeros alone, far outside.
  TapLine reaching(Range among, Index n) const {
    const Index last = read_from(among.first + among.count - 1);  // where the first tap reads at the last place
    const Index from = (std::min)(count, last < 0 ? (gap - 1 - last) / gap : 0);
    const Index room = n - read_from(among.first);
    const Index to = (std::min)(count, room > 0 ? (room - 1) / gap + 1 : 0);
    return taps(from, std::max<Index>(0, to - from));
  }
  /// Those of some places at which every tap reads one of n values.
  Range inside(Range among, Index n) const {
    const Index from = (std::max)(among.first, offset < 0 ? (reach - 1 - offset) / reach : 0);
    const Index room = n - offset - (count - 1) * gap;
    const Index to = (std::min)(among.first + among.count, room > 0 ? (room - 1) / reach + 1 : 0);
    return {from, std::max<Index>(0, to - from)};
  }

  /// A convolution of n values.
  static TapLine forward(const WindowSide& side, Index n) {
    return {0, 1, side.output(n), side.stride, -side.padding(n), side.dilation, 0, 1, side.kernel};
  }

  /// Its adjoint, which falls into `stride` of these: value i of the image meets tap t at place q of the window where
  /// i = q stride + t dilation - padding. In each phase, i = phase + q stride, every value meets the same taps.
  static TapLine backward(const WindowSide& side, Index n, Index phase) {
    const Index common = std::gcd(side.dilation, side.stride), tap_step = side.stride / common;
    const Index places = std::max<Index>(0, (n - phase + side.stride - 1) / side.stride);
    const Index shifted = phase + side.padding(n);
    Index tap = 0;
    while (tap < (std::min)(side.kernel, tap_step) && (shifted - tap * side.dilation) % side.stride != 0) ++tap;
    const bool any = tap < (std::min)(side.kernel, tap_step);
    const Index count = any ? (side.kernel - 1 - tap) / tap_step + 1 : 0;
    const Index last = tap + (count - 1) * tap_step;  // reads the first place
    return {phase, side.stride, places, 1, any ? (shifted - last * side.dilation) / side.stride : 0,
            side.dilation / common, last, -tap_step, count};
  }
};

}  // namespace eigencoder::detail
