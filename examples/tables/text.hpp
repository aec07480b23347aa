#pragma once

#include <cstddef>
#include <string>

/// @file
/// Texts and numbers as files and the screen show them.
namespace examples {

/// A field of a CSV file, in quotes where it needs them.
std::string csv_quoted(const std::string& field, char separator = ',');

/// A word as a field of a CSV file with commas: in quotes where it needs them, and with an apostrophe before what a
/// spreadsheet would take for a formula, as `write_table` has it.
std::string csv_field(const std::string& text);

/// The shortest decimal that reads back as the same number.
///@{
std::string csv_number(float value);
std::string csv_number(double value);
///@}

/// A number for people: `digits` significant ones, all of its whole part, and no exponent where that is short.
std::string plain_number(double value, int digits = 3);

/// "1 row", "2 rows".
std::string counted(std::ptrdiff_t count, const std::string& noun);

/// Two numbers for people, with so many digits that they differ where they do, up to seven.
struct NumberPair {
  std::string first, second;
};
NumberPair plain_numbers(double first, double second);

/// A text in one line of at most `length` characters, where it is longer with an ellipsis. It is UTF-8.
std::string shortened(const std::string& text, std::size_t length);

/// The text, and blanks up to a width in characters.
std::string padded(const std::string& text, std::size_t width);

/// Whether a text is UTF-8, in the shortest form, without surrogates. Source: RFC 3629, section 4.
bool is_utf8(const std::string& text);

}  // namespace examples
