#pragma once

#include <algorithm>
#include <eigencoder/extend/shape.hpp>
#include <type_traits>

namespace eigencoder::detail {

/// Calls `run(channels)`, with a compile-time constant for one and three channels: copying a pixel is then a few moves
/// instead of a loop.
template <class Run>
void by_channels(Index channels, const Run& run) {
  if (channels == 1)
    run(std::integral_constant<Index, 1>());
  else if (channels == 3)
    run(std::integral_constant<Index, 3>());
  else
    run(channels);
}

/// One coordinate of the point of the source that is shown at a pixel (row, column) of the target:
/// start + down * row + right * column. The unit is a pixel, and the center of pixel (0, 0) lies at 0.
struct SourceCoordinate {
  double start = 0;
  double down = 0;
  double right = 0;
};

/// Writes each pixel of `to` from the point of `from` to which an affine map takes it: if `bilinear`, by interpolation
/// between the centers of the four pixels around, otherwise from the nearest pixel. Outside of the source the pixels at
/// its edge are repeated. Whole coordinates yield a pixel's exact value, as do equal neighbors, and values in [0, 1]
/// stay there.
template <class Scalar>
void resample(const Scalar* from, Scalar* to, Shape shape, bool bilinear, SourceCoordinate row_of,
              SourceCoordinate col_of) {
  constexpr int block = 64;  // pixels at a time, so that the loop over their source points vectorizes
  const auto rounding = static_cast<Scalar>(bilinear ? 0 : 0.5);
  const auto between = static_cast<Scalar>(bilinear ? 1 : 0);
  const auto last_row = static_cast<Scalar>(shape.height - 1), last_col = static_cast<Scalar>(shape.width - 1);
  by_channels(shape.channels, [&](auto channels) {
    const Index stride = shape.width * channels;
    for (Index row = 0; row < shape.height; ++row)
      for (Index begin = 0; begin < shape.width; begin += block) {
        const int count = static_cast<int>(std::min<Index>(block, shape.width - begin));
        const auto x = static_cast<double>(begin), y = static_cast<double>(row);
        const auto first_row = static_cast<Scalar>(row_of.start + row_of.down * y + row_of.right * x);
        const auto first_col = static_cast<Scalar>(col_of.start + col_of.down * y + col_of.right * x);
        const auto row_step = static_cast<Scalar>(row_of.right), col_step = static_cast<Scalar>(col_of.right);
        int top[block], left[block];
        Scalar below[block], beside[block];  // the distance from the pixel at the top left, in [0, 1)
        for (int i = 0; i < count; ++i) {
          const Scalar source_row = first_row + row_step * static_cast<Scalar>(i);
          const Scalar source_col = first_col + col_step * static_cast<Scalar>(i);
          const Scalar clamped_row = source_row < 0 ? 0 : source_row > last_row ? last_row : source_row;
          const Scalar clamped_col = source_col < 0 ? 0 : source_col > last_col ? last_col : source_col;
          top[i] = static_cast<int>(clamped_row + rounding);
          left[i] = static_cast<int>(clamped_col + rounding);
          below[i] = between * (clamped_row - static_cast<Scalar>(top[i]));
          beside[i] = between * (clamped_col - static_cast<Scalar>(left[i]));
        }
        Scalar* target = to + row * stride + begin * channels;
        for (int i = 0; i < count; ++i) {
          const Scalar u = beside[i], v = below[i];
          const Scalar* a = from + top[i] * stride + left[i] * channels;
          const Scalar* b = a + (u > 0 ? Index{channels} : 0);  // u is 0 at the last column
          const Scalar* c = a + (v > 0 ? stride : 0);
          const Scalar* d = c + (b - a);
          for (Index k = 0; k < channels; ++k, ++target) {
            const Scalar upper = a[k] + u * (b[k] - a[k]);
            const Scalar lower = c[k] + u * (d[k] - c[k]);
            *target = upper + v * (lower - upper);
          }
        }
      }
  });
}

}  // namespace eigencoder::detail
