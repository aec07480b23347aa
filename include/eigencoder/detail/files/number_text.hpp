#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

#ifndef __cpp_lib_to_chars
#include <eigencoder/detail/files/read_decimal.hpp>
#endif

/// @file
/// Decimal numbers in text, independent of the locale.
namespace eigencoder::detail {

/// The kind of number that a text holds.
enum class NumberText {
  number,        ///< finite
  missing,       ///< empty, NA, NaN or infinity
  out_of_range,  ///< too large for a double
  wrong          ///< no number
};

/// The shortest decimal number that rounds to this finite value: "0.1", "-3", "1e+30". Whole numbers below 1e15 have
/// all of their digits: "100000", not "1e+05".
template <class Scalar>
std::string number_word(Scalar value) {
  char digits[64];
  char* const end = digits + sizeof digits;
  const bool is_short = (std::abs)(value) < static_cast<Scalar>(1e15) && (std::trunc)(value) == value;
  return {digits, (is_short ? std::to_chars(digits, end, value, std::chars_format::fixed)
                            : std::to_chars(digits, end, value))
                      .ptr};
}

/// The text without blanks at its ends.
inline std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Whether a decimal number that is out of range is too small, not too large, by the position of its first nonzero
/// digit.
inline bool is_tiny(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  const std::string_view digits = text.substr(0, e), power = e == text.npos ? "" : text.substr(e + 1);
  const std::size_t point = digits.find('.') == digits.npos ? digits.size() : digits.find('.');
  const auto first = static_cast<long long>(digits.find_first_of("123456789"));
  long long exponent = 0;
  const std::size_t sign = power.starts_with('+') ? 1 : 0;
  const auto [end, error] = std::from_chars(power.data() + sign, power.data() + power.size(), exponent);
  if (error == std::errc::result_out_of_range) return power.starts_with('-');
  return exponent < first - static_cast<long long>(point);
}

/// Reads a trimmed text into `value`, which becomes 0 where the number is too close to 0 for a double.
inline NumberText parse_number(std::string_view text, double& value) {
  if (text.empty() || text == "NA") return NumberText::missing;
  if (text.front() == '+' && !text.starts_with("+-")) text.remove_prefix(1);
#ifdef __cpp_lib_to_chars
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end != text.data() + text.size()) return NumberText::wrong;
#else
  const std::errc error = read_decimal(text, value);
#endif
  if (error == std::errc::result_out_of_range) {
    if (!is_tiny(text)) return NumberText::out_of_range;
    value = text.starts_with('-') ? -0.0 : 0.0;
    return NumberText::number;
  }
  if (error != std::errc()) return NumberText::wrong;
  return std::isfinite(value) ? NumberText::number : NumberText::missing;
}

/// The same of a text with this decimal point, '.' or ','.
inline NumberText parse_number(std::string_view text, char decimal, double& value) {
  if (decimal == '.') return parse_number(text, value);
  if (text.find('.') != text.npos) return NumberText::wrong;
  std::string with_point(text);
  std::replace(with_point.begin(), with_point.end(), ',', '.');
  return parse_number(with_point, value);
}

}  // namespace eigencoder::detail
