#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/table.hpp>
#include <eigencoder/data/table_options.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/tables/column_code.hpp>
#include <eigencoder/detail/tables/column_learners.hpp>
#include <eigencoder/detail/tables/table_code.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace eigencoder::detail {

/// Learns what a column is and how it is encoded.
class ColumnLearner {
 public:
  ColumnLearner(const ColumnOptions& told, const TableEncoderOptions& options, std::uint32_t stream)
      : options_(options),
        name_(told.name),
        kind_(told.scaling ? ColumnKind::number : told.kind),
        numbers_(told.scaling.value_or(options.scaling), options.quantiles, stream) {}

  bool is_ignored() const { return kind_ == ColumnKind::ignored; }

  /// Learns from the next cells. Errors count rows from `first_row` on.
  void add(const TableColumn& column, Index first_row) {
    const CellReader cells{column, first_row};
    std::string buffer;
    for (Index i = 0; i < column.size(); ++i) {
      if (column.is_missing(i)) {
        ++count_.missing;
        continue;
      }
      if (++count_.known == 1 && kind_ == ColumnKind::found && column.holds_numbers()) kind_ = ColumnKind::number;
      if (kind_ == ColumnKind::number) {
        numbers_.add(cells.number(i));
      } else if (kind_ == ColumnKind::date) {
        dates_.add(cells.date(i));
      } else {
        const std::string_view word = cells.text(i, buffer);
        words_.add(word, column.holds_numbers());
        if (kind_ == ColumnKind::found) add_if_date(column.holds_numbers() ? std::nullopt : parse_date(word));
      }
    }
  }

  /// @throws DataError where no cell is known, or numbers span more than a double can hold
  ColumnCode learned() const {
    if (count_.known == 0) fail("holds no known value");
    ColumnCode column{name_, {}, count_};
    if (kind_ == ColumnKind::number) {
      const NumberCode code = numbers_.learned();
      if (!std::isfinite(code.scale) || !std::isfinite(code.offset)) fail("spans more than a double can hold");
      column.code = code;
    } else if (kind_ == ColumnKind::category) {
      std::visit([&](auto code) { column.code = std::move(code); }, words_.learned(options_));
      if (const auto* code = std::get_if<OneHotCode>(&column.code))
        column.count.other = count_.known - words_.cells_of(code->words);
    } else {
      column.code = dates_.learned();
    }
    return column;
  }

 private:
  /// A column of words is one of dates as long as all are.
  void add_if_date(const std::optional<IsoDate>& date) {
    if (date)
      dates_.add(*date);
    else
      kind_ = ColumnKind::category;
  }
  [[noreturn]] void fail(const char* reason) const {
    throw DataError(message({"TableEncoder: column ", shown(name_), " ", reason}));
  }

  TableEncoderOptions options_;
  std::string name_;
  ColumnKind kind_;
  CellCount count_;
  NumberLearner numbers_;
  WordLearner words_;
  DateLearner dates_;
};

/// Learns the columns of a table that comes in parts.
class TableLearner {
 public:
  /// @throws OptionError for an option outside its range
  explicit TableLearner(TableEncoderOptions options) : options_(std::move(options)) {
    require_at_least("TableEncoderOptions.quantiles", 2, options_.quantiles);
    require_at_least("TableEncoderOptions.max_words", 1, options_.max_words);
    require_at_least("TableEncoderOptions.hash_values", 1, options_.hash_values);
    require_at_least("TableEncoderOptions.min_count", 1, options_.min_count);
    for (const ColumnOptions& told : options_.columns)
      require_option(!told.scaling || told.kind == ColumnKind::found || told.kind == ColumnKind::number,
                     "ColumnOptions.scaling", "be of a column of numbers");
    told_ = std::exchange(options_.columns, {});
  }

  /// @throws OptionError where options tell of a column that there is not
  /// @throws DataError where a cell is not what its column was told or found to be, all cells of a row are missing, or
  ///         all columns are ignored
  void add(const Table& part) {
    if (columns_.empty()) start(part);
    constexpr std::int64_t max_rows = (std::numeric_limits<std::uint32_t>::max)();
    if (part.rows() > max_rows - rows_) throw DataError("eigencoder: TableEncoder: more than 4294967295 rows");
    if (part.columns().size() != columns_.size())
      throw DataError("eigencoder: TableEncoder: the parts of the table have different columns");
    for (std::size_t k = 0; k < columns_.size(); ++k)
      if (part.columns()[k].name() != names_[k])
        throw DataError(message({"TableEncoder: the parts of the table have different columns: column ", k, " is ",
                                 shown(names_[k]), ", then ", shown(part.columns()[k].name())}));
    for (std::size_t k = 0; k < columns_.size(); ++k)
      if (!columns_[k].is_ignored()) columns_[k].add(part.columns()[k], rows_);
    require_known_rows(part.rows(), rows_, [&](Index row) {
      for (std::size_t k = 0; k < columns_.size(); ++k)
        if (!columns_[k].is_ignored() && !part.columns()[k].is_missing(row)) return true;
      return false;
    });
    rows_ += part.rows();
  }

  /// @throws DataError for a table of no rows, or a column of nothing known
  TableCode learned() const {
    if (rows_ == 0) throw DataError("eigencoder: TableEncoder: the table has no rows");
    TableCode code{.refuse_extra_columns = options_.refuse_extra_columns};
    for (std::size_t k = 0; k < columns_.size(); ++k)
      if (columns_[k].is_ignored())
        code.ignored.push_back(names_[k]);
      else
        code.columns.push_back(columns_[k].learned());
    return code;
  }

 private:
  void start(const Table& table) {
    std::unordered_map<std::string_view, const ColumnOptions*> told;
    for (const ColumnOptions& column : told_) {
      const bool exists = table.find(column.name) != nullptr;
      if (exists && told.emplace(column.name, &column).second) continue;
      throw OptionError(message({"TableEncoderOptions.columns: ", exists ? "two entries for column " : "no column ",
                                 shown(column.name)}));
    }
    for (const TableColumn& column : table.columns()) {
      const auto found = told.find(column.name());
      names_.push_back(column.name());
      columns_.emplace_back(found == told.end() ? ColumnOptions{column.name()} : *found->second, options_,
                            static_cast<std::uint32_t>(columns_.size()));
    }
    if (!columns_.empty() &&
        std::all_of(columns_.begin(), columns_.end(), [](const auto& c) { return c.is_ignored(); }))
      throw DataError("eigencoder: TableEncoder: all columns of the table are ignored");
  }

  TableEncoderOptions options_;      // but `columns`, so that each column can have a copy
  std::vector<ColumnOptions> told_;  // these
  std::vector<std::string> names_;
  std::vector<ColumnLearner> columns_;
  Index rows_ = 0;
};

}  // namespace eigencoder::detail
