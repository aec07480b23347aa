#pragma once

#include <eigencoder/layers/window_options.hpp>
#include <limits>

namespace eigencoder::detail {

/// What a convolution of images of shape `in` to `channels` channels is made of.
struct Convolution {
  Window window;
  Shape in;
  Index channels;

  constexpr Index inputs() const { return in.channels / window.groups; }  ///< channels of a group
  constexpr Index outputs() const { return channels / window.groups; }
  constexpr Index taps() const { return window.height.kernel * window.width.kernel; }
  /// Whether they are so few that products take the taps of a kernel row together, which lie side by side, and the
  /// adjoint is scattered.
  constexpr bool few_inputs() const { return inputs() < 8 && window.groups == 1 && window.width.dilation == 1; }
  constexpr Index patch() const { return taps() * inputs(); }  ///< values that a group of one place sees

  /// The shape that leaves; impossible for hyperparameters out of range and images too small.
  constexpr Shape output() const {
    const Index groups = window.groups;
    if (groups != Dynamic && groups < 1) return Shape::none();
    if (groups != Dynamic && channels != Dynamic && in.channels != Dynamic &&
        (channels % groups != 0 || in.channels % groups != 0))
      return Shape::none();
    const Shape out{window.height.output(in.height), window.width.output(in.width),
                    groups == Dynamic ? Index{Dynamic} : Shape::checked(channels)};
    if (!out.is_static() || in.channels == Dynamic) return out;
    const Index most = (std::numeric_limits<Index>::max)() / taps();  // that a weight can count
    return channels <= most && in.channels <= most ? out : Shape::none();
  }

  /// The weight is stored as groups x kernel rows x kernel columns x inputs x outputs, the last fastest: the gradient
  /// of some taps is then one stretch of it. Only a stride's share of the taps meets each input.
  WeightShape weight_shape() const {
    const Index strides = std::max<Index>(1, window.height.stride * window.width.stride);
    return {window.groups * patch(), outputs(), patch(), std::max<Index>(1, taps() * outputs() / strides)};
  }
};

}  // namespace eigencoder::detail
