#pragma once

#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/datasets/array_source.hpp>
#include <eigencoder/datasets/options.hpp>
#include <eigencoder/detail/files/array_reader.hpp>
#include <eigencoder/detail/files/data_file.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/npy_format.hpp>
#include <eigencoder/detail/files/zip.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// @file
/// NumPy's files. NPY: arrays of numbers in and out, in either byte order and either order of axes. Values stay as they
/// are: bytes of images are 0 to 255 (divide by 255, or use `min_max_scaling`). NPZ: several named arrays in one, a zip
/// file of NPY files, stored (`numpy.savez`) or deflated (`numpy.savez_compressed`, which needs zlib). Checksums are
/// verified.
/// Source: NumPy documentation, numpy.lib.format.
namespace eigencoder {

/// The array of an NPY file in memory, as samples: see `read_npy`. Error messages call the file `name`.
template <class Scalar = float>
Dataset<Scalar> parse_npy(std::span<const std::uint8_t> file, const std::string& name, const NpyOptions& options = {}) {
  return detail::read_array<Scalar>(detail::npy_reader({file, name}, options));
}

/// The array of an NPY file (version 1.0 to 3.0, of Python 3 or 2, plain or gzipped) as samples. Values of floating
/// point (f2, f4, f8), integers (i1 to i8, u1 to u8) or truth values become `Scalar`, rounded where it cannot represent
/// them. By its axes, in C or Fortran order:
///   - n: n samples of one value
///   - n x v: n samples of v values
///   - n x height x width: n images of one channel
///   - n x height x width x channels: n images
///
/// and otherwise as `options` say. `read_npy<double>(path)` reads without rounding.
/// @throws FileError naming the file and the cause: it cannot be read, is damaged, empty, cut off or longer than
///         its header says, holds Python objects (never opened), texts, records or another type, or has other axes;
///         naming sample and value where that is NaN (but see `NpyOptions::allow_nan`), infinity, or too large for a
///         float
template <class Scalar = float>
Dataset<Scalar> read_npy(const std::string& path, const NpyOptions& options = {}) {
  return detail::read_array<Scalar>(detail::npy_reader(detail::DataFile(path), options));
}

/// The labels of an NPY file in memory: see `read_npy_labels`. Error messages call the file `name`.
inline std::vector<int> parse_npy_labels(std::span<const std::uint8_t> file, const std::string& name) {
  return detail::npy_reader({file, name}).labels();
}

/// The labels of an NPY file of axes n or n x 1, whole numbers of any type.
/// @throws FileError as `read_npy` does, and where a label is not a whole number of 32 bits
inline std::vector<int> read_npy_labels(const std::string& path) {
  return detail::npy_reader(detail::DataFile(path)).labels();
}

/// The array of an NPY file as samples that stay in the file until they are read, with the values that `read_npy`
/// gives: `Stream stream{NpySource{"x.npy"}}; model.fit(stream, Adam{}, options);`. Where the values of a sample are
/// not contiguous (in a matrix in Fortran order, or with `samples_last`), shuffled samples are read value by value,
/// which is slow: save large arrays in C order, the samples on their first axis.
class NpySource : public ArraySource {
 public:
  /// @throws FileError as `read_npy` does; the samples' values are checked by `read` alone
  explicit NpySource(const std::string& path, const NpyOptions& options = {})
      : ArraySource(detail::npy_reader(detail::DataFile(path), options)) {}
};

/// Writes samples or codes, one per column, as an NPY file of samples x values, so that `numpy.load` gives one per
/// row: f4 or f8, as `Scalar` is. The old contents of the file stay unless all is written.
/// @throws FileError naming the file and the reason where it cannot be written
template <class Derived>
void write_npy(const std::string& path, const Eigen::MatrixBase<Derived>& samples) {
  const View<typename Derived::Scalar> view(samples);
  detail::write_file(path, detail::npy_bytes(view, std::to_string(view.rows())));
}

/// The same of a data set; images become samples x height x width x channels.
/// @throws ShapeError where `shape` is not that of the samples
/// @throws FileError naming the file and the reason where it cannot be written
template <class Scalar>
void write_npy(const std::string& path, const Dataset<Scalar>& set) {
  const auto& [height, width, channels] = set.shape;
  if (set.shape.is_flat()) return write_npy(path, set.samples);
  if (set.shape.size() != set.samples.rows())
    throw ShapeError(detail::message(
        {"write_npy: the samples have ", set.samples.rows(), " values, their shape ", set.shape.in_words().view()}));
  detail::write_file(path, detail::npy_bytes(View<Scalar>(set), std::to_string(height) + ", " + std::to_string(width) +
                                                                    ", " + std::to_string(channels)));
}

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
