#pragma once

#include <cstdint>
#include <eigencoder/data/table_encoder.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <memory>
#include <string>
#include <vector>
#include "parts.hpp"

namespace examples {

/// How a detector is trained.
struct DetectorTraining {
  TrainOn train_on = TrainOn::normal;
  double false_alarms = 0.05;
  std::uint64_t seed = 1;
  eigencoder::Index steps = 0;  ///< of each member; 0: as the recipe says
  double seconds = 0;           ///< after which training ends, with the step it is at; 0: no limit
  bool show_progress = false;
  bool standard_scaling = false;  ///< as that of `make_detector`
};

/// The kinds of scores whose contributions are compared.
enum class ScoreKind { squared_error, mahalanobis };

/// A detector for rows of a table, by the recipe; it compiles in one file. Samples are rows as its encoder gives them,
/// one a column of the matrix, NaN where a cell is missing.
class RowDetector {
 public:
  /// Trains one. @throws as `AnomalyDetector::fit`
  RowDetector(const eigencoder::TableEncoder& encoder, eigencoder::View<float> samples,
              const DetectorTraining& training);
  /// Reads what `save` wrote. @throws FileError, as `load` of a detector
  static RowDetector load(const std::string& path);
  RowDetector(RowDetector&&) noexcept;
  RowDetector& operator=(RowDetector&&) noexcept;
  ~RowDetector();

  /// As the functions of `AnomalyDetector`.
  ///@{
  std::vector<double> score(eigencoder::View<float> samples) const;
  double p_value_of(double score) const;
  double threshold() const;
  void set_false_alarms(double rate);
  ///@}

  /// How rows become samples.
  const eigencoder::TableEncoder& encoder() const;

  /// The part of each of the encoder's columns in the score of each sample, columns x samples.
  eigencoder::MatrixX<double> contributions(eigencoder::View<float> samples) const;

  /// The samples with what the models expect in one column of each, given the row's other values. The cell itself does
  /// not count: it is unknown at first, and then, time and again, what the models make of the row. Source: Rezende,
  /// Mohamed & Wierstra, "Stochastic backpropagation and approximate inference in deep generative models" (2014),
  /// appendix F, for missing values of variational models.
  eigencoder::MatrixX<float> expected(eigencoder::View<float> samples,
                                      const std::vector<eigencoder::Index>& columns) const;

  /// Each column's part of a score of one kind, a mean over the models; the score learns from training samples.
  eigencoder::MatrixX<double> contributions_of(ScoreKind kind, eigencoder::View<float> samples,
                                               eigencoder::View<float> training) const;

  /// Writes the detector with its encoder. @throws as `save` of a detector
  void save(const std::string& path) const;

  /// What counts as 1 in each value: its standard deviation in training, or its interquartile range where training
  /// rows may be anomalies; 1 where it is constant.
  const std::vector<double>& scale() const;
  /// A line about the models.
  std::string summary() const;
  eigencoder::Index parameters() const;
  TrainOn train_on() const;
  eigencoder::Index trained_rows() const;  ///< with those held back for the threshold
  eigencoder::Index steps() const;         ///< that each member was trained for, on average
  double seconds() const;                  ///< of training; 0 if loaded

 private:
  struct Parts;  // the templates, which only one file compiles
  explicit RowDetector(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace examples
