#pragma once

#include <locale.h>
#include <stdlib.h>
#if defined(__APPLE__)
#include <xlocale.h>
#endif

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

/// @file
/// `std::from_chars` of `double`, for standard libraries without it, such as libc++.
namespace eigencoder::detail {

/// Whether the whole text is a decimal number as `std::from_chars` accepts it: without blanks, + or hexadecimal digits.
inline bool is_decimal(std::string_view text) {
  const auto skip_digits = [&text] {
    std::size_t count = 0;
    while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
    text.remove_prefix(count);
    return count;
  };
  const auto skip = [&text](std::string_view signs) {
    if (!text.empty() && signs.find(text.front()) != signs.npos) text.remove_prefix(1);
  };
  skip("-");
  std::size_t digits = skip_digits();
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    digits += skip_digits();
  }
  if (digits > 0 && !text.empty() && (text.front() == 'e' || text.front() == 'E')) {
    text.remove_prefix(1);
    skip("+-");
    if (skip_digits() == 0) return false;
  }
  return digits > 0 && text.empty();
}

/// Whether a text is an infinity or a NaN as `std::from_chars` accepts it, in capitals or not.
inline bool is_not_finite_text(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  std::string lower;
  for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower == "inf" || lower == "infinity" || lower == "nan") return true;
  return lower.starts_with("nan(") && lower.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz_", 4) ==
                                          lower.size() - 1 && lower.back() == ')';
}

/// Reads the double nearest to the number in a text, independent of the locale: as `std::from_chars` does where the
/// whole text is a number; any other text is a `std::errc::invalid_argument`.
inline std::errc read_decimal(std::string_view text, double& value) {
  if (is_not_finite_text(text)) {
    value = std::numeric_limits<double>::quiet_NaN();
    return {};
  }
  if (!is_decimal(text)) return std::errc::invalid_argument;
#if defined(_WIN32)
  static const _locale_t classic = ::_create_locale(LC_ALL, "C");
  const double read = ::_strtod_l(std::string(text).c_str(), nullptr, classic);
#else
  static const locale_t classic = ::newlocale(LC_ALL_MASK, "C", nullptr);
  const double read = ::strtod_l(std::string(text).c_str(), nullptr, classic);
#endif
  const bool is_zero = text.substr(0, text.find_first_of("eE")).find_first_of("123456789") == text.npos;
  if (std::isinf(read) || (read == 0 && !is_zero)) return std::errc::result_out_of_range;
  value = read;
  return {};
}

}  // namespace eigencoder::detail
