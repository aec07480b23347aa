#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <eigencoder/data/table.hpp>
#include <eigencoder/datasets/options.hpp>
#include <eigencoder/detail/files/csv_reader.hpp>
#include <eigencoder/detail/files/formula.hpp>
#include <eigencoder/detail/files/number_text.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace eigencoder::detail {

/// Writes the text of a table as `write_table` describes it.
class CsvWriter {
 public:
  explicit CsvWriter(const TableCsvOptions& options)
      : options_(options), special_{'"', '\r', '\n', options.separator} {}

  /// The text so far, which is taken out.
  std::string take() { return std::move(text_); }

  void append_names(const Table& table) {
    for (const TableColumn& column : table.columns()) append_words(column.name());
    end_line();
  }
  /// @throws DataError for an infinite number
  void append_row(const Table& table, Index row) {
    for (const TableColumn& column : table.columns()) {
      const auto i = static_cast<std::size_t>(row);
      if (!column.holds_numbers())
        append_words(column.words()[i]);
      else if (std::isinf(column.numbers()[i]))
        throw DataError(
            message({"write_table: row ", row, ", column ", shown(column.name()), ": the number is infinite"}));
      else
        append_number(column.numbers()[i]);
    }
    end_line();
  }

 private:
  /// In quotes for every usual separator: a program that takes another one than the file's, as spreadsheets do by their
  /// locale, would split the word, and run a formula after it.
  void append_words(std::string_view words) {
    field_.clear();
    if (is_formula(words)) field_ += '\'';
    append_field(field_ += words, words.find_first_of(",;\t") != words.npos);
  }
  void append_number(double number) {
    field_ = std::isnan(number) ? "" : number_word(number);
    if (options_.decimal == ',') std::replace(field_.begin(), field_.end(), '.', ',');
    append_field(field_);
  }
  /// In quotes where it has to be: for separators, line breaks, quotes, what a comment begins with, and at the
  /// beginning of the file what may be a byte order mark.
  void append_field(std::string_view field, bool quoted = false) {
    if (fields_++ > 0) text_ += options_.separator;
    const bool like_mark = text_.empty() && !field.empty() && static_cast<unsigned char>(field[0]) >= 0xEF;
    quoted = quoted || like_mark || field.find_first_of(special_) != field.npos ||
                        (options_.comment != '\0' && field.starts_with(options_.comment));
    if (!quoted) {
      text_ += field;
      return;
    }
    text_ += '"';
    for (const char c : field) text_.append(c == '"' ? 2 : 1, c);
    text_ += '"';
  }
  /// A lone empty field is in quotes, since an empty line is no row.
  void end_line() {
    if (fields_ == 1 && (text_.empty() || text_.back() == '\n')) text_ += "\"\"";
    text_ += '\n';
    fields_ = 0;
  }

  const TableCsvOptions& options_;
  std::string special_;
  std::string text_, field_;
  int fields_ = 0;  // of the line so far
};

/// @throws DataError and OptionError as `write_table`
inline std::string csv_text(const Table& table, const TableCsvOptions& options) {
  check_csv_options({.separator = options.separator, .decimal = options.decimal, .comment = options.comment});
  if (table.columns().empty()) throw DataError("eigencoder: write_table: the table has no columns");
  CsvWriter out(options);
  if (options.header) out.append_names(table);
  for (Index row = 0; row < table.rows(); ++row) out.append_row(table, row);
  return out.take();
}

}  // namespace eigencoder::detail
