#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <eigencoder/data/table.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/tables/column_code.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/threads.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace eigencoder::detail {

struct TableEncoderAccess;

/// What was learned of a table. The values of a sample are those of the columns, one column after another.
struct TableCode {
  std::vector<ColumnCode> columns = {};
  std::vector<std::string> ignored = {};  ///< names of columns that are not encoded
  bool refuse_extra_columns = false;

  Index size() const {
    Index values = 0;
    for (const ColumnCode& column : columns) values += column.size();
    return values;
  }

  friend bool operator==(const TableCode&, const TableCode&) = default;
};

/// @throws DataError for the first row where `is_known(row)` is false. Errors count rows from `first_row` on.
template <class IsKnown>
void require_known_rows(Index rows, Index first_row, const IsKnown& is_known) {
  for (Index i = 0; i < rows; ++i)
    if (!is_known(i)) throw DataError(message({"TableEncoder: row ", first_row + i, " holds no known value"}));
}

/// The columns of a table that were learned, in the order of what was learned, found by their names.
/// @throws DataError for a column that is missing, and, where these are refused, for one that was not learned
inline std::vector<const TableColumn*> matched_columns(const TableCode& code, const Table& table) {
  std::unordered_set<std::string_view> known(code.ignored.begin(), code.ignored.end());
  for (const ColumnCode& column : code.columns) known.insert(column.name);
  std::string extra;
  for (const TableColumn& column : table.columns()) {
    if (known.contains(column.name())) continue;
    if (extra.size() < 300) extra += (extra.empty() ? "" : ", ") + shown(column.name());
  }
  std::vector<const TableColumn*> matched;
  for (const ColumnCode& column : code.columns) {
    matched.push_back(table.find(column.name));
    if (matched.back()) continue;
    throw DataError(message({"TableEncoder: the table has no column ", shown(column.name),
                             extra.empty() ? "" : "; the encoder does not know its columns ", extra}));
  }
  if (code.refuse_extra_columns && !extra.empty())
    throw DataError(message({"TableEncoder: the encoder does not know these columns of the table: ", extra}));
  return matched;
}

/// Encodes the rows of a table, a sample each.
template <class Scalar>
class RowEncoder {
 public:
  /// @param first_row  from which errors count rows
  RowEncoder(const TableCode& code, const Table& table, Index first_row)
      : code_(code), columns_(matched_columns(code, table)), rows_(table.rows()), first_row_(first_row) {}

  /// Writes the samples of all rows, `code.size()` values each, on the library's threads.
  /// @throws DataError for a row of nothing known, or a cell of another kind: always the same one, in the first tile
  ///         that has any
  void write(Scalar* out) const {
    constexpr Index tile = 1024;
    const Index values = code_.size();
    const auto write_tile = [&](Index first, Index count, int) { write_rows(first, count, out + first * values); };
    try {
      parallel_tiles(rows_, tile, threads(), write_tile);
    } catch (const DataError&) {  // of any tile: find the first one
      parallel_tiles(rows_, tile, 1, write_tile);
      throw;
    }
  }

 private:
  void write_rows(Index first, Index count, Scalar* out) const {
    require_known_rows(count, first_row_ + first, [&](Index row) {
      return std::any_of(columns_.begin(), columns_.end(),
                         [&](const TableColumn* column) { return !column->is_missing(first + row); });
    });
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      std::visit([&](const auto& column) { write_column(column, {*columns_[k], first_row_}, first, count, out); },
                 code_.columns[k].code);
      out += code_.columns[k].size();
    }
  }

  void write_column(const NumberCode& code, const CellReader& cells, Index first, Index count, Scalar* out) const {
    std::vector<double> numbers(static_cast<std::size_t>(count));
    for (Index i = 0; i < count; ++i) numbers[static_cast<std::size_t>(i)] = cells.number(first + i);
    code.transform(numbers);
    for (Index i = 0; i < count; ++i) {
      const auto value = static_cast<Scalar>(numbers[static_cast<std::size_t>(i)]);
      if (std::isinf(value)) cells.fail(first + i, "the number is too far from those that were learned");
      out[i * code_size_] = value;
    }
  }
  template <class WordCode>
    requires requires(const WordCode& code) { code.value_of(""); }
  void write_column(const WordCode& code, const CellReader& cells, Index first, Index count, Scalar* out) const {
    std::string buffer;
    for (Index i = 0; i < count; ++i) {
      Scalar* const values = out + i * code_size_;
      const std::string_view word = cells.text(first + i, buffer, code.of_numbers);
      std::fill_n(values, code.size(), word.empty() ? static_cast<Scalar>(missing_number) : Scalar{0});
      if (!word.empty()) values[code.value_of(word)] = 1;
    }
  }
  void write_column(const DateCode& code, const CellReader& cells, Index first, Index count, Scalar* out) const {
    double values[7];
    for (Index i = 0; i < count; ++i) {
      if (cells.column.is_missing(first + i))
        std::fill_n(values, code.size(), missing_number);
      else
        code.encode(cells.date(first + i).microseconds, values);
      for (Index v = 0; v < code.size(); ++v) out[i * code_size_ + v] = static_cast<Scalar>(values[v]);
    }
  }

  const TableCode& code_;
  std::vector<const TableColumn*> columns_;
  Index rows_, first_row_;
  Index code_size_ = code_.size();
};

}  // namespace eigencoder::detail
