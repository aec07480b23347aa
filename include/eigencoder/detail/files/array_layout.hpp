#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/files/stored_numbers.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <string>
#include <vector>

/// @file
/// An array of numbers in a file, and where its axes place the samples.
namespace eigencoder::detail {

/// What the header of a file says of its array.
struct ArrayHeader {
  NumberFormat format = {};
  bool fortran_order = false;  ///< the first index runs fastest, not the last
  std::vector<std::uint64_t> shape = {};
  std::uint64_t begin = 0;  ///< where in the file the values begin
  std::uint64_t count = 0;  ///< of values, once `count_values` has multiplied the shape

  /// Bytes of all values; they fit into 63 bits.
  std::uint64_t bytes() const { return count * format.width; }

  /// False where the shape claims more values than any file can hold.
  bool count_values() {
    constexpr std::uint64_t most = static_cast<std::uint64_t>(-1) >> 1;
    count = 1;
    for (const std::uint64_t side : shape) {
      if (side != 0 && count > most / format.width / side) return false;
      count *= side;
    }
    return true;
  }
};

/// How the axes of an array become samples.
struct ArrayOptions {
  bool samples_last = false;    ///< the last axis counts the samples, not the first
  bool channels_first = false;  ///< images of 4 axes have their channels before height and width, not behind
  bool allow_nan = false;       ///< NaN is no error
};

/// Where the values of the samples stand in an array; steps count values.
struct ArrayLayout {
  Index samples = 1, sample_step = 1;
  Shape shape = {};
  Index row_step = 1, column_step = 1, channel_step = 1;

  /// Whether a sample's values stand together, in whatever order. Else `sample_step` is 1.
  bool has_whole_samples() const { return samples == 1 || sample_step == shape.size(); }
  /// Whether they stand together in our order, height x width x channels with the channel fastest.
  bool is_contiguous() const {
    const auto stands = [](Index side, Index step, Index wanted) { return side == 1 || step == wanted; };
    return stands(shape.channels, channel_step, 1) && stands(shape.width, column_step, shape.channels) &&
           stands(shape.height, row_step, shape.width * shape.channels) && has_whole_samples();
  }
  /// The place of a value in its sample, counted in our order.
  Index offset(Index value) const {
    const Index pixel = value / shape.channels;
    return pixel / shape.width * row_step + pixel % shape.width * column_step + value % shape.channels * channel_step;
  }
};

/// @throws FileError where the array is empty, has no or more than 4 axes, or more bytes than `Index` counts
inline ArrayLayout array_layout(const ArrayHeader& header, const ArrayOptions& options, const std::string& name) {
  std::size_t axes = header.shape.size();
  if (axes < 1 || axes > 4) fail_file("read", name, "its array has " + std::to_string(axes) + " axes, read are 1 to 4");
  if (header.count == 0) fail_file("read", name, "its array is empty");
  constexpr std::uint64_t most = (std::numeric_limits<Index>::max)();
  if (header.bytes() > most)
    fail_file("read", name,
              "its array has " + std::to_string(header.bytes()) + " bytes, this program counts to " +
                  std::to_string(most) + " (the type of Eigen::Index)");

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
  const std::size_t first = options.samples_last ? 0 : 1;  // axis of a sample
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
