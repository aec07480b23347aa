#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/datasets/csv_options.hpp>
#include <eigencoder/detail/files/byte_stream.hpp>
#include <eigencoder/detail/files/csv_records.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/number_text.hpp>
#include <eigencoder/detail/files/shown_text.hpp>
#include <eigencoder/detail/files/whole_number.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// Reads a CSV file row by row, whatever its length: memory holds one row of at most 64 MiB and a million fields.
class CsvReader {
 public:
  /// Reads as far as the first row. @throws as `read_csv`
  explicit CsvReader(const std::string& path, CsvOptions options = {})
      : CsvReader(detail::ByteStream(path), std::move(options)) {}
  /// Of a file that is in memory, and stays there. @param name  for messages
  CsvReader(std::span<const std::uint8_t> file, std::string name, CsvOptions options = {})
      : CsvReader(detail::ByteStream(file, std::move(name)), std::move(options)) {}

  /// Values of a row.
  Index values() const { return static_cast<Index>(places_.size()); }
  /// The names of the values; empty without a header.
  const std::vector<std::string>& columns() const { return columns_; }

  /// Writes the values of the next row to `to`; false at the end.
  /// @throws FileError naming file, line and column
  template <class Scalar>
  bool next(Scalar* to) {
    if (!std::exchange(waiting_, false) && !records_.next()) return false;
    if (records_.size() != width_)
      records_.fail("has " + std::to_string(records_.size()) + (records_.size() == 1 ? " field" : " fields") +
                    ", the first line has " + std::to_string(width_) + hint_);
    for (std::size_t i = 0; i < places_.size(); ++i) to[i] = number<Scalar>(places_[i]);
    if (label_ && label().empty()) fail_label("the label is empty");
    if (label_ && is_missing(label())) fail_label("the label is unknown: " + detail::shown(label()));
    return true;
  }

  /// The label of that row, as it is written; empty without a column for it.
  std::string_view label() const { return label_ ? detail::trimmed(records_[*label_]) : ""; }
  /// That label as a number; none where it is a name.
  /// @throws FileError for a number that is not whole or not of 32 bits
  std::optional<int> whole_label() const {
    using detail::NumberText;
    double value = 0;
    const NumberText kind = parse(label(), options_.decimal, value);
    if (kind == NumberText::wrong || kind == NumberText::missing) return std::nullopt;
    const auto whole = kind == NumberText::number ? detail::whole_number(value) : std::nullopt;
    if (!whole) fail_label("the label " + detail::shown(label()) + " is a number, but not a whole one of 32 bits");
    return whole;
  }
  /// FileError that names the line of that row and the column of the labels.
  [[noreturn]] void fail_label(const std::string& reason) const { fail(*label_, reason); }

 private:
  CsvReader(detail::ByteStream stream, CsvOptions options)
      : options_(checked(std::move(options))), records_(std::move(stream), options_.separator, options_.comment) {
    if (!records_.next()) detail::fail_file("read", records_.name(), "it holds no rows");
    hint_ = first_line_hint();
    width_ = records_.size();
    waiting_ = !options_.header;
    if (options_.header)
      for (std::size_t i = 0; i < width_; ++i) header_.emplace_back(detail::trimmed(records_[i]));

    if (options_.label) label_ = find(*options_.label);
    std::vector<bool> taken(width_, false);
    if (label_) taken[*label_] = true;
    for (const CsvColumn& column : options_.columns) {
      places_.push_back(find(column));
      if (taken[places_.back()])
        throw OptionError(detail::message({"CsvOptions: ", in_words(places_.back()), " is chosen twice"}));
      taken[places_.back()] = true;
    }
    for (std::size_t i = 0; i < width_ && options_.columns.empty(); ++i)
      if (!taken[i]) places_.push_back(i);
    if (places_.empty()) detail::fail_file("read", records_.name(), "it has no column but the label");
    if (options_.header)
      for (const std::size_t place : places_) columns_.push_back(header_[place]);
  }

  static CsvOptions checked(CsvOptions options) {
    detail::check_csv_options(options);
    for (std::string& word : options.missing) word = std::string(detail::trimmed(word));
    return options;
  }

