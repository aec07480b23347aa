#include "scores_file.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include "text.hpp"

namespace examples {

eigencoder::Index ScoredRows::flagged_count() const {
  return std::count_if(scores.begin(), scores.end(), [&](double score) { return score > threshold; });
}

std::vector<std::size_t> ScoredRows::oddest(std::size_t count) const {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto end = order.begin() + static_cast<std::ptrdiff_t>((std::min)(count, order.size()));
  std::partial_sort(order.begin(), end, order.end(), [&](std::size_t a, std::size_t b) {
    return scores[a] > scores[b] || (scores[a] == scores[b] && a < b);
  });
  order.erase(end, order.end());
  return order;
}

std::string scores_csv(const ScoredRows& scored, const std::vector<std::string>& names) {
  constexpr std::size_t shown = 3;
  std::string text = "row,score,p_value,flag";
  if (!scored.is_anomaly.empty()) text += ",label";
  for (std::size_t k = 1; k <= shown; ++k) {
    const std::string number = std::to_string(k);
    text += ",column_" + number + ",value_" + number + ",expected_" + number + ",share_" + number;
  }
  for (std::size_t j = 0; j < scored.rows.size(); ++j) {
    text += "\n" + std::to_string(scored.rows[j] + 1) + "," + csv_number(scored.scores[j]) + "," +
            csv_number(scored.p_values[j]) + (scored.flagged(j) ? ",1" : ",0");
    if (!scored.is_anomaly.empty()) text += scored.is_anomaly[j] ? ",1" : ",0";
    for (std::size_t k = 0; k < shown; ++k) {
      if (k >= scored.reasons[j].size()) {
        text += ",,,,";
        continue;
      }
      const Reason& reason = scored.reasons[j][k];
      text += "," + csv_field(names[static_cast<std::size_t>(reason.column)]) + "," + csv_cell(reason.value) + "," +
              csv_cell(reason.expected) + "," + csv_number(reason.share);
    }
  }
  return text + "\n";
}

}  // namespace examples
