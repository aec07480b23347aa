#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

/// @file
/// Tables as people keep them: named columns of numbers and words, with gaps.
namespace eigencoder {

/// The number of a missing cell: NaN. The word of a missing cell is the empty one.
inline constexpr double missing_number = std::numeric_limits<double>::quiet_NaN();

/// A column of a table: a name, and a cell for each row. All cells are numbers, or all are words.
class TableColumn {
 public:
  /// A column of numbers; NaN where they are missing.
  TableColumn(std::string name, std::vector<double> numbers) : name_(std::move(name)), cells_(std::move(numbers)) {}
  /// A column of words; empty where they are missing.
  TableColumn(std::string name, std::vector<std::string> words) : name_(std::move(name)), cells_(std::move(words)) {}

  /// The column's name.
  const std::string& name() const { return name_; }
  /// The number of cells.
  Index size() const {
    return std::visit([](const auto& cells) { return static_cast<Index>(cells.size()); }, cells_);
  }
  /// Whether the cells are numbers, not words.
  bool holds_numbers() const { return std::holds_alternative<std::vector<double>>(cells_); }

  /// The numbers, NaN where they are missing. @throws DataError for a column of words
  ///@{
  std::span<const double> numbers() const {
    return checked(std::get_if<std::vector<double>>(&cells_), "words, not numbers");
  }
  std::span<double> numbers() { return checked(std::get_if<std::vector<double>>(&cells_), "words, not numbers"); }
  ///@}
  /// The words, empty where they are missing. @throws DataError for a column of numbers
  ///@{
  std::span<const std::string> words() const {
    return checked(std::get_if<std::vector<std::string>>(&cells_), "numbers, not words");
  }
  std::span<std::string> words() {
    return checked(std::get_if<std::vector<std::string>>(&cells_), "numbers, not words");
  }
  ///@}

  /// Whether the cell of a row is missing.
  bool is_missing(Index row) const {
    const auto i = static_cast<std::size_t>(row);
    return holds_numbers() ? std::isnan(numbers()[i]) : words()[i].empty();
  }

  /// Whether names and cells are equal; missing numbers are.
  friend bool operator==(const TableColumn& a, const TableColumn& b) {
    if (a.name_ != b.name_ || a.size() != b.size() || a.holds_numbers() != b.holds_numbers()) return false;
    if (!a.holds_numbers()) return a.cells_ == b.cells_;
    for (std::size_t i = 0; i < a.numbers().size(); ++i) {
      const double x = a.numbers()[i], y = b.numbers()[i];
      if (!(x == y || (std::isnan(x) && std::isnan(y)))) return false;
    }
    return true;
  }

 private:
  template <class Cells>
  Cells& checked(Cells* cells, const char* found) const {
    if (!cells) throw DataError(detail::message({"Table: column ", detail::shown(name_), " holds ", found}));
    return *cells;
  }

  std::string name_;
  std::variant<std::vector<double>, std::vector<std::string>> cells_;
};

/// Named columns of one length. Rows are counted from 0.
///
///     Table table;
///     table.add("age", {31, missing_number, 54});
///     table.add("city", {"Oslo", "Bergen", ""});  // the last one is missing
class Table {
 public:
  /// Appends a column of numbers, NaN where they are missing, or of words, empty where they are missing.
  /// @throws DataError for the name of another column
  /// @throws ShapeError for another number of cells than the table has rows
  ///@{
  void add(std::string name, std::vector<double> numbers) { add(TableColumn(std::move(name), std::move(numbers))); }
  void add(std::string name, std::vector<std::string> words) { add(TableColumn(std::move(name), std::move(words))); }
  void add(TableColumn column) {
    if (find(column.name())) throw DataError(detail::message({"Table: two columns ", detail::shown(column.name())}));
    if (!columns_.empty() && column.size() != rows())
      throw ShapeError(detail::message({"Table: column ", detail::shown(column.name()), " has ", column.size(),
                                        " cells, the others have ", rows()}));
    columns_.push_back(std::move(column));
    positions_.emplace(columns_.back().name(), columns_.size() - 1);
  }
  ///@}
  /// Appends a list of numbers, or of words.
  ///@{
  void add(std::string name, std::initializer_list<double> numbers) {
    add(std::move(name), std::vector<double>(numbers));
  }
  void add(std::string name, std::initializer_list<const char*> words) {
    add(std::move(name), std::vector<std::string>(words.begin(), words.end()));
  }
  ///@}

