#pragma once

#include <algorithm>
#include <eigencoder/detail/augmentation/resample.hpp>
#include <eigencoder/extend/shape.hpp>

/// @file
/// An image made smaller by a whole factor and enlarged again, in place. Pixel (k, j) of the smaller image lies where
/// its square of factor x factor pixels begins, at (k factor, j factor). Squares at the lower and right edges may be
/// cut.
namespace eigencoder::detail {

/// Writes the mean of each square to its first pixel. Sums of differences from that pixel leave equal values unchanged.
template <class Scalar>
void shrink(Scalar* image, Shape shape, Index factor) {
  const Index line = shape.width * shape.channels;
  for (Index top = 0; top < shape.height; top += factor)
    for (Index left = 0; left < shape.width; left += factor) {
      const Index rows = (std::min)(factor, shape.height - top), cols = (std::min)(factor, shape.width - left);
      for (Index c = 0; c < shape.channels; ++c) {
        Scalar* const first = image + top * line + left * shape.channels + c;
        const auto origin = static_cast<double>(*first);
        double sum = 0;
        for (Index row = 0; row < rows; ++row)
          for (Index col = 0; col < cols; ++col)
            sum += static_cast<double>(first[row * line + col * shape.channels]) - origin;
        *first = static_cast<Scalar>(origin + sum / static_cast<double>(rows * cols));
      }
    }
}

/// Repeats the first pixel of each square over it.
template <class Scalar>
void repeat_pixels(Scalar* image, Shape shape, Index factor) {
  const Index line = shape.width * shape.channels;
  by_channels(shape.channels, [&](auto channels) {
    for (Index row = 0; row < shape.height; ++row) {
      const Scalar* const from = image + (row - row % factor) * line;
      for (Index col = 0; col < shape.width; ++col)
        for (Index c = 0; c < channels; ++c)
          image[row * line + col * channels + c] = from[(col - col % factor) * channels + c];
    }
  });
}

/// Interpolates lines, in place: line i has the `count` values from first + i * stride on, and lines 0, factor,
/// 2 factor, ... are known. Each is the center of its `factor` lines; beyond the ends the first and the last are
/// repeated. A window on the stack holds the five known lines on which `factor` lines depend.
/// Source: Keys, "Cubic convolution interpolation for digital image processing" (1981), eq. 15, a = -1/2.
template <class Scalar>
void interpolate_lines(Scalar* first, Index lines, Index stride, Index count, Index factor) {
  constexpr Index block = 64;
  Scalar window[5 * block];
  const Index last = (lines - 1) / factor;
  for (Index begin = 0; begin < count; begin += block) {
    const Index values = (std::min)(block, count - begin);
    const auto load = [&](Index known, Index position) {
      std::copy_n(first + begin + std::clamp<Index>(known, 0, last) * factor * stride, values,
                  window + position * block);
    };
    for (Index i = 1; i < 5; ++i) load(i - 3, i);
    for (Index known = 0; known <= last; ++known) {
      std::copy_n(window + block, 4 * block, window);
      load(known + 2, 4);
      const Index end = (std::min)(factor, lines - known * factor);
      for (Index i = 0; i < end; ++i) {
        const double offset = (static_cast<double>(i) + 0.5) / static_cast<double>(factor) - 0.5;
        const double t = offset < 0 ? offset + 1 : offset;  // the distance from the second of four lines
        const auto before = static_cast<Scalar>(((-0.5 * t + 1) * t - 0.5) * t);
        const auto next = static_cast<Scalar>(((-1.5 * t + 2) * t + 0.5) * t);
        const auto after = static_cast<Scalar>((0.5 * t - 0.5) * t * t);
        const Scalar* const a = window + (offset < 0 ? 0 : block);
        const Scalar *const b = a + block, *const c = b + block, *const d = c + block;
        Scalar* const to = first + begin + (known * factor + i) * stride;
        for (Index v = 0; v < values; ++v)  // the four weights sum to 1
          to[v] = b[v] + before * (a[v] - b[v]) + next * (c[v] - b[v]) + after * (d[v] - b[v]);
      }
    }
  }
}

}  // namespace eigencoder::detail
