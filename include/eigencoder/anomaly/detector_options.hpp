#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder {

/// How an `AnomalyDetector` brings the values of samples to one scale before its models see them. It learns this from
/// the training samples alone.
enum class DetectorScaling {
  standard,  ///< mean 0 and variance 1, as `standard_scaling`
  robust,    ///< median 0 and interquartile range 1, as `robust_scaling`: for training samples with outliers
  min_max,   ///< to [0, 1], as `min_max_scaling`: for losses of such values
  none       ///< values as they are
};

/// How an `AnomalyDetector` averages the scores of its models, and of several kinds.
enum class ScoreAverage {
  mean,         ///< of the scores: for one kind
  logarithm,    ///< of the scores' logarithms: for kinds of different units; for scores that are never negative
  standardized  ///< of the scores, each brought to mean 0 and variance 1 on the held-back samples
};

/// The options of an `AnomalyDetector`.
struct DetectorOptions {
  Index members = 1;                                    ///< models that are trained from each given one, at least 1
  DetectorScaling scaling = DetectorScaling::standard;  ///< of the values
  ScoreAverage average = ScoreAverage::mean;            ///< over all models and scores

  /// The share of the samples that `fit` holds back from training, drawn by its seed: the threshold and the p-values
  /// come from these, since the scores of training samples are too low. At most `reference` of them. In (0, 1).
  double calibration = 0.2;
  /// The share of normal samples that the threshold is to flag, about, in (0, 1). It takes 1 / false_alarms - 1
  /// held-back samples to tell so small a share: with n, fewer, the threshold is their largest score, which one of
  /// n + 1 exceeds.
  double false_alarms = 0.05;
  Index reference = 20000;     ///< training samples from which scores learn, at most; at least 1
  double drift = 0;            ///< the weight of one sample in `update`, in [0, 1); 0: no updates

  /// Whether all options are equal.
  friend bool operator==(const DetectorOptions&, const DetectorOptions&) = default;

  /// @throws OptionError for an option outside its range and for options that contradict each other
  void validate() const {
    detail::require_at_least("DetectorOptions.members", 1, members);
    detail::require_open_fraction("DetectorOptions.calibration", calibration);
    detail::require_open_fraction("DetectorOptions.false_alarms", false_alarms);
    detail::require_at_least("DetectorOptions.reference", 1, reference);
    detail::require_fraction("DetectorOptions.drift", drift);
    if (drift > 0 && scaling != DetectorScaling::standard)
      throw OptionError("eigencoder: DetectorOptions.drift: only a standard scaling can follow a drift");
  }
};

}  // namespace eigencoder
