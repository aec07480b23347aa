#pragma once

#include <algorithm>
#include <eigencoder/layers/linear.hpp>
#include <eigencoder/layers/window.hpp>
#include <type_traits>

namespace eigencoder::detail {

/// A rectangle of a kernel's taps.
struct Taps {
  Index row, rows, col, cols;
};

/// Copies a few values: a call of memmove would take longer. The last step reaches back to what has been copied.
template <class Scalar>
void copy_run(const Scalar* from, Scalar* to, Index count) {
  const auto by = [=]<int step>(std::integral_constant<int, step>) {
    for (Index i = 0; i + step < count; i += step) std::copy_n(from + i, step, to + i);
    std::copy_n(from + count - step, step, to + count - step);
  };
  if (count >= 16) by(std::integral_constant<int, 16>());
  else if (count >= 8) by(std::integral_constant<int, 8>());
  else if (count >= 4) by(std::integral_constant<int, 4>());
  else by(std::integral_constant<int, 1>());
}

/// Where a window reads an image of shape `in`, channel fastest, and the matrix of patches that it reads: a column for
/// each place of the window, counted through the whole batch, with the taps' channels behind each other.
class Patches {
 public:
  Patches(const Window& window, Shape in)
      : in_(in),
        rows_(window.height),
        cols_(window.width),
        places_down_(window.height.output(in.height)),
        places_right_(window.width.output(in.width)),
        top_(window.height.padding(in.height)),
        left_(window.width.padding(in.width)) {}

  /// Places of the window on one image.
  Index places() const { return places_down_ * places_right_; }
  Taps all_taps() const { return {0, rows_.kernel, 0, cols_.kernel}; }
  /// Whether the patches are the image itself.
  bool are_the_image() const {
    return rows_.kernel == 1 && cols_.kernel == 1 && places_down_ == in_.height && places_right_ == in_.width &&
           top_ == 0 && left_ == 0;
  }

  /// Copies the patches of some columns out of the images.
  template <class Scalar>
  void unfold(const Scalar* images, Range columns, Taps taps, Range channels, Scalar* patches) const {
    each_run(columns, taps, channels, [&](Index image, Index patch, Index count) {
      if (image < 0) std::fill_n(patches + patch, count, Scalar(0));
      else copy_run(images + image, patches + patch, count);
    });
  }

  /// The adjoint of `unfold`: adds the patches to the images.
  template <class Scalar>
  void fold(const Scalar* patches, Range columns, Taps taps, Range channels, Scalar* images) const {
    each_run(columns, taps, channels, [&](Index image, Index patch, Index count) {
      if (image >= 0)
        for (Index i = 0; i < count; ++i) images[image + i] += patches[patch + i];
    });
  }

 private:
  /// Calls `visit(image, patch, count)` for each stretch that is contiguous in the images and in the patches;
  /// `image` is negative outside of the image.
  template <class Visit>
  void each_run(Range columns, Taps taps, Range channels, const Visit& visit) const {
    const bool together = cols_.dilation == 1 && channels.count == in_.channels;
    Index sample = columns.first / places();
    Index down = columns.first % places() / places_right_, right = columns.first % places_right_;
    Index patch = 0;
    for (Index column = 0; column < columns.count; ++column) {
      const Index x = right * cols_.stride - left_ + taps.col * cols_.dilation;
      for (Index tap = taps.row; tap < taps.row + taps.rows; ++tap) {
        const Index y = down * rows_.stride - top_ + tap * rows_.dilation;
        const bool inside = y >= 0 && y < in_.height;
        const Index row = (sample * in_.height + y) * in_.width;
        if (together) {
          const Index begin = inside ? std::clamp<Index>(-x, 0, taps.cols) : taps.cols;
          const Index end = inside ? std::clamp<Index>(in_.width - x, begin, taps.cols) : taps.cols;
          if (begin > 0) visit(Index{-1}, patch, begin * in_.channels);
          if (end > begin) visit((row + x + begin) * in_.channels, patch + begin * in_.channels,
                                 (end - begin) * in_.channels);
          if (taps.cols > end) visit(Index{-1}, patch + end * in_.channels, (taps.cols - end) * in_.channels);
          patch += taps.cols * in_.channels;
        } else {
          for (Index k = 0; k < taps.cols; ++k, patch += channels.count) {
            const Index at = x + k * cols_.dilation;
            const bool within = inside && at >= 0 && at < in_.width;
            visit(within ? (row + at) * in_.channels + channels.first : Index{-1}, patch, channels.count);
          }
        }
      }
      if (++right < places_right_) continue;
      right = 0;
      if (++down < places_down_) continue;
      down = 0;
      ++sample;
    }
  }

  Shape in_;
  WindowSide rows_, cols_;
  Index places_down_, places_right_, top_, left_;
};

}  // namespace eigencoder::detail
