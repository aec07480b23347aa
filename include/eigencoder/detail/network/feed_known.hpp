#pragma once

#include <cmath>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/shape.hpp>

namespace eigencoder::detail {

/// Turns samples with unknown values, side by side, into the encoder's input: unknown values become 0, in place; and
/// with a mask, values and mask of each pixel go to `masked`, twice as long, which is then returned.
template <bool FeedsMask, class Scalar>
Scalar* feed_known(const Pass<Scalar>& pass, Shape shape, Scalar* samples, [[maybe_unused]] Scalar* masked) {
  const Index n = shape.size(), channels = shape.channels;
  parallel_columns(pass, n, 2, [&](Index j) {
    Scalar* const x = samples + j * n;
    if constexpr (FeedsMask) {
      Scalar* to = masked + 2 * j * n;
      for (Index first = 0; first < n; first += channels, to += 2 * channels)
        for (Index i = 0; i < channels; ++i) {
          const bool known = !(std::isnan)(x[first + i]);
          to[i] = known ? x[first + i] : Scalar(0);
          to[channels + i] = known ? Scalar(1) : Scalar(0);
        }
    }
    for (Index i = 0; i < n; ++i) x[i] = (std::isnan)(x[i]) ? Scalar(0) : x[i];
  });
  return FeedsMask ? masked : samples;
}

}  // namespace eigencoder::detail
