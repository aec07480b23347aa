#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/files/array_reader.hpp>
#include <eigencoder/detail/files/data_file.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// The type of an IDX file's values by its code; false for an unknown code.
inline bool idx_format(std::uint8_t code, NumberFormat& format) {
  struct Row {
    std::uint8_t code;
    NumberFormat format;
  };
  constexpr Row rows[] = {{0x08, {'u', 1, true}}, {0x09, {'i', 1, true}}, {0x0B, {'i', 2, true}},
                          {0x0C, {'i', 4, true}}, {0x0D, {'f', 4, true}}, {0x0E, {'f', 8, true}}};
  for (const Row& row : rows)
    if (row.code == code) {
      format = row.format;
      return true;
    }
  return false;
}

/// The header of an IDX file: two zeros, the code of the type, the number of dimensions, the sizes. Does not check that
/// the values follow. @throws FileError naming the file and what is wrong
inline ArrayHeader read_idx_header(DataFile& file) {
  constexpr std::size_t max_axes = 4;
  const std::string& name = file.name();
  const std::vector<std::uint8_t> start = file.beginning(4 + 4 * max_axes);
  ArrayHeader header;
  if (start.size() < 4 || start[0] != 0 || start[1] != 0 || !idx_format(start[2], header.format))
    fail_file("read", name, "it is not an IDX file (wrong magic number), or cut off");
  const std::size_t axes = start[3];
  if (axes < 1 || axes > max_axes)
    fail_file("read", name, "it is an IDX file of " + std::to_string(axes) + " dimensions, supported are 1 to 4");
  header.begin = 4 + 4 * axes;
  if (start.size() < header.begin) fail_file("read", name, "its IDX header is cut off");
  for (std::size_t at = 4; at < header.begin; at += 4)
    header.shape.push_back(std::uint64_t{start[at]} << 24 | std::uint64_t{start[at + 1]} << 16 |
                           std::uint64_t{start[at + 2]} << 8 | start[at + 3]);
  if (!header.count_values()) fail_file("read", name, "its IDX header claims more values than a file can hold");
  return header;
}

/// Reads samples; unsigned bytes are pixels. @throws FileError as `read_idx_images` does
inline ArrayReader idx_image_reader(DataFile file) {
  ArrayHeader header = read_idx_header(file);
  if (header.shape.size() == 1)
    fail_file("read", file.name(), "it has one dimension, as files of labels have: read_idx_labels reads it");
  if (header.format.kind == 'u') header.format.kind = 'p';
  return {std::move(file), std::move(header)};
}

/// Reads labels. @throws FileError as `read_idx_labels` does
inline ArrayReader idx_label_reader(DataFile file) {
  ArrayHeader header = read_idx_header(file);
  return {std::move(file), std::move(header)};
}

}  // namespace eigencoder::detail
