#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/extend/types.hpp>

/// @file
/// Gaussian filters of images, one axis after the other.
namespace eigencoder::detail {

/// The weights of a Gaussian filter, cut off beyond `radius` and scaled to sum to 1.
template <class Scalar>
struct GaussianTaps {
  static constexpr int max_stddev = 32;
  static constexpr int max_radius = 3 * max_stddev;

  int radius;                      ///< at most `max_radius`
  Scalar weights[max_radius + 1];  ///< of the values 0, ..., radius lines before and after the filtered one

  GaussianTaps(double stddev, int cut) : radius(cut) {
    double unscaled[max_radius + 1] = {1}, sum = 1;
    for (int k = 1; k <= radius; ++k) {
      unscaled[k] = std::exp(-0.5 * (k / stddev) * (k / stddev));
      sum += 2 * unscaled[k];
    }
    for (int k = 0; k <= radius; ++k) weights[k] = static_cast<Scalar>(unscaled[k] / sum);
  }
};

/// Filters `size` values: the others on which value i depends are at multiples of `distance` from center[i]. It sums
/// differences from the center, which are exactly 0 where nothing changes.
template <class Scalar>
void filter_values(const Scalar* center, Scalar* to, Index size, Index distance, const GaussianTaps<Scalar>& taps) {
  constexpr Index tile = 64;
  Scalar sum[tile];
  for (Index begin = 0; begin < size; begin += tile, center += tile, to += tile) {
    const Index count = (std::min)(tile, size - begin);
    for (Index i = 0; i < count; ++i) sum[i] = 0;
    for (int k = 1; k <= taps.radius; ++k) {
      const Scalar weight = taps.weights[k];
      const Scalar *before = center - k * distance, *after = center + k * distance;
      for (Index i = 0; i < count; ++i) sum[i] += weight * ((before[i] - center[i]) + (after[i] - center[i]));
    }
    for (Index i = 0; i < count; ++i) to[i] = center[i] + sum[i];
  }
}

/// Filters across lines, in place: line i has the `count` values from first + i * stride on. Beyond the first and the
/// last line these are repeated. A window on the stack holds the lines that are overwritten but still needed.
template <class Scalar>
void filter_lines(Scalar* first, Index lines, Index stride, Index count, const GaussianTaps<Scalar>& taps) {
  constexpr Index capacity = 6144;
  Scalar window[capacity];
  const Index radius = taps.radius;
  const Index block = (std::min)(count, capacity / (4 * radius + 64));  // values of a line at a time
  for (Index begin = 0; begin < count; begin += block) {
    const Index values = (std::min)(block, count - begin);
    const Index batch = capacity / values - 2 * radius;  // lines at a time
    Scalar* const column = first + begin;
    const auto load = [&](Index line, Index position) {
      std::copy_n(column + std::clamp<Index>(line, 0, lines - 1) * stride, values, window + position * values);
    };
    for (Index i = 0; i < 2 * radius; ++i) load(i - radius, i);
    for (Index line = 0; line < lines; line += batch) {
      const Index now = (std::min)(batch, lines - line);
      for (Index i = 0; i < now; ++i) load(line + radius + i, 2 * radius + i);
      if (stride == values)
        filter_values(window + radius * values, column + line * stride, now * values, values, taps);
      else
        for (Index i = 0; i < now; ++i)
          filter_values(window + (radius + i) * values, column + (line + i) * stride, values, values, taps);
      std::copy_n(window + now * values, 2 * radius * values, window);
    }
  }
}

}  // namespace eigencoder::detail
