#pragma once

#include <algorithm>
#include <eigencoder/augmentation/sampling.hpp>
#include <eigencoder/detail/augmentation/pixels.hpp>
#include <eigencoder/extend/shape.hpp>

namespace eigencoder::detail {

/// One coordinate of the source's point that a target pixel shows, in pixels between centers (pixel (0, 0) has its
/// center at 0): start + down * row + right * column.
struct SourceCoordinate {
  double start = 0;
  double down = 0;
  double right = 0;
};

/// Writes each pixel of `to` from the point of `from` that an affine map gives it, linear between the centers of the
/// four pixels around, or the nearest one's; outside of the source its edge's pixels are repeated. At whole
/// coordinates a pixel comes back as it is, equal neighbors give their value exactly, and values in [0, 1] stay there.
template <class Scalar>
void resample(const Scalar* from, Scalar* to, Shape shape, Sampling sampling, SourceCoordinate row_of,
              SourceCoordinate col_of) {
  constexpr int most = 64;  // pixels in a run: where they lie is found for all at once, as vectors
  const auto rounding = static_cast<Scalar>(sampling == Sampling::nearest ? 0.5 : 0);
  const auto between = static_cast<Scalar>(sampling == Sampling::nearest ? 0 : 1);
  const auto last_row = static_cast<Scalar>(shape.height - 1), last_col = static_cast<Scalar>(shape.width - 1);
  by_channels(shape.channels, [&](auto channels) {
    const Index stride = shape.width * channels;
    for (Index row = 0; row < shape.height; ++row)
      for (Index begin = 0; begin < shape.width; begin += most) {
        const int count = static_cast<int>(std::min<Index>(most, shape.width - begin));
        const auto x = static_cast<double>(begin), y = static_cast<double>(row);
        const auto first_row = static_cast<Scalar>(row_of.start + row_of.down * y + row_of.right * x);
        const auto first_col = static_cast<Scalar>(col_of.start + col_of.down * y + col_of.right * x);
        const auto row_step = static_cast<Scalar>(row_of.right), col_step = static_cast<Scalar>(col_of.right);
        int top[most], left[most];
        Scalar below[most], beside[most];  // how far past the pixel at the top left, in [0, 1)
        for (int i = 0; i < count; ++i) {
          const Scalar at_row = first_row + row_step * static_cast<Scalar>(i);
          const Scalar at_col = first_col + col_step * static_cast<Scalar>(i);
          const Scalar held_row = at_row < 0 ? 0 : at_row > last_row ? last_row : at_row;
          const Scalar held_col = at_col < 0 ? 0 : at_col > last_col ? last_col : at_col;
          top[i] = static_cast<int>(held_row + rounding);
          left[i] = static_cast<int>(held_col + rounding);
          below[i] = between * (held_row - static_cast<Scalar>(top[i]));
          beside[i] = between * (held_col - static_cast<Scalar>(left[i]));
        }
        Scalar* target = to + row * stride + begin * channels;
        for (int i = 0; i < count; ++i) {
          const Scalar u = beside[i], v = below[i];
          const Scalar* a = from + top[i] * stride + left[i] * channels;
          const Scalar* b = a + (u > 0 ? Index{channels} : 0);  // only where there is one: edges are whole
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
