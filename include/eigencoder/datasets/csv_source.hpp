#pragma once

#include <eigencoder/data/stream.hpp>
#include <eigencoder/detail/files/csv_labels.hpp>
#include <eigencoder/detail/files/csv_reader.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder {

/// The rows of a CSV file, plain or gzipped, as samples that are read from the first to the last, again and again
/// (`SequentialSource`), with the values that `read_csv` gives: `Stream stream{CsvSource{"x.csv"}, {.shuffle_window = 8192}};`
/// shuffles within blocks of 8192 rows. The file must not change meanwhile.
class CsvSource {
 public:
  /// Reads the file once: counts the rows, and checks them all. @throws as `read_csv`; a number too large for a float
  /// is found when it is read as one
  explicit CsvSource(std::string path, CsvOptions options = {})
      : path_(std::move(path)), options_(std::move(options)), reader_(path_, options_) {
    std::vector<double> row(static_cast<std::size_t>(rows()));
    detail::CsvLabels labels;
    detail::take_memory(path_, "its labels", [&] {
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

  Index size() const { return size_; }
  Index rows() const { return reader_.values(); }
  /// What errors call its samples: the file.
  std::string name() const { return "'" + path_ + "'"; }
  /// The names of the values; empty without a header.
  const std::vector<std::string>& columns() const { return reader_.columns(); }
  /// One per sample, as `read_csv` has them; empty without a column for them.
  const std::vector<int>& labels() const { return labels_; }
  /// Label k is written so; empty where labels are whole numbers.
  const std::vector<std::string>& label_names() const { return label_names_; }

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
    detail::CsvReader again(path_, options_);
    if (again.values() != rows()) fail_changed();
    reader_ = std::move(again);
    at_ = 0;
  }

 private:
  [[noreturn]] void fail_changed() const { detail::fail_file("read", path_, "it has changed since it was opened"); }

  std::string path_;
  CsvOptions options_;
  detail::CsvReader reader_;
  std::vector<int> labels_;
  std::vector<std::string> label_names_;
  Index size_ = 0;
  Index at_ = 0;  // the next sample
};

}  // namespace eigencoder
