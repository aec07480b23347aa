#pragma once

#include <algorithm>
#include <cstdio>

#include "series.hpp"

namespace benchmark {

inline void print_head() {
  std::printf("  %-10s %14s %14s   %s\n", "", "ours", "libtorch", "ours / libtorch (lowest-highest)");
}

/// A line of the table: medians in samples per second, the median of the ratios and their spread.
inline void print_row(const char* name, const Figures& figures) {
  std::printf("  %-10s %10.0f /s", name, median(figures.ours));
  const Series ratios = figures.ratios();
  if (ratios.empty()) {
    std::printf(" %14s   -\n", "-");
    return;
  }
  const auto [lowest, highest] = std::minmax_element(ratios.begin(), ratios.end());
  std::printf(" %11.0f /s   %.2f (%.2f-%.2f)\n", median(figures.torch), median(ratios), *lowest, *highest);
}

inline void print_table(const Outcome& outcome) {
  print_head();
  print_row("training", outcome.training);
  print_row("inference", outcome.inference);
  std::fflush(stdout);
}

}  // namespace benchmark
