#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/core/shape.hpp>
#include <eigencoder/core/types.hpp>
#include <eigencoder/io/file.hpp>
#include <eigencoder/io/gunzip.hpp>
#include <eigencoder/io/idx.hpp>
#include <eigencoder/io/random_access_file.hpp>
#include <span>
#include <string>
#include <vector>

namespace eigencoder {

/// The images of an IDX file as samples that stay in the file until they are wanted (`RandomAccessSource`), with the
/// values that `read_idx_images` gives: `Stream stream{IdxSource{path}}; model.fit(stream, Adam{}, options);`. The file
/// must not change meanwhile.
class IdxSource {
 public:
  /// @throws FileError as `read_idx_images`, and where the file is gzipped
  explicit IdxSource(const std::string& path) : file_(path) {
    constexpr std::size_t axes = 3;
    const std::vector<std::uint8_t> header = file_.beginning(detail::idx_header_size(axes));
    if (detail::is_gzip(header))
      detail::fail_file("read", path, "it is gzipped, and its images are wanted in any order: unpack it (gunzip)");
    const std::vector<Index> sizes = detail::idx_sizes(header, axes, file_.size(), path, "images");
    detail::check_idx_size(sizes, file_.size(), path);
    size_ = sizes[0];
    shape_ = {sizes[1], sizes[2], 1};
    bytes_.resize(static_cast<std::size_t>(shape_.size()));
  }

  Index size() const { return size_; }
  Index rows() const { return shape_.size(); }
  /// Of a sample.
  const Shape& shape() const { return shape_; }

  /// Writes the samples at these places one after another to `out`. @throws FileError
  template <class Scalar>
  void read(std::span<const std::uint32_t> places, Scalar* out) {
    for (const std::uint32_t place : places) {
      file_.read(detail::idx_header_size(3) + place * std::uint64_t{bytes_.size()}, bytes_);
      for (const std::uint8_t byte : bytes_) *out++ = static_cast<Scalar>(detail::idx_value(byte));
    }
  }

 private:
  detail::RandomAccessFile file_;
  Index size_ = 0;
  Shape shape_;
  std::vector<std::uint8_t> bytes_;  // of an image
};

}  // namespace eigencoder
