#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/data/numbers.hpp>
#include <eigencoder/detail/evaluation/threshold_counts.hpp>
#include <eigencoder/extend/errors.hpp>

/// @file
/// Thresholds for scores of labeled samples: a sample is flagged where its score is above the threshold. Scores and
/// labels are lists as those of evaluation/detection.hpp, whose errors these functions throw. A threshold lies halfway
/// between two neighboring scores, or just below the lowest; it is infinite where nothing should be flagged. Of equally
/// good thresholds the highest is returned.
namespace eigencoder {

/// The threshold of the highest F1 score (see `f1`).
/// @throws DataError also where no sample is an anomaly
template <class Scores, class Labels>
double best_f1_threshold(const Scores& scores, const Labels& is_anomaly) {
  const auto counts =
      detail::threshold_counts(detail::to_doubles(scores), detail::to_doubles(is_anomaly), "best_f1_threshold");
  detail::require_anomalies(counts, "best_f1_threshold");
  const double anomalies = counts.back().true_positives;
  return detail::cheapest_threshold(
      counts, [&](const detail::ThresholdCounts& at) { return -2 * at.true_positives / (anomalies + at.flagged()); });
}

/// What wrong answers cost, in any unit.
struct ErrorCosts {
  double false_alarm = 1;      ///< of a normal sample that is flagged, finite, at least 0
  double missed_anomaly = 10;  ///< of an anomaly that is not, finite, at least 0
};

/// The threshold of the lowest total cost on these samples.
/// @throws OptionError for a cost outside its range
template <class Scores, class Labels>
double lowest_cost_threshold(const Scores& scores, const Labels& is_anomaly, const ErrorCosts& costs = {}) {
  detail::require_nonnegative("ErrorCosts.false_alarm", costs.false_alarm);
  detail::require_nonnegative("ErrorCosts.missed_anomaly", costs.missed_anomaly);
  const auto counts =
      detail::threshold_counts(detail::to_doubles(scores), detail::to_doubles(is_anomaly), "lowest_cost_threshold");
  const double anomalies = counts.back().true_positives;
  return detail::cheapest_threshold(counts, [&](const detail::ThresholdCounts& at) {
    return at.false_positives * costs.false_alarm + (anomalies - at.true_positives) * costs.missed_anomaly;
  });
}

}  // namespace eigencoder
