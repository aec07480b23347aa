#pragma once

#include <algorithm>
#include <eigencoder/detail/base/custom_layers.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/custom_layer.hpp>

namespace eigencoder::detail {

inline constexpr ValueRange counted_range{0, max_counted};

/// Moves the counts of a layer that counts firing (`CountsFiring`), which keeps the shape, after the batch `y` left
/// it in training; where statistics must not move, does nothing.
template <class Scalar>
void count_firing(const LayerContext<Scalar>& context, const Scalar* y) {
  if (!context.updated[0]) return;
  constexpr Index tile = 256;
  const Index n = context.shape.size(), columns = context.pass.batch, samples = columns / context.pass.draws;
  parallel_tiles(n, tile, context.pass.team(context.values()), [&](Index first, Index count, int) {
    bool fired[tile] = {};
    for (Index j = 0; j < columns; ++j)
      for (Index i = 0; i < count; ++i) fired[i] |= y[j * n + first + i] != 0;
    Scalar* since = context.updated[0] + first;
    for (Index i = 0; i < count; ++i) {
      const Index now = fired[i] ? 0 : static_cast<Index>(since[i]) + samples;
      since[i] = static_cast<Scalar>((std::min)(now, max_counted));
    }
  });
}

}  // namespace eigencoder::detail
