#pragma once

#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/datasets/array_source.hpp>
#include <eigencoder/detail/files/array_reader.hpp>
#include <eigencoder/detail/files/data_file.hpp>
#include <eigencoder/detail/files/idx_format.hpp>
#include <span>
#include <string>
#include <vector>

/// @file
/// The IDX files of MNIST and similar data sets, plain or gzipped (detected by content, not by name).
/// Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits", file formats: a magic number
/// (0, 0, type, dimensions), the sizes as 32-bit big-endian numbers, the values, big-endian too. Types: 0x08 unsigned
/// byte, 0x09 signed byte, 0x0B, 0x0C integers of 16 and 32 bits, 0x0D, 0x0E floating point of 32 and 64 bits.
namespace eigencoder {

/// The samples of an IDX file in memory: see `read_idx_images`. Error messages call the file `name`.
template <class Scalar = float>
Dataset<Scalar> parse_idx_images(std::span<const std::uint8_t> file, const std::string& name) {
  return detail::read_array<Scalar>(detail::idx_image_reader({file, name}));
}

/// The labels of an IDX file in memory: see `read_idx_labels`. Error messages call the file `name`.
inline std::vector<int> parse_idx_labels(std::span<const std::uint8_t> file, const std::string& name) {
  return detail::idx_label_reader({file, name}).labels();
}

/// The samples of an IDX file. Unsigned bytes v become v / 255; values of every other type stay as they are, rounded
/// where `Scalar` cannot represent them. By its dimensions:
///   - n x v: n samples of v values
///   - n x height x width: n images of one channel
///   - n x height x width x channels: n images
///
/// @throws FileError naming the file and the cause: it cannot be read, is of another kind, of one dimension (labels),
///         empty, cut off, damaged or longer than its header says, or is gzipped and the program is built without zlib;
///         naming sample and value where that is NaN, infinity, or too large for a float
template <class Scalar = float>
Dataset<Scalar> read_idx_images(const std::string& path) {
  return detail::read_array<Scalar>(detail::idx_image_reader(detail::DataFile(path)));
}

/// The labels of an IDX file of dimensions n or n x 1, whole numbers of any type.
/// @throws FileError as `read_idx_images` does, and where a label is not a whole number of 32 bits
inline std::vector<int> read_idx_labels(const std::string& path) {
  return detail::idx_label_reader(detail::DataFile(path)).labels();
}

/// The samples of an IDX file, which stay in the file until they are read, with the values that `read_idx_images`
/// gives: `Stream stream{IdxSource{path}}; model.fit(stream, Adam{}, options);`.
class IdxSource : public ArraySource {
 public:
  /// @throws FileError as `read_idx_images` does; the samples' values are checked by `read` alone
  explicit IdxSource(const std::string& path) : ArraySource(detail::idx_image_reader(detail::DataFile(path))) {}
};

}  // namespace eigencoder
