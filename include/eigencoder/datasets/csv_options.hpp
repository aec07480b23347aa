#pragma once

#include <cmath>
#include <concepts>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <optional>
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

/// How a CSV file becomes samples, for `read_csv` and `CsvSource` alike. A file as spreadsheets write it in much of
/// Europe: `{.separator = ';', .decimal = ','}`.
struct CsvOptions {
  bool header = true;                   ///< the first line that is no comment names the columns
  char separator = ',';                 ///< any character but a quote, a line break and NUL
  char decimal = '.';                   ///< the decimal point, '.' or ','; thousands are never separated
  /// Lines that begin with this character are skipped; NUL: no line is. That holds for names of columns in such a line,
  /// too: for a file as `numpy.savetxt(..., header=...)` writes it, set `header = false`, or its first sample is taken
  /// for the names.
  char comment = '\0';
  std::vector<CsvColumn> columns = {};  ///< the values of a sample, in this order; empty: all but the label
  std::optional<CsvColumn> label = {};  ///< the column of the labels
  /// Words that mean an unknown value, as `{"", "NA", "?"}`: a field that is one of them, blanks at its ends aside,
  /// becomes `missing_value`. Any other field that is not a finite number is an error, and so is an unknown label.
  std::vector<std::string> missing = {};
  double missing_value = std::numeric_limits<double>::quiet_NaN();  ///< finite as a `Scalar`, or NaN
};

namespace detail {

/// Throws `OptionError` for options that cannot be.
inline void check_csv_options(const CsvOptions& options) {
  const auto refuse = [](const char* reason) { throw OptionError(message({"CsvOptions: ", reason})); };
  const auto is_one_of = [](char c, std::string_view some) { return some.find(c) != some.npos; };
  if (is_one_of(options.separator, std::string_view("\"\n\r\0", 4)))
    refuse("the separator cannot be a quote, a line break or NUL");
  if (options.decimal != '.' && options.decimal != ',') refuse("the decimal point must be '.' or ','");
  if (options.comment != '\0' &&
      (is_one_of(options.comment, "\"\n\r \t+-.,0123456789") || options.comment == options.separator))
    refuse("comment must be a character that begins no field: no quote, blank, sign, digit, separator or line break");
  if (std::isinf(options.missing_value)) refuse("missing_value must be finite, or NaN");
}

}  // namespace detail
}  // namespace eigencoder
