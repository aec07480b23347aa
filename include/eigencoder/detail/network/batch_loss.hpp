#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/loss.hpp>
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

/// The sum of the losses of a sample's values, which belong to groups: those of group 0 and of group 1 by the weight of
/// their group, those of group 2 not at all. `scale` times the derivative by the output goes to `gradient`.
///
/// @param loss      a `SeparableLoss`: it is called once for each of the first two groups
/// @param gradient  may be null, or `output` itself
/// @param scratch   grows to 2 `size` values; overlaps none of the others
template <class Scalar, class LossType, class GroupOf>
double grouped_loss(const LossType& loss, const Scalar* output, const Scalar* target, Scalar* gradient, Index size,
                    double scale, const double (&weights)[2], const GroupOf& group_of, Buffer<Scalar>& scratch) {
  Scalar* const outputs = scratch.ensure_size(2 * size);
  Scalar* const targets = outputs + size;
  Index counts[3] = {};  // by sums, which the compiler vectorizes
  for (Index i = 0; i < size; ++i) {
    counts[0] += group_of(i) == 0 ? 1 : 0;
    counts[1] += group_of(i) == 1 ? 1 : 0;
  }
  counts[2] = size - counts[0] - counts[1];

  // Group by group; a branch would be unpredictable.
  const Index firsts[] = {0, counts[0], counts[0] + counts[1]};
  Index next[] = {firsts[0], firsts[1], firsts[2]};
  for (Index i = 0; i < size; ++i) {
    const Index to = next[group_of(i)]++;
    outputs[to] = output[i];
    targets[to] = target[i];
  }
  double sum = 0;
  for (int group : {0, 1}) {
    if (counts[group] == 0) continue;
    Scalar* const derivatives = gradient ? outputs + firsts[group] : nullptr;
    sum += weights[group] * loss.value_and_gradient(outputs + firsts[group], targets + firsts[group], derivatives,
                                                    counts[group], Index{1}, weights[group] * scale);
  }
  if (!gradient) return sum;

  std::fill_n(outputs + firsts[2], counts[2], Scalar(0));
  std::copy_n(firsts, 3, next);
  for (Index i = 0; i < size; ++i) gradient[i] = outputs[next[group_of(i)]++];
  return sum;
}

/// The emphasized loss of one sample: `corrupted_weight` times the loss of the values that the corruption changed plus
/// `intact_weight` times the loss of the others. A value that a corruption happened to leave as it was counts as
/// intact, as a hidden value that is 0 does; one that is unknown as a target does not count. Parameters as those of
/// `grouped_loss`. Source: Vincent et al., "Stacked denoising autoencoders" (2010), section 3.4.
///
/// @tparam MayBeUnknown  whether values of targets may be unknown
/// @param clean      the sample before its corruption
/// @param corrupted  the sample after its corruption
template <bool MayBeUnknown = false, class Scalar, class LossType>
double emphasized_loss(const LossType& loss, const Scalar* output, const Scalar* target, const Scalar* clean,
                       const Scalar* corrupted, Scalar* gradient, Index size, double scale, double corrupted_weight,
                       double intact_weight, Buffer<Scalar>& scratch) {
  const auto group_of = [&](Index i) {
    const int intact = corrupted[i] != clean[i] ? 0 : 1;
    return MayBeUnknown && (std::isnan)(target[i]) ? 2 : intact;
  };
  return grouped_loss(loss, output, target, gradient, size, scale, {corrupted_weight, intact_weight}, group_of,
                      scratch);
}

/// The memory for the terms of a loss that `ReportsTerms`: `count` values for each column, or none.
struct LossTerms {
  double* values = nullptr;
  Index count = 0;

  double* of(Index column) const { return values ? values + column * count : nullptr; }
};

/// The loss of a column, with its terms if it reports some; where targets may be unknown, of the known values.
/// Parameters as those of `grouped_loss`.
template <bool MayBeUnknown, class Scalar, class Loss>
double column_loss(const Loss& loss, const Scalar* output, const Scalar* target, Scalar* gradient, Index size,
                   Index channels, double scale, [[maybe_unused]] double* terms,
                   [[maybe_unused]] Buffer<Scalar>& scratch) {
  constexpr bool skips = requires { loss.known_value_and_gradient(output, target, gradient, size, channels, scale); };
  constexpr bool reports =
      requires { loss.value_and_gradient(output, target, gradient, size, channels, scale, terms); };
  if constexpr (MayBeUnknown && skips && reports) {
    return loss.known_value_and_gradient(output, target, gradient, size, channels, scale, terms);
  } else if constexpr (MayBeUnknown && skips) {
    return loss.known_value_and_gradient(output, target, gradient, size, channels, scale);
  } else if constexpr (reports) {
    return loss.value_and_gradient(output, target, gradient, size, channels, scale, terms);
  } else {
    if constexpr (MayBeUnknown)
      if (!is_finite(target, size)) {
        const auto group_of = [&](Index i) { return (std::isnan)(target[i]) ? 2 : 0; };
        return grouped_loss(loss, output, target, gradient, size, scale, {1, 1}, group_of, scratch);
      }
    return loss.value_and_gradient(output, target, gradient, size, channels, scale);
  }
}

/// The loss of a batch, summed over its columns. `gradient`, unless null, receives `scale` times the derivative by the
/// output.
/// @tparam MayBeUnknown  whether values of targets may be unknown
/// @param weights        one for each sample, a factor on its derivatives, but not on its loss; null: 1 for each
/// @param terms          where the loss's terms of each column go; those of a sample of weight 0 are not written
template <bool MayBeUnknown, class Scalar, class Loss>
double batch_loss(const Pass<Scalar>& pass, const Loss& loss, const Scalar* output, const Scalar* target,
                  Scalar* gradient, Index size, Index channels, double scale, double* losses,
                  const double* weights = nullptr, LossTerms terms = {}) {
  return sum_losses(pass, losses, size, [&](Index c, int thread) {
    const Index at = c * size, sample = c / pass.draws;
    const double weight = weights ? weights[sample] : 1;
    if (weight == 0) return uncounted_loss(gradient + at, size);
    return column_loss<MayBeUnknown>(loss, output + at, target + sample * size, gradient ? gradient + at : nullptr,
                                     size, channels, weight * scale, terms.of(c), pass.workspace.scratch(thread).tile);
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

/// Adds the loss's terms of each column, weighted as its sample, to `sums`: a mean over each sample's draws.
/// @param weights  one for each sample; null: 1 for each
inline void add_loss_terms(LossTerms terms, Index columns, Index draws, const double* weights, double* sums) {
  for (Index c = 0; c < columns; ++c) {
    const double factor = (weights ? weights[c / draws] : 1) / static_cast<double>(draws);
    if (factor == 0) continue;
    for (Index k = 0; k < terms.count; ++k) sums[k] += factor * terms.of(c)[k];
  }
}

}  // namespace eigencoder::detail
