#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/pass.hpp>
#include <limits>

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

/// Of `samples` samples that have a weight other than 0 at first, gives floor(`trim` times their number) the weight 0:
/// those of the largest losses, each summed over its draws; of equal losses, the first. A loss that is not finite ranks
/// lowest, since a divergence must not be hidden.
/// @param losses  of each draw, those of a sample adjacent
/// @param ranked  memory for a value of each sample
[[gnu::noinline]] inline void trim_samples(double trim, Index samples, Index draws, const double* losses,
                                           double* weights, double* ranked) {
  const auto rank = [&](Index sample) {
    double sum = 0;
    for (Index k = 0; k < draws; ++k) sum += losses[sample * draws + k];
    return std::isfinite(sum) ? sum : std::numeric_limits<double>::lowest();
  };
  double* end = ranked;
  for (Index j = 0; j < samples; ++j)
    if (weights[j] != 0) *end++ = rank(j);
  const auto trimmed = static_cast<Index>(trim * static_cast<double>(end - ranked));
  if (trimmed == 0) return;
  std::make_heap(ranked, end);
  for (Index k = 0; k < trimmed; ++k) std::pop_heap(ranked, end - k);  // to the end
  const double least = end[-trimmed];
  Index equal = trimmed;  // samples of the loss `least` that are trimmed
  for (Index k = 1; k <= trimmed; ++k) equal -= end[-k] > least ? 1 : 0;
  for (Index j = 0; j < samples; ++j) {
    if (weights[j] == 0) continue;
    const double value = rank(j);
    if (value > least || (value == least && equal-- > 0)) weights[j] = 0;
  }
}

/// Trims samples (see `trim_samples`; they give no gradient), then multiplies the loss of each column by its sample's
/// weight. Returns the sum of the losses.
/// @param weights   one for each sample; followed by as many values of memory
/// @param gradient  by the columns of `size` values, already weighted
template <class Scalar>
double weigh_losses(const Pass<Scalar>& pass, double trim, double* weights, double* losses, Scalar* gradient,
                    Index size) {
  const Index samples = pass.batch / pass.draws;
  if (trim > 0) {
    trim_samples(trim, samples, pass.draws, losses, weights, weights + samples);
    for (Index j = 0; j < samples; ++j)
      if (weights[j] == 0) std::fill_n(gradient + j * pass.draws * size, pass.draws * size, Scalar(0));
  }
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
