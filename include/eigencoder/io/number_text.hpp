#pragma once

#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>

#ifndef __cpp_lib_to_chars
#include <eigencoder/io/read_decimal.hpp>
#endif

/// @file
/// Numbers out of text, whatever the locale.
namespace eigencoder::detail {

/// What a text is, as a number.
enum class NumberText {
  number,        ///< finite
  missing,       ///< empty, NA, NaN or infinity
  out_of_range,  ///< larger, or closer to 0, than a double can be
  wrong          ///< something else
};

/// Without blanks at its ends.
inline std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// The number that a trimmed text holds, in `value`.
inline NumberText parse_number(std::string_view text, double& value) {
  if (text.empty() || text == "NA") return NumberText::missing;
  if (text.front() == '+' && !text.starts_with("+-")) text.remove_prefix(1);
#ifdef __cpp_lib_to_chars
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end != text.data() + text.size()) return NumberText::wrong;
#else
  const std::errc error = read_decimal(text, value);
#endif
  if (error == std::errc::result_out_of_range) return NumberText::out_of_range;
  if (error != std::errc()) return NumberText::wrong;
  return std::isfinite(value) ? NumberText::number : NumberText::missing;
}

}  // namespace eigencoder::detail
