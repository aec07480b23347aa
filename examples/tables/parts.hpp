#pragma once

#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <vector>

namespace examples {

/// What a detector is trained on.
enum class TrainOn {
  normal,  ///< rows that are known to be normal
  all      ///< rows among which there are anomalies
};

/// Indices of rows, in ascending order.
struct TableParts {
  std::vector<eigencoder::Index> train, test;
};

/// Divides the rows of a table with labels by the seed. `normal`: half of the normal rows train, the other half and all
/// anomalies are tested. `all`: 70 % of the normal rows and of the anomalies train, the others are tested; a single
/// anomaly is tested. Rows without labels all train and are all tested.
/// @throws UsageError for fewer than 4 normal rows, or 2 without labels
TableParts divide(const std::vector<bool>& is_anomaly, eigencoder::Index rows, TrainOn train_on, std::uint64_t seed);

}  // namespace examples
