#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/datasets/options.hpp>
#include <eigencoder/detail/files/byte_stream.hpp>
#include <eigencoder/detail/files/csv_records.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/number_text.hpp>
#include <eigencoder/detail/files/samples.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// @throws OptionError for options that contradict one another
inline void check_csv_options(const CsvOptions& options) {
  const auto refuse = [](const char* reason) { throw OptionError(message({"CsvOptions: ", reason})); };
  const auto is_one_of = [](char c, std::string_view set) { return set.find(c) != set.npos; };
  if (is_one_of(options.separator, std::string_view("\"\n\r\0", 4)))
    refuse("the separator cannot be a quote, a line break or NUL");
  if (options.decimal != '.' && options.decimal != ',') refuse("the decimal point must be '.' or ','");
  if (options.comment != '\0' &&
      (is_one_of(options.comment, "\"\n\r \t+-.,0123456789") || options.comment == options.separator))
    refuse("comment must be a character that begins no field: no quote, blank, sign, digit, separator or line break");
  if (!options.columns.empty() && !options.ignored.empty())
    refuse("give the columns that are read or those that are ignored, not both");
  if (std::isinf(options.missing_value)) refuse("missing_value must be finite, or NaN");
}

/// Reads a CSV file of any length row by row; one row of at most 64 MiB and a million fields is in memory.
class CsvReader {
 public:
  /// Reads up to the first row. @throws FileError and OptionError as `read_csv` does
  explicit CsvReader(const std::string& path, CsvOptions options = {})
      : CsvReader(ByteStream(path), std::move(options)) {}
  /// A file in memory, which must outlive this. @param name  for messages
  CsvReader(std::span<const std::uint8_t> file, std::string name, CsvOptions options = {})
      : CsvReader(ByteStream(file, std::move(name)), std::move(options)) {}

  const std::string& name() const { return records_.name(); }
  /// The number of values of a row.
  Index values() const { return static_cast<Index>(value_fields_.size()); }
  /// The names of the values; empty without a header.
  const std::vector<std::string>& columns() const { return columns_; }

  /// Writes the values of the next row to `to`; false at the end.
  /// @throws FileError naming file, line and column
  template <class Scalar>
  bool next(Scalar* to) {
    if (!std::exchange(has_first_row_, false) && !records_.next()) return false;
    if (records_.size() != width_)
      records_.fail("has " + std::to_string(records_.size()) + (records_.size() == 1 ? " field" : " fields") +
                    ", the first line has " + std::to_string(width_) + hint_);
    for (std::size_t i = 0; i < value_fields_.size(); ++i) to[i] = number<Scalar>(value_fields_[i]);
    if (label_ && label().empty()) fail_label("the label is empty");
    if (label_ && is_missing(label())) fail_label("the label is unknown: " + shown(label()));
    return true;
  }

  /// The label of that row as it is written; empty without a column of labels.
  std::string_view label() const { return label_ ? trimmed(records_[*label_]) : ""; }
  /// That label as a number; empty where it is a name.
  /// @throws FileError for a number that is not whole or not of 32 bits
  std::optional<int> whole_label() const {
    double value = 0;
    const NumberText kind = parse_number(label(), options_.decimal, value);
    if (kind == NumberText::wrong || kind == NumberText::missing) return std::nullopt;
    const auto whole = kind == NumberText::number ? to_label(value) : std::nullopt;
    if (!whole) fail_label("the label " + shown(label()) + " is a number, but not a whole one of 32 bits");
    return whole;
  }
  /// @throws FileError always, naming the line of that row and the column of the labels
  [[noreturn]] void fail_label(const std::string& reason) const { fail(*label_, reason); }

 private:
  CsvReader(ByteStream stream, CsvOptions options)
      : options_(checked(std::move(options))), records_(std::move(stream), options_.separator, options_.comment) {
    if (!records_.next()) fail_file("read", records_.name(), "it holds no rows");
    hint_ = first_line_hint();
    width_ = records_.size();
    has_first_row_ = !options_.header;
    if (options_.header)
      for (std::size_t i = 0; i < width_; ++i) header_.emplace_back(trimmed(records_[i]));

    if (options_.label) label_ = find(*options_.label);
    std::vector<bool> taken(width_, false);
    if (label_) taken[*label_] = true;
    const auto take = [&](const CsvColumn& column) {
      const std::size_t field = find(column);
      if (taken[field]) throw OptionError(message({"CsvOptions: ", in_words(field), " is chosen twice"}));
      taken[field] = true;
      return field;
    };
    for (const CsvColumn& column : options_.columns) value_fields_.push_back(take(column));
    for (const CsvColumn& column : options_.ignored) take(column);
    for (std::size_t i = 0; i < width_ && options_.columns.empty(); ++i)
      if (!taken[i]) value_fields_.push_back(i);
    if (value_fields_.empty())
      fail_file("read", records_.name(),
                options_.ignored.empty() ? "it has no column but the label" : "no column is left but the ignored ones");
    if (options_.header)
      for (const std::size_t field : value_fields_) columns_.push_back(header_[field]);
  }

