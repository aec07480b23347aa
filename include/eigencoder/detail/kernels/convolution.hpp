#pragma once

#include <algorithm>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/window.hpp>
#include <limits>
#include <numeric>

/// @file
/// The geometry of a convolution: its sizes, how its images are divided into tasks, which inputs each output reads, and
/// the images with the padding that it reads.
namespace eigencoder::detail {

/// The sizes of a convolution of images of shape `in` to `channels` channels.
struct Convolution {
  Window window;
  Shape in;
  Index channels;

  constexpr Index inputs() const { return in.channels / window.groups; }   ///< input channels of a group
  constexpr Index outputs() const { return channels / window.groups; }     ///< output channels of a group
  constexpr Index taps() const { return window.height.kernel * window.width.kernel; }
  constexpr Index patch() const { return taps() * inputs(); }  ///< values that a group sees at one position
  /// Whether the input has so few channels that a product for a single tap would leave registers empty. Then products
  /// take the taps of a kernel row together, which lie side by side, and the adjoint is computed by `col2im`.
  constexpr bool few_channels() const { return inputs() < 8 && window.groups == 1 && window.width.dilation == 1; }

  /// The output's shape; impossible for hyperparameters out of range and for images too small.
  constexpr Shape output() const {
    const Index groups = window.groups;
    if (groups != Dynamic && groups < 1) return Shape::none();
    if (groups != Dynamic && channels != Dynamic && in.channels != Dynamic &&
        (channels % groups != 0 || in.channels % groups != 0))
      return Shape::none();
    const Shape out{window.height.output(in.height), window.width.output(in.width),
                    groups == Dynamic ? Index{Dynamic} : Shape::checked(channels)};
    if (!out.is_static() || in.channels == Dynamic) return out;
    const Index max_channels = (std::numeric_limits<Index>::max)() / taps();  // above, a weight's size overflows
    return channels <= max_channels && in.channels <= max_channels ? out : Shape::none();
  }

  /// The weight is stored as groups x kernel rows x kernel columns x inputs x outputs, the last fastest, so that the
  /// gradient of neighboring taps is one contiguous range. Fan-out: with strides, an input value meets only one of
  /// `stride` taps along each side.
  WeightShape weight_shape() const {
    const Index strides = std::max<Index>(1, window.height.stride * window.width.stride);
    return {window.groups * patch(), outputs(), patch(), std::max<Index>(1, taps() * outputs() / strides)};
  }
};

/// Cuts a batch of images into parts of about equal work, one a task: a band of lines of a large image, or several
/// small images together. A line is a row of the result, or in a strided adjoint `stride` rows. The cut depends on
/// sizes alone.
class ImagePartition {
 public:
  struct Part {
    Range samples, lines;
  };

  /// Positions in a part, unless one line has more: enough to pay for packing the weight, few enough for the cache.
  static constexpr Index max_positions = 512;

  /// Images of `lines` lines of `width` positions.
  ImagePartition(Index lines, Index width)
      : lines_(lines),
        bands_(std::clamp<Index>(lines * width / max_positions, 1, lines)),
        samples_(std::max<Index>(1, max_positions / 2 / (lines * width))) {}

  Index count(Index batch) const { return (batch * bands_ + samples_ - 1) / samples_; }
  Part part(Index task, Index batch) const {
    const Index band = task % bands_, sample = task / bands_ * samples_;
    const Index first = lines_ * band / bands_;
    return {{sample, (std::min)(samples_, batch - sample)}, {first, lines_ * (band + 1) / bands_ - first}};
  }

 private:
  Index lines_, bands_, samples_;  // bands of one image, images of one part
};

/// Which inputs each output reads along one axis of a convolution or of its adjoint, as index arithmetic: no table, no
/// branch per tap. It describes the outputs first + q step for q < outputs, where output q reads the inputs
/// q stride + offset + t dilation through the taps tap + t tap_step of the kernel, for t < taps.
struct ConvolutionAxis {
  Index first, step, outputs;
  Index stride, offset, dilation;
  Index tap, tap_step, taps;

  /// The first input that outputs begin, ..., end - 1 read, and the one after the last.
  Index read_begin(Index begin) const { return begin * stride + offset; }
  Index read_end(Index end) const { return (end - 1) * stride + offset + (taps - 1) * dilation + 1; }

  /// The same with only the taps from, ..., from + count - 1.
  ConvolutionAxis with_taps(Index from, Index count) const {
    return {first, step, outputs, stride, offset + from * dilation, dilation, tap + from * tap_step, tap_step, count};
  }
  /// The same with only the taps that, at any output of a range, read one of n inputs: the others read zeros alone.
  ConvolutionAxis reaching(Range range, Index n) const {
    const Index last = read_begin(range.first + range.count - 1);  // what the first tap reads at the last output
    const Index from = (std::min)(taps, last < 0 ? (dilation - 1 - last) / dilation : 0);
    const Index left = n - read_begin(range.first);
    const Index to = (std::min)(taps, left > 0 ? (left - 1) / dilation + 1 : 0);
    return with_taps(from, std::max<Index>(0, to - from));
  }
  /// The outputs of a range at which every tap reads one of n inputs.
  Range inside(Range range, Index n) const {
    const Index from = (std::max)(range.first, offset < 0 ? (stride - 1 - offset) / stride : 0);
    const Index left = n - offset - (taps - 1) * dilation;
    const Index to = (std::min)(range.first + range.count, left > 0 ? (left - 1) / stride + 1 : 0);
    return {from, std::max<Index>(0, to - from)};
  }

