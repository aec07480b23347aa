#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/files/data_file.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/samples.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// The binary files of CIFAR-10, plain or gzipped (detected by content, not by name).
/// Source: Krizhevsky, "Learning multiple layers of features from tiny images" (2009) and the data set's page:
/// records of 3073 bytes, a label from 0 to 9 and 32 x 32 values of red, of green, of blue, row by row.
namespace eigencoder {

/// The images of CIFAR-10's binary files, one file after another, as samples that stay in the files until they are read
/// (a `RandomAccessSource`), with the values that `read_cifar10` gives. The files must not change meanwhile. A gzipped
/// file is inflated into memory.
class Cifar10Source {
 public:
  /// @throws FileError as `read_cifar10` does
  explicit Cifar10Source(const std::vector<std::string>& paths) : Cifar10Source(open(paths), "Cifar10Source") {}
  /// The images of one file. @throws FileError as `read_cifar10` does
  template <std::convertible_to<std::string_view> Path>
  explicit Cifar10Source(const Path& path)
      : Cifar10Source(std::vector<std::string>{std::string(std::string_view(path))}) {}

  /// The number of samples.
  Index size() const { return static_cast<Index>(labels_.size()); }
  /// The number of values of a sample.
  Index rows() const { return shape().size(); }
  /// The first file in quotes, with which errors about the samples begin.
  std::string name() const { return "'" + files_.front().file.name() + "'"; }
  /// The shape of a sample: 32 x 32 x 3.
  Shape shape() const { return {side, side, 3}; }
  /// One label per sample, 0 to 9.
  const std::vector<int>& labels() const { return labels_; }

  /// Writes the samples of these indices one after another to `out`, `rows()` values each. An index may come twice.
  /// @throws FileError naming the file where it cannot be read
  template <class Scalar>
  void read(std::span<const std::uint32_t> indices, Scalar* out) {
    for (const std::uint32_t index : indices) {
      read_sample(index, out);
      out += rows();
    }
  }

 private:
  friend Dataset<float> parse_cifar10(std::span<const std::uint8_t> file, const std::string& name);
  friend Dataset<float> read_cifar10(const std::vector<std::string>& paths);

  static constexpr Index side = 32;
  static constexpr std::size_t record_size = 1 + 3 * side * side;

  struct File {
    detail::DataFile file;
    std::size_t first;  // the index of its first sample
  };

  /// `user` is what was given no files, in the message about that.
  Cifar10Source(std::vector<detail::DataFile> files, const char* user) {
    if (files.empty()) throw FileError(detail::message({user, ": no files are given"}));
    for (detail::DataFile& file : files) add(std::move(file));
  }

  static std::vector<detail::DataFile> open(const std::vector<std::string>& paths) {
    std::vector<detail::DataFile> files;
    for (const std::string& path : paths) files.emplace_back(path);
    return files;
  }

  /// Reads the labels of a file. @throws FileError unless it is whole records with labels from 0 to 9
  void add(detail::DataFile file) {
    constexpr auto max_samples = static_cast<std::size_t>((std::numeric_limits<Index>::max)()) / record_size;
    const std::size_t first = labels_.size();
    file.inflate(record_size);
    if (file.size() == 0) detail::fail_file("read", file.name(), "it is empty");
    for (std::uint64_t begin = 0; begin < file.size(); begin += record_size, file.inflate(begin + record_size)) {
      if (file.size() - begin < record_size || (!file.is_packed() && file.size() % record_size != 0))
        detail::fail_file("read", file.name(),
                          "it is not a CIFAR-10 file, or cut off: " + std::to_string(file.size()) +
                              " bytes are no whole number of records of 3073");
      if ((file.size() - begin) / record_size > max_samples - labels_.size())
        detail::fail_file("read", file.name(), "it has more records than this program can count");
      const int label = file.view(begin, 1, buffer_)[0];
      if (label > 9) {
        file.check_rest();
        detail::fail_file("read", file.name(),
                          "record " + std::to_string(begin / record_size) + " has the label " + std::to_string(label) +
                              ", CIFAR-10 has 0 to 9");
      }
      detail::allocate_for_file(file.name(), "its labels", [&] { labels_.push_back(label); });
    }
    files_.push_back({std::move(file), first});
  }

  /// Writes one image, the channel fastest, values v / 255.
  template <class Scalar>
  void read_sample(std::size_t index, Scalar* out) {
    constexpr Index pixels = side * side;
    std::size_t i = files_.size() - 1;
    while (index < files_[i].first) --i;
    const std::uint64_t begin = (index - files_[i].first) * std::uint64_t{record_size} + 1;
    const std::uint8_t* from = files_[i].file.view(begin, record_size - 1, buffer_).data();
    for (Index p = 0; p < pixels; ++p)
      for (Index c = 0; c < 3; ++c) out[3 * p + c] = static_cast<Scalar>(from[c * pixels + p]) / Scalar(255);
  }

  Dataset<float> read_all() {
    Dataset<float> set;
    set.shape = shape();
    set.labels = labels_;
    set.samples = detail::allocate_samples<float>(static_cast<std::uint64_t>(rows()), labels_.size(),
                                                  files_.front().file.name());
    for (Index j = 0; j < set.size(); ++j) read_sample(static_cast<std::size_t>(j), set.samples.col(j).data());
    return set;
  }

  std::vector<File> files_;
  std::vector<int> labels_;
  std::vector<std::uint8_t> buffer_;  // read from disk last
};

/// The images of a CIFAR-10 file in memory: see `read_cifar10`. Error messages call the file `name`.
inline Dataset<float> parse_cifar10(std::span<const std::uint8_t> file, const std::string& name) {
  std::vector<detail::DataFile> files;
  files.emplace_back(file, name);
  return Cifar10Source(std::move(files), "parse_cifar10").read_all();
}

/// The images of CIFAR-10's binary files, one file after another, as samples of 32 x 32 x 3 with the channel fastest,
/// values v / 255, and their labels.
/// @throws FileError naming the file and the cause: it cannot be read, is empty, cut off, damaged, or has a label
///         above 9; also where no file is given
inline Dataset<float> read_cifar10(const std::vector<std::string>& paths) {
  return Cifar10Source(Cifar10Source::open(paths), "read_cifar10").read_all();
}

/// The same of one file.
template <std::convertible_to<std::string_view> Path>
Dataset<float> read_cifar10(const Path& path) {
  return read_cifar10(std::vector<std::string>{std::string(std::string_view(path))});
}

}  // namespace eigencoder
