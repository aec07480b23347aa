#pragma once

#include <concepts>
#include <cstdint>
#include <eigencoder/data/stream.hpp>
#include <eigencoder/detail/files/cifar10_reader.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eigencoder {

/// The images of CIFAR-10's binary files, one file after the other, as samples that stay in the files until they are
/// wanted (`RandomAccessSource`), with the values that `read_cifar10` gives. The files must not change meanwhile. A
/// gzipped file is inflated into memory.
class Cifar10Source {
 public:
  /// @throws FileError as `read_cifar10`
  explicit Cifar10Source(const std::vector<std::string>& paths)
      : reader_(detail::Cifar10Reader::open(paths), "Cifar10Source") {}
  /// Of one file.
  template <std::convertible_to<std::string_view> Path>
  explicit Cifar10Source(const Path& path)
      : Cifar10Source(std::vector<std::string>{std::string(std::string_view(path))}) {}

  Index size() const { return static_cast<Index>(labels().size()); }
  Index rows() const { return shape().size(); }
  /// What errors call its samples: the file.
  std::string name() const { return "'" + reader_.name() + "'"; }
  /// Of a sample.
  Shape shape() const { return reader_.shape(); }
  /// One per sample.
  const std::vector<int>& labels() const { return reader_.labels(); }

  /// Writes the samples at these places one after another to `out`. @throws FileError
  template <class Scalar>
  void read(std::span<const std::uint32_t> places, Scalar* out) {
    for (const std::uint32_t place : places) {
      reader_.read(place, out);
      out += rows();
    }
  }

 private:
  detail::Cifar10Reader reader_;
};

}  // namespace eigencoder
