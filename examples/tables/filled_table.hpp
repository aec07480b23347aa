#pragma once

#include <eigencoder/data/table_encoder.hpp>
#include <string>
#include <vector>
#include "gappy_table.hpp"
#include "imputation_errors.hpp"
#include "row_imputer.hpp"

namespace examples {

/// A file of a table whose gaps are filled, as CSV text. It has all columns and rows of the table's file, and known
/// cells as they are written there, but for an apostrophe before words that a spreadsheet would take for formulas.
/// After them comes a column for each one that had gaps, with a cell where the gap was: `<name>_spread` of numbers, the
/// standard deviation that their error probably has, in their unit (of dates in days), from the disagreement of the
/// ensemble and the error on removed cells; and `<name>_probability` of words, that the word is right.
/// Numbers that are filled in have as many decimals as the known ones.
/// @param imputed  the rows of `table.cells`
std::string filled_csv(const GappyTable& table, const eigencoder::TableEncoder& encoder, const ImputedRows& imputed,
                       const std::vector<ColumnErrors>& errors, const GappyFormat& format);

/// A word, with an apostrophe in front where a spreadsheet would take it for a formula; numbers are none.
std::string without_formula(const std::string& word);

}  // namespace examples
