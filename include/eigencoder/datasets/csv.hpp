#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/files/csv_labels.hpp>
#include <eigencoder/detail/files/csv_reader.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/file_samples.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>
#include <string>
#include <vector>

/// @file
/// Tables of numbers in text, plain or gzipped (told by content, not by name). Source of the format: RFC 4180.
namespace eigencoder {

/// The samples of a CSV file, one a row, with the names that the file has for values and labels.
template <class Scalar = float>
struct CsvTable : Dataset<Scalar> {
  std::vector<std::string> columns = {};      ///< one per value of a sample; empty without a header
  std::vector<std::string> label_names = {};  ///< label k is written so; empty where labels are whole numbers
};

namespace detail {

template <class Scalar>
CsvTable<Scalar> csv_table(detail::CsvReader reader, const std::string& name) {
  CsvTable<Scalar> table;
  const Index rows = reader.values();
  CsvLabels labels;
  std::vector<Scalar> values, row(static_cast<std::size_t>(rows));
  take_memory(name, "its rows", [&] {
    while (reader.next(row.data())) {
      values.insert(values.end(), row.begin(), row.end());
      if (!reader.label().empty()) table.labels.push_back(labels.next(reader));
    }
  });
  if (values.empty()) fail_file("read", name, "it holds no rows");
  table.shape = Shape::flat(rows);
  table.samples = make_samples<Scalar>(row.size(), values.size() / row.size(), name);
  std::copy(values.begin(), values.end(), table.samples.data());
  table.columns = reader.columns();
  table.label_names = labels.names();
  return table;
}

}  // namespace detail

/// The rows of a CSV file that is in memory: see `read_csv`. @param name  for messages
template <class Scalar = float>
CsvTable<Scalar> parse_csv(std::span<const std::uint8_t> file, const std::string& name,
                           const CsvOptions& options = {}) {
  return detail::csv_table<Scalar>(detail::CsvReader(file, name, options), name);
}

/// The rows of a CSV file as samples: all columns or the chosen ones, and labels from a column of their own:
/// all of them whole numbers, or none, and then they are names, which are numbered from 0 in order of first appearance.
/// Blanks around a number, label or name do not count; a number may be written as 1, -2.5, 3e-4, whatever the locale.
/// Numbers are rounded to the nearest `Scalar`, those too close to 0 to 0.
/// A file in UTF-8, with or without its byte order mark, its lines ending in LF or CRLF.
/// @throws FileError naming the file and, where it can, line and column: it cannot be read, is cut off or damaged, is
///         UTF-16, has line ends of CR alone, no rows, an empty line before the last row, rows of different length, a
///         misplaced quote, a column that is not there or there twice, a field that is not a finite number (but see
///         `CsvOptions::missing`), a label that is empty or unknown, a number that is not whole or not of 32 bits, or a
///         whole number among names, or a name among whole numbers. A record in quotes that spans lines is named by
///         its first.
/// @throws OptionError where a column is chosen twice, or by name without a header, or options contradict one another,
///         or `CsvOptions::missing_value` is needed and too large for `Scalar`
template <class Scalar = float>
CsvTable<Scalar> read_csv(const std::string& path, const CsvOptions& options = {}) {
  return detail::csv_table<Scalar>(detail::CsvReader(path, options), path);
}

}  // namespace eigencoder
