#include "column_notes.hpp"

#include <algorithm>
#include <charconv>
#include <common/options.hpp>
#include <cstddef>
#include <eigencoder/data/table_encoder.hpp>
#include <fstream>
#include <set>
#include <string_view>
#include <vector>
#include "text.hpp"

namespace examples {

using eigencoder::Index, eigencoder::TableColumn;

namespace {

bool is_number(std::string_view text) {
  double value = 0;
  return !text.empty() &&
         std::from_chars(text.data(), text.data() + text.size(), value).ptr == text.data() + text.size();
}

/// Whether a word is a number with the other decimal point.
bool has_other_decimal(std::string word, char decimal) {
  std::replace(word.begin(), word.end(), decimal == '.' ? ',' : '\0', '.');
  return is_number(word);
}

/// Whether a word looks like a date: 14/01/2024, 14.1.2024, 1/14/24, 2024/01/14, with or without a time after it. Those
/// of ISO 8601 are none of these.
bool looks_like_date(std::string_view word) {
  std::size_t digits[3] = {}, part = 0;
  char separator = 0;
  for (const char c : word) {
    if (c >= '0' && c <= '9') {
      ++digits[part];
    } else if (part == 2 && (c == ' ' || c == 'T')) {
      break;
    } else {
      if (part == 2 || std::string_view("/.-").find(c) == std::string_view::npos || (part == 1 && c != separator))
        return false;
      separator = c;
      ++part;
    }
  }
  const auto is_short = [&](std::size_t k) { return digits[k] == 1 || digits[k] == 2; };
  if (part != 2 || !is_short(1)) return false;
  if (digits[0] == 4) return is_short(2) && (separator != '-' || digits[1] == 1 || digits[2] == 1);
  return is_short(0) && (digits[2] == 4 || (digits[2] == 2 && separator == '/'));
}

std::string quoted(const std::string& text) { return "'" + shortened(text, 40) + "'"; }

}  // namespace

std::string doubt_about(const TableColumn& column, char decimal, const std::string& where) {
  if (column.holds_numbers()) return {};
  Index known = 0, numbers = 0, others = 0, dates = 0;
  std::size_t first_word = 0, first_known = 0;
  const auto& words = column.words();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].empty()) continue;
    if (++known == 1) first_known = i;
    if (has_other_decimal(words[i], decimal)) ++others;
    if (looks_like_date(words[i])) ++dates;
    if (is_number(words[i]))
      ++numbers;
    else if (numbers + 1 == known)
      first_word = i;
  }
  if (known == 0) return {};
  const std::string name = quoted(column.name());
  if (decimal == '.' && others == known)
    throw UsageError(where + "column " + name + " holds numbers such as " + quoted(words[first_known]) +
                     "; see --decimal (or --category, if they name something)");
  if (2 * numbers >= known)
    return "Column " + name + " is taken for words: in row " + std::to_string(first_word + 1) + " " +
           quoted(words[first_word]) + " is not a number (--number COLUMN refuses such words).";
  if (2 * dates >= known)
    return "Column " + name + " is taken for words: " + quoted(words[first_known]) +
           " looks like a date, but not one of ISO 8601 (2024-01-14).";
  return {};
}

bool names_rows(const TableColumn& column) {
  constexpr std::size_t few = 20;
  if (column.holds_numbers()) return false;
  std::set<std::string_view> different;
  std::vector<std::string> known;
  for (const std::string& word : column.words()) {
    if (word.empty()) continue;
    different.insert(word);
    known.push_back(word);
  }
  if (known.size() < few || 2 * different.size() <= known.size()) return false;
  eigencoder::Table alone;
  alone.add(column.name(), known);
  return eigencoder::TableEncoder(alone).columns().front().kind == eigencoder::ColumnKind::category;
}

std::string separator_hint(const std::string& file, char separator) {
  std::ifstream input(file, std::ios::binary);
  std::string line;
  std::getline(input, line);
  if (!is_utf8(line) || line.find(separator) != line.npos) return {};
  const auto other = line.find_first_of(";\t|,");
  if (other == line.npos) return {};
  return std::string(" (is the separator ") + (line[other] == '\t' ? "a tab" : std::string{'\'', line[other], '\''}) +
         "? see --separator)";
}

}  // namespace examples