  /// The number of rows.
  Index rows() const { return columns_.empty() ? 0 : columns_.front().size(); }
  /// The columns, in order.
  ///@{
  const std::vector<TableColumn>& columns() const& { return columns_; }
  std::vector<TableColumn> columns() && {
    positions_.clear();
    return std::exchange(columns_, {});
  }
  ///@}
  /// The column of a name; null if there is none.
  const TableColumn* find(std::string_view name) const {
    const auto found = positions_.find(std::string(name));
    return found == positions_.end() ? nullptr : &columns_[found->second];
  }
  /// The column of a name. @throws DataError if there is none
  const TableColumn& column(std::string_view name) const {
    if (const TableColumn* found = find(name)) return *found;
    throw DataError(detail::message({"Table: there is no column ", detail::shown(name)}));
  }
  /// The numbers of a column, NaN where they are missing. @throws DataError if there is none, or it holds words
  ///@{
  std::span<const double> numbers(std::string_view name) const { return column(name).numbers(); }
  std::span<double> numbers(std::string_view name) { return mutable_column(name).numbers(); }
  ///@}
  /// The words of a column, empty where they are missing. @throws DataError if there is none, or it holds numbers
  ///@{
  std::span<const std::string> words(std::string_view name) const { return column(name).words(); }
  std::span<std::string> words(std::string_view name) { return mutable_column(name).words(); }
  ///@}

  /// Whether columns, their order and their cells are equal; missing numbers are.
  friend bool operator==(const Table& a, const Table& b) { return a.columns_ == b.columns_; }

 private:
  TableColumn& mutable_column(std::string_view name) { return const_cast<TableColumn&>(column(name)); }

  std::vector<TableColumn> columns_;
  std::unordered_map<std::string, std::size_t> positions_;  // of the columns by their names
};

/// The table with its missing cells filled by those of the columns of the same names in `values`, such as those that a
/// model gives: `fill_missing(table, encoder.inverse_transform(impute(model, encoder.transform(table))))`. Known cells,
/// and columns that `values` does not have, stay as they are.
/// @throws ShapeError for another number of rows
/// @throws DataError where one column holds numbers and the other words, unless all cells to be filled are missing
inline Table fill_missing(Table table, const Table& values) {
  if (table.rows() != values.rows())
    throw ShapeError(
        detail::message({"fill_missing: a table of ", table.rows(), " rows, and values of ", values.rows()}));
  Table filled;
  for (TableColumn column : std::move(table).columns()) {
    const TableColumn* const from = values.find(column.name());
    const auto fill = [&column](auto to, auto cells) {
      for (std::size_t i = 0; i < to.size(); ++i)
        if (column.is_missing(static_cast<Index>(i))) to[i] = cells[i];
    };
    const auto has_known = [&column] {
      for (Index i = 0; i < column.size(); ++i)
        if (!column.is_missing(i)) return true;
      return false;
    };
    if (from && !has_known())
      column = *from;
    else if (from && column.holds_numbers())
      fill(column.numbers(), from->numbers());
    else if (from)
      fill(column.words(), from->words());
    filled.add(std::move(column));
  }
  return filled;
}

/// A table that is read from the first row to the last, some rows at a time, as often as needed: `next(count)` returns
/// the next rows, at least one and at most `count` of them, and after the last one a table of no rows. All parts have
/// the same columns. `rewind()` goes back to the first row.
template <class S>
concept TableSource = std::movable<S> && requires(S& source, Index count) {
  { source.size() } -> std::convertible_to<Index>;
  { source.next(count) } -> std::convertible_to<Table>;
  source.rewind();
};

}  // namespace eigencoder
