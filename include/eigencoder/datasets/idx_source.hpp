#pragma once

#include <cstdint>
#include <eigencoder/data/stream.hpp>
#include <eigencoder/detail/files/array_reader.hpp>
#include <eigencoder/detail/files/data_bytes.hpp>
#include <eigencoder/detail/files/idx_reader.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>
#include <string>

namespace eigencoder {

/// The samples of an IDX file that stay in the file until they are wanted (`RandomAccessSource`), with the values that
/// `read_idx_images` gives: `Stream stream{IdxSource{path}}; model.fit(stream, Adam{}, options);`. The file must not
/// change meanwhile. A gzipped file is inflated into memory.
class IdxSource {
 public:
  /// @throws FileError as `read_idx_images`; what is wrong with a sample's values is found by `read`
  explicit IdxSource(const std::string& path) : reader_(detail::idx_image_reader(detail::DataBytes(path))) {}

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
