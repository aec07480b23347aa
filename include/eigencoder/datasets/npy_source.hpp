#pragma once

#include <cstdint>
#include <eigencoder/data/stream.hpp>
#include <eigencoder/datasets/npy_options.hpp>
#include <eigencoder/detail/files/array_reader.hpp>
#include <eigencoder/detail/files/data_bytes.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>
#include <string>

namespace eigencoder {

/// The array of an NPY file as samples that stay in the file until they are wanted (`RandomAccessSource`), with the
/// values that `read_npy` gives: `Stream stream{NpySource{"x.npy"}}; model.fit(stream, Adam{}, options);`. The file
/// must not change meanwhile. Where a sample's values do not stand together (a matrix in Fortran order, or
/// `samples_last`) each value of a shuffled sample is read on its own, which is slow: save large arrays in C order,
/// the samples on their first axis. A gzipped file is inflated into memory.
class NpySource {
 public:
  /// @throws FileError as `read_npy`; what is wrong with a sample's values is found by `read`
  explicit NpySource(const std::string& path, const NpyOptions& options = {})
      : reader_(detail::npy_reader(detail::DataBytes(path), options)) {}

  Index size() const { return reader_.size(); }
  Index rows() const { return reader_.rows(); }
  /// What errors call its samples: the file.
  std::string name() const { return "'" + reader_.name() + "'"; }
  /// Of a sample.
  const Shape& shape() const { return reader_.shape(); }

  /// Writes the samples at these places one after another to `out`. @throws FileError
  template <class Scalar>
  void read(std::span<const std::uint32_t> places, Scalar* out) {
    reader_.read(places, out);
  }

 private:
  detail::ArrayReader reader_;
};

}  // namespace eigencoder
