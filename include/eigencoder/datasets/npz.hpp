#pragma once

#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/datasets/npy.hpp>
#include <eigencoder/datasets/options.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/zip.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// NumPy's NPZ files, several named arrays in one: a zip file of NPY files, stored (`numpy.savez`) or deflated
/// (`numpy.savez_compressed`, which needs zlib). Checksums are verified.
namespace eigencoder {

/// The names of the arrays of an NPZ file in memory: see `npz_names`. Error messages call the file `name`.
inline std::vector<std::string> parse_npz_names(std::span<const std::uint8_t> file, const std::string& name) {
  return detail::ZipDirectory(file, name).names(".npy");
}

/// One array of an NPZ file in memory: see `read_npz`. Error messages call the file `name`.
template <class Scalar = float>
Dataset<Scalar> parse_npz(std::span<const std::uint8_t> file, const std::string& name, std::string_view array,
                          const NpyOptions& options = {}) {
  return parse_npy<Scalar>(detail::npz_array(file, name, array), name + ": " + detail::shown(array), options);
}

/// The names of the arrays of an NPZ file, in its order, without ".npy".
/// @throws FileError naming the file and the cause: it cannot be read, is no zip file, or damaged
inline std::vector<std::string> npz_names(const std::string& path) {
  return parse_npz_names(detail::read_file(path), path);
}

/// One array of an NPZ file as samples: as `read_npy`.
/// @throws FileError as `npz_names` and `read_npy` do; where there is no such array, or it is encrypted, packed
///         by another method than deflate, overlaps with another, or fails its checksum
template <class Scalar = float>
Dataset<Scalar> read_npz(const std::string& path, std::string_view array, const NpyOptions& options = {}) {
  return parse_npz<Scalar>(detail::read_file(path), path, array, options);
}

/// One array of an NPZ file as labels: as `read_npy_labels`.
/// @throws FileError as `read_npz` and `read_npy_labels` do
inline std::vector<int> read_npz_labels(const std::string& path, std::string_view array) {
  return parse_npy_labels(detail::npz_array(detail::read_file(path), path, array), path + ": " + detail::shown(array));
}

}  // namespace eigencoder
