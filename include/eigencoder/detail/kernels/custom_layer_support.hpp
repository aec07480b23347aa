#pragma once

#include <algorithm>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/parameters.hpp>

/// @file
/// Support for the library's custom layers (`CustomLayer`): loops over samples, and the counts of `CountsFiring`.
namespace eigencoder::detail {

/// Whether a layer cannot learn from a batch of one flat sample.
template <class L>
inline constexpr bool needs_batch = L::couples_batch;
template <class L>
  requires requires { L::takes_one_sample; }
inline constexpr bool needs_batch<L> = L::couples_batch && !L::takes_one_sample;

/// Calls `run(j)` for every sample j of the batch, in parallel.
template <class Scalar, class Run>
void for_each_sample(const LayerContext<Scalar>& context, const Run& run) {
  parallel_columns(context.pass, context.shape.values(), 8, run);
}

/// The counts of `CountsFiring` stop here: up to this integer a `float` represents all of them.
inline constexpr Index max_counted = Index{1} << 24;
inline constexpr ValueRange counted_range{0, max_counted};

/// Updates the counts of a `CountsFiring` layer whose output, of the input's shape, is the batch y. Does nothing where
/// the pass must not change statistics.
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
      const Index counted = fired[i] ? 0 : static_cast<Index>(since[i]) + samples;
      since[i] = static_cast<Scalar>((std::min)(counted, max_counted));
    }
  });
}

}  // namespace eigencoder::detail
