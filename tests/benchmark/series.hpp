#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace benchmark {

/// What the rounds measured.
using Series = std::vector<double>;

/// The middle of a series, 0 of an empty one.
inline double median(Series series) {
  if (series.empty()) return 0;
  std::sort(series.begin(), series.end());
  const std::size_t half = series.size() / 2;
  return series.size() % 2 == 1 ? series[half] : (series[half - 1] + series[half]) / 2;
}

/// One divided by the other, round by round: what disturbs a round disturbs both. Empty where `below` is.
inline Series ratios(const Series& above, const Series& below) {
  Series result;
  for (std::size_t i = 0; i < below.size(); ++i) result.push_back(above[i] / below[i]);
  return result;
}

}  // namespace benchmark
