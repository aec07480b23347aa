#pragma once

#include <cstdint>
#include <eigencoder/data/table.hpp>
#include <eigencoder/datasets/options.hpp>
#include <eigencoder/detail/files/byte_stream.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/table_reader.hpp>
#include <eigencoder/detail/files/write_csv.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>
#include <string>
#include <utility>

/// @file
/// Tables of numbers and words in CSV files. Source of the format: RFC 4180.
namespace eigencoder {

/// A CSV file, plain or gzipped, whose rows are read from the first to the last, as often as needed (a `TableSource`),
/// so that only the rows of a call of `next` are in memory. The file must not change meanwhile.
class CsvTableSource {
 public:
  /// Reads the file once, to learn which columns hold numbers, and to count and check its rows.
  /// @throws FileError and OptionError as `read_table` does
  explicit CsvTableSource(std::string path, TableCsvOptions options = {})
      : reader_([path = std::move(path)] { return detail::ByteStream(path); }, std::move(options)) {}

  /// The number of rows.
  Index size() const { return reader_.rows(); }
  /// The file in quotes, with which errors about its samples begin.
  std::string name() const { return "'" + reader_.name() + "'"; }
  /// The next rows, at most `count`; after the last one, none.
  /// @throws FileError where the file cannot be read, or has changed
  Table next(Index count) { return reader_.next(count); }
  /// Goes back to the first row. @throws FileError where the file cannot be read, or has changed
  void rewind() { reader_.rewind(); }

 private:
  detail::TableReader reader_;
};

/// The table of a CSV file, plain or gzipped. A column holds numbers if all of its cells are numbers, or missing, else
/// words; options tell otherwise. Integers beyond 2^53, such as long identifiers, belong in `TableCsvOptions::words`,
/// since a double does not hold all of them. A column of neither name nor cells is not read. Blanks around a cell are
/// ignored; a number may be written as 1, -2.5, 3e-4, whatever the locale. The file is UTF-8, with or without a byte
/// order mark; its lines end in LF or CRLF. It is read twice.
/// @throws FileError naming the file and, if possible, line (counted from 1) and column: it cannot be read, is cut off
///         or damaged, is UTF-16, has line ends of CR alone, no rows, an empty line before the last row, rows of
///         different length, a misplaced quote, two columns of one name, no column that an option names, or a text in a
///         column of `TableCsvOptions::numbers`; or a column of numbers where one is infinite or too large for a double
/// @throws OptionError where options contradict one another
inline Table read_table(const std::string& path, const TableCsvOptions& options = {}) {
  CsvTableSource source(path, options);
  return source.next(source.size());
}

/// The table of a CSV file in memory: see `read_table`. Error messages call the file `name`.
inline Table parse_table(std::span<const std::uint8_t> file, const std::string& name,
                         const TableCsvOptions& options = {}) {
  detail::TableReader reader([&] { return detail::ByteStream(file, name); }, options);
  return reader.next(reader.rows());
}

/// Writes a table as a CSV file, wholly or not at all: the names of the columns (but see `TableCsvOptions::header`),
/// then a line for each row. Numbers are written with the fewest digits that are read back as the same number, whole
/// ones below 1e15 with all of theirs, missing cells are empty, and texts are in quotes where they have to be, or hold
/// another usual separator. An apostrophe is put before a text, a name too, that begins with =, +, -, @, a tab or a
/// carriage return, which spreadsheets take for a formula, and run; `read_table` with
/// `TableCsvOptions::escaped_formulas` removes it. Read back, such words as are missing cells or all numbers in their
/// column become these (but see `TableCsvOptions::missing` and `TableCsvOptions::words`).
/// @throws DataError for a table of no columns, and an infinite number, naming row and column
/// @throws OptionError where options contradict one another
/// @throws FileError where the file cannot be written
inline void write_table(const std::string& path, const Table& table, const TableCsvOptions& options = {}) {
  const std::string text = detail::csv_text(table, options);
  detail::write_file(path, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

}  // namespace eigencoder
