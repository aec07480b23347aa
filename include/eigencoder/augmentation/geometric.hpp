#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <eigencoder/detail/augmentation/resample.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <numbers>
#include <string_view>

/// @file
/// Changes of an image that move its pixels, for `Augmented`.
namespace eigencoder {

/// Mirrors an image left to right.
struct HorizontalFlip {
  double probability = 0.5;  ///< that an image is mirrored

  /// As every `Augmentation`.
  ///@{
  static constexpr std::string_view name = "HorizontalFlip";
  static constexpr bool scale_free = true;
  void validate() const { detail::require_probability("HorizontalFlip.probability", probability); }

  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    if (!random.bernoulli(probability)) {
      std::copy_n(from, shape.size(), to);
      return;
    }
    detail::by_channels(shape.channels, [&](auto channels) {
      for (Index row = 0; row < shape.height; ++row) {
        const Scalar* source = from + (row + 1) * shape.width * channels;
        Scalar* target = to + row * shape.width * channels;
        for (Index col = 0; col < shape.width; ++col) {
          source -= channels;
          for (Index c = 0; c < channels; ++c) target[col * channels + c] = source[c];
        }
      }
    });
  }
  ///@}
};

/// Mirrors an image top to bottom.
struct VerticalFlip {
  double probability = 0.5;  ///< that an image is mirrored

  /// As every `Augmentation`.
  ///@{
  static constexpr std::string_view name = "VerticalFlip";
  static constexpr bool scale_free = true;
  void validate() const { detail::require_probability("VerticalFlip.probability", probability); }

  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const bool flip = random.bernoulli(probability);
    const Index run = shape.width * shape.channels;
    for (Index row = 0; row < shape.height; ++row)
      std::copy_n(from + (flip ? shape.height - 1 - row : row) * run, run, to + row * run);
  }
  ///@}
};

/// Moves an image by up to `pixels` along each axis, with equally likely offsets; the pixels at the edge are repeated
/// into the gap. Beside a target of fewer pixels the offsets are multiples of the ratio of the sides.
struct Shift {
  Index pixels = 2;  ///< the largest offset, in [0, 1048576]

  /// As every `Augmentation`.
  ///@{
  static constexpr std::string_view name = "Shift";
  void validate() const {
    detail::require_option(pixels >= 0 && pixels <= 1 << 20, "Shift.pixels", "lie in [0, 1048576]");
  }
  void validate_scale(ImageScale scale) const {
    detail::require_option(pixels == 0 || pixels >= scale.per, "Shift.pixels",
                           "be 0, or at least the pixels of the input for one of the target");
  }

  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random, ImageScale scale = {}) const {
    const Index most = pixels / scale.per;  // steps of `per` pixels of the input
    const auto choices = static_cast<std::uint32_t>(2 * most + 1);
    const Index down = (static_cast<Index>(random.below(choices)) - most) * scale.times;
    const Index drawn = (static_cast<Index>(random.below(choices)) - most) * scale.times;
    const Index right = std::clamp<Index>(drawn, -shape.width, shape.width);  // a larger offset changes nothing
    const Index channels = shape.channels, last = shape.width - 1;
    // Columns begin, ..., end - 1 show columns of the source; the others repeat its first or its last.
    const Index begin = std::max<Index>(right, 0), end = shape.width + std::min<Index>(right, 0);
    for (Index row = 0; row < shape.height; ++row) {
      const Scalar* source = from + std::clamp<Index>(row - down, 0, shape.height - 1) * shape.width * channels;
      Scalar* target = to + row * shape.width * channels;
      for (Index col = 0; col < begin; ++col) std::copy_n(source, channels, target + col * channels);
      std::copy_n(source + (begin - right) * channels, (end - begin) * channels, target + begin * channels);
      for (Index col = end; col <= last; ++col)
        std::copy_n(source + last * channels, channels, target + col * channels);
    }
  }
  ///@}
};

/// How a value between pixels is computed.
enum class InterpolationMode {
  bilinear,  ///< from the four pixels around, by their distance, which blurs
  nearest    ///< the nearest pixel's, which keeps the hard edges of pixel art
};

/// Enlarges a window of an image to the image's size: a zoom. The window's sides are the image's times one fraction,
/// uniform in [smallest, largest]; its position is uniform within the image. A fraction above 1 shrinks the whole image
/// instead, to a uniform position within the window, and repeats the pixels at its edge around it.
struct Crop {
  double smallest = 0.8;   ///< the smallest fraction, above 0
  double largest = 1;      ///< the largest fraction, at most 2
  double probability = 1;  ///< that an image is cropped
  InterpolationMode interpolation = InterpolationMode::bilinear;  ///< how values between pixels are computed

  /// As every `Augmentation`.
  ///@{
  static constexpr std::string_view name = "Crop";
  static constexpr bool scale_free = true;
  void validate() const {
    detail::require_option(smallest > 0 && smallest <= largest && largest <= 2, "Crop.smallest and Crop.largest",
                           "lie in (0, 2] in this order");
    detail::require_probability("Crop.probability", probability);
  }

  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const double zoomed = smallest + (largest - smallest) * random.uniform();
    const double fraction = random.uniform() < probability ? zoomed : 1;
    const double top = random.uniform() * (1 - fraction) * static_cast<double>(shape.height);
    const double left = random.uniform() * (1 - fraction) * static_cast<double>(shape.width);
    const double center = 0.5 * fraction - 0.5;  // of the window's first pixel, relative to the window's corner
    detail::resample(from, to, shape, interpolation == InterpolationMode::bilinear,
                     {.start = top + center, .down = fraction}, {.start = left + center, .right = fraction});
  }
  ///@}
};

/// Rotates an image about its center by an angle uniform in [-degrees, degrees]; the pixels at the edge are repeated
/// into the corners.
struct Rotation {
  double degrees = 10;     ///< the largest angle, in [0, 180]
  double probability = 1;  ///< that an image is rotated
  InterpolationMode interpolation = InterpolationMode::bilinear;  ///< how values between pixels are computed

  /// As every `Augmentation`.
  ///@{
  static constexpr std::string_view name = "Rotation";
  static constexpr bool scale_free = true;
  void validate() const {
    detail::require_option(degrees >= 0 && degrees <= 180, "Rotation.degrees", "lie in [0, 180]");
    detail::require_probability("Rotation.probability", probability);
  }

  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const double drawn = degrees * (2 * random.uniform() - 1) * std::numbers::pi / 180;
    const double angle = random.uniform() < probability ? drawn : 0;
    const double cosine = std::cos(angle), sine = std::sin(angle);
    const double row = 0.5 * static_cast<double>(shape.height - 1);
    const double col = 0.5 * static_cast<double>(shape.width - 1);
    detail::resample(from, to, shape, interpolation == InterpolationMode::bilinear,
                     {row - cosine * row - sine * col, cosine, sine}, {col + sine * row - cosine * col, -sine, cosine});
  }
  ///@}
};

}  // namespace eigencoder
