#pragma once

#include <cstddef>
#include <eigencoder/detail/data/numbers.hpp>
#include <eigencoder/detail/evaluation/threshold_counts.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <vector>

/// @file
/// How well scores tell anomalies from normal samples. A higher score means a sample that is more anomalous, such as a
/// larger loss (`sample_losses`):
///
///     const double auc = roc_auc(sample_losses(model, samples), is_anomaly);
///
/// Scores and labels are lists of n numbers, one for each sample: a range (`std::vector`, `std::span`), an Eigen vector
/// or expression, or a `View`; matrices of equal size, such as scores of pixels, are read column by column. Scores are
/// `float` or `double` and may be infinite. A label is 1 (true) for an anomaly and 0 (false) for a normal sample; an
/// anomaly is what other texts call a positive. No result depends on the order of the samples, even of those with equal
/// scores. Each function takes O(n log n) operations.
///
/// All functions throw `ShapeError` where there are not as many labels as scores, and `DataError` for no samples, a
/// score that is NaN, and a label other than 0 and 1.
namespace eigencoder {

/// The area under the ROC curve: the probability that a random anomaly has a higher score than a random normal sample,
/// where equal scores count half. It is U / (a b) with the statistic U of Mann and Whitney, for a anomalies and b
/// normal samples. 1 is perfect, 1/2 chance.
/// Source: Hanley & McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC) curve"
/// (1982).
/// @throws DataError also where all samples are anomalies, or none is
template <class Scores, class Labels>
double roc_auc(const Scores& scores, const Labels& is_anomaly) {
  const auto counts =
      detail::threshold_counts(detail::to_doubles(scores), detail::to_doubles(is_anomaly), "roc_auc");
  detail::require_anomalies(counts, "roc_auc");
  detail::require_normal_samples(counts, "roc_auc");
  double area = 0;  // of trapezoids, in units of one anomaly times one normal sample
  detail::ThresholdCounts above;
  for (const auto& at : counts) {
    area += (at.false_positives - above.false_positives) * (at.true_positives + above.true_positives) / 2;
    above = at;
  }
  return area / (above.true_positives * above.false_positives);
}

/// The average precision: the mean over the anomalies of the precision at the threshold that just flags them, which is
/// the sum over the distinct thresholds of precision times the gain in recall, without interpolation. Equal scores
/// share a threshold. Scores by chance give about the share of anomalies.
/// Source: Manning, Raghavan & Schuetze, "Introduction to information retrieval" (2008), sec. 8.4.
/// @throws DataError also where no sample is an anomaly
template <class Scores, class Labels>
double average_precision(const Scores& scores, const Labels& is_anomaly) {
  const auto counts =
      detail::threshold_counts(detail::to_doubles(scores), detail::to_doubles(is_anomaly), "average_precision");
  detail::require_anomalies(counts, "average_precision");
  double sum = 0, found = 0;
  for (const auto& at : counts) {
    sum += (at.true_positives - found) * at.true_positives / at.flagged();
    found = at.true_positives;
  }
  return sum / found;
}

/// The share of anomalies among the k samples of the highest scores. Where some of several equal scores are among the k
/// and others are not, it is the expected value for a random order of these.
/// Source: McSherry & Najork, "Computing information retrieval performance measures efficiently in the presence of tied
/// scores" (2008).
/// @throws OptionError unless k lies between 1 and the number of samples
template <class Scores, class Labels>
double precision_at(const Scores& scores, const Labels& is_anomaly, Index k) {
  const auto counts =
      detail::threshold_counts(detail::to_doubles(scores), detail::to_doubles(is_anomaly), "precision_at");
  return detail::expected_hits(counts, k, "precision_at") / static_cast<double>(k);
}

/// The share of all anomalies that are among the k samples of the highest scores; equal scores count as in
/// `precision_at`.
/// @throws OptionError unless k lies between 1 and the number of samples
/// @throws DataError also where no sample is an anomaly
template <class Scores, class Labels>
double recall_at(const Scores& scores, const Labels& is_anomaly, Index k) {
  const auto counts = detail::threshold_counts(detail::to_doubles(scores), detail::to_doubles(is_anomaly), "recall_at");
  detail::require_anomalies(counts, "recall_at");
  return detail::expected_hits(counts, k, "recall_at") / counts.back().true_positives;
}

/// The F1 score of predictions, 1 (true) for a sample that is flagged as an anomaly: the harmonic mean of precision and
/// recall, 2 t / (2 t + false positives + false negatives) for t true positives.
/// Source: van Rijsbergen, "Information retrieval" (1979), ch. 7, with beta = 1.
/// @throws DataError also where no sample is an anomaly and none is flagged, and for predictions other than 0 and 1
template <class Predictions, class Labels>
double f1(const Predictions& is_flagged, const Labels& is_anomaly) {
  const std::vector<double> flagged = detail::to_doubles(is_flagged), labels = detail::to_doubles(is_anomaly);
  detail::check_labels(flagged.size(), labels, "f1");
  detail::check_labels(labels.size(), flagged, "f1: predictions");
  double both = 0, sum = 0;
  for (std::size_t j = 0; j < labels.size(); ++j) {
    both += flagged[j] * labels[j];
    sum += flagged[j] + labels[j];
  }
  if (sum == 0) throw DataError("eigencoder: f1: no sample is labeled as an anomaly, and none is flagged");
  return 2 * both / sum;
}

/// A point of a ROC curve: the rates where every sample with a score of at least `threshold` is flagged.
struct RocPoint {
  double false_positive_rate;  ///< the share of normal samples that are flagged
  double true_positive_rate;   ///< the share of anomalies that are flagged, the recall
  double threshold;            ///< the lowest score that is flagged
};

/// The ROC curve: first the point (0, 0) where nothing is flagged, with an infinite threshold, then one for each
/// distinct score from the highest to the lowest, up to (1, 1).
/// Source: Fawcett, "An introduction to ROC analysis" (2006), algorithm 1.
/// @throws DataError also where all samples are anomalies, or none is
template <class Scores, class Labels>
std::vector<RocPoint> roc_curve(const Scores& scores, const Labels& is_anomaly) {
  const auto counts = detail::threshold_counts(detail::to_doubles(scores), detail::to_doubles(is_anomaly), "roc_curve");
  detail::require_anomalies(counts, "roc_curve");
  detail::require_normal_samples(counts, "roc_curve");
  const detail::ThresholdCounts all = counts.back();
  std::vector<RocPoint> curve{{0, 0, std::numeric_limits<double>::infinity()}};
  for (const auto& at : counts)
    curve.push_back({at.false_positives / all.false_positives, at.true_positives / all.true_positives, at.threshold});
  return curve;
}

/// A point of a precision-recall curve: where every sample with a score of at least `threshold` is flagged.
struct PrecisionRecallPoint {
  double precision;  ///< the share of anomalies among what is flagged
  double recall;     ///< the share of anomalies that are flagged
  double threshold;  ///< the lowest score that is flagged
};

/// The precision-recall curve: a point for each distinct score from the highest to the lowest. Recall never falls, and
/// ends at 1. Between two points, precision is no straight line.
/// Source: Davis & Goadrich, "The relationship between precision-recall and ROC curves" (2006).
/// @throws DataError also where no sample is an anomaly
template <class Scores, class Labels>
std::vector<PrecisionRecallPoint> precision_recall_curve(const Scores& scores, const Labels& is_anomaly) {
  const auto counts = detail::threshold_counts(detail::to_doubles(scores), detail::to_doubles(is_anomaly),
                                               "precision_recall_curve");
  detail::require_anomalies(counts, "precision_recall_curve");
  std::vector<PrecisionRecallPoint> curve;
  for (const auto& at : counts)
    curve.push_back(
        {at.true_positives / at.flagged(), at.true_positives / counts.back().true_positives, at.threshold});
  return curve;
}

}  // namespace eigencoder
