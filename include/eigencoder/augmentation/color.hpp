#pragma once

#include <algorithm>
#include <eigencoder/detail/augmentation/pixels.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

/// @file
/// Changes of an image's colors, for `Augmented`.
namespace eigencoder {

/// Makes an image with values in [0, 1] brighter or darker: multiplies all values, a white background's too, by one
/// factor uniform in [1 - amount, 1 + amount] and clamps them to [0, 1].
struct Brightness {
  double amount = 0.1;  ///< the largest deviation of the factor from 1, in [0, 1]

  /// As every `Augmentation`.
  ///@{
  static constexpr std::string_view name = "Brightness";
  void validate() const { detail::require_probability("Brightness.amount", amount); }
  void skip(Random& random) const { random.uniform(); }

  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const auto factor = static_cast<Scalar>(1 + amount * (2 * random.uniform() - 1));
    const Index size = shape.size();
    for (Index i = 0; i < size; ++i) to[i] = detail::clamp_to_unit(factor * from[i]);
  }
  ///@}
};

/// Makes the colors of an image of three channels (red, green, blue) in [0, 1] stronger or paler: multiplies each
/// pixel's difference from its luma by one factor uniform in [1 - amount, 1 + amount] and clamps the values to [0, 1].
/// Gray pixels do not change by a bit. Luma is 0.299 red + 0.587 green + 0.114 blue: ITU-R BT.601-7, section 2.5.1.
struct Saturation {
  double amount = 0.1;  ///< the largest deviation of the factor from 1, in [0, 1]

  /// As every `Augmentation`.
  ///@{
  static constexpr std::string_view name = "Saturation";
  void validate() const { detail::require_probability("Saturation.amount", amount); }
  constexpr Diagnosis diagnose(Shape input) const { return detail::diagnose_three_channels(name, input); }
  void skip(Random& random) const { random.uniform(); }

  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const auto more = static_cast<Scalar>(amount * (2 * random.uniform() - 1));
    const Index pixels = shape.height * shape.width;
    for (Index i = 0; i < pixels; ++i, from += 3, to += 3) {
      const Scalar red = from[0], green = from[1], blue = from[2];
      const Scalar luma = detail::luma(red, green, blue);
      to[0] = detail::clamp_to_unit(red + more * (red - luma));
      to[1] = detail::clamp_to_unit(green + more * (green - luma));
      to[2] = detail::clamp_to_unit(blue + more * (blue - luma));
    }
  }
  ///@}
};

/// Rotates the hue of all colors of an image of three channels (red, green, blue) by one angle uniform in
/// [-degrees, degrees]; at 180 all hues are equally likely. Value and saturation (of HSV) do not change, so gray, white
/// and black pixels do not change by a bit and values in [0, 1] stay there.
struct Hue {
  double degrees = 30;  ///< the largest angle, in [0, 180]

  /// As every `Augmentation`.
  ///@{
  static constexpr std::string_view name = "Hue";
  void validate() const {
    detail::require_option(degrees >= 0 && degrees <= 180, "Hue.degrees", "lie in [0, 180]");
  }
  constexpr Diagnosis diagnose(Shape input) const { return detail::diagnose_three_channels(name, input); }
  void skip(Random& random) const { random.uniform(); }

  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const auto angle = static_cast<Scalar>(degrees * (2 * random.uniform() - 1) / 60);
    const Index pixels = shape.height * shape.width;
    constexpr int block = 64;  // pixels at a time, one array a color, so that the loop over them vectorizes
    Scalar red[block], green[block], blue[block];
    for (Index begin = 0; begin < pixels; begin += block) {
      const int count = static_cast<int>(std::min<Index>(block, pixels - begin));
      for (int i = 0; i < count; ++i, from += 3) {
        red[i] = from[0];
        green[i] = from[1];
        blue[i] = from[2];
      }
      for (int i = 0; i < count; ++i) detail::rotate_hue(red[i], green[i], blue[i], angle);
      for (int i = 0; i < count; ++i, to += 3) {
        to[0] = red[i];
        to[1] = green[i];
        to[2] = blue[i];
      }
    }
  }
  ///@}
};

}  // namespace eigencoder
