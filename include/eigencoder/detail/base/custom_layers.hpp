#pragma once

#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/custom_layer.hpp>
#include <eigencoder/extend/gradient_sink.hpp>

namespace eigencoder::detail {

/// Counts of `CountsFiring` stop here, the last integer up to which a `float` holds them all.
inline constexpr Index max_counted = Index{1} << 24;

/// Whether a layer cannot learn from one flat sample alone.
template <class L>
inline constexpr bool needs_batch = L::couples_batch;
template <class L>
  requires requires { L::takes_one_sample; }
inline constexpr bool needs_batch<L> = L::couples_batch && !L::takes_one_sample;

/// Hands sums that were taken in double to the sink, as the gradient of part of a block.
template <class Scalar>
void accumulate_gradient(Index block, Index first, Index count, const double* sum, Buffer<Scalar>& scratch,
             GradientSink<Scalar>& sink) {
  const auto stretch = sink.open(ContributionOrder::only, block, first, count, scratch);
  for (Index i = 0; i < count; ++i)
    stretch.gradient[i] = static_cast<Scalar>(stretch.accumulate ? double{stretch.gradient[i]} + sum[i] : sum[i]);
  sink.close(ContributionOrder::only, block, first, count, stretch.gradient);
}

/// Calls `run(j)` for every sample j of the batch.
template <class Scalar, class Run>
void for_each_sample(const LayerContext<Scalar>& context, const Run& run) {
  parallel_samples(context.pass.batch, context.shape.values(), context.pass.team(context.values() * 8),
                   [&](Index j, int) { run(j); });
}

}  // namespace eigencoder::detail
