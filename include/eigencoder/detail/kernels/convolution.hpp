#pragma once

#include <algorithm>
#include <eigencoder/extend/linear_layer.hpp>
#include <eigencoder/extend/window.hpp>
#include <limits>

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

}  // namespace eigencoder::detail
