#pragma once

#include <eigencoder/core/types.hpp>
#include <eigencoder/io/csv_reader.hpp>
#include <eigencoder/io/file.hpp>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder {

/// The rows of a CSV file, plain or gzipped, as samples that are read from the first to the last, again and again
/// (`SequentialSource`), with the values that `read_csv` gives: `Stream stream{CsvSource{"x.csv"}, {.window = 8192}};`
/// shuffles within blocks of 8192 rows. The file must not change meanwhile.
class CsvSource {
 public:
  /// Reads the file once: counts the rows, and checks them all. @throws as `read_csv`
  explicit CsvSource(std::string path, CsvOptions options = {})
      : path_(std::move(path)), options_(std::move(options)), reader_(path_, options_) {
    std::vector<double> row(static_cast<std::size_t>(rows()));
    while (reader_.next(row.data())) ++size_;
    if (size_ == 0) detail::fail_file("read", path_, "it holds no rows");
    rewind();
  }

  Index size() const { return size_; }
  Index rows() const { return reader_.values(); }
  /// The names of the values; empty without a header.
  const std::vector<std::string>& columns() const { return reader_.columns(); }

  /// Writes up to `count` of the next samples one after another to `out`; how many, 0 behind the last.
  /// @throws FileError
  template <class Scalar>
  Index next(Scalar* out, Index count) {
    Index made = 0;
    for (; made < count && at_ < size_; ++made, ++at_)
      if (!reader_.next(out + made * rows())) fail_changed();
    return made;
  }

  /// Goes back to the first sample. @throws FileError
  void rewind() {
    CsvReader again(path_, options_);
    if (again.values() != rows()) fail_changed();
    reader_ = std::move(again);
    at_ = 0;
  }

 private:
  [[noreturn]] void fail_changed() const { detail::fail_file("read", path_, "it has changed since it was opened"); }

  std::string path_;
  CsvOptions options_;
  CsvReader reader_;
  Index size_ = 0;
  Index at_ = 0;  // the next sample
};

}  // namespace eigencoder
