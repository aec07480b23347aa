#include "histogram.hpp"

#include <algorithm>
#include <cmath>

namespace examples {

std::vector<Series> histograms(const std::vector<NamedValues>& kinds, std::size_t bins, Tally tally) {
  double low = INFINITY, high = -INFINITY;
  for (const NamedValues& kind : kinds)
    for (const double value : kind.values) {
      low = (std::min)(low, value);
      high = (std::max)(high, value);
    }
  const double width = high > low ? (high - low) / static_cast<double>(bins) : 1;
  std::vector<Series> all;
  for (const NamedValues& kind : kinds) {
    if (kind.values.empty()) continue;
    std::vector<double> counts(bins, 0.0);
    for (const double value : kind.values)
      counts[(std::min)(bins - 1, static_cast<std::size_t>((std::max)(0.0, (value - low) / width)))] += 1;
    const double unit = tally == Tally::percent ? 100 / static_cast<double>(kind.values.size()) : 1;
    Series outline{.name = kind.name, .area = true};
    for (std::size_t k = 0; k < bins; ++k)
      for (const std::size_t side : {k, k + 1}) {
        outline.x.push_back(low + width * static_cast<double>(side));
        outline.y.push_back(unit * counts[k]);
      }
    all.push_back(outline);
  }
  return all;
}

}  // namespace examples
