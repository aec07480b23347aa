#pragma once

#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/kernels/weightless_kernels.hpp>
#include <eigencoder/extend/linear_layer.hpp>

namespace eigencoder {

/// Turns the r^2 channels of a value into r x r pixels (Shi et al. 2016, "Real-time single image and video
/// super-resolution using an efficient sub-pixel convolutional neural network", equation 4): images of height x width x
/// c r^2 become height r x width r x c. A linear layer without a weight; no value is lost, so a mirrored decoder undoes
/// it exactly.
///
///     Conv2d<12, 3, Same>, PixelShuffle<2>    // twice the height and width, 3 channels
///     PixelShuffle{2}
///
/// The channels have PyTorch's order: pixel (y r + i, x r + j) gets its channel k from channel k r^2 + i r + j of pixel
/// (y, x), for i, j < r. So the weights of a convolution before it move between the libraries as they are. (The paper's
/// equation has i and j before k: another numbering of what that convolution learns.)
template <Index Factor = Dynamic>
struct PixelShuffle : WeightlessLayer {
  Index factor = Factor;  ///< r, of height and width

  constexpr PixelShuffle() = default;
  /// By value: `PixelShuffle{2}`.
  constexpr explicit PixelShuffle(Index times)
    requires(Factor == Dynamic)
      : factor(times) {}

  /// As every `LinearLayer`.
  ///@{
  constexpr Shape output(Shape in) const {
    const Shape out{detail::scaled_size(in.height, factor), detail::scaled_size(in.width, factor),
                    divided(in.channels, detail::checked_size(factor))};
    return in.is_possible() && out.is_possible() ? out : Shape::none();
  }
  constexpr Text name() const { return detail::spelled_type("PixelShuffle", Factor == Dynamic, {factor}); }
  /// "an image with channels in multiples of 4"
  constexpr Text expected_input() const {
    if (detail::checked_size(factor) <= 0) return "a positive factor";
    return Text::of("an image with channels in multiples of ", static_cast<long long>(factor * factor));
  }
  template <class Scalar>
  auto kernel(Shape in, const Scalar*) const {
    return detail::PixelShuffleKernel{{in, output(in)}, factor};
  }
  ///@}

 private:
  static constexpr Index divided(Index n, Index r) {
    if (n == Dynamic || r == Dynamic) return Dynamic;
    return r > 0 && n % (r * r) == 0 ? n / (r * r) : Shape::impossible;
  }
};

PixelShuffle(Index) -> PixelShuffle<>;

}  // namespace eigencoder
