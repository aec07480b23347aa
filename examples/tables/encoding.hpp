#pragma once

#include <cstdint>
#include <eigencoder/data/table_encoder.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <vector>
#include "parts.hpp"
#include "table.hpp"

/// @file
/// How rows of a table become samples of a detector.
namespace examples {

/// Learns from the training rows alone how rows become samples. Words of fewer than three of these share one value with
/// all that are unknown. Rows that may hold anomalies are scaled by medians and quartiles, which these hardly move; in
/// a table with words the logarithms of skewed numbers are scaled, so that what is twice too much is as odd of little
/// as of much. A column in which they hold nothing is left out, and a note of the table says so.
/// @throws UsageError where the rows cannot be encoded
eigencoder::TableEncoder learn_encoder(LabeledTable& table, const std::vector<eigencoder::Index>& rows,
                                       TrainOn train_on, const std::vector<std::string>& categories = {},
                                       std::uint64_t seed = 1);

/// All rows of a table as samples, values x rows; NaN where a cell is missing.
/// @throws UsageError for what is not as in the rows that the encoder learned, naming row and column
eigencoder::MatrixX<float> encode(const eigencoder::TableEncoder& encoder, const LabeledTable& table);

/// The names of an encoder's columns.
std::vector<std::string> column_names(const eigencoder::TableEncoder& encoder);

/// What the columns are: "6 numbers, 4 categories, 1 date".
std::string kinds_of_columns(const eigencoder::TableEncoder& encoder);

/// The share of a table's cells in an encoder's columns that are missing.
double missing_share(const eigencoder::TableEncoder& encoder, const eigencoder::Table& table);

/// A sentence for each column with cells of words that were rare or unknown when the encoder learned.
std::vector<std::string> other_words(const eigencoder::TableEncoder& encoder, const eigencoder::Table& table);

}  // namespace examples
