#pragma once

#include <string_view>

/// @file
/// Texts that spreadsheets take for formulas, and run. Source: OWASP, "CSV injection".
namespace eigencoder::detail {

/// Whether a text begins like a formula, after any apostrophes: one more apostrophe then escapes it, and the first one
/// of such a text can be removed again.
inline bool is_formula(std::string_view text) {
  const auto first = text.find_first_not_of('\'');
  return first != text.npos && std::string_view("=+-@\t\r").find(text[first]) != std::string_view::npos;
}

/// A text without the apostrophe that escapes it.
inline std::string_view unescaped_formula(std::string_view text) {
  return text.starts_with('\'') && is_formula(text) ? text.substr(1) : text;
}

}  // namespace eigencoder::detail
