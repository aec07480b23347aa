#pragma once

#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/pass.hpp>

namespace eigencoder::detail {

/// The sum of `loss_of(column, thread)` over the pass's columns of `size` values. Each loss is stored in `losses` and
/// they are summed in their order, so the sum does not depend on the number of threads.
template <class Scalar, class LossOf>
double sum_losses(const Pass<Scalar>& pass, double* losses, Index size, const LossOf& loss_of) {
  parallel_samples(pass.batch, size, pass.team(size * pass.batch * 8),
                   [&](Index c, int thread) { losses[c] = loss_of(c, thread); });
  double sum = 0;
  for (Index c = 0; c < pass.batch; ++c) sum += losses[c];
  return sum;
}

/// The loss of a batch, summed over its columns. `gradient`, unless null, receives `scale` times the derivative by the
/// output. A sample's draws are neighboring columns and share its target.
template <class Scalar, class Loss>
double batch_loss(const Pass<Scalar>& pass, const Loss& loss, const Scalar* output, const Scalar* target,
                  Scalar* gradient, Index size, Index channels, double scale, double* losses) {
  return sum_losses(pass, losses, size, [&](Index c, int) {
    const Index at = c * size;
    const Scalar* expected = target + c / pass.draws * size;
    return loss.value_and_gradient(output + at, expected, gradient ? gradient + at : nullptr, size, channels, scale);
  });
}

}  // namespace eigencoder::detail
