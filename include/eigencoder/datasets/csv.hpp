#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/datasets/options.hpp>
#include <eigencoder/detail/files/csv_reader.hpp>
#include <eigencoder/detail/files/csv_table.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// @file
/// Tables of numbers in text, plain or gzipped (detected by content, not by name). Source of the format: RFC 4180.
namespace eigencoder {

/// The samples of a CSV file, one per row, with the names that the file has for values and labels.
template <class Scalar = float>
struct CsvTable : Dataset<Scalar> {
  std::vector<std::string> columns = {};      ///< the names of a sample's values; empty without a header
  std::vector<std::string> label_names = {};  ///< the name of label k at index k; empty where labels are whole numbers
};

/// The rows of a CSV file in memory: see `read_csv`. Error messages call the file `name`.
template <class Scalar = float>
CsvTable<Scalar> parse_csv(std::span<const std::uint8_t> file, const std::string& name,
                           const CsvOptions& options = {}) {
  return detail::read_csv_table<CsvTable<Scalar>>(detail::CsvReader(file, name, options));
}

/// The rows of a CSV file as samples: all columns or the chosen ones, and labels from a column of their own. Labels are
/// either all whole numbers, or all names, which are numbered from 0 in order of first appearance.
/// Blanks around a number, label or name are ignored; a number may be written as 1, -2.5, 3e-4, whatever the locale.
/// Numbers are rounded to the nearest `Scalar`, those too close to 0 to 0.
/// The file is UTF-8, with or without a byte order mark; its lines end in LF or CRLF.
/// @throws FileError naming the file and, if possible, line (counted from 1) and column (by its name, or counted from
///         0): it cannot be read, is cut off or damaged, is UTF-16, has line ends of CR alone, no rows, an empty line
///         before the last row, rows of different length, a misplaced quote, a column that does not exist or exists
///         twice, a field that is not a finite number (but see `CsvOptions::missing`), or a label that is empty,
///         unknown, a number that is not whole or not of 32 bits, a whole number among names, or a name among whole
///         numbers. A record in quotes that spans lines is named by its first line.
/// @throws OptionError where a column is chosen twice, or by name without a header, or options contradict one another,
///         or `CsvOptions::missing_value` is needed and too large for `Scalar`
template <class Scalar = float>
CsvTable<Scalar> read_csv(const std::string& path, const CsvOptions& options = {}) {
  return detail::read_csv_table<CsvTable<Scalar>>(detail::CsvReader(path, options));
}

/// The rows of a CSV file as samples that are read from the first to the last, as often as needed (a
/// `SequentialSource`), with the values that `read_csv` gives:
/// `Stream stream{CsvSource{"x.csv"}, {.shuffle_window = 8192}};` shuffles within blocks of 8192 rows. The file must
/// not change meanwhile.
class CsvSource {
 public:
  /// Reads the file once, to count and check its rows.
  /// @throws FileError and OptionError as `read_csv` does; a number too large for a float is found by `next` alone
  explicit CsvSource(std::string path, CsvOptions options = {})
      : path_(std::move(path)), options_(std::move(options)), reader_(path_, options_) {
    std::vector<double> row(static_cast<std::size_t>(rows()));
    detail::CsvLabels labels;
    detail::allocate_for_file(path_, "its labels", [&] {
      for (; reader_.next(row.data()); ++size_) {
        if (size_ == (std::numeric_limits<Index>::max)())
          detail::fail_file("read", path_, "it has more rows than this program can count");
        if (options_.label) labels_.push_back(labels.next(reader_));
      }
    });
    label_names_ = labels.names();
    if (size_ == 0) detail::fail_file("read", path_, "it holds no rows");
    rewind();
  }

  /// The number of samples.
  Index size() const { return size_; }
  /// The number of values of a sample.
  Index rows() const { return reader_.values(); }
  /// The file in quotes, with which errors about its samples begin.
  std::string name() const { return "'" + path_ + "'"; }
  /// The names of a sample's values; empty without a header.
  const std::vector<std::string>& columns() const { return reader_.columns(); }
  /// One label per sample, as `read_csv` gives them; empty without a column of labels.
  const std::vector<int>& labels() const { return labels_; }
  /// The name of label k at index k; empty where labels are whole numbers.
  const std::vector<std::string>& label_names() const { return label_names_; }

  /// Writes up to `count` of the next samples one after another to `out`, `rows()` values each.
  /// @returns the number of samples written: 0 after the last one
  /// @throws FileError naming file, line and column of what is wrong, or the file where it has changed
  template <class Scalar>
  Index next(Scalar* out, Index count) {
    Index written = 0;
    for (; written < count && next_ < size_; ++written, ++next_)
      if (!reader_.next(out + written * rows())) fail_changed();
    return written;
  }

  /// Goes back to the first sample. @throws FileError where the file cannot be read, or has changed
  void rewind() {
    detail::CsvReader again(path_, options_);
    if (again.values() != rows()) fail_changed();
    reader_ = std::move(again);
    next_ = 0;
  }

 private:
  [[noreturn]] void fail_changed() const { detail::fail_file("read", path_, "it has changed since it was opened"); }

  std::string path_;
  CsvOptions options_;
  detail::CsvReader reader_;
  std::vector<int> labels_;
  std::vector<std::string> label_names_;
  Index size_ = 0;
  Index next_ = 0;  // the index of the next sample
};

}  // namespace eigencoder
