#pragma once

#include <concepts>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// @file
/// How CSV files become samples and tables, and NPY files samples.
namespace eigencoder {

/// A column of a CSV file: its name in the header, or its number, counted from 0.
struct CsvColumn {
  Index number = -1;      ///< -1: the column is named
  std::string name = {};  ///< empty: the column is numbered

  /// The column of this number.
  CsvColumn(std::integral auto n) : number(static_cast<Index>(n)) {}
  /// The column of this name.
  ///@{
  CsvColumn(std::string text) : name(std::move(text)) {}
  CsvColumn(const char* text) : name(text) {}
  ///@}
};

/// How a CSV file becomes samples, for `read_csv` and `CsvSource` alike. For a file as spreadsheets write it in much of
/// Europe: `{.separator = ';', .decimal = ','}`.
struct CsvOptions {
  bool header = true;    ///< the first line that is no comment names the columns
  char separator = ',';  ///< any character but a quote, a line break and NUL
  char decimal = '.';    ///< the decimal point, '.' or ','; thousands are never separated
  /// Lines that begin with this character are skipped; NUL: no line is. A line of column names that begins with it is
  /// skipped too: for a file as `numpy.savetxt(..., header=...)` writes it, set `header = false`, or the first sample
  /// is taken for the names.
  char comment = '\0';
  std::vector<CsvColumn> columns = {};  ///< the values of a sample, in this order; empty: all but those below
  std::vector<CsvColumn> ignored = {};  ///< columns that are not read, whatever they hold; excludes `columns`
  std::optional<CsvColumn> label = {};  ///< the column of the labels
  /// Texts that mean an unknown value, such as `{"", "NA", "?"}`: a field that equals one of them (blanks at its ends
  /// aside) becomes `missing_value`. Any other field that is not a finite number is an error, and so is an unknown
  /// label.
  std::vector<std::string> missing = {};
  double missing_value = std::numeric_limits<double>::quiet_NaN();  ///< finite as a `Scalar`, or NaN
};

/// How a CSV file becomes a `Table`, and how a table is written, for `read_table`, `CsvTableSource` and `write_table`.
struct TableCsvOptions {
  bool header = true;    ///< the first line that is no comment names the columns; else they are "column 0", ...
  char separator = ',';  ///< any character but a quote, a line break and NUL
  char decimal = '.';    ///< the decimal point, '.' or ','; thousands are never separated
  char comment = '\0';   ///< lines that begin with this character are skipped; NUL: no line is
  /// Texts that mean a missing cell, beside the empty one.
  std::vector<std::string> missing = {"NA", "N/A", "n/a", "#N/A", "NaN", "nan", "None", "NULL", "null", "?"};
  /// Columns whose cells are words, although all of them may look like numbers, such as postal codes.
  std::vector<std::string> words = {};
  std::vector<std::string> numbers = {};  ///< columns whose cells are numbers; any other text is an error
  std::vector<std::string> ignored = {};  ///< columns that are not read, whatever they hold
  /// In a file of `write_table`: the apostrophe before what a spreadsheet would take for a formula is not read.
  bool escaped_formulas = false;
};

/// How the array of an NPY file becomes samples.
struct NpyOptions {
  /// The last axis counts the samples, not the first: a matrix is values x samples, images are
  /// height x width x channels x samples.
  bool samples_last = false;
  bool channels_first = false;  ///< in images of 4 axes, the channels come before height and width, not after
  bool allow_nan = false;       ///< NaN is read as it is, as an unknown value; infinity is always an error
};

}  // namespace eigencoder
