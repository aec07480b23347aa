#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <eigencoder/anomaly/detector_options.hpp>
#include <eigencoder/anomaly/score.hpp>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/detail/anomaly/detector_scaling.hpp>
#include <eigencoder/detail/anomaly/score_set.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/data/numbers.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <limits>
#include <span>
#include <vector>

namespace eigencoder::detail {

/// The threshold that a share `rate` of normal samples exceeds, from the scores of n normal samples in ascending order:
/// the (n + 1)(1 - rate)-th of them, interpolated; the largest where that is beyond it. A further sample is as likely
/// to fall between any two neighbors, so it exceeds this one with probability `rate`. Source: Weibull's plotting
/// position; definition 6 of Hyndman & Fan, "Sample quantiles in statistical packages" (1996).
inline double threshold_for(std::span<const double> sorted, double rate) {
  const auto n = static_cast<double>(sorted.size());
  const double position = std::clamp((n + 1) * (1 - rate) - 1, 0.0, n - 1);
  const auto below = static_cast<std::size_t>(position);
  const bool between = position > static_cast<double>(below) && std::isfinite(sorted[below + 1]);
  const double found = between ? interpolated_at(sorted, position) : sorted[below];
  return (std::min)(found, (std::numeric_limits<double>::max)());  // so that a score of infinity is above it
}

/// What a detector learned, and how it scores samples.
template <class Model, class Scores>
struct DetectorState {
  using Scalar = typename Model::Scalar;

  Scaling<double> scaling;
  std::vector<double> least_scale;  ///< to which a drift may bring the scale down
  std::vector<Model> models;
  std::vector<typename Scores::States> scores;  ///< of each model
  MatrixX<double> standards;  ///< 2 x (models times scores): mean and deviation of each, by which it is standardized
  std::vector<double> calibration;  ///< scores of held-back samples, in ascending order
  double threshold = 0;

  Index parts() const { return static_cast<Index>(models.size() * Scores::count); }

  /// Samples that a model scores at a time. One by one a score does not depend on the samples beside it, but reads all
  /// parameters for each.
  Index block() const { return models.front().parameter_count() <= 65536 ? 1 : 64; }

  /// Calls `run(samples, first, memory)` for blocks of samples on the library's threads; `first` is the index of the
  /// block's first sample.
  template <class Run>
  void for_each_block(View<Scalar> samples, const Run& run) const {
    const int team = threads();
    std::vector<ScoreMemory<Scalar>> memories(static_cast<std::size_t>(team));
    parallel_tiles(samples.cols(), 64, team, [&](Index first, Index count, int thread) {
      ScoreMemory<Scalar>& memory = memories[static_cast<std::size_t>(thread)];
      for (Index j = first; j < first + count; j += block()) {
        run(samples.columns(j, (std::min)(block(), first + count - j)), j, memory);
      }
    });
  }

  /// Scaled samples, in the memory.
  View<Scalar> scaled(View<Scalar> samples, Index first, ScoreMemory<Scalar>& memory, const char* what) const {
    Scalar* const to = memory.samples.ensure_size(samples.rows() * samples.cols());
    for (Index j = 0; j < samples.cols(); ++j)
      scale_sample(scaling, samples.column(j), to + j * samples.rows(), first + j, unknown_of<Model>, what);
    return {to, samples.rows(), samples.cols()};
  }

  /// Writes the score of each scaled sample, averaged over models and scores: infinity where it overflows, so that it
  /// is flagged.
  void score(const Scores& set, ScoreAverage average, View<Scalar> samples, ScoreMemory<Scalar>& memory,
             double* out) const {
    const Index n = samples.cols();
    std::fill_n(out, n, 0.0);
    double* const own = memory.parts.ensure_size(static_cast<Index>(Scores::count) * n);
    for (std::size_t m = 0; m < models.size(); ++m) {
      set.evaluate(models[m], samples, set.inputs(models[m], samples, memory), scores[m], memory, own);
      for (std::size_t k = 0; k < Scores::count; ++k)
        for (Index j = 0; j < n; ++j)
          out[j] += comparable(average, m * Scores::count + k, own[static_cast<Index>(k) * n + j]);
    }
    for (Index j = 0; j < n; ++j) {
      out[j] /= static_cast<double>(parts());
      if (std::isnan(out[j])) out[j] = std::numeric_limits<double>::infinity();
    }
  }

