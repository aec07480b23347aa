#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/files/array_layout.hpp>
#include <eigencoder/detail/files/data_bytes.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/file_samples.hpp>
#include <eigencoder/detail/files/stored_numbers.hpp>
#include <eigencoder/detail/files/whole_number.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// Reads the samples of an array that is in a file, NPY or IDX, whether all of them are wanted or some at a time. All
/// members throw FileError naming the file.
class ArrayReader {
 public:
  /// Refuses a file that does not hold what its header claims, no less and no more, or has no samples.
  ArrayReader(DataBytes file, ArrayHeader header, const ArrayOptions& options)
      : file_(std::move(file)), header_(std::move(header)), options_(options) {
    file_.expect(header_.begin, header_.bytes());
    layout_ = array_layout(header_, options, name());
  }

  const std::string& name() const { return file_.name(); }
  Index size() const { return layout_.samples; }
  Index rows() const { return layout_.shape.size(); }
  /// Of a sample.
  const Shape& shape() const { return layout_.shape; }

  /// Writes the samples at these places one after another to `out`. FileError also where one holds NaN or infinity, or
  /// a number too large for `Scalar`.
  template <class Scalar>
  void read(std::span<const std::uint32_t> places, Scalar* out) {
    for (std::size_t i = 0, run = 1; i < places.size(); i += run, run = 1) {
      while (i + run < places.size() && places[i + run] == places[i] + run) ++run;
      read(places[i], static_cast<Index>(run), out);
      out += static_cast<Index>(run) * rows();
    }
  }

  /// The same of `count` samples from `first`.
  template <class Scalar>
  void read(Index first, Index count, Scalar* out) {
    convert(first, count, out);
    if (header_.format.kind != 'f' || is_finite(out, count * rows())) return;
    for (Index j = 0; j < count; ++j) check_sample(first + j, out + j * rows());
  }

  /// The samples as labels: whole numbers.
  std::vector<int> labels() {
    if (rows() != 1)
      fail_file("read", name(), "it should hold one label for each sample, it has " + std::to_string(rows()));
    constexpr Index block = 4096;
    double values[block];
    std::vector<int> labels;
    take_memory(name(), std::to_string(size()) + " labels", [&] { labels.reserve(static_cast<std::size_t>(size())); });
    for (Index first = 0, now = 0; first < size(); first += now) {
      now = size() - first < block ? size() - first : block;
      convert(first, now, values);
      for (const double value : std::span(values).first(static_cast<std::size_t>(now))) {
        const auto label = whole_number(value);
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

  /// Bytes of the array: `count` values from one.
  std::span<const std::uint8_t> bytes(Index from, Index count) {
    const std::uint64_t offset = header_.begin + static_cast<std::uint64_t>(from) * header_.format.width;
    return file_.view(offset, static_cast<std::size_t>(count) * header_.format.width, room_);
  }

  /// A sample's values stand together: some samples at a time are in memory.
  template <class Scalar>
  void convert_samples(Index first, Index count, Scalar* out) {
    constexpr Index block = Index{1} << 18;  // bytes
    const Index width = static_cast<Index>(header_.format.width), most = block / (rows() * width) + 1;
    for (Index now = 0; count > 0; first += now, count -= now) {
      now = count < most ? count : most;
      const std::uint8_t* from = bytes(first * rows(), now * rows()).data();
      if (layout_.is_contiguous())
        convert_numbers(header_.format, from, 1, now * rows(), out, 1);
      else
        for (Index j = 0; j < now; ++j) convert_sample(from + j * rows() * width, out + j * rows());
      out += now * rows();
    }
  }

  template <class Scalar>
  void convert_sample(const std::uint8_t* from, Scalar* to) const {
    const auto& [height, width, channels] = layout_.shape;
    const auto line = [&](Index begin, Index step, Index count, Scalar* first, Index to_step) {
      const std::uint8_t* at = from + begin * static_cast<Index>(header_.format.width);
      convert_numbers(header_.format, at, step, count, first, to_step);
    };
    if (layout_.shape.is_flat()) return line(0, layout_.channel_step, channels, to, 1);
    for (Index h = 0; h < height; ++h)
      for (Index c = 0; c < channels; ++c)
        line(h * layout_.row_step + c * layout_.channel_step, layout_.column_step, width, to + h * width * channels + c,
             channels);
  }

  /// The same value of all samples stands together: one read for each value.
  template <class Scalar>
  void convert_across(Index first, Index count, Scalar* out) {
    for (Index i = 0; i < rows(); ++i)
      convert_numbers(header_.format, bytes(layout_.offset(i) + first, count).data(), 1, count, out + i, rows());
  }

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

  DataBytes file_;
  ArrayHeader header_;
  ArrayOptions options_;
  ArrayLayout layout_;
  std::vector<std::uint8_t> room_;  // what is read from disk at a time
};

/// All samples of an array. @throws FileError as the reader, and where the memory does not hold them
template <class Scalar>
Dataset<Scalar> read_array(ArrayReader reader) {
  Dataset<Scalar> set;
  set.shape = reader.shape();
  set.samples = make_samples<Scalar>(static_cast<std::uint64_t>(reader.rows()),
                                     static_cast<std::uint64_t>(reader.size()), reader.name());
  reader.read(0, reader.size(), set.samples.data());
  return set;
}

}  // namespace eigencoder::detail
