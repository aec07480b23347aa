#pragma once

#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/pass.hpp>

/// @file
/// The loss of a batch: a sum over its columns in their order. A sample's draws are neighboring columns and share its
/// target and its weight.
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

/// The loss of a column whose sample has the weight 0, which gives no gradient: it is not computed, so that it may be
/// infinite.
template <class Scalar>
double uncounted_loss(Scalar* gradient, Index size) {
  std::fill_n(gradient, size, Scalar(0));
  return 0;
}

/// The loss of a batch, summed over its columns. `gradient`, unless null, receives `scale` times the derivative by the
/// output.
/// @param weights  one for each sample, a factor on its derivatives, but not on its loss; null: 1 for each
template <class Scalar, class Loss>
double batch_loss(const Pass<Scalar>& pass, const Loss& loss, const Scalar* output, const Scalar* target,
                  Scalar* gradient, Index size, Index channels, double scale, double* losses,
                  const double* weights = nullptr) {
  return sum_losses(pass, losses, size, [&](Index c, int) {
    const Index at = c * size, sample = c / pass.draws;
    const double weight = weights ? weights[sample] : 1;
    if (weight == 0) return uncounted_loss(gradient + at, size);
    return loss.value_and_gradient(output + at, target + sample * size, gradient ? gradient + at : nullptr, size,
                                   channels, weight * scale);
  });
}

/// Multiplies the loss of each column by its sample's weight. Returns their sum.
template <class Scalar>
double weigh_losses(const Pass<Scalar>& pass, const double* weights, double* losses) {
  double sum = 0;
  for (Index c = 0; c < pass.batch; ++c) sum += losses[c] *= weights[c / pass.draws];
  return sum;
}

/// The emphasized loss of one sample: `corrupted_weight` times the loss of the values that the corruption changed plus
/// `intact_weight` times the loss of the others. A value that a corruption happened to leave as it was counts as
/// intact. `scale` times the derivative by the output goes to `gradient`. Source: Vincent et al., "Stacked denoising
/// autoencoders" (2010), section 3.4.
///
/// @param loss       a `SeparableLoss`: it is called once for the changed values and once for the others
/// @param clean      the sample before its corruption
/// @param corrupted  the sample after its corruption
/// @param gradient   may be null, or `output` itself
/// @param scratch    grows to 2 `size` values; overlaps none of the others
template <class Scalar, class LossType>
double emphasized_loss(const LossType& loss, const Scalar* output, const Scalar* target, const Scalar* clean,
                       const Scalar* corrupted, Scalar* gradient, Index size, double scale, double corrupted_weight,
                       double intact_weight, Buffer<Scalar>& scratch) {
  Scalar* const outputs = scratch.ensure_size(2 * size);
  Scalar* const targets = outputs + size;
  Index changed = 0;
  for (Index i = 0; i < size; ++i) changed += corrupted[i] != clean[i] ? 1 : 0;

  // The changed values come first, then the others; a branch would be unpredictable.
  Index next[] = {changed, 0};
  for (Index i = 0; i < size; ++i) {
    const Index to = next[corrupted[i] != clean[i]]++;
    outputs[to] = output[i];
    targets[to] = target[i];
  }
  const auto part = [&](Index first, Index count, double weight) {
    Scalar* const derivatives = gradient ? outputs + first : nullptr;
    return weight *
           loss.value_and_gradient(outputs + first, targets + first, derivatives, count, Index{1}, weight * scale);
  };
  const double sum = part(0, changed, corrupted_weight) + part(changed, size - changed, intact_weight);
  if (!gradient) return sum;

  next[0] = changed;
  next[1] = 0;
  for (Index i = 0; i < size; ++i) gradient[i] = outputs[next[corrupted[i] != clean[i]]++];
  return sum;
}

}  // namespace eigencoder::detail
