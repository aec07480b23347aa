#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/core/shape.hpp>
#include <eigencoder/core/types.hpp>
#include <eigencoder/io/file.hpp>
#include <eigencoder/io/npy_header.hpp>
#include <string>
#include <type_traits>

/// @file
/// The values of an NPY array as samples.
namespace eigencoder {

/// How an array's axes become samples.
struct NpyOptions {
  /// The last axis counts the samples, not the first: a matrix is values x samples, images are
  /// height x width x channels x samples.
  bool samples_last = false;
  /// Images of 4 axes have their channels before height and width, not behind.
  bool channels_first = false;
};

namespace detail {

/// `count` values, `step` values apart in the file, to numbers `to_step` apart. Truth values become 0 and 1.
/// @param from  the first; all of them are there, whatever their alignment
template <class Scalar>
void convert_npy(const NpyHeader& header, const std::uint8_t* from, Index step, Index count, Scalar* to,
                 Index to_step) {
  const auto convert = [&]<class Value, class Bits>(Value, Bits) {
    constexpr std::size_t width = sizeof(Bits);
    const bool swap = width > 1 && header.big_endian == (std::endian::native == std::endian::little);
    const std::ptrdiff_t stride = step * static_cast<std::ptrdiff_t>(width);
    for (Index i = 0; i < count; ++i) {
      Bits bits;
      std::memcpy(&bits, from + i * stride, width);
      if (swap) {
        Bits turned = 0;
        for (std::size_t b = 0; b < width; ++b)
          turned = static_cast<Bits>(turned | ((bits >> (8 * b)) & 0xFF) << (8 * (width - 1 - b)));
        bits = turned;
      }
      to[i * to_step] = static_cast<Scalar>(std::bit_cast<Value>(bits));
    }
  };
  const auto convert_whole = [&]<class Bits>(Bits zero) {
    header.kind == 'i' ? convert(std::make_signed_t<Bits>{}, zero) : convert(zero, zero);
  };
  if (header.kind == 'f')
    return header.width == 4 ? convert(float{}, std::uint32_t{}) : convert(double{}, std::uint64_t{});
  if (header.kind == 'b') {
    for (Index i = 0; i < count; ++i) to[i * to_step] = from[i * step] != 0 ? Scalar{1} : Scalar{0};
    return;
  }
  if (header.width == 1) return convert_whole(std::uint8_t{});
  if (header.width == 2) return convert_whole(std::uint16_t{});
  if (header.width == 4) return convert_whole(std::uint32_t{});
  convert_whole(std::uint64_t{});
}

/// Where the values of the samples stand in an array; steps count values.
struct NpyLayout {
  Index samples = 1, sample_step = 1;
  Shape shape = {};
  Index row_step = 1, column_step = 1, channel_step = 1;

  /// Whether a sample's values stand together and in our order: sample j begins at value j * shape.size().
  bool is_contiguous() const {
    const auto stands = [](Index side, Index step, Index wanted) { return side == 1 || step == wanted; };
    return stands(shape.channels, channel_step, 1) && stands(shape.width, column_step, shape.channels) &&
           stands(shape.height, row_step, shape.width * shape.channels) && stands(samples, sample_step, shape.size());
  }
};

/// @throws FileError where the array is empty, or has no or more than 4 axes
inline NpyLayout npy_layout(const NpyHeader& header, const NpyOptions& options, const std::string& name) {
  std::size_t axes = header.shape.size();
  if (axes < 1 || axes > 4) fail_file("read", name, "its array has " + std::to_string(axes) + " axes, read are 1 to 4");
  if (header.count == 0) fail_file("read", name, "its array is empty");

  Index sides[4] = {1, 1, 1, 1}, steps[4] = {1, 1, 1, 1}, step = 1;
  for (std::size_t i = 0; i < axes; ++i) {
    const std::size_t axis = header.fortran_order ? i : axes - 1 - i;
    sides[axis] = static_cast<Index>(header.shape[axis]);
    steps[axis] = step;
    step *= sides[axis];
  }
  if (axes == 1) axes = 2;  // n x 1

  NpyLayout layout;
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

/// One sample in our order, height x width x channels with the channel fastest.
/// @param from  the sample's first value in the array
template <class Scalar>
void convert_npy_sample(const NpyHeader& header, const NpyLayout& layout, const std::uint8_t* from, Scalar* to) {
  const auto& [height, width, channels] = layout.shape;
  if (layout.is_contiguous()) return convert_npy(header, from, 1, layout.shape.size(), to, 1);
  if (layout.shape.is_flat()) return convert_npy(header, from, layout.channel_step, channels, to, 1);
  for (Index h = 0; h < height; ++h)
    for (Index c = 0; c < channels; ++c)
      convert_npy(header, from + (h * layout.row_step + c * layout.channel_step) * static_cast<Index>(header.width),
                  layout.column_step, width, to + h * width * channels + c, channels);
}

}  // namespace detail
}  // namespace eigencoder
