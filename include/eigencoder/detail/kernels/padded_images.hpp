#pragma once

#include <algorithm>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/shape.hpp>

namespace eigencoder::detail {

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
