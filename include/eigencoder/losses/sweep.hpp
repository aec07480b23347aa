#pragma once

#include <eigencoder/core/workspace.hpp>

namespace eigencoder::detail {

/// The loss of a batch, summed over its samples in their order; `delta` (unless null) receives `scale` times
/// the derivative by the output. The samples' losses pass through the workspace, so the sum is the same for any team.
template <class Scalar, class Loss>
double batch_loss(const Pass<Scalar>& pass, const Loss& loss, const Scalar* output, const Scalar* target,
                  Scalar* delta, Index size, Index channels, double scale) {
  double* losses = pass.workspace.losses(pass.batch);
  parallel_for(pass.batch, pass.team(size * pass.batch * 8), [&](Index j, int) {
    const Index at = j * size;
    losses[j] = loss.sample(output + at, target + at, delta ? delta + at : nullptr, size, channels, scale);
  });
  double sum = 0;
  for (Index j = 0; j < pass.batch; ++j) sum += losses[j];
  return sum;
}

}  // namespace eigencoder::detail
