#pragma once

#include <eigencoder/extend/types.hpp>
#include <string>
#include <vector>
#include "reasons.hpp"

namespace examples {

/// What a detector says of some rows.
struct ScoredRows {
  std::vector<eigencoder::Index> rows;  ///< their indices in the table
  std::vector<double> scores = {}, p_values = {};
  double threshold = 0;
  std::vector<bool> is_anomaly = {};  ///< as their labels say; empty: there are none
  std::vector<std::vector<Reason>> reasons = {};

  bool flagged(std::size_t k) const { return scores[k] > threshold; }
  eigencoder::Index flagged_count() const;
  /// Indices into these lists, the oddest row first; of equal scores the first row.
  std::vector<std::size_t> oddest(std::size_t count) const;
};

/// The lines of scores.csv: of each row its number in the table (the first below the names is 1), its score, p-value
/// and flag, its label where there are labels, and the columns of the three largest contributions with value, expected
/// value and share of the score.
std::string scores_csv(const ScoredRows& scored, const std::vector<std::string>& names);

}  // namespace examples