  /// Writes the contributions to each scaled sample's score, values x samples. See `AnomalyDetector::contributions`.
  void contributions(const Scores& set, ScoreAverage average, View<Scalar> samples, ScoreMemory<Scalar>& memory,
                     double* out) const {
    const Index n = samples.rows();
    std::fill_n(out, n * samples.cols(), 0.0);
    for (std::size_t m = 0; m < models.size(); ++m)
      set.contributions(set.inputs(models[m], samples, memory), scores[m], memory,
                        [&](std::size_t k, const double* own) {
                          for (Index j = 0; j < samples.cols(); ++j) {
                            const double weight = contribution_weight(average, m * Scores::count + k, own + j * n, n);
                            for (Index i = 0; i < n; ++i) out[j * n + i] += weight * own[j * n + i];
                          }
                        });
    for (Index j = 0; j < samples.cols(); ++j) blame_overflow(samples.column(j), out + j * n, n);
  }

  /// The scores of all samples, in the units of the data; in messages the first has the index `first_index`.
  std::vector<double> score_all(const Scores& set, ScoreAverage average, View<Scalar> samples, const char* what,
                                Index first_index = 0) const {
    std::vector<double> found(static_cast<std::size_t>(samples.cols()));
    for_each_block(samples, [&](View<Scalar> some, Index first, ScoreMemory<Scalar>& memory) {
      score(set, average, scaled(some, first_index + first, memory, what), memory, found.data() + first);
    });
    return found;
  }
  /// The scores of scaled samples.
  std::vector<double> score_scaled(const Scores& set, ScoreAverage average, View<Scalar> samples) const {
    std::vector<double> found(static_cast<std::size_t>(samples.cols()));
    for_each_block(samples, [&](View<Scalar> some, Index first, ScoreMemory<Scalar>& memory) {
      score(set, average, some, memory, found.data() + first);
    });
    return found;
  }

 private:
  /// Where contributions overflow, infinity goes to the largest scaled value and 0 to the others.
  static void blame_overflow(const Scalar* sample, double* contributions, Index n) {
    if (is_finite(contributions, n)) return;
    std::fill_n(contributions, n, 0.0);
    const auto smaller = [](Scalar a, Scalar b) { return (std::abs)(a) < (std::abs)(b) || (std::isnan)(a); };
    contributions[std::max_element(sample, sample + n, smaller) - sample] = std::numeric_limits<double>::infinity();
  }

  /// A score as it enters the average.
  double comparable(ScoreAverage average, std::size_t part, double value) const {
    const auto p = static_cast<Index>(part);
    switch (average) {
      case ScoreAverage::logarithm:
        return std::log((std::max)(value, (std::numeric_limits<double>::min)()));
      case ScoreAverage::standardized:
        return (value - standards(0, p)) / standards(1, p);
      case ScoreAverage::mean:
        break;
    }
    return value;
  }

  /// The factor of one score's contributions `own` to the average.
  double contribution_weight(ScoreAverage average, std::size_t part, const double* own, Index n) const {
    const auto count = static_cast<double>(parts());
    if (average == ScoreAverage::mean) return 1 / count;
    if (average == ScoreAverage::standardized) return 1 / (count * standards(1, static_cast<Index>(part)));
    double sum = 0;
    for (Index i = 0; i < n; ++i) sum += own[i];
    return sum > 0 ? 1 / (count * sum) : 0;
  }
};

}  // namespace eigencoder::detail
