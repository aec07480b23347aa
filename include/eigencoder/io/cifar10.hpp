#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <eigencoder/core/types.hpp>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/io/byte_stream.hpp>
#include <eigencoder/io/file.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// The binary files of CIFAR-10, plain or gzipped (told by content, not by name).
/// Source: Krizhevsky, "Learning multiple layers of features from tiny images" (2009) and the data set's page:
/// records of 3073 bytes, a label from 0 to 9 and 32 x 32 values of red, of green, of blue, row by row.
namespace eigencoder {
namespace detail {

inline constexpr Index cifar10_side = 32;
inline constexpr std::size_t cifar10_record = 1 + 3 * 32 * 32;

/// The values of a record's image, v / 255, the channel fastest.
inline void convert_cifar10(const std::uint8_t* record, float* to) {
  constexpr Index pixels = cifar10_side * cifar10_side;
  for (Index p = 0; p < pixels; ++p)
    for (Index c = 0; c < 3; ++c) to[3 * p + c] = static_cast<float>(record[1 + c * pixels + p]) / 255.F;
}

/// @throws FileError where a file of so many bytes is not whole records
inline void check_cifar10_size(std::uint64_t bytes, const std::string& name) {
  if (bytes == 0) fail_file("read", name, "it is empty");
  if (bytes % cifar10_record != 0)
    fail_file("read", name,
              "it is not a CIFAR-10 file, or cut off: " + std::to_string(bytes) +
                  " bytes are no whole number of records of 3073");
}

/// @throws FileError where the record at byte `at` has a label above 9
inline void check_cifar10_label(std::uint8_t label, std::uint64_t at, const std::string& name) {
  if (label > 9)
    fail_file("read", name,
              "record " + std::to_string(at / cifar10_record) + " has the label " + std::to_string(label) +
                  ", CIFAR-10 has 0 to 9");
}

/// The bytes of a file, inflated where it is gzipped: whole records with labels from 0 to 9. @throws FileError
inline std::vector<std::uint8_t> cifar10_records(ByteStream stream) {
  std::vector<std::uint8_t> records = read_all(stream);
  check_cifar10_size(records.size(), stream.name());
  for (std::size_t at = 0; at < records.size(); at += cifar10_record)
    check_cifar10_label(records[at], at, stream.name());
  return records;
}

inline Dataset<float> cifar10_set(const std::vector<std::vector<std::uint8_t>>& files) {
  std::size_t count = 0;
  for (const auto& records : files) count += records.size() / cifar10_record;
  Dataset<float> set;
  set.shape = {cifar10_side, cifar10_side, 3};
  set.samples.resize(set.shape.size(), static_cast<Index>(count));
  for (const auto& records : files)
    for (std::size_t at = 0; at < records.size(); at += cifar10_record) {
      convert_cifar10(records.data() + at, set.samples.col(static_cast<Index>(set.labels.size())).data());
      set.labels.push_back(records[at]);
    }
  return set;
}

}  // namespace detail

/// The images of a CIFAR-10 file that is in memory: see `read_cifar10`. @param name  for messages
inline Dataset<float> parse_cifar10(std::span<const std::uint8_t> file, const std::string& name) {
  return detail::cifar10_set({detail::cifar10_records({file, name})});
}

/// The images of CIFAR-10's binary files, one after the other, as samples of 32 x 32 x 3 with the channel
/// fastest, values v / 255, and their labels.
/// @throws FileError naming the file and the cause: it cannot be read, is empty, cut off, damaged, or has a label
///         above 9; where there is no file
inline Dataset<float> read_cifar10(const std::vector<std::string>& paths) {
  if (paths.empty()) throw FileError("eigencoder: read_cifar10: no files are given");
  std::vector<std::vector<std::uint8_t>> files;
  for (const std::string& path : paths) files.push_back(detail::cifar10_records(detail::ByteStream(path)));
  return detail::cifar10_set(files);
}

/// The same of one file.
template <std::convertible_to<std::string_view> Path>
Dataset<float> read_cifar10(const Path& path) {
  return read_cifar10(std::vector<std::string>{std::string(std::string_view(path))});
}

}  // namespace eigencoder
