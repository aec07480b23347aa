#pragma once

#include <algorithm>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/shape.hpp>

namespace eigencoder::detail {

/// A rectangle of an image, which may reach beyond it.
struct Rectangle {
  Index top, bottom, left, right;  ///< bottom and right are the first outside

  bool is_empty() const { return top >= bottom || left >= right; }
  /// The smallest that holds both.
  Rectangle joined(Rectangle other) const {
    if (is_empty() || other.is_empty()) return is_empty() ? other : *this;
    return {(std::min)(top, other.top), (std::max)(bottom, other.bottom), (std::min)(left, other.left),
            (std::max)(right, other.right)};
  }
};

/// The values of some images together; throws `OptionError` where no memory holds them.
template <class Scalar>
Index image_values(Index rows, Index cols, Index channels, Index samples) {
  const Index most = max_bytes / static_cast<Index>(sizeof(Scalar)) / channels / samples;
  if (cols > most / rows) too_large(max_bytes);
  return rows * cols * channels * samples;
}

/// A rectangle of each of some images, channel fastest, with zeros where it reaches beyond them: a copy, or, where it
/// does not, the images themselves. Of its rows only every so many may be wanted. Throws `OptionError` for a rectangle
/// that no memory holds.
template <class Scalar>
class PaddedImages {
 public:
  /// `images` are of shape `in`; `samples` tells which of them, `every` the distance of the rows.
  PaddedImages(const Scalar* images, Shape in, Range samples, Rectangle part, Index every, Buffer<Scalar>& room)
      : part_(part), channels_(in.channels) {
    images += samples.first * in.values();
    if (part.top >= 0 && part.left >= 0 && part.bottom <= in.height && part.right <= in.width) {
      row_ = every * in.width * channels_;
      sample_ = in.values();
      data_ = images + (part.top * in.width + part.left) * channels_;
      return;
    }
    const Index rows = (part.bottom - part.top - 1) / every + 1;
    Scalar* to = room.ensure_size(image_values<Scalar>(rows, part.right - part.left, channels_, samples.count));
    row_ = (part.right - part.left) * channels_;
    sample_ = rows * row_;
    data_ = to;
    const Index left = std::clamp<Index>(part.left, 0, in.width), right = std::clamp<Index>(part.right, left, in.width);
    const Index before = std::clamp<Index>(-part.left, 0, part.right - part.left) * channels_;
    const Index inside = (right - left) * channels_;
    for (Index sample = 0; sample < samples.count; ++sample)
      for (Index row = part.top; row < part.bottom; row += every, to += row_) {
        if (row < 0 || row >= in.height || inside == 0) {
          std::fill_n(to, row_, Scalar(0));
          continue;
        }
        std::fill_n(to, before, Scalar(0));
        std::copy_n(images + ((sample * in.height + row) * in.width + left) * channels_, inside, to + before);
        std::fill(to + before + inside, to + row_, Scalar(0));
      }
  }

  Index sample_stride() const { return sample_; }
  Index row_stride() const { return row_; }
  /// The rectangle of the first image.
  const Scalar* data() const { return data_; }
  /// What lies at this row and column of the first image, if every row is wanted.
  const Scalar* at(Index row, Index col) const {
    return data_ + (row - part_.top) * row_ + (col - part_.left) * channels_;
  }

 private:
  Rectangle part_;
  Index channels_, row_, sample_;
  const Scalar* data_;
};

}  // namespace eigencoder::detail
