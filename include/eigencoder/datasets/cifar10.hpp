#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/files/cifar10_reader.hpp>
#include <eigencoder/detail/files/file_samples.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// The binary files of CIFAR-10, plain or gzipped (told by content, not by name).
/// Source: Krizhevsky, "Learning multiple layers of features from tiny images" (2009) and the data set's page:
/// records of 3073 bytes, a label from 0 to 9 and 32 x 32 values of red, of green, of blue, row by row.
namespace eigencoder {
namespace detail {

inline Dataset<float> cifar10_set(Cifar10Reader reader) {
  Dataset<float> set;
  set.shape = reader.shape();
  set.labels = reader.labels();
  set.samples =
      make_samples<float>(static_cast<std::uint64_t>(set.shape.size()), set.labels.size(), reader.name());
  for (Index j = 0; j < set.size(); ++j) reader.read(static_cast<std::size_t>(j), set.samples.col(j).data());
  return set;
}

}  // namespace detail

/// The images of a CIFAR-10 file that is in memory: see `read_cifar10`. @param name  for messages
inline Dataset<float> parse_cifar10(std::span<const std::uint8_t> file, const std::string& name) {
  std::vector<detail::DataBytes> files;
  files.emplace_back(file, name);
  return detail::cifar10_set({std::move(files), "parse_cifar10"});
}

/// The images of CIFAR-10's binary files, one after the other, as samples of 32 x 32 x 3 with the channel
/// fastest, values v / 255, and their labels.
/// @throws FileError naming the file and the cause: it cannot be read, is empty, cut off, damaged, or has a label
///         above 9; where there is no file
inline Dataset<float> read_cifar10(const std::vector<std::string>& paths) {
  return detail::cifar10_set({detail::Cifar10Reader::open(paths), "read_cifar10"});
}

/// The same of one file.
template <std::convertible_to<std::string_view> Path>
Dataset<float> read_cifar10(const Path& path) {
  return read_cifar10(std::vector<std::string>{std::string(std::string_view(path))});
}

}  // namespace eigencoder
