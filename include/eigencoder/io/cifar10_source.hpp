#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/core/shape.hpp>
#include <eigencoder/core/types.hpp>
#include <eigencoder/io/cifar10.hpp>
#include <eigencoder/io/file.hpp>
#include <eigencoder/io/gunzip.hpp>
#include <eigencoder/io/random_access_file.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eigencoder {

/// The images of CIFAR-10's binary files, one file after the other, as samples that stay in the files until they are
/// wanted (`RandomAccessSource`), with the values that `read_cifar10` gives. The files must not change meanwhile.
class Cifar10Source {
 public:
  /// @throws FileError as `read_cifar10`, and where a file is gzipped
  explicit Cifar10Source(const std::vector<std::string>& paths) {
    if (paths.empty()) throw FileError("eigencoder: Cifar10Source: no files are given");
    for (const std::string& path : paths) add(detail::RandomAccessFile(path));
  }
  /// Of one file.
  template <std::convertible_to<std::string_view> Path>
  explicit Cifar10Source(const Path& path)
      : Cifar10Source(std::vector<std::string>{std::string(std::string_view(path))}) {}

  Index size() const { return static_cast<Index>(labels_.size()); }
  Index rows() const { return shape().size(); }
  /// Of a sample.
  Shape shape() const { return {detail::cifar10_side, detail::cifar10_side, 3}; }
  /// One per sample.
  const std::vector<int>& labels() const { return labels_; }

  /// Writes the samples at these places one after another to `out`. @throws FileError
  void read(std::span<const std::uint32_t> places, float* out) {
    std::array<std::uint8_t, detail::cifar10_record> record;
    for (const std::uint32_t place : places) {
      std::size_t file = files_.size() - 1;
      while (place < files_[file].first) --file;
      files_[file].file.read((place - files_[file].first) * record.size(), record);
      detail::convert_cifar10(record.data(), out);
      out += rows();
    }
  }

 private:
  struct Part {
    detail::RandomAccessFile file;
    std::size_t first;  ///< sample
  };

  void add(detail::RandomAccessFile file) {
    if (detail::is_gzip(file.beginning(2)))
      detail::fail_file("read", file.name(),
                        "it is gzipped, and its images are wanted in any order: unpack it (gunzip)");
    detail::check_cifar10_size(file.size(), file.name());
    const std::size_t first = labels_.size();
    for (std::uint64_t at = 0; at < file.size(); at += detail::cifar10_record) {
      std::uint8_t label = 0;
      file.read(at, {&label, 1});
      detail::check_cifar10_label(label, at, file.name());
      labels_.push_back(label);
    }
    files_.push_back({std::move(file), first});
  }

  std::vector<Part> files_;
  std::vector<int> labels_;
};

}  // namespace eigencoder
