#pragma once

#include <common/json.hpp>
#include <eigencoder/data/table_encoder.hpp>
#include <eigencoder/extend/types.hpp>
#include <optional>
#include <string>
#include <vector>
#include "removed_cells.hpp"
#include "row_imputer.hpp"

/// @file
/// How well removed cells are filled.
namespace examples {

/// A way to fill gaps, and what it makes of the rows of which cells were removed.
struct FilledRows {
  std::string key;                    ///< in metrics.json
  std::string name;                   ///< for people
  eigencoder::MatrixX<float> values;  ///< samples of the encoder, one a column
};

/// What is known of the errors in a column, method by method.
struct ColumnErrors {
  std::string name;
  eigencoder::ColumnKind kind;
  double unit = 1;                ///< one standard deviation in the column's unit; of dates in days
  eigencoder::Index removed = 0;  ///< cells that are judged
  /// Of numbers and dates the root mean squared errors in standard deviations, of words the shares of right ones.
  std::vector<double> figures = {};

  bool is_category() const { return kind == eigencoder::ColumnKind::category; }
};

/// The errors in each column of the encoder.
std::vector<ColumnErrors> errors_by_column(const eigencoder::TableEncoder& encoder, const RemovedCells& removed,
                                           const std::vector<FilledRows>& methods);

/// The same over all columns of numbers and dates, or all of words, each cell counting alike. Empty where there are no
/// such cells.
std::optional<double> overall(const std::vector<ColumnErrors>& columns, std::size_t method, bool categories);

/// The standard deviation that the error of a filled number probably has, in standard deviations of the column: from
/// the disagreement of the ensemble, and the error on removed cells of the column, or of all where it has none.
double expected_error(const std::vector<ColumnErrors>& columns, std::size_t column, float disagreement);

/// Whether what is said of how sure answers are holds for the removed cells. Empty where there are none.
struct Calibration {
  std::optional<double> within_two_spreads = {};  ///< the share of numbers and dates
  std::optional<double> mean_probability = {};    ///< that words are right, hashed ones aside
};
Calibration calibration_of(const eigencoder::TableEncoder& encoder, const RemovedCells& removed,
                           const ImputedRows& imputed, const std::vector<ColumnErrors>& columns);

/// Writes the figures over all columns, and those of each.
void add_errors(JsonObject& json, const std::vector<ColumnErrors>& columns, const std::vector<FilledRows>& methods);

/// A line for each column with its figures, numbers in their units, below a heading.
/// @param filled  the number of gaps in each column
std::string errors_table(const std::vector<ColumnErrors>& columns, const std::vector<FilledRows>& methods,
                         const std::vector<eigencoder::Index>& filled);

}  // namespace examples
