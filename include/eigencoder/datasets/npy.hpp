#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/datasets/npy_options.hpp>
#include <eigencoder/detail/files/array_reader.hpp>
#include <eigencoder/detail/files/data_bytes.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <span>
#include <string>
#include <vector>

/// @file
/// NumPy's arrays: NPY files of numbers in and out, in either order of bytes and of axes. Values stay as they
/// are: bytes of images are 0 to 255 (divide by 255, or `min_max_scaling`).
namespace eigencoder {

/// The array of an NPY file that is in memory, as samples: see `read_npy`. @param name  for messages
template <class Scalar = float>
Dataset<Scalar> parse_npy(std::span<const std::uint8_t> file, const std::string& name, const NpyOptions& options = {}) {
  return detail::read_array<Scalar>(detail::npy_reader({file, name}, options));
}

/// The array of an NPY file (version 1.0 to 3.0, of Python 3 or 2, plain or gzipped) as samples. Values of floating
/// point (f2, f4, f8), integers (i1 to i8, u1 to u8) or truth values become `Scalar`, rounded where it cannot hold
/// them. By its axes, in C or Fortran order:
///   - n: n samples of one value; n x v: n samples of v values
///   - n x height x width: images of one channel; n x height x width x channels: images
///
/// and otherwise as `options` say. `read_npy<double>(path)` reads without rounding.
/// @throws FileError naming the file and the cause: it cannot be read, is damaged, empty, cut off or longer than
///         its header says, holds Python objects (never opened), texts, records or another type, or has other axes;
///         naming sample and value where that is NaN (but see `NpyOptions::allow_nan`), infinity, or too large for a
///         float
template <class Scalar = float>
Dataset<Scalar> read_npy(const std::string& path, const NpyOptions& options = {}) {
  return detail::read_array<Scalar>(detail::npy_reader(detail::DataBytes(path), options));
}

/// The labels of an NPY file that is in memory: see `read_npy_labels`. @param name  for messages
inline std::vector<int> parse_npy_labels(std::span<const std::uint8_t> file, const std::string& name) {
  return detail::npy_reader({file, name}, {}).labels();
}

/// The labels of an NPY file: n, or n x 1, whole numbers of any type.
/// @throws FileError as `read_npy`, and where a label is not a whole number of 32 bits
inline std::vector<int> read_npy_labels(const std::string& path) {
  return detail::npy_reader(detail::DataBytes(path), {}).labels();
}

namespace detail {

/// A file of version 1.0 in this machine's order of bytes, its values at a multiple of 64 bytes.
template <std::floating_point Scalar>
std::vector<std::uint8_t> npy_bytes(View<Scalar> samples, const std::string& sample_shape) {
  std::string text = std::string("{'descr': '") + (std::endian::native == std::endian::little ? '<' : '>') + 'f' +
                     std::to_string(sizeof(Scalar)) + "', 'fortran_order': False, 'shape': (" +
                     std::to_string(samples.cols()) + ", " + sample_shape + "), }";
  while ((10 + text.size() + 1) % 64 != 0) text += ' ';
  text += '\n';
  const std::string start = std::string("\x93NUMPY\x01") + '\0' + static_cast<char>(text.size() & 0xFF) +
                            static_cast<char>(text.size() >> 8) + text;
  const std::size_t row = static_cast<std::size_t>(samples.rows()) * sizeof(Scalar);
  std::vector<std::uint8_t> bytes(start.size() + row * static_cast<std::size_t>(samples.cols()));
  std::memcpy(bytes.data(), start.data(), start.size());
  for (Index j = 0; j < samples.cols() && row > 0; ++j)
    std::memcpy(bytes.data() + start.size() + static_cast<std::size_t>(j) * row, samples.column(j), row);
  return bytes;
}

}  // namespace detail

/// Writes samples or codes, one a column, as an NPY file of samples x values, so that `numpy.load` has one a
/// row: f4 or f8, as `Scalar` is. What was there before stays unless all is written.
/// @throws FileError naming the file and the reason where it cannot be written
template <class Derived>
void write_npy(const std::string& path, const Eigen::MatrixBase<Derived>& samples) {
  const View<typename Derived::Scalar> view(samples);
  detail::write_file(path, detail::npy_bytes(view, std::to_string(view.rows())));
}

/// The same of a data set; images become samples x height x width x channels. @throws FileError
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

}  // namespace eigencoder
