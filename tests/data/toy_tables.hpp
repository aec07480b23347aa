#pragma once

// Small tables, tables drawn at random, and tables that are read in parts.
#include <eigencoder/data/table.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/types.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder {

/// A column "x" of numbers.
inline Table number_table(std::vector<double> cells) {
  Table table;
  table.add("x", std::move(cells));
  return table;
}

/// A column "w" of words.
inline Table word_table(std::vector<std::string> cells) {
  Table table;
  table.add("w", std::move(cells));
  return table;
}

/// The table with a column more, so that no row has missing cells alone.
inline Table with_known_column(Table table) {
  table.add("row", std::vector<double>(static_cast<std::size_t>(table.rows()), 1));
  return table;
}

/// Whether all values are equal, or NaN in both.
inline bool equal_or_nan(const MatrixX<float>& a, const MatrixX<float>& b) {
  return ((a.array() == b.array()) || (a.array().isNaN() && b.array().isNaN())).all();
}

/// A `TableSource` of a table: gives at most `most` rows per call.
struct TableParts {
  Table table;
  Index most;
  Index first = 0;

  Index size() const { return table.rows(); }
  void rewind() { first = 0; }
  Table next(Index count) {
    const auto begin = static_cast<std::ptrdiff_t>(first);
    first += std::min({count, most, table.rows() - first});
    const auto end = static_cast<std::ptrdiff_t>(first);
    Table part;
    for (const TableColumn& column : table.columns()) {
      if (column.holds_numbers())
        part.add(column.name(), std::vector<double>(column.numbers().begin() + begin, column.numbers().begin() + end));
      else
        part.add(column.name(), std::vector<std::string>(column.words().begin() + begin, column.words().begin() + end));
    }
    return part;
  }
};

/// Numbers of two scales, words with all that CSV files have trouble with (no blanks at their ends, though), dates and
/// times, a tenth of the cells missing, but no row wholly.
inline Table random_table(std::uint64_t seed, Index rows) {
  Random random(seed, Purpose::user, 1);
  const std::vector<std::string> letters{
      "a", "B", "\"", "\n", ",", ";", "'", "=", "+", "-", "@", "\t", "\xC3\xA6", "\xF0\x9F\x90\xB8", "7", "#", " "};
  std::vector<std::string> vocabulary;
  for (int k = 0; k < 30; ++k) {
    std::string word = "x";
    if (k % 2 == 0) word = letters[random.below(static_cast<std::uint32_t>(letters.size() - 1))];
    for (int i = 0; i < k / 3; ++i) word += letters[random.below(static_cast<std::uint32_t>(letters.size()))];
    vocabulary.push_back(word + "z");
  }
  const auto two = [&random](std::uint32_t low, std::uint32_t high) {
    return std::to_string(100 + low + random.below(high - low + 1)).substr(1);
  };
  std::vector<double> whole, number;
  std::vector<std::string> word, day, time;
  for (Index i = 0; i < rows; ++i) {
    const auto missing = [&random] { return random.below(10) == 0; };
    whole.push_back(static_cast<double>(random.below(1000)) - 500);  // always known
    number.push_back(missing() ? missing_number : 1e-3 * random.normal());
    word.push_back(missing() ? "" : vocabulary[random.below(30)]);
    day.push_back(missing() ? "" : "19" + two(10, 99) + "-" + two(1, 12) + "-" + two(1, 28));
    time.push_back(missing() ? ""
                             : "20" + two(10, 30) + "-" + two(1, 12) + "-" + two(1, 28) + "T" + two(0, 23) + ":" +
                                   two(0, 59) + ":" + two(0, 59) + "Z");
  }
  Table table;
  table.add("whole", std::move(whole));
  table.add("number", std::move(number));
  table.add("word, \"quoted\"\nand broken", std::move(word));
  table.add("=day", std::move(day));
  table.add("time", std::move(time));
  return table;
}

}  // namespace eigencoder
