#pragma once

#include <cstdio>
#include <limits>
#include <string>

namespace eigencoder {

/// The values that a running statistic, or a value of an optimizer's state, can have. NaN is within every range:
/// readers check separately that values are finite.
struct ValueRange {
  double lowest = -std::numeric_limits<double>::infinity();  ///< the least value, included
  double highest = std::numeric_limits<double>::infinity();  ///< the greatest value, included

  /// Whether a value is in the range.
  bool contains(double value) const { return !(value < lowest || value > highest); }

  /// The range in words: "at least 0", "at least 0 and at most 16777216".
  [[gnu::cold]] std::string text() const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::string words;
    if (lowest > -infinity) words = "at least " + number(lowest);
    if (highest < infinity) words += (words.empty() ? "at most " : " and at most ") + number(highest);
    return words.empty() ? "any number" : words;
  }
  /// A value as messages show it.
  [[gnu::cold]] static std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
  }
};

/// The values from 0 on.
inline constexpr ValueRange nonnegative{0};

}  // namespace eigencoder
