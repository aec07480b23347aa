#pragma once

#include <cstdio>
#include <limits>
#include <string>

namespace eigencoder {

/// The values that a running statistic, or a value of an optimizer's state, can have: from `lowest` to `highest`, both
/// included. NaN is within every range: whoever reads values checks separately whether they are finite.
struct ValueRange {
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();

  bool holds(double value) const { return !(value < lowest || value > highest); }

  /// "at least 0", "at least 0 and at most 16777216".
  [[gnu::cold]] std::string text() const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::string words;
    if (lowest > -infinity) words = "at least " + number(lowest);
    if (highest < infinity) words += (words.empty() ? "at most " : " and at most ") + number(highest);
    return words.empty() ? "any number" : words;
  }
  /// A value as a message shows it.
  [[gnu::cold]] static std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
  }
};

inline constexpr ValueRange nonnegative{0};

}  // namespace eigencoder
