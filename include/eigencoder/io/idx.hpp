#pragma once

#include <cstddef>
#include <cstdint>
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

inline constexpr std::size_t idx_header_size(std::size_t dimensions) { return 4 + 4 * dimensions; }

/// The sizes that the header of an IDX file claims.
/// @param start  the file, or its first bytes: more than a header has
/// @param most   bytes that the file can hold at all
/// @throws FileError
inline std::vector<Index> idx_sizes(std::span<const std::uint8_t> start, std::size_t dimensions, std::uint64_t most,
                                    const std::string& name, const char* what) {
  const auto number = [&](std::size_t at) {
    return std::uint64_t{start[at]} << 24 | std::uint64_t{start[at + 1]} << 16 | std::uint64_t{start[at + 2]} << 8 |
           start[at + 3];
  };
  if (start.size() < 4 || number(0) != (0x800 | dimensions))
    fail_file("read", name, std::string("it is not an IDX file of ") + what + " (wrong magic number)");
  if (start.size() < idx_header_size(dimensions)) fail_file("read", name, "its header is cut off");

  std::vector<Index> sizes;
  std::uint64_t count = 1;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const std::uint64_t side = number(4 + 4 * d);
    if (side == 0) fail_file("read", name, std::string("it holds no ") + what);
    if (side > most / count)
      fail_file("read", name, "its header claims more values than the file holds: it is cut off or damaged");
    count *= side;
    sizes.push_back(static_cast<Index>(side));
  }
  return sizes;
}

/// Refuses a file that does not hold what its header claims, no less and no more. @throws FileError
inline void check_idx_size(const std::vector<Index>& sizes, std::uint64_t bytes, const std::string& name) {
  std::uint64_t count = 1;
  for (const Index side : sizes) count *= static_cast<std::uint64_t>(side);
  const std::uint64_t size = idx_header_size(sizes.size()) + count;
  if (bytes != size)
    fail_file("read", name,
              std::string(bytes < size ? "it is cut off" : "bytes follow its end") + ": its header claims " +
                  std::to_string(count) + " values");
}

/// The value of a byte of an image.
inline float idx_value(std::uint8_t byte) { return static_cast<float>(byte) / 255.F; }

struct IdxBytes {
  std::vector<Index> sizes;
  std::vector<std::uint8_t> file;  ///< inflated where it was gzipped
  std::span<const std::uint8_t> values() const { return std::span(file).subspan(idx_header_size(sizes.size())); }
};

/// @throws FileError, before anything of the claimed size is allocated
inline IdxBytes parse_idx(std::span<const std::uint8_t> file, std::size_t dimensions, const std::string& name,
                          const char* what) {
  const bool gzipped = is_gzip(file);
  const auto leading = [&](std::size_t count) {
    if (gzipped) return gunzip(file, count, name);
    const auto first = file.first(count < file.size() ? count : file.size());
    return std::vector<std::uint8_t>(first.begin(), first.end());
  };
  const std::uint64_t most = std::uint64_t{file.size()} * (gzipped ? most_inflation : 1);
  IdxBytes idx;
  idx.sizes = idx_sizes(leading(idx_header_size(dimensions)), dimensions, most, name, what);
  std::size_t size = idx_header_size(dimensions), count = 1;
  for (const Index side : idx.sizes) count *= static_cast<std::size_t>(side);
  idx.file = leading(size + count + 1);  // one more tells whether something follows
  check_idx_size(idx.sizes, idx.file.size(), name);
  return idx;
}

}  // namespace detail

/// The images of an IDX file that is in memory: see `read_idx_images`. @param name  for messages
inline Dataset<float> parse_idx_images(std::span<const std::uint8_t> file, const std::string& name) {
  const detail::IdxBytes idx = detail::parse_idx(file, 3, name, "images");
  Dataset<float> set;
  set.shape = {idx.sizes[1], idx.sizes[2], 1};
  set.samples.resize(set.shape.size(), idx.sizes[0]);
  float* out = set.samples.data();
  for (const std::uint8_t byte : idx.values()) *out++ = detail::idx_value(byte);
  return set;
}

/// The labels of an IDX file that is in memory: see `read_idx_labels`. @param name  for messages
inline std::vector<int> parse_idx_labels(std::span<const std::uint8_t> file, const std::string& name) {
  const detail::IdxBytes idx = detail::parse_idx(file, 1, name, "labels");
  return {idx.values().begin(), idx.values().end()};
}

/// The images of an IDX file (magic number 0x803) as samples of height x width x 1, values v / 255.
/// @throws FileError naming the file and the cause: it cannot be read, is of another kind, cut off, damaged or
///         longer than its header says, or is gzipped and the program is built without zlib
inline Dataset<float> read_idx_images(const std::string& path) {
  return parse_idx_images(detail::read_file(path), path);
}

/// The labels of an IDX file (magic number 0x801). @throws FileError as `read_idx_images`
inline std::vector<int> read_idx_labels(const std::string& path) {
  return parse_idx_labels(detail::read_file(path), path);
}

}  // namespace eigencoder
