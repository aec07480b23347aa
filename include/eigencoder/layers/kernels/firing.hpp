#pragma once

#include <algorithm>
#include <eigencoder/layers/opaque.hpp>

namespace eigencoder::detail {

inline constexpr ValueRange counted_range{0, most_counted};

/// Moves the counts of a layer that counts firing (`CountsFiring`), which keeps the shape, after the batch `y` left
/// it in training; where statistics must not move, does nothing.
template <class Scalar>
void count_firing(const OpaqueStage<Scalar>& stage, const Scalar* y) {
  if (!stage.updated[0]) return;
  constexpr Index tile = 256;
  const Index n = stage.shape.size(), columns = stage.pass.batch, samples = columns / stage.pass.draws;
  parallel_tiles(n, tile, stage.pass.team(stage.values()), [&](Index first, Index count, int) {
    bool fired[tile] = {};
    for (Index j = 0; j < columns; ++j)
      for (Index i = 0; i < count; ++i) fired[i] |= y[j * n + first + i] != 0;
    Scalar* since = stage.updated[0] + first;
    for (Index i = 0; i < count; ++i) {
      const Index now = fired[i] ? 0 : static_cast<Index>(since[i]) + samples;
      since[i] = static_cast<Scalar>((std::min)(now, most_counted));
    }
  });
}

}  // namespace eigencoder::detail
