#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/augmentation/color.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {
namespace detail {

/// Turns the hue of a pixel by `turn` sixths of the circle, |turn| <= 3, as HSV has it: its largest value v stays
/// exactly, its smallest v - c but for rounding, and so a gray pixel (c = 0) stays exactly as it is. Around a circle
/// of length 6, where red lies at 0, green at 2 and blue at 4, a pixel of hue h has of the color at p
/// v - c clamp(|h - p| - 1, 0, 1), |h - p| the way around the circle.
/// Source: Smith, "Color gamut transform pairs" (1978), the hexcone model.
template <class Scalar>
void turn_hue(Scalar& red, Scalar& green, Scalar& blue, Scalar turn) {
  const Scalar larger = red > green ? red : green, smaller = red > green ? green : red;
  const Scalar most = larger > blue ? larger : blue, least = smaller > blue ? blue : smaller;
  const Scalar chroma = most - least;
  const Scalar divisor = chroma > 0 ? chroma : Scalar{1};
  const bool is_red = most == red, is_green = most == green;
  // Stated ahead of the choice, which is then no branch.
  const Scalar of_red = green - blue, of_green = blue - red, of_blue = red - green;
  const Scalar lean = is_red ? of_red : is_green ? of_green : of_blue;
  const Scalar nearest = is_red ? Scalar{0} : is_green ? Scalar{2} : Scalar{4};
  const Scalar hue = nearest + lean / divisor + turn;  // in [-4, 8]
  const auto channel = [&](Scalar own) {
    const Scalar way = (std::abs)(hue - own), back = (std::abs)(way - 6);
    return most - chroma * in_range((way < back ? way : back) - 1);
  };
  red = channel(0);
  green = channel(2);
  blue = channel(4);
}

}  // namespace detail

/// Turns the hue of all colors of an image of three channels (red, green, blue) by one angle uniform in
/// [-degrees, degrees]; at 180 all turns are alike likely. Value and saturation (of HSV) stay, so gray pixels, white
/// and black stay exactly as they are and values in [0, 1] stay there.
struct Hue {
  double degrees = 30;

  static constexpr std::string_view name = "Hue";
  void validate() const {
    if (!(degrees >= 0 && degrees <= 180)) throw OptionError("eigencoder: Hue.degrees must lie in [0, 180]");
  }
  constexpr Diagnosis diagnose(Shape input) const { return detail::diagnose_colors(name, input); }

  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const auto turn = static_cast<Scalar>(degrees * (2 * random.uniform() - 1) / 60);
    const Index pixels = shape.height * shape.width;
    constexpr int most = 64;  // pixels in a run: each color for itself, so that they turn as vectors
    Scalar red[most], green[most], blue[most];
    for (Index begin = 0; begin < pixels; begin += most) {
      const int count = static_cast<int>(std::min<Index>(most, pixels - begin));
      for (int i = 0; i < count; ++i, from += 3) {
        red[i] = from[0];
        green[i] = from[1];
        blue[i] = from[2];
      }
      for (int i = 0; i < count; ++i) detail::turn_hue(red[i], green[i], blue[i], turn);
      for (int i = 0; i < count; ++i, to += 3) {
        to[0] = red[i];
        to[1] = green[i];
        to[2] = blue[i];
      }
    }
  }
};

}  // namespace eigencoder
