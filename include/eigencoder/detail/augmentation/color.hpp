#pragma once

#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder::detail {

/// What is wrong with images for a change of their colors, if anything: a pixel is red, green and blue.
constexpr Diagnosis diagnose_colors(std::string_view change, Shape image) {
  if (image.channels == 3 || image.channels == Dynamic) return {};
  const std::string_view noun = image.channels == 1 ? " channel" : " channels";
  return {Rule::policy_applies, change, Text::of("an image of ", static_cast<long long>(image.channels), noun),
          "three channels"};
}

/// The nearest value in [0, 1].
template <class Scalar>
constexpr Scalar in_range(Scalar value) {
  return value < 0 ? Scalar{0} : value > 1 ? Scalar{1} : value;
}

}  // namespace eigencoder::detail
