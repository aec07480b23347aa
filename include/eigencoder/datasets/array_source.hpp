#pragma once

#include <cstdint>
#include <eigencoder/detail/files/array_reader.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>
#include <string>
#include <utility>

namespace eigencoder {

/// The array of a file as samples that stay in the file until they are read (a `RandomAccessSource`): what `IdxSource`
/// and `NpySource` share. The file must not change meanwhile. A gzipped file is inflated into memory.
class ArraySource {
 public:
  /// The number of samples.
  Index size() const { return reader_.size(); }
  /// The number of values of a sample.
  Index rows() const { return reader_.rows(); }
  /// The file in quotes, with which errors about its samples begin.
  std::string name() const { return "'" + reader_.name() + "'"; }
  /// The shape of a sample.
  const Shape& shape() const { return reader_.shape(); }

  /// Writes the samples of these indices one after another to `out`, `rows()` values each. An index may come twice.
  /// @throws FileError naming the file where it cannot be read; and sample and value where that is NaN (but see
  ///         `NpyOptions::allow_nan`), infinity, or too large for `Scalar`
  template <class Scalar>
  void read(std::span<const std::uint32_t> indices, Scalar* out) {
    reader_.read(indices, out);
  }

 private:
  friend class IdxSource;
  friend class NpySource;

  explicit ArraySource(detail::ArrayReader reader) : reader_(std::move(reader)) {}

  detail::ArrayReader reader_;
};

}  // namespace eigencoder