  std::size_t find(const CsvColumn& column) const {
    const std::size_t none = width_;
    std::size_t found = none;
    if (column.name.empty() || header_.empty()) {
      if (!column.name.empty())
        throw OptionError("eigencoder: CsvOptions: without a header, a column has a number and no name");
      if (column.number >= 0 && column.number < static_cast<Index>(width_))
        return static_cast<std::size_t>(column.number);
      detail::fail_file("read", records_.name(),
                        "it has no column " + std::to_string(column.number) + " (counted from 0): it has " +
                            std::to_string(width_) + hint_);
    }
    for (std::size_t i = 0; i < width_; ++i) {
      if (header_[i] != column.name) continue;
      if (found != none) detail::fail_file("read", records_.name(), "it has two columns " + detail::shown(column.name));
      found = i;
    }
    if (found != none) return found;
    std::string all;
    for (std::size_t i = 0; i < width_ && all.size() < 300; ++i)
      all += (i == 0 ? "" : ", ") + detail::shown(header_[i]);
    detail::fail_file("read", records_.name(),
                      "it has no column " + detail::shown(column.name) + "; it has " + all + hint_);
  }

  /// Where the first line is one field: what it may be besides.
  std::string first_line_hint() const {
    if (records_.size() != 1 || records_[0].empty()) return "";
    if (options_.comment == '\0' && (records_[0][0] == '#' || records_[0][0] == '%'))
      return " (is the first line a comment? CsvOptions.comment tells)";
    return separator_hint(records_[0], ",;\t");
  }
  /// Where a text holds one of these characters.
  static std::string separator_hint(std::string_view text, std::string_view separators) {
    const auto at = text.find_first_of(separators);
    if (at == text.npos) return "";
    return std::string(" (are its fields separated by ") +
           (text[at] == '\t'  ? "tabs"
            : text[at] == ';' ? "';'"
                              : "','") +
           "? CsvOptions.separator tells)";
  }
  /// Of a field that is not a number.
  std::string hint(std::string_view text) const {
    const bool comma = options_.decimal == ',';
    double value = 0;
    if (parse(text, comma ? '.' : ',', value) != detail::NumberText::wrong)
      return std::string(" (is its decimal point '") + (comma ? '.' : ',') + "'? CsvOptions.decimal tells)";
    return separator_hint(text, ";\t");
  }

  std::string in_words(std::size_t place) const {
    return header_.empty() ? "column " + std::to_string(place) + " (counted from 0)"
                           : "column " + detail::shown(header_[place]);
  }
  [[noreturn]] void fail(std::size_t place, const std::string& reason) const {
    records_.fail(", " + in_words(place) + ": " + reason);
  }

  bool is_missing(std::string_view text) const {
    return std::find(options_.missing.begin(), options_.missing.end(), text) != options_.missing.end();
  }

  /// `detail::parse_number` of a text with this decimal point.
  detail::NumberText parse(std::string_view text, char decimal, double& value) const {
    if (decimal == '.') return detail::parse_number(text, value);
    if (text.find('.') != text.npos) return detail::NumberText::wrong;
    with_point_ = text;
    std::replace(with_point_.begin(), with_point_.end(), ',', '.');
    return detail::parse_number(with_point_, value);
  }

  template <class Scalar>
  Scalar missing_value() const {
    const auto value = static_cast<Scalar>(options_.missing_value);
    if (std::isinf(value)) throw OptionError("eigencoder: CsvOptions: missing_value is too large for a float");
    return value;
  }

  template <class Scalar>
  Scalar number(std::size_t place) const {
    using detail::NumberText;
    const std::string_view text = detail::trimmed(records_[place]);
    if (is_missing(text)) return missing_value<Scalar>();
    double value = 0;
    const NumberText kind = parse(text, options_.decimal, value);
    const auto out = static_cast<Scalar>(value);
    if (kind == NumberText::number && std::isfinite(out)) return out;
    if (kind == NumberText::missing)
      fail(place, (text.empty() ? "the field is empty" : detail::shown(text) + " is not a finite number") +
                      std::string(" (CsvOptions.missing lists the words for unknown values)"));
    fail(place, detail::shown(text) +
                    (kind == NumberText::wrong ? " is not a number" + hint(text) : std::string(" is out of range")));
  }

  CsvOptions options_;
  detail::CsvRecords records_;
  std::string hint_;                  // for messages, where the first line is one field
  mutable std::string with_point_;    // a number whose decimal point was a comma
  std::size_t width_ = 0;             // fields of a row
  bool waiting_ = false;              // the first line, read already, is a row
  std::vector<std::string> header_;   // all names
  std::vector<std::string> columns_;  // those of the values
  std::vector<std::size_t> places_;   // of the values
  std::optional<std::size_t> label_;  // its place
};

}  // namespace eigencoder::detail
