#pragma once

#include <concepts>
#include <cstddef>
#include <eigencoder/data/table.hpp>
#include <eigencoder/data/table_options.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/tables/column_code.hpp>
#include <eigencoder/detail/tables/decode_columns.hpp>
#include <eigencoder/detail/tables/learn_table.hpp>
#include <eigencoder/detail/tables/table_code.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/losses/blocks.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// @file
/// Tables of numbers, words and dates as samples, and back.
namespace eigencoder {

/// How the cells of a column were counted.
struct CellCounts {
  Index known = 0;    ///< not missing, those of other words included
  Index missing = 0;  ///< empty words, NaN
  Index other = 0;    ///< of rare and unknown words, which share a value; 0 where words are hashed
};

/// What a `TableEncoder` learned of a column.
struct EncodedColumn {
  std::string name;        ///< of the column
  ColumnKind kind;         ///< number, category or date
  bool hashed;             ///< a category whose words are hashed
  Index first_value;       ///< the first of its values in a sample
  Index value_count;       ///< the number of its values
  CellCounts counts = {};  ///< of the table that was learned
};

/// Learns from a table how its columns become the values of samples, one sample a row, and brings samples back to a
/// table in the same units and words. Learn it from the training data alone.
///
///     TableEncoder encoder(read_table("patients.csv"), {.columns = {{"ward", ColumnKind::category}}});
///     MatrixX<float> samples = encoder.transform(read_table("patients.csv"));
///
/// The values of a sample are those of the columns, in the order of the table that was learned:
///
/// - **Numbers** have one value, see `NumberScaling`. Quartiles and quantiles of more than 65536 rows are those of that
///   many, drawn at random by a seed that is always the same.
/// - **Categories** have a value for each word, in the order of their bytes, and a last one for all other words: 1 for
///   that of the cell, 0 elsewhere. A category of more than `max_words` words (of at least `min_count` cells), or of
///   more than 65536 of any, has `hash_values` values, and its words are hashed: the value of a word is its 64-bit
///   FNV-1a hash modulo their number. Numbers of a category are the words that they are written as, whole ones below
///   1e15 with all digits; in a category that was learned from numbers, words that are numbers are taken for these.
/// - **Dates** have the time, scaled to mean 0 and variance 1, and sine and cosine of the phases of the year, of the
///   week, and of the day where the column has times.
/// - A **missing** cell is NaN in all of its column's values.
///
/// Errors name row, counted from 0, and column.
class TableEncoder {
 public:
  /// Learns a table.
  /// @throws DataError for a table of no rows, a row or a column of nothing known, a cell that is not what its column
  ///         was told or found to be, infinity, or numbers that span more than a double can hold
  /// @throws OptionError for an option outside its range, or one of a column that there is not
  explicit TableEncoder(const Table& table, const TableEncoderOptions& options = {}) {
    detail::TableLearner learner(options);
    learner.add(table);
    code_ = learner.learned();
  }
  /// Learns a table that is read once, some rows at a time, as the same table in memory; then goes back to its first
  /// row. @throws DataError, OptionError as above, and what the source throws
  template <class Source>
    requires(!std::same_as<std::remove_const_t<Source>, TableEncoder> && TableSource<Source>)
  explicit TableEncoder(Source& source, const TableEncoderOptions& options = {}) {
    constexpr Index rows = 4096;
    detail::TableLearner learner(options);
    source.rewind();
    for (Table part = source.next(rows); part.rows() > 0; part = source.next(rows)) learner.add(part);
    source.rewind();
    code_ = learner.learned();
  }

  /// The number of values of a sample.
  Index value_count() const { return code_.size(); }
  /// The number of columns.
  Index column_count() const { return static_cast<Index>(code_.columns.size()); }
  /// What was learned of each column.
  std::vector<EncodedColumn> columns() const {
    std::vector<EncodedColumn> columns;
    Index first = 0;
    for (const detail::ColumnCode& column : code_.columns) {
      columns.push_back({column.name, column.kind(), std::holds_alternative<detail::HashCode>(column.code), first,
                         column.size(), counts(column.count)});
      first += column.size();
    }
    return columns;
  }
  /// The number of values of each column: the `groups` of `MissingValues`, which hides cells, not single values.
  std::vector<Index> column_sizes() const {
    std::vector<Index> sizes;
    for (const detail::ColumnCode& column : code_.columns) sizes.push_back(column.size());
    return sizes;
  }
  /// The names of the columns that were words, dates too, and of those of numbers, so that another file's columns are
  /// read alike: `read_table("new.csv", {.words = encoder.word_columns(), .numbers = encoder.number_columns()})`.
  /// A category that was learned from numbers is in neither.
  ///@{
  std::vector<std::string> word_columns() const {
    return names_where([](const detail::ColumnCode& column) { return !column.of_numbers(); });
  }
  std::vector<std::string> number_columns() const {
    return names_where([](const detail::ColumnCode& column) { return column.kind() == ColumnKind::number; });
  }
  ///@}

