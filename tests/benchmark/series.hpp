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

/// Samples per second, one each round; `torch` is empty without libtorch.
struct Figures {
  Series ours, torch;

  /// How many times as fast ours was, round by round: what disturbs a round disturbs both.
  Series ratios() const {
    Series result;
    for (std::size_t i = 0; i < torch.size(); ++i) result.push_back(ours[i] / torch[i]);
    return result;
  }
};

/// The figures of one workload.
struct Outcome {
  Figures training, inference;
};

}  // namespace benchmark
