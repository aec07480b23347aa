#pragma once

#include <cstdio>
#include <string>

#include "json.hpp"

namespace benchmark {

/// How many times better one side was, round by round, and how many times it is to be.
struct Comparison {
  double expected = 0;
  Series ratios{};

  double ratio() const { return median(ratios); }
  bool reached() const { return ratio() >= expected; }

  /// "2.61 (2.40-2.73)  2.5 reached": the median, the lowest and the highest, what is expected; "-" without a rival.
  std::string text() const {
    if (ratios.empty()) return "-";
    const auto [lowest, highest] = std::minmax_element(ratios.begin(), ratios.end());
    char text[96];
    const std::string range = shown(*lowest) + "-" + shown(*highest);
    std::snprintf(text, sizeof text, "%6s %-15s %5s %s", shown(ratio()).c_str(), ("(" + range + ")").c_str(),
                  shown(expected).c_str(), reached() ? "reached" : "not reached");
    return text;
  }
  static constexpr const char* head = " ratio (range)         expected";

  void add_to(Json& json) const {
    json.add("ratios", ratios).add("expected", expected);
    if (!ratios.empty()) json.add("ratio", ratio()).add("reached", reached());
  }

 private:
  static std::string shown(double value) {
    char text[32];
    std::snprintf(text, sizeof text, value < 10 ? "%.2f" : "%.1f", value);
    return text;
  }
};

}  // namespace benchmark