  /// The names of a sample's values: "age", "color=red", "color=(other)", "city#7" where words are hashed, and of a
  /// date "when", "when:sin(year)", "when:cos(year)", "when:sin(week)", ..., "when:sin(day)".
  std::vector<std::string> value_names() const {
    std::vector<std::string> names;
    for (const detail::ColumnCode& column : code_.columns)
      for (Index value = 0; value < column.size(); ++value) names.push_back(column.name + value_suffix(column, value));
    return names;
  }
  /// The column of a value, counted from 0. @throws ShapeError for a value that a sample does not have
  Index column_of(Index value) const {
    Index end = 0;
    for (Index k = 0; value >= 0 && k < column_count(); ++k) {
      end += code_.columns[static_cast<std::size_t>(k)].size();
      if (value < end) return k;
    }
    throw ShapeError(detail::message({"TableEncoder: no value ", value, ": samples have ", value_count()}));
  }
  /// Sums over the values of each column, such as contributions to an anomaly score. Columns x samples.
  /// @throws ShapeError for another number of values than samples have
  template <class Derived>
  MatrixX<typename Derived::Scalar> sum_by_column(const Eigen::MatrixBase<Derived>& values) const {
    require_values(values.rows(), values.cols(), "TableEncoder::sum_by_column");
    MatrixX<typename Derived::Scalar> sums(column_count(), values.cols());
    for (Index k = 0, first = 0; k < column_count(); ++k) {
      const Index size = code_.columns[static_cast<std::size_t>(k)].size();
      sums.row(k) = values.middleRows(first, size).colwise().sum();
      first += size;
    }
    return sums;
  }

  /// A loss for the values of each column, named after it: `numbers` for numbers and dates, the categorical one for
  /// categories, hashed or not, since each cell has one word.
  Blocks blocks(BlockLoss numbers = BlockLoss::squared_error) const {
    Blocks all;
    for (const detail::ColumnCode& column : code_.columns)
      all.blocks.push_back({.name = column.name,
                            .size = column.size(),
                            .loss = column.kind() == ColumnKind::category ? BlockLoss::categorical : numbers});
    return all;
  }

  /// The rows of a table as samples. Columns are found by their names, in any order; the table may have further ones
  /// (but see `TableEncoderOptions::refuse_extra_columns`).
  /// @throws DataError for a table of no rows, a column that it does not have, a row of nothing known, a text in a
  ///         column of numbers or dates, a number that is infinite, or too large for `Scalar` when it is scaled
  template <class Scalar = float>
  MatrixX<Scalar> transform(const Table& table) const {
    const detail::RowEncoder<Scalar> encoder(code_, table, 0);
    if (table.rows() == 0) throw DataError("eigencoder: TableEncoder::transform: the table has no rows");
    MatrixX<Scalar> samples(value_count(), table.rows());
    encoder.write(samples.data());
    return samples;
  }

  /// The table of samples, or of a model's outputs for them: numbers and dates in their units, and the word of the
  /// largest value of a category: `other_word` for the last one, and where words are hashed the most frequent training
  /// word of that value (missing where there is none). A number has no more digits than its value in the sample can
  /// hold, and is finite where that is not NaN. A date is written in the finest format of the training dates, in
  /// UTC where one of these was. Cells are missing where one of their values is NaN.
  /// @throws ShapeError for samples of another number of values
  ///@{
  template <class Scalar>
  Table inverse_transform(View<Scalar> samples) const {
    require_values(samples.rows(), samples.cols(), "TableEncoder::inverse_transform");
    Table table;
    Index first = 0;
    for (const detail::ColumnCode& column : code_.columns) {
      table.add(std::visit([&](const auto& code) { return detail::decode_column(column.name, code, samples, first); },
                           column.code));
      first += column.size();
    }
    return table;
  }
  template <class Derived>
  Table inverse_transform(const Eigen::MatrixBase<Derived>& samples) const {
    return inverse_transform(View<typename Derived::Scalar>(samples));
  }
  ///@}

  /// How the cells of another table are counted, for each column: how many words it has that the encoder does not know.
  /// @throws DataError for a column that the table does not have, a text in a column of numbers or dates, or infinity
  std::vector<CellCounts> count_cells(const Table& table) const {
    const std::vector<const TableColumn*> matched = detail::matched_columns(code_, table);
    std::vector<CellCounts> all;
    for (std::size_t k = 0; k < matched.size(); ++k)
      all.push_back(counts(detail::count_cells(code_.columns[k], *matched[k])));
    return all;
  }

  /// Whether both have learned the same.
  friend bool operator==(const TableEncoder&, const TableEncoder&) = default;

 private:
  friend struct detail::TableEncoderAccess;

  explicit TableEncoder(detail::TableCode code) : code_(std::move(code)) {}

  static CellCounts counts(const detail::CellCount& count) { return {count.known, count.missing, count.other}; }

  template <class Holds>
  std::vector<std::string> names_where(const Holds& holds) const {
    std::vector<std::string> names;
    for (const detail::ColumnCode& column : code_.columns)
      if (holds(column)) names.push_back(column.name);
    return names;
  }

  void require_values(Index rows, Index cols, const char* what) const {
    if (rows != value_count()) detail::throw_wrong_rows(rows, cols, value_count(), what);
  }

  static std::string value_suffix(const detail::ColumnCode& column, Index value) {
    static constexpr std::string_view phases[] = {"",           ":sin(year)", ":cos(year)", ":sin(week)",
                                                  ":cos(week)", ":sin(day)",  ":cos(day)"};
    if (const auto* code = std::get_if<detail::OneHotCode>(&column.code))
      return "=" + std::string(code->word_of(value));
    if (std::holds_alternative<detail::HashCode>(column.code)) return "#" + std::to_string(value);
    return std::string(phases[value]);
  }

  detail::TableCode code_;
};

}  // namespace eigencoder
