#pragma once

#include <eigencoder/detail/files/array_reader.hpp>
#include <eigencoder/detail/files/data_bytes.hpp>
#include <eigencoder/detail/files/npy_header.hpp>
#include <utility>

namespace eigencoder {

/// How the array of an NPY file becomes samples.
struct NpyOptions {
  /// The last axis counts the samples, not the first: a matrix is values x samples, images are
  /// height x width x channels x samples.
  bool samples_last = false;
  /// Images of 4 axes have their channels before height and width, not behind.
  bool channels_first = false;
  /// NaN is let through as it is: the data has unknown values. Infinity never is.
  bool allow_nan = false;
};

namespace detail {

/// @throws FileError as `read_npy`
inline ArrayReader npy_reader(DataBytes file, const NpyOptions& options) {
  ArrayHeader header = read_npy_header(file);
  return {
      std::move(file),
      std::move(header),
      {.samples_last = options.samples_last, .channels_first = options.channels_first, .allow_nan = options.allow_nan}};
}

}  // namespace detail
}  // namespace eigencoder
