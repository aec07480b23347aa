#pragma once

#include <cmath>
#include <limits>
#include <optional>

namespace eigencoder::detail {

/// The whole number of 32 bits that this number is, if it is one: what a label must be.
inline std::optional<int> whole_number(double value) {
  constexpr auto least = (std::numeric_limits<int>::min)(), most = (std::numeric_limits<int>::max)();
  if (!(value >= least && value <= most) || value != std::floor(value)) return std::nullopt;
  return static_cast<int>(value);
}

}  // namespace eigencoder::detail
