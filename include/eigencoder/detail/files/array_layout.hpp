#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/datasets/options.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/stored_numbers.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <string>
#include <vector>

/// @file
/// An array of numbers in a file, and where the values of its samples are.
namespace eigencoder::detail {

/// What the header of a file says about its array.
struct ArrayHeader {
  NumberFormat format = {};
  bool fortran_order = false;  ///< the first index varies fastest, not the last
  std::vector<std::uint64_t> shape = {};
  std::uint64_t begin = 0;  ///< the offset of the values in the file
  std::uint64_t count = 0;  ///< of the values; set by `count_values`

  /// The size of all values in bytes, less than 2^63.
  std::uint64_t bytes() const { return count * format.width; }

  /// Computes `count` from the shape; false where the shape claims more values than a file can hold.
  bool count_values() {
    constexpr std::uint64_t max_bytes = static_cast<std::uint64_t>(-1) >> 1;
    count = 1;
    for (const std::uint64_t side : shape) {
      if (side != 0 && count > max_bytes / format.width / side) return false;
      count *= side;
    }
    return true;
  }
};

/// The positions of the samples' values in an array. A step is the distance of neighbors along an axis, in values.
struct ArrayLayout {
  Index samples = 1, sample_step = 1;
  Shape shape = {};
  Index row_step = 1, column_step = 1, channel_step = 1;

  /// Whether the values of a sample are contiguous, in any order. Else `sample_step` is 1.
  bool has_whole_samples() const { return samples == 1 || sample_step == shape.size(); }
  /// Whether they also are in the library's order, height x width x channels with the channel fastest.
  bool is_contiguous() const {
    const auto is_step = [](Index side, Index step, Index expected) { return side == 1 || step == expected; };
    return is_step(shape.channels, channel_step, 1) && is_step(shape.width, column_step, shape.channels) &&
           is_step(shape.height, row_step, shape.width * shape.channels) && has_whole_samples();
  }
  /// The distance in the array from a sample's first value to `value`, which counts in the library's order.
  Index offset(Index value) const {
    const Index pixel = value / shape.channels;
    return pixel / shape.width * row_step + pixel % shape.width * column_step + value % shape.channels * channel_step;
  }
};

/// The layout of an array with 1 to 4 axes.
/// @throws FileError where it has none or more axes, no values, or more bytes than `Index` counts
inline ArrayLayout array_layout(const ArrayHeader& header, const NpyOptions& options, const std::string& name) {
  std::size_t axes = header.shape.size();
  if (axes < 1 || axes > 4) fail_file("read", name, "its array has " + std::to_string(axes) + " axes, supported are 1 to 4");
  if (header.count == 0) fail_file("read", name, "its array is empty");
  constexpr std::uint64_t max_bytes = (std::numeric_limits<Index>::max)();
  if (header.bytes() > max_bytes)
    fail_file("read", name,
              "its array has " + std::to_string(header.bytes()) + " bytes, this program counts to " +
                  std::to_string(max_bytes) + " (the type of Eigen::Index)");

  Index sides[4] = {1, 1, 1, 1}, steps[4] = {1, 1, 1, 1}, step = 1;
  for (std::size_t i = 0; i < axes; ++i) {
    const std::size_t axis = header.fortran_order ? i : axes - 1 - i;
    sides[axis] = static_cast<Index>(header.shape[axis]);
    steps[axis] = step;
    step *= sides[axis];
  }
  if (axes == 1) axes = 2;  // n x 1

  ArrayLayout layout;
  const std::size_t sample = options.samples_last ? axes - 1 : 0;
  const std::size_t first = options.samples_last ? 0 : 1;  // the first axis within a sample
  layout.samples = sides[sample];
  layout.sample_step = steps[sample];
  const bool channels_first = axes == 2 || (axes == 4 && options.channels_first);
  const std::size_t row = channels_first ? first + 1 : first;
  if (axes != 3) {
    const std::size_t channel = channels_first ? first : first + 2;
    layout.shape.channels = sides[channel];
    layout.channel_step = steps[channel];
  }
  if (axes > 2) {
    layout.shape.height = sides[row];
    layout.row_step = steps[row];
    layout.shape.width = sides[row + 1];
    layout.column_step = steps[row + 1];
  }
  return layout;
}

}  // namespace eigencoder::detail
