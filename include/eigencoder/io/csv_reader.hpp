#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/core/types.hpp>
#include <eigencoder/io/byte_stream.hpp>
#include <eigencoder/io/csv_records.hpp>
#include <eigencoder/io/file.hpp>
#include <eigencoder/io/number_text.hpp>
#include <eigencoder/io/shown.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eigencoder {

/// A column of a CSV file: its name in the header, or its number from 0.
struct CsvColumn {
  Index number = -1;
  std::string name = {};

  CsvColumn(std::integral auto n) : number(static_cast<Index>(n)) {}
  CsvColumn(std::string text) : name(std::move(text)) {}
  CsvColumn(const char* text) : name(text) {}
};

/// How a CSV file becomes samples.
struct CsvOptions {
  bool header = true;                   ///< the first line names the columns
  char separator = ',';                 ///< any character but a quote and a line break
  std::vector<CsvColumn> columns = {};  ///< the values of a sample, in this order; empty: all but the label
  std::optional<CsvColumn> label = {};  ///< the column of the labels
  std::optional<double> missing = {};   ///< what an empty field, NA, NaN or infinity becomes; without: an error
};

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
      records_.fail("has " + std::to_string(records_.size()) + " fields, the first line has " + std::to_string(width_));
    for (std::size_t i = 0; i < places_.size(); ++i) to[i] = number<Scalar>(places_[i]);
    if (label_ && label().empty()) fail_label("the label is empty");
    return true;
  }

  /// The label of that row, as it is written; empty without a column for it.
  std::string_view label() const { return label_ ? detail::trimmed(records_[*label_]) : ""; }
  /// FileError that names the line of that row and the column of the labels.
  [[noreturn]] void fail_label(const std::string& reason) const { fail(*label_, reason); }

 private:
  CsvReader(detail::ByteStream stream, CsvOptions options)
      : records_(std::move(stream), checked(options).separator), missing_(options.missing) {
    if (!records_.next()) detail::fail_file("read", records_.name(), "it holds no rows");
    width_ = records_.size();
    waiting_ = !options.header;
    if (options.header)
      for (std::size_t i = 0; i < width_; ++i) header_.emplace_back(detail::trimmed(records_[i]));

    if (options.label) label_ = find(*options.label);
    std::vector<bool> taken(width_, false);
    if (label_) taken[*label_] = true;
    for (const CsvColumn& column : options.columns) {
      places_.push_back(find(column));
      if (taken[places_.back()])
        throw OptionError(detail::message({"CsvOptions: ", in_words(places_.back()), " is chosen twice"}));
      taken[places_.back()] = true;
    }
    for (std::size_t i = 0; i < width_ && options.columns.empty(); ++i)
      if (!taken[i]) places_.push_back(i);
    if (places_.empty()) detail::fail_file("read", records_.name(), "it has no column but the label");
    if (options.header)
      for (const std::size_t place : places_) columns_.push_back(header_[place]);
  }

  static const CsvOptions& checked(const CsvOptions& options) {
    if (options.separator == '"' || options.separator == '\n' || options.separator == '\r')
      throw OptionError("eigencoder: CsvOptions: the separator cannot be a quote or a line break");
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
      detail::fail_file(
          "read", records_.name(),
          "it has no column " + std::to_string(column.number) + " (counted from 0): it has " + std::to_string(width_) +
              other_separator());
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
                      "it has no column " + detail::shown(column.name) + "; it has " + all + other_separator());
  }

  /// A hint, where the first line has one field, and in it what separates the fields of other files.
  std::string other_separator() const {
    const auto at = width_ == 1 ? records_[0].find_first_of(",;\t") : std::string_view::npos;
    if (at == std::string_view::npos) return "";
    const char found = records_[0][at];
    return std::string(" (are its fields separated by ") + (found == '\t' ? "tabs" : found == ';' ? "';'" : "','") +
           "? CsvOptions.separator tells)";
  }

  std::string in_words(std::size_t place) const {
    return header_.empty() ? "column " + std::to_string(place) + " (counted from 0)"
                           : "column " + detail::shown(header_[place]);
  }
  [[noreturn]] void fail(std::size_t place, const std::string& reason) const {
    records_.fail(", " + in_words(place) + ": " + reason);
  }

  template <class Scalar>
  Scalar number(std::size_t place) const {
    using detail::NumberText;
    const std::string_view text = detail::trimmed(records_[place]);
    double value = 0;
    const NumberText kind = detail::parse_number(text, value);
    const auto out = static_cast<Scalar>(value);
    if (kind == NumberText::number && std::isfinite(out)) return out;
    if (kind == NumberText::missing && missing_) return static_cast<Scalar>(*missing_);
    fail(place, text.empty() ? std::string("the field is empty")
                             : detail::shown(text) + (kind == NumberText::wrong     ? " is not a number"
                                                      : kind == NumberText::missing ? " is not a finite number"
                                                                                    : " is out of range"));
  }

  detail::CsvRecords records_;
  std::optional<double> missing_;
  std::size_t width_ = 0;             // fields of a row
  bool waiting_ = false;              // the first line, read already, is a row
  std::vector<std::string> header_;   // all names
  std::vector<std::string> columns_;  // those of the values
  std::vector<std::size_t> places_;   // of the values
  std::optional<std::size_t> label_;  // its place
};

}  // namespace eigencoder
