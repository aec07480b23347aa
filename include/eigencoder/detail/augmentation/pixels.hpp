#pragma once

#include <cmath>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

/// @file
/// What augmentation and corruption do with single pixels.
namespace eigencoder::detail {

/// Whether a change of colors can be applied to images of this shape: a pixel must be red, green and blue.
constexpr Diagnosis diagnose_three_channels(std::string_view change, Shape image) {
  if (image.channels == 3 || image.channels == Dynamic) return {};
  const std::string_view noun = image.channels == 1 ? " channel" : " channels";
  return {Rule::policy_applies, change, Text::of("an image of ", static_cast<long long>(image.channels), noun),
          "three channels"};
}

/// Whether a change of neighboring pixels can be applied to inputs of this shape: it must be an image's.
constexpr Diagnosis diagnose_image(std::string_view change, Shape input) {
  if (!input.is_flat()) return {};
  return {Rule::policy_applies, change, Text::of("an input of ", input.in_words()), "an image, Image<H, W, C>"};
}

/// 0.299 red + 0.587 green + 0.114 blue: ITU-R BT.601-7, section 2.5.1. From differences, which are exactly 0 where the
/// three are equal.
template <class Scalar>
constexpr Scalar luma(Scalar red, Scalar green, Scalar blue) {
  return green + Scalar(0.299) * (red - green) + Scalar(0.114) * (blue - green);
}

/// The nearest value in [0, 1].
template <class Scalar>
constexpr Scalar clamp_to_unit(Scalar value) {
  return value < 0 ? Scalar{0} : value > 1 ? Scalar{1} : value;
}

/// Rotates the hue of a pixel in HSV by `angle` sixths of the circle, |angle| <= 3. The largest value v does not change
/// by a bit and the smallest, v - c, by rounding alone, so gray pixels (c = 0) do not change by a bit. On a circle of
/// length 6 with red at 0, green at 2 and blue at 4, a pixel of hue h has in the color at p the value
/// v - c clamp(|h - p| - 1, 0, 1), where |h - p| is the distance along the circle.
/// Source: Smith, "Color gamut transform pairs" (1978), the hexcone model.
template <class Scalar>
void rotate_hue(Scalar& red, Scalar& green, Scalar& blue, Scalar angle) {
  const Scalar larger = red > green ? red : green, smaller = red > green ? green : red;
  const Scalar value = larger > blue ? larger : blue, least = smaller > blue ? blue : smaller;
  const Scalar chroma = value - least;
  const Scalar divisor = chroma > 0 ? chroma : Scalar{1};
  const bool is_red = value == red, is_green = value == green;
  // The differences are computed before the selection, which then compiles without a branch.
  const Scalar from_red = green - blue, from_green = blue - red, from_blue = red - green;
  const Scalar offset = is_red ? from_red : is_green ? from_green : from_blue;
  const Scalar nearest = is_red ? Scalar{0} : is_green ? Scalar{2} : Scalar{4};
  const Scalar hue = nearest + offset / divisor + angle;  // in [-4, 8]
  const auto channel = [&](Scalar position) {
    const Scalar forward = (std::abs)(hue - position), backward = (std::abs)(forward - 6);
    return value - chroma * clamp_to_unit((forward < backward ? forward : backward) - 1);
  };
  red = channel(0);
  green = channel(2);
  blue = channel(4);
}

/// How many neighboring values a corruption changes by one random draw: all channels of a pixel if it corrupts whole
/// pixels, otherwise 1. The values of a flat sample are pixels of one channel.
constexpr Index values_per_draw(Shape shape, bool whole_pixels) {
  return whole_pixels && !shape.is_flat() ? shape.channels : 1;
}

}  // namespace eigencoder::detail
