#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <limits>
#include <vector>

/// @file
/// What metrics of detection are computed from. `what` names the metric in error messages.
namespace eigencoder::detail {

/// How many samples have scores of at least a threshold. Counts are whole; as doubles they divide without casts.
struct ThresholdCounts {
  double threshold = 0;
  double true_positives = 0;   ///< anomalies among these samples
  double false_positives = 0;  ///< the others among these samples

  double flagged() const { return true_positives + false_positives; }
};

/// @throws ShapeError for two lists of different length, DataError for empty lists and labels other than 0 and 1
inline void check_labels(std::size_t expected, const std::vector<double>& labels, const char* what) {
  if (labels.size() != expected)
    throw ShapeError(message({what, ": ", labels.size(), " labels, expected ", expected}));
  if (labels.empty()) throw DataError(message({what, ": there are no samples"}));
  for (std::size_t j = 0; j < labels.size(); ++j)
    if (!(labels[j] == 0 || labels[j] == 1)) throw DataError(message({what, ": label ", j, " is neither 0 nor 1"}));
}

/// The counts at each distinct score, from the highest to the lowest; the last counts all samples. Equal scores share a
/// threshold, so their order does not matter.
/// @throws ShapeError, DataError as `check_labels` does, and DataError for a score that is NaN
inline std::vector<ThresholdCounts> threshold_counts(const std::vector<double>& scores,
                                                     const std::vector<double>& is_anomaly, const char* what) {
  check_labels(scores.size(), is_anomaly, what);
  struct Sample {
    double score, is_anomaly;
  };
  std::vector<Sample> samples(scores.size());
  for (std::size_t j = 0; j < samples.size(); ++j) {
    if (std::isnan(scores[j])) throw DataError(message({what, ": score ", j, " is NaN"}));
    samples[j] = {scores[j], is_anomaly[j]};
  }
  std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.score > b.score; });
  std::vector<ThresholdCounts> counts;
  ThresholdCounts so_far;
  for (std::size_t j = 0; j < samples.size(); ++j) {
    so_far.threshold = samples[j].score;
    (samples[j].is_anomaly == 1 ? so_far.true_positives : so_far.false_positives) += 1;
    if (j + 1 == samples.size() || samples[j + 1].score != samples[j].score) counts.push_back(so_far);
  }
  return counts;
}

/// @throws DataError where no sample is an anomaly
inline void require_anomalies(const std::vector<ThresholdCounts>& counts, const char* what) {
  if (counts.back().true_positives == 0) throw DataError(message({what, ": no sample is labeled as an anomaly"}));
}
/// @throws DataError where all samples are anomalies
inline void require_normal_samples(const std::vector<ThresholdCounts>& counts, const char* what) {
  if (counts.back().false_positives == 0) throw DataError(message({what, ": all samples are labeled as anomalies"}));
}

/// The expected number of anomalies among the `k` highest scores where equal scores are in random order.
/// @throws OptionError unless k lies between 1 and the number of samples
inline double expected_hits(const std::vector<ThresholdCounts>& counts, long long k, const char* what) {
  const auto wanted = static_cast<double>(k);
  if (k < 1 || wanted > counts.back().flagged())
    throw OptionError(message({what, ": k must lie between 1 and the number of scores, ",
                               static_cast<long long>(counts.back().flagged()), ", not ", k}));
  ThresholdCounts above;
  for (const ThresholdCounts& at : counts) {
    if (at.flagged() > wanted) {  // the places left go to a random part of this threshold's samples
      const double share = (wanted - above.flagged()) / (at.flagged() - above.flagged());
      return above.true_positives + share * (at.true_positives - above.true_positives);
    }
    above = at;
  }
  return above.true_positives;
}

/// The threshold of the smallest `cost(counts)`, halfway between two neighboring scores; `cost(ThresholdCounts{})` is
/// that of flagging nothing.
template <class Cost>
double cheapest_threshold(const std::vector<ThresholdCounts>& counts, const Cost& cost) {
  double best = cost(ThresholdCounts{});
  double threshold = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double now = cost(counts[k]);
    if (!(now < best)) continue;
    best = now;
    const double lowest = counts[k].threshold;  // that is flagged
    if (k + 1 == counts.size()) {
      threshold = std::nextafter(lowest, -std::numeric_limits<double>::infinity());
    } else {
      const double next = counts[k + 1].threshold, halfway = lowest / 2 + next / 2;
      threshold = halfway >= next && halfway < lowest ? halfway : next;
    }
  }
  return threshold;
}

}  // namespace eigencoder::detail
