#pragma once

#include <eigencoder/extend/types.hpp>
#include <vector>

namespace examples {

/// The rows, one a column of the matrix, with their unknown values (NaN) filled by the mean over the nearest of the
/// reference rows in which they are known; of one-hot values that is the share of votes. Where no reference row that
/// has a known value in common with the row knows them, they stay unknown.
/// The distance is the Euclidean one over the values that both rows know, scaled up for those that they do not.
/// Source: Troyanskaya et al., "Missing value estimation methods for DNA microarrays" (2001), KNNimpute; the distance:
/// Dixon, "Pattern recognition with partly missing data" (1979).
/// @param sizes  the numbers of neighboring values that are known or unknown together, in their order
eigencoder::MatrixX<float> filled_by_neighbors(const eigencoder::MatrixX<float>& rows,
                                               const eigencoder::MatrixX<float>& references,
                                               const std::vector<eigencoder::Index>& sizes, std::size_t neighbors = 5);

}  // namespace examples
