#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/core/types.hpp>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/io/file.hpp>
#include <eigencoder/io/gunzip.hpp>
#include <span>
#include <string>
#include <vector>

/// @file
/// The IDX files of MNIST and its kin, plain or gzipped (told by content, not by name).
/// Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits", file formats: a magic number
/// (0, 0, type, dimensions), the sizes as 32-bit big-endian numbers, the values. Type 8 is the unsigned byte.
namespace eigencoder {
namespace detail {

struct IdxBytes {
  std::vector<Index> sizes;
  std::vector<std::uint8_t> values;  ///< as many as the product of the sizes
};

/// @throws FileError, before anything of the claimed size is allocated
inline IdxBytes read_idx_bytes(const std::string& path, std::size_t dimensions, const char* what) {
  const std::vector<std::uint8_t> file = read_file(path);
  const bool gzipped = is_gzip(file);
  const auto leading = [&](std::size_t count) {
    if (gzipped) return gunzip(file, count, path);
    const std::size_t n = count < file.size() ? count : file.size();
    return std::vector<std::uint8_t>(file.data(), file.data() + n);
  };

  const std::size_t header_size = 4 + 4 * dimensions;
  const std::vector<std::uint8_t> header = leading(header_size);
  const auto number = [&](std::size_t at) {
    return std::uint64_t{header[at]} << 24 | std::uint64_t{header[at + 1]} << 16 |
           std::uint64_t{header[at + 2]} << 8 | header[at + 3];
  };
  if (header.size() < 4 || number(0) != (0x800 | dimensions))
    fail_file("read", path, std::string("it is not an IDX file of ") + what + " (wrong magic number)");
  if (header.size() < header_size) fail_file("read", path, "its header is cut off");

  // Deflate turns a byte into at most 1032: a larger claim is wrong, and needs no memory to be refused.
  const std::uint64_t most = std::uint64_t{file.size()} * (gzipped ? 1032 : 1);
  IdxBytes idx;
  std::uint64_t count = 1;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const std::uint64_t side = number(4 + 4 * d);
    if (side == 0) fail_file("read", path, std::string("it holds no ") + what);
    if (side > most / count)
      fail_file("read", path, "its header claims more values than the file holds: it is cut off or damaged");
    count *= side;
    idx.sizes.push_back(static_cast<Index>(side));
  }
  const std::size_t size = header_size + static_cast<std::size_t>(count);
  idx.values = leading(size + 1);  // one more tells whether something follows
  if (idx.values.size() != size)
    fail_file("read", path,
              std::string(idx.values.size() < size ? "it is cut off" : "bytes follow its end") +
                  ": its header claims " + std::to_string(count) + " values");
  idx.values.erase(idx.values.begin(), idx.values.begin() + static_cast<std::ptrdiff_t>(header_size));
  return idx;
}

}  // namespace detail

/// The images of an IDX file (magic number 0x803) as samples of height x width x 1, values v / 255.
/// @throws FileError naming the file and the cause: it cannot be read, is of another kind, cut off, damaged or
///         longer than its header says, or is gzipped and the program is built without zlib
inline Dataset<float> read_idx_images(const std::string& path) {
  const detail::IdxBytes idx = detail::read_idx_bytes(path, 3, "images");
  Dataset<float> set;
  set.shape = {idx.sizes[1], idx.sizes[2], 1};
  set.samples.resize(set.shape.size(), idx.sizes[0]);
  float* out = set.samples.data();
  for (std::size_t i = 0; i < idx.values.size(); ++i) out[i] = static_cast<float>(idx.values[i]) / 255.F;
  return set;
}

/// The labels of an IDX file (magic number 0x801). @throws FileError as `read_idx_images`
inline std::vector<int> read_idx_labels(const std::string& path) {
  const detail::IdxBytes idx = detail::read_idx_bytes(path, 1, "labels");
  return {idx.values.begin(), idx.values.end()};
}

}  // namespace eigencoder
