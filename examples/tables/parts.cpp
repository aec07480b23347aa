#include "parts.hpp"

#include <algorithm>
#include <common/options.hpp>
#include <eigencoder/data/split.hpp>
#include <iterator>
#include <numeric>
#include "text.hpp"

namespace examples {

using eigencoder::Index;

TableParts divide(const std::vector<bool>& is_anomaly, Index rows, TrainOn train_on, std::uint64_t seed) {
  TableParts parts;
  if (is_anomaly.empty()) {
    if (rows < 2)
      throw UsageError("the table has " + counted(rows, "row") +
                       ", too few to train on some and set a threshold by others");
    parts.train.resize(static_cast<std::size_t>(rows));
    std::iota(parts.train.begin(), parts.train.end(), Index{0});
    parts.test = parts.train;
    return parts;
  }
  std::vector<Index> of_kind[2];
  for (std::size_t j = 0; j < is_anomaly.size(); ++j) of_kind[is_anomaly[j] ? 1 : 0].push_back(static_cast<Index>(j));
  if (of_kind[0].size() < 4)
    throw UsageError("the table has " + counted(std::ssize(of_kind[0]), "normal row") +
                     ", too few to train on some and test others");
  const auto share = [&](const std::vector<Index>& indices, double tested, std::uint64_t draw) {
    const eigencoder::Split halves = eigencoder::split(static_cast<Index>(indices.size()), tested, draw);
    for (const Index k : halves.train) parts.train.push_back(indices[static_cast<std::size_t>(k)]);
    for (const Index k : halves.test) parts.test.push_back(indices[static_cast<std::size_t>(k)]);
  };
  share(of_kind[0], train_on == TrainOn::normal ? 0.5 : 0.3, seed);
  if (train_on == TrainOn::all && of_kind[1].size() > 1)
    share(of_kind[1], 0.3, seed);
  else
    parts.test.insert(parts.test.end(), of_kind[1].begin(), of_kind[1].end());
  std::sort(parts.train.begin(), parts.train.end());
  std::sort(parts.test.begin(), parts.test.end());
  return parts;
}

}  // namespace examples
