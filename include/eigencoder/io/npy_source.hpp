#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/core/shape.hpp>
#include <eigencoder/core/types.hpp>
#include <eigencoder/io/file.hpp>
#include <eigencoder/io/npy_header.hpp>
#include <eigencoder/io/npy_values.hpp>
#include <eigencoder/io/random_access_file.hpp>
#include <span>
#include <string>
#include <vector>

namespace eigencoder {

/// The array of an NPY file as samples that stay in the file until they are wanted (`RandomAccessSource`), with the
/// values that `read_npy` gives: `Stream stream{NpySource{"x.npy"}}; model.fit(stream, Adam{}, options);`. The file
/// must not change meanwhile.
class NpySource {
 public:
  /// @throws FileError as `read_npy`, and where a sample is not in one piece: an array in Fortran order (a matrix's
  ///         transpose), or `samples_last`
  explicit NpySource(const std::string& path, const NpyOptions& options = {})
      : file_(path),
        header_(detail::parse_npy_header(file_.beginning(detail::npy_header_limit), file_.size(), path)),
        layout_(detail::npy_layout(header_, options, path)),
        bytes_(sample_bytes()) {
    if (layout_.samples > 1 && layout_.sample_step != layout_.shape.size())
      detail::fail_file("read", path,
                        "the values of a sample do not stand together in it, as they have to where it is read sample "
                        "by sample: save it in C order, the samples on its first axis");
  }

  Index size() const { return layout_.samples; }
  Index rows() const { return layout_.shape.size(); }
  /// Of a sample.
  const Shape& shape() const { return layout_.shape; }

  /// Writes the samples at these places one after another to `out`. @throws FileError
  template <class Scalar>
  void read(std::span<const std::uint32_t> places, Scalar* out) {
    for (const std::uint32_t place : places) {
      file_.read(header_.begin + place * std::uint64_t{bytes_.size()}, bytes_);
      detail::convert_npy_sample(header_, layout_, bytes_.data(), out);
      out += rows();
    }
  }

 private:
  std::size_t sample_bytes() const { return static_cast<std::size_t>(layout_.shape.size()) * header_.width; }

  detail::RandomAccessFile file_;
  detail::NpyHeader header_;
  detail::NpyLayout layout_;
  std::vector<std::uint8_t> bytes_;  // of a sample
};

}  // namespace eigencoder
