#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/datasets/options.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/files/array_layout.hpp>
#include <eigencoder/detail/files/data_file.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/samples.hpp>
#include <eigencoder/detail/files/stored_numbers.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// Reads the samples of the array in an NPY or IDX file, in any order.
/// @throws FileError naming the file, from every member
class ArrayReader {
 public:
  /// @throws FileError for fewer or more bytes than the header claims, and for no samples
  ArrayReader(DataFile file, ArrayHeader header, const NpyOptions& options = {})
      : file_(std::move(file)), header_(std::move(header)), options_(options) {
    file_.expect(header_.begin, header_.bytes());
    layout_ = array_layout(header_, options, name());
  }

  const std::string& name() const { return file_.name(); }
  Index size() const { return layout_.samples; }
  Index rows() const { return layout_.shape.size(); }
  /// Of a sample.
  const Shape& shape() const { return layout_.shape; }

  /// Writes the samples of these indices one after another to `out`.
  /// @throws FileError for NaN (unless `allow_nan`), infinity, and a number too large for `Scalar`
  template <class Scalar>
  void read(std::span<const std::uint32_t> indices, Scalar* out) {
    for (std::size_t i = 0, run = 1; i < indices.size(); i += run, run = 1) {
      while (i + run < indices.size() && indices[i + run] == indices[i] + run) ++run;
      read(indices[i], static_cast<Index>(run), out);
      out += static_cast<Index>(run) * rows();
    }
  }

  /// The same of samples first, ..., first + count - 1.
  template <class Scalar>
  void read(Index first, Index count, Scalar* out) {
    convert(first, count, out);
    if (header_.format.kind != 'f' || is_finite(out, count * rows())) return;
    for (Index j = 0; j < count; ++j) check_sample(first + j, out + j * rows());
  }

  /// The samples as labels: one whole number of 32 bits each.
  std::vector<int> labels() {
    if (rows() != 1)
      fail_file("read", name(), "it must hold one label for each sample, it has " + std::to_string(rows()));
    constexpr Index block = 4096;
    double values[block];
    std::vector<int> labels;
    allocate_for_file(name(), std::to_string(size()) + " labels",
                      [&] { labels.reserve(static_cast<std::size_t>(size())); });
    for (Index first = 0, count = 0; first < size(); first += count) {
      count = size() - first < block ? size() - first : block;
      convert(first, count, values);
      for (const double value : std::span(values).first(static_cast<std::size_t>(count))) {
        const auto label = to_label(value);
        if (!label)
          fail_file("read", name(), "label " + std::to_string(labels.size()) + " is not a whole number of 32 bits");
        labels.push_back(*label);
      }
    }
    return labels;
  }

 private:
  template <class Scalar>
  void convert(Index first, Index count, Scalar* out) {
    if (layout_.has_whole_samples())
      convert_samples(first, count, out);
    else
      convert_across(first, count, out);
  }

  /// The bytes of array values first, ..., first + count - 1, until the next call.
  std::span<const std::uint8_t> bytes(Index first, Index count) {
    const std::uint64_t offset = header_.begin + static_cast<std::uint64_t>(first) * header_.format.width;
    return file_.view(offset, static_cast<std::size_t>(count) * header_.format.width, buffer_);
  }

  /// Where the values of a sample are contiguous: reads blocks of samples.
  template <class Scalar>
  void convert_samples(Index first, Index count, Scalar* out) {
    constexpr Index block_bytes = Index{1} << 18;
    const Index width = static_cast<Index>(header_.format.width), max_samples = block_bytes / (rows() * width) + 1;
    for (Index samples = 0; count > 0; first += samples, count -= samples) {
      samples = count < max_samples ? count : max_samples;
      const std::uint8_t* from = bytes(first * rows(), samples * rows()).data();
      if (layout_.is_contiguous())
        convert_numbers(header_.format, from, 1, samples * rows(), out, 1);
      else
        for (Index j = 0; j < samples; ++j) convert_sample(from + j * rows() * width, out + j * rows());
      out += samples * rows();
    }
  }

  /// One sample whose values are contiguous, but not in the library's order.
  template <class Scalar>
  void convert_sample(const std::uint8_t* from, Scalar* to) const {
    const auto& [height, width, channels] = layout_.shape;
    const auto line = [&](Index begin, Index step, Index count, Scalar* first, Index to_step) {
      const std::uint8_t* bytes = from + begin * static_cast<Index>(header_.format.width);
      convert_numbers(header_.format, bytes, step, count, first, to_step);
    };
    if (layout_.shape.is_flat()) return line(0, layout_.channel_step, channels, to, 1);
    for (Index h = 0; h < height; ++h)
      for (Index c = 0; c < channels; ++c)
        line(h * layout_.row_step + c * layout_.channel_step, layout_.column_step, width, to + h * width * channels + c,
             channels);
  }

  /// Where the values of a sample are scattered, value i of all samples is contiguous: one read for each i.
  template <class Scalar>
  void convert_across(Index first, Index count, Scalar* out) {
    for (Index i = 0; i < rows(); ++i)
      convert_numbers(header_.format, bytes(layout_.offset(i) + first, count).data(), 1, count, out + i, rows());
  }

  /// @throws FileError for the first value of a sample that is not finite
  template <class Scalar>
  void check_sample(Index sample, const Scalar* values) {
    for (Index i = 0; i < rows(); ++i) {
      if (std::isfinite(values[i]) || (options_.allow_nan && std::isnan(values[i]))) continue;
      double stored = 0;
      const std::uint8_t* from = bytes(sample * layout_.sample_step + layout_.offset(i), 1).data();
      convert_numbers(header_.format, from, 1, 1, &stored, 1);
      fail_file("read", name(),
                "sample " + std::to_string(sample) + " holds " +
                    (std::isnan(stored)   ? "NaN"
                     : std::isinf(stored) ? "infinity"
                                          : "a number too large for a float") +
                    " at value " + std::to_string(i));
    }
  }

  DataFile file_;
  ArrayHeader header_;
  NpyOptions options_;
  ArrayLayout layout_;
  std::vector<std::uint8_t> buffer_;  // read from disk last
};

/// All samples of an array. @throws FileError as the reader does, and where they do not fit into the memory
template <class Scalar>
Dataset<Scalar> read_array(ArrayReader reader) {
  Dataset<Scalar> set;
  set.shape = reader.shape();
  set.samples = allocate_samples<Scalar>(static_cast<std::uint64_t>(reader.rows()),
                                         static_cast<std::uint64_t>(reader.size()), reader.name());
  reader.read(0, reader.size(), set.samples.data());
  return set;
}

}  // namespace eigencoder::detail