  /// A convolution of n values.
  static ConvolutionAxis forward(const WindowSide& side, Index n) {
    return {0, 1, side.output(n), side.stride, -side.padding(n), side.dilation, 0, 1, side.kernel};
  }

  /// One phase of its adjoint; all `stride` phases make the whole. Value i of the image meets tap t at window position
  /// q where i = q stride + t dilation - padding, so the values i = phase, phase + stride, ... all meet the same taps.
  static ConvolutionAxis adjoint(const WindowSide& side, Index n, Index phase) {
    const Index common = std::gcd(side.dilation, side.stride), tap_step = side.stride / common;
    const Index outputs = std::max<Index>(0, (n - phase + side.stride - 1) / side.stride);
    const Index shifted = phase + side.padding(n);
    Index tap = 0;
    while (tap < (std::min)(side.kernel, tap_step) && (shifted - tap * side.dilation) % side.stride != 0) ++tap;
    const bool any = tap < (std::min)(side.kernel, tap_step);
    const Index taps = any ? (side.kernel - 1 - tap) / tap_step + 1 : 0;
    const Index last = tap + (taps - 1) * tap_step;  // reads the first position
    return {phase, side.stride, outputs, 1, any ? (shifted - last * side.dilation) / side.stride : 0,
            side.dilation / common, last, -tap_step, taps};
  }
};

/// A rectangle of an image, which may extend beyond it.
struct Rectangle {
  Index top, bottom, left, right;  ///< bottom and right are exclusive

  bool is_empty() const { return top >= bottom || left >= right; }
  /// The smallest rectangle that contains both.
  Rectangle joined(Rectangle other) const {
    if (is_empty() || other.is_empty()) return is_empty() ? other : *this;
    return {(std::min)(top, other.top), (std::max)(bottom, other.bottom), (std::min)(left, other.left),
            (std::max)(right, other.right)};
  }
};

/// The number of values of `samples` images. @throws OptionError if that is more than memory can hold.
template <class Scalar>
Index image_values(Index rows, Index cols, Index channels, Index samples) {
  const Index max_pixels = max_bytes / static_cast<Index>(sizeof(Scalar)) / channels / samples;
  if (cols > max_pixels / rows)
    throw OptionError(message({"a padded image of ", rows, " x ", cols, " x ", channels,
                               " values is more than memory can hold"}));
  return rows * cols * channels * samples;
}

/// The same rectangle of several images, channel fastest, with zeros outside the images. If nothing lies outside, it
/// points into the images; otherwise it is a copy in `buffer`. `row_step` leaves rows out: only rows top,
/// top + row_step, ... are present.
template <class Scalar>
class PaddedImages {
 public:
  /// `images` are of shape `in`; `samples` selects some of them.
  /// @throws OptionError if the copy is more than memory can hold.
  PaddedImages(const Scalar* images, Shape in, Range samples, Rectangle part, Index row_step, Buffer<Scalar>& buffer)
      : part_(part), channels_(in.channels) {
    images += samples.first * in.values();
    if (part.top >= 0 && part.left >= 0 && part.bottom <= in.height && part.right <= in.width) {
      row_stride_ = row_step * in.width * channels_;
      sample_stride_ = in.values();
      data_ = images + (part.top * in.width + part.left) * channels_;
      return;
    }
    const Index rows = (part.bottom - part.top - 1) / row_step + 1;
    Scalar* to = buffer.ensure_size(image_values<Scalar>(rows, part.right - part.left, channels_, samples.count));
    row_stride_ = (part.right - part.left) * channels_;
    sample_stride_ = rows * row_stride_;
    data_ = to;
    const Index left = std::clamp<Index>(part.left, 0, in.width), right = std::clamp<Index>(part.right, left, in.width);
    const Index before = std::clamp<Index>(-part.left, 0, part.right - part.left) * channels_;
    const Index inside = (right - left) * channels_;
    for (Index sample = 0; sample < samples.count; ++sample)
      for (Index row = part.top; row < part.bottom; row += row_step, to += row_stride_) {
        if (row < 0 || row >= in.height || inside == 0) {
          std::fill_n(to, row_stride_, Scalar(0));
          continue;
        }
        std::fill_n(to, before, Scalar(0));
        std::copy_n(images + ((sample * in.height + row) * in.width + left) * channels_, inside, to + before);
        std::fill(to + before + inside, to + row_stride_, Scalar(0));
      }
  }

  Index sample_stride() const { return sample_stride_; }
  Index row_stride() const { return row_stride_; }
  /// The rectangle of the first image.
  const Scalar* data() const { return data_; }
  /// The pixel at this row and column of the first image; requires a row step of 1.
  const Scalar* pixel(Index row, Index col) const {
    return data_ + (row - part_.top) * row_stride_ + (col - part_.left) * channels_;
  }

 private:
  Rectangle part_;
  Index channels_, row_stride_, sample_stride_;
  const Scalar* data_;
};

}  // namespace eigencoder::detail
