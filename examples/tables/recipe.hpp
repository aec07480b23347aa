#pragma once

#include <algorithm>
#include <cstddef>
#include <eigencoder/anomaly/anomaly_detector.hpp>
#include <eigencoder/eigencoder.hpp>
#include <iterator>
#include <vector>
#include "parts.hpp"
#include "table_score.hpp"

/// @file
/// The one recipe for all tables: which autoencoders, which score, and how they are trained. It was chosen on four
/// tables of ADBench (annthyroid, cardio, pendigits and satellite).
namespace examples {

/// A member of the ensemble: it restores rows of d values from corrupted ones, through a linear code of more values
/// than there are columns. What it learns is which values go together.
inline auto table_member(eigencoder::Index d, eigencoder::Index hidden, const eigencoder::OutlierNoise& noise) {
  using namespace eigencoder;
  return Autoencoder{Encoder{Input{d}, Dense{hidden}, Silu{}, Dense{2 * d}}, Mirror{}, SquaredError{},
                     Denoising{noise}};
}

using TableModel = decltype(table_member(1, 1, {}));
using TableDetector = eigencoder::AnomalyDetector<TableModel, TableScore>;

constexpr eigencoder::Index recipe_members = 3;
constexpr eigencoder::Index recipe_steps = 4000;  ///< of each member's training

/// The detector for tables of d columns, not yet trained; n rows are to train it. Rows that may hold anomalies are
/// scaled by medians and quartiles, which these hardly move, unless `standard_scaling` is wanted for a comparison.
inline TableDetector make_detector(eigencoder::Index d, eigencoder::Index n, TrainOn train_on,
                                   double false_alarms = 0.05, bool standard_scaling = false) {
  using namespace eigencoder;
  const std::vector<TableModel> members{
      table_member(d, 64, {.stddev = 0.3, .rate = 0.1, .outlier_stddev = 1.5}),
      table_member(d, 64, {.stddev = 0.3, .rate = 0.1, .outlier_stddev = 3}),
      table_member(d, 128, {.stddev = 0.3, .rate = 0.1, .outlier_stddev = 1.05, .replaces = true})};
  DetectorOptions options{.average = ScoreAverage::logarithm, .false_alarms = false_alarms};
  if (train_on == TrainOn::normal) return TableDetector{members, options, TableScore{}};
  // A group of anomalies is small beside a tenth of the rows, so it is far from that many.
  constexpr Index memory = 1000;
  const Index neighbors = ((std::min)(n, memory) + 9) / 10;
  if (!standard_scaling) options.scaling = DetectorScaling::robust;
  return TableDetector{members, options, TableScore{.with_error = false, .neighbors = neighbors, .memory = memory}};
}

/// How its members are trained in about so many steps each.
inline eigencoder::FitOptions<float> table_fit_options(eigencoder::Index n, eigencoder::Index steps) {
  constexpr eigencoder::Index batch_size = 128;
  const eigencoder::Index steps_of_epoch = (n + batch_size - 1) / batch_size;
  return {.epochs = (steps + steps_of_epoch - 1) / steps_of_epoch,
          .batch_size = batch_size,
          .schedule = eigencoder::CosineSchedule{}};
}

inline eigencoder::AdamW table_optimizer() { return {.learning_rate = 2e-3, .weight_decay = 0}; }

}  // namespace examples
