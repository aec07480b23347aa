#include "text.hpp"

#include <charconv>
#include <cmath>
#include <common/formatted.hpp>
#include <common/options.hpp>
#include <string_view>

namespace examples {

namespace {

template <class Number>
std::string shortest(Number value) {
  char digits[64];
  return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}

/// Whether a byte goes on with a character of UTF-8.
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::size_t characters(const std::string& text) {
  std::size_t count = 0;
  for (const char c : text) count += continues(c) ? 0U : 1U;
  return count;
}

}  // namespace

std::string csv_quoted(const std::string& field, char separator) {
  const bool blank_at_end = !field.empty() && (field.front() == ' ' || field.back() == ' ');
  if (!blank_at_end && field.find_first_of(std::string{'"', '\r', '\n', separator}) == field.npos) return field;
  std::string out = "\"";
  for (const char c : field) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

std::string csv_field(const std::string& text) {
  const auto first = text.find_first_not_of('\'');
  const bool formula = first != text.npos && std::string_view("=+-@\t\r").find(text[first]) != std::string_view::npos;
  return csv_quoted((formula ? "'" : "") + text);
}

std::string csv_number(float value) { return shortest(value); }
std::string csv_number(double value) { return shortest(value); }

std::string plain_number(double value, int digits) {
  const double size = (std::abs)(value);
  if (size == 0) return "0";
  if (!(size < 1e9) || size < 1e-4) return formatted("%.*g", digits, value);
  const int decimals = digits - 1 - static_cast<int>(std::floor(std::log10(size)));
  std::string text = formatted("%.*f", decimals > 0 ? decimals : 0, value);
  if (text.find('.') == text.npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string counted(std::ptrdiff_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

NumberPair plain_numbers(double first, double second) {
  for (int digits = 3;; ++digits) {
    NumberPair pair{plain_number(first, digits), plain_number(second, digits)};
    if (digits == 7 || pair.first != pair.second) return pair;
  }
}

std::string shortened(const std::string& text, std::size_t length) {
  const std::string line = one_line(text);
  if (characters(line) <= length) return line;
  std::string out;
  std::size_t count = 0;
  for (const char c : line) {
    if (!continues(c) && ++count >= length) break;
    out += c;
  }
  return out + "…";
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t size = characters(text);
  return text + std::string(width > size ? width - size : 0, ' ');
}

bool is_utf8(const std::string& text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned first = byte(i);
    const std::size_t size = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : (first & 0xF0) == 0xE0        ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
    if (size == 0) return false;
    for (std::size_t k = 1; k < size; ++k)
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    const unsigned second = byte(i + 1);
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return false;  // longer than needed; half
    if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return false;  // the same; beyond 10FFFF
    i += size;
  }
  return true;
}

}  // namespace examples
