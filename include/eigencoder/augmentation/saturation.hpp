#pragma once

#include <eigencoder/detail/augmentation/color.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// Makes the colors of an image of three channels (red, green, blue) in [0, 1] stronger or paler: each pixel's
/// difference from its luma times one factor, uniform in [1 - amount, 1 + amount], values outside of [0, 1] cut. A gray
/// pixel stays exactly as it is. Luma is 0.299 red + 0.587 green + 0.114 blue: ITU-R BT.601-7, section 2.5.1.
struct Saturation {
  double amount = 0.1;

  static constexpr std::string_view name = "Saturation";
  void validate() const {
    if (!(amount >= 0 && amount <= 1)) throw OptionError("eigencoder: Saturation.amount must lie in [0, 1]");
  }
  constexpr Diagnosis diagnose(Shape input) const { return detail::diagnose_colors(name, input); }

  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const auto more = static_cast<Scalar>(amount * (2 * random.uniform() - 1));
    const Index pixels = shape.height * shape.width;
    for (Index i = 0; i < pixels; ++i, from += 3, to += 3) {
      const Scalar red = from[0], green = from[1], blue = from[2];
      // By differences, which vanish exactly where the three are equal.
      const Scalar luma = green + Scalar(0.299) * (red - green) + Scalar(0.114) * (blue - green);
      to[0] = detail::in_range(red + more * (red - luma));
      to[1] = detail::in_range(green + more * (green - luma));
      to[2] = detail::in_range(blue + more * (blue - luma));
    }
  }
};

}  // namespace eigencoder