  static CsvOptions checked(CsvOptions options) {
    check_csv_options(options);
    for (std::string& word : options.missing) word = std::string(trimmed(word));
    return options;
  }

  /// The field of a column. @throws FileError without such a column, OptionError for a name without a header
  std::size_t find(const CsvColumn& column) const {
    const std::size_t none = width_;
    std::size_t found = none;
    if (column.name.empty() || header_.empty()) {
      if (!column.name.empty())
        throw OptionError("eigencoder: CsvOptions: without a header, a column has a number and no name");
      if (column.number >= 0 && column.number < static_cast<Index>(width_))
        return static_cast<std::size_t>(column.number);
      fail_file("read", records_.name(),
                "it has no column " + std::to_string(column.number) + " (counted from 0): it has " +
                    std::to_string(width_) + hint_);
    }
    for (std::size_t i = 0; i < width_; ++i) {
      if (header_[i] != column.name) continue;
      if (found != none) fail_file("read", records_.name(), "it has two columns " + shown(column.name));
      found = i;
    }
    if (found != none) return found;
    std::string all;
    for (std::size_t i = 0; i < width_ && all.size() < 300; ++i)
      all += (i == 0 ? "" : ", ") + shown(header_[i]);
    fail_file("read", records_.name(), "it has no column " + shown(column.name) + "; it has " + all + hint_);
  }

  /// For an error, where the first line is a single field: what may be the cause.
  std::string first_line_hint() const {
    if (records_.size() != 1 || records_[0].empty()) return "";
    if (options_.comment == '\0' && (records_[0][0] == '#' || records_[0][0] == '%'))
      return " (is the first line a comment? set CsvOptions.comment)";
    return separator_hint(records_[0], ",;\t");
  }
  /// For an error about a text that holds one of these characters.
  static std::string separator_hint(std::string_view text, std::string_view separators) {
    const auto at = text.find_first_of(separators);
    if (at == text.npos) return "";
    return std::string(" (are its fields separated by ") +
           (text[at] == '\t'  ? "tabs"
            : text[at] == ';' ? "';'"
                              : "','") +
           "? set CsvOptions.separator)";
  }
  /// For an error about a field that is not a number.
  std::string hint(std::string_view text) const {
    const bool comma = options_.decimal == ',';
    double value = 0;
    if (parse_number(text, comma ? '.' : ',', value) != NumberText::wrong)
      return std::string(" (is its decimal point '") + (comma ? '.' : ',') + "'? set CsvOptions.decimal)";
    return separator_hint(text, ";\t");
  }

  std::string in_words(std::size_t field) const {
    return header_.empty() ? "column " + std::to_string(field) + " (counted from 0)"
                           : "column " + shown(header_[field]);
  }
  [[noreturn]] void fail(std::size_t field, const std::string& reason) const {
    records_.fail(", " + in_words(field) + ": " + reason);
  }

  bool is_missing(std::string_view text) const {
    return std::find(options_.missing.begin(), options_.missing.end(), text) != options_.missing.end();
  }

  template <class Scalar>
  Scalar missing_value() const {
    const auto value = static_cast<Scalar>(options_.missing_value);
    if (std::isinf(value)) throw OptionError("eigencoder: CsvOptions: missing_value is too large for a float");
    return value;
  }

  template <class Scalar>
  Scalar number(std::size_t field) const {
    const std::string_view text = trimmed(records_[field]);
    if (is_missing(text)) return missing_value<Scalar>();
    double value = 0;
    const NumberText kind = parse_number(text, options_.decimal, value);
    const auto out = static_cast<Scalar>(value);
    if (kind == NumberText::number && std::isfinite(out)) return out;
    if (kind == NumberText::missing)
      fail(field, (text.empty() ? "the field is empty" : shown(text) + " is not a finite number") +
                      std::string(" (CsvOptions.missing lists the words for unknown values)"));
    fail(field, shown(text) +
                    (kind == NumberText::wrong ? " is not a number" + hint(text) : std::string(" is out of range")));
  }

  CsvOptions options_;
  CsvRecords records_;
  std::string hint_;                       // for messages, where the first line is a single field
  std::size_t width_ = 0;                  // fields of a row
  bool has_first_row_ = false;             // the first line, already read, is a row
  std::vector<std::string> header_;        // the names of all fields
  std::vector<std::string> columns_;       // the names of the values
  std::vector<std::size_t> value_fields_;  // the field of each value
  std::optional<std::size_t> label_;       // the field of the label
};

}  // namespace eigencoder::detail
