#pragma once

#include <cmath>
#include <cstddef>
#include <eigencoder/data/table.hpp>
#include <eigencoder/data/table_options.hpp>
#include <eigencoder/detail/files/number_text.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/tables/date_code.hpp>
#include <eigencoder/detail/tables/number_code.hpp>
#include <eigencoder/detail/tables/word_codes.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace eigencoder::detail {

/// A cell's place in messages. @throws DataError always
[[noreturn, gnu::cold]] inline void fail_cell(Index row, std::string_view column, const std::string& reason) {
  throw DataError(message({"TableEncoder: row ", row, ", column ", shown(column), ": ", reason}));
}

/// Reads the cells of a column as what they were promised to be. Errors count rows from `first_row` on.
struct CellReader {
  const TableColumn& column;
  Index first_row = 0;

  /// NaN where it is missing. @throws DataError for a word, or infinity
  double number(Index row) const {
    if (column.is_missing(row)) return missing_number;
    if (!column.holds_numbers()) fail_word();
    const double value = column.numbers()[at(row)];
    if (std::isinf(value)) fail(row, "the number is infinite");
    return value;
  }
  /// Empty where it is missing; a number as `number_word` writes it, 0 without a sign.
  /// @param of_numbers  a word that is a number is taken for it: "1.0" is "1"
  /// @throws DataError for infinity
  std::string_view text(Index row, std::string& buffer, bool of_numbers = false) const {
    if (column.is_missing(row)) return {};
    double value = 0;
    if (column.holds_numbers())
      value = number(row);
    else if (const std::string& word = column.words()[at(row)];
             !of_numbers || parse_number(trimmed(word), value) != NumberText::number)
      return word;
    return buffer = number_word(value == 0 ? 0.0 : value);
  }
  /// @throws DataError unless the cell, which is not missing, is a date
  IsoDate date(Index row) const {
    std::string buffer;
    const std::string_view cell = text(row, buffer);
    const auto date = column.holds_numbers() ? std::nullopt : parse_date(cell);
    if (!date) fail(row, shown(cell) + " is not a date of ISO 8601, such as 2024-02-29 or 2024-02-29T13:05");
    return *date;
  }
  /// Of a column of words it names the first that is no number, which made it one; numbers are among them if it was
  /// read as words.
  [[noreturn, gnu::cold]] void fail_word() const {
    double value = 0;
    for (Index row = 0; row < column.size(); ++row)
      if (!column.is_missing(row) && parse_number(trimmed(column.words()[at(row)]), value) != NumberText::number)
        fail(row, shown(column.words()[at(row)]) + " is not a number");
    throw DataError(message({"TableEncoder: column ", shown(column.name()),
                             ": its numbers are words here; read them as numbers (TableCsvOptions.numbers)"}));
  }
  [[noreturn, gnu::cold]] void fail(Index row, const std::string& reason) const {
    fail_cell(first_row + row, column.name(), reason);
  }

 private:
  static std::size_t at(Index row) { return static_cast<std::size_t>(row); }
};

/// How the cells of a column were counted.
struct CellCount {
  Index known = 0;  ///< not missing, the other words included
  Index missing = 0;
  Index other = 0;  ///< words that share the value of the other words

  friend bool operator==(const CellCount&, const CellCount&) = default;
};

/// What was learned of a column.
struct ColumnCode {
  std::string name = {};
  std::variant<NumberCode, OneHotCode, HashCode, DateCode> code = {};
  CellCount count = {};  ///< of the table that was learned

  Index size() const {
    return std::visit([](const auto& c) { return c.size(); }, code);
  }
  ColumnKind kind() const {
    return std::visit([](const auto& c) { return c.kind; }, code);
  }
  /// Whether the cells that were learned are numbers.
  bool of_numbers() const {
    return std::visit([](const auto& c) { return c.of_numbers; }, code);
  }

  friend bool operator==(const ColumnCode&, const ColumnCode&) = default;
};

/// The cells of a column as an encoder counts them. @throws DataError for a cell that the encoder refuses
inline CellCount count_cells(const ColumnCode& code, const TableColumn& column) {
  CellCount count;
  const CellReader cells{column};
  std::string buffer;
  for (Index i = 0; i < column.size(); ++i) {
    if (column.is_missing(i)) {
      ++count.missing;
      continue;
    }
    ++count.known;
    std::visit(
        [&]<class Code>([[maybe_unused]] const Code& c) {
          if constexpr (Code::kind == ColumnKind::category)
            count.other += c.is_other(cells.text(i, buffer, c.of_numbers)) ? 1 : 0;
          else if constexpr (Code::kind == ColumnKind::number)
            cells.number(i);
          else
            cells.date(i);
        },
        code.code);
  }
  return count;
}

}  // namespace eigencoder::detail
