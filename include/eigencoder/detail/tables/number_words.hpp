#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <eigencoder/detail/files/number_text.hpp>
#include <string_view>

/// @file
/// Numbers as the cells of a table show them.
namespace eigencoder::detail {

/// The number of the fewest digits that differs from a finite value by at most `tolerance`: of 0.10000000149 and 1e-8,
/// 0.1.
inline double with_fewest_digits(double value, double tolerance) {
  if ((std::abs)(value) <= tolerance) return 0;
  constexpr int most_digits = 17;  // of a double
  for (int precision = 1; precision <= most_digits; ++precision) {
    char digits[64];
    const char* const end =
        std::to_chars(digits, digits + sizeof digits, value, std::chars_format::general, precision).ptr;
    double rounded = 0;
    const std::string_view text(digits, static_cast<std::size_t>(end - digits));
    if (parse_number(text, rounded) == NumberText::number && (std::abs)(rounded - value) <= tolerance) return rounded;
  }
  return value;
}

}  // namespace eigencoder::detail
