#pragma once

#include <cstdint>
#include <eigencoder/data/table_encoder.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <memory>
#include <string>

namespace examples {

/// How an imputer is trained.
struct ImputerTraining {
  std::uint64_t seed = 1;
  eigencoder::Index steps = 0;  ///< of each member; 0: as the recipe says
  double seconds = 0;           ///< after which training ends; 0: no limit
  bool show_progress = false;
};

/// Rows with their gaps filled, one a column of the matrices.
struct ImputedRows {
  eigencoder::MatrixX<float> values;  ///< the known ones as they were; those of a category are probabilities
  eigencoder::MatrixX<float> spread;  ///< the standard deviation among the members of the ensemble; 0 for known values
};

/// An ensemble of autoencoders for rows of a table with gaps; it compiles in one file. Samples are those of the
/// encoder, one a column of the matrix, NaN where they are unknown.
class RowImputer {
 public:
  /// Trains one. @throws as `Autoencoder::fit`
  RowImputer(const eigencoder::TableEncoder& encoder, eigencoder::View<float> samples, const ImputerTraining& training);
  RowImputer(RowImputer&&) noexcept;
  RowImputer& operator=(RowImputer&&) noexcept;
  ~RowImputer();

  /// Fills gaps by the mean of the ensemble; a value lies in the range of those that were trained on.
  ImputedRows impute(eigencoder::View<float> samples) const;

  std::string summary() const;  ///< a line about the models
  eigencoder::Index parameters() const;
  eigencoder::Index steps() const;  ///< that each member was trained for, on average
  double seconds() const;           ///< of training

 private:
  struct Parts;  // the templates, which only one file compiles
  std::unique_ptr<Parts> parts_;
};

}  // namespace examples
