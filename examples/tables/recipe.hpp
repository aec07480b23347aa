#pragma once

#include <algorithm>
#include <cstddef>
#include <eigencoder/anomaly/anomaly_detector.hpp>
#include <eigencoder/anomaly/mahalanobis_score.hpp>
#include <eigencoder/anomaly/nearest_reconstruction_score.hpp>
#include <eigencoder/data/table_encoder.hpp>
#include <eigencoder/eigencoder.hpp>
#include <vector>
#include "parts.hpp"
#include "table_noise.hpp"

/// @file
/// The one recipe for all tables: which autoencoders, which scores, and how they are trained. It was chosen on four
/// tables of ADBench (annthyroid, cardio, pendigits and satellite) and on the ones that the program draws.
namespace examples {

/// A member of the ensemble: it restores rows of d values, some of which may be missing, from corrupted ones, through a
/// linear code of more values than there are columns. What it learns is which values go together.
inline auto table_member(eigencoder::Index d, eigencoder::Index hidden, const TableNoise& noise) {
  using namespace eigencoder;
  return Autoencoder{Encoder{Input{d}, Dense{hidden}, Silu{}, Dense{2 * d}}, Mirror{}, SquaredError{}, Denoising{noise},
                     MissingValues<>{}};
}

using TableModel = decltype(table_member(1, 1, {}));

/// Three distances, whose logarithms are averaged: of a row's reconstruction, and of the row, from what the model made
/// of training rows, which find what is far from these; and of the residual from those of training rows in their
/// covariance, which finds broken relations between columns that lie within their range each.
using TableDetector = eigencoder::AnomalyDetector<TableModel, eigencoder::NearestReconstructionScore,
                                                  eigencoder::NearestReconstructionScore, eigencoder::MahalanobisScore>;

constexpr eigencoder::Index recipe_members = 3;

/// Whether a table has columns of words. It was found on `mixed_table` what suits these.
inline bool has_words(const eigencoder::TableEncoder& encoder) {
  return std::ranges::any_of(encoder.columns(),
                             [](const auto& column) { return column.kind == eigencoder::ColumnKind::category; });
}

/// The steps of each member's training: what goes with which word takes longer to learn.
inline eigencoder::Index recipe_steps(const eigencoder::TableEncoder& encoder) {
  return has_words(encoder) ? 10000 : 4000;
}

/// The values of each column as `TableNoise` counts them.
inline std::vector<eigencoder::Index> values_of_columns(const eigencoder::TableEncoder& encoder) {
  std::vector<eigencoder::Index> values;
  for (const auto& column : encoder.columns())
    if (column.kind == eigencoder::ColumnKind::category)
      values.push_back(column.value_count);
    else
      values.insert(values.end(), static_cast<std::size_t>(column.value_count), 1);
  return values;
}

/// The detector for tables of an encoder, not yet trained; n rows are to train it. Rows that may hold anomalies are
/// scaled by medians and quartiles, which these hardly move, unless `standard_scaling` is wanted for a comparison; in a
/// table with words the encoder's scaling stays, which leaves values of words 0 or 1: by their deviations rare words
/// would outweigh all else.
inline TableDetector make_detector(const eigencoder::TableEncoder& encoder, eigencoder::Index n, TrainOn train_on,
                                   double false_alarms = 0.05, bool standard_scaling = false) {
  using namespace eigencoder;
  const Index d = encoder.value_count();
  const std::vector<Index> columns = values_of_columns(encoder);
  const double stddev = has_words(encoder) ? 0.1 : 0.3;
  const std::vector<TableModel> members{
      table_member(d, 64, {{.stddev = stddev, .rate = 0.1, .outlier_stddev = 1.5}, columns}),
      table_member(d, 64, {{.stddev = stddev, .rate = 0.1, .outlier_stddev = 3}, columns}),
      table_member(d, 128, {{.stddev = stddev, .rate = 0.1, .outlier_stddev = 1.05, .replaces = true}, columns})};
  DetectorOptions options{.average = ScoreAverage::logarithm, .false_alarms = false_alarms};
  NearestReconstructionScore of_reconstruction{.neighbors = 1, .memory = 4000, .of_reconstruction = true};
  NearestReconstructionScore of_row{.neighbors = 5, .memory = 4000};
  const bool contaminated = train_on == TrainOn::all;
  if (contaminated) {
    // A group of anomalies is small beside a tenth of the rows, so it is far from that many.
    of_reconstruction.memory = of_row.memory = 1000;
    of_reconstruction.neighbors = of_row.neighbors = ((std::min)(n, Index{1000}) + 9) / 10;
    if (!standard_scaling) options.scaling = DetectorScaling::robust;
  }
  if (has_words(encoder)) options.scaling = DetectorScaling::none;
  // Models reconstruct anomalies that they were trained on, so their residuals are small; their codes are odd.
  return TableDetector{members, options, of_reconstruction, of_row, MahalanobisScore{.with_code = contaminated}};
}

/// How its members are trained, in so many steps each: an epoch has at least one. Unless they are clipped, gradients of
/// values of a wild size overflow.
inline eigencoder::FitOptions<float> table_fit_options(eigencoder::Index steps) {
  return {.epochs = steps,
          .max_steps = steps,
          .batch_size = 128,
          .schedule = eigencoder::CosineSchedule{},
          .clip_value = 1e3};
}

inline eigencoder::AdamW table_optimizer() { return {.learning_rate = 2e-3, .weight_decay = 0}; }

}  // namespace examples
