#pragma once

#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <vector>

/// @file
/// Whether contributions find the value that makes a row odd.
namespace examples {

/// Rows with one value that is another row's.
struct SwappedRows {
  eigencoder::MatrixX<float> rows;         ///< columns x rows
  std::vector<eigencoder::Index> columns;  ///< of the value, one for each row
};

/// Takes at most `most` of the rows, drawn by the seed, and swaps one value of each for that of another of the rows, in
/// a random column, so that it moves by at least the column's deviation. Rows for which no such value is found in 200
/// draws are left out.
SwappedRows swap_values(const eigencoder::MatrixX<float>& rows, const std::vector<double>& deviation,
                        std::uint64_t seed, eigencoder::Index most = 1000);

/// The share of the rows in which the swapped column has the largest contribution; of equal ones the first column
/// counts.
double swaps_found(const SwappedRows& swapped, const eigencoder::MatrixX<double>& contributions);

}  // namespace examples
