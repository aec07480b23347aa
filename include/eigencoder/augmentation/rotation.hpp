#pragma once

#include <cmath>
#include <eigencoder/detail/augmentation/resample.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <numbers>
#include <string_view>

namespace eigencoder {

/// Turns an image about its center by an angle uniform in [-degrees, degrees]; the edge's pixels are repeated into
/// the corners.
struct Rotation {
  double degrees = 10;
  double probability = 1;  ///< that an image is turned at all
  Sampling sampling = Sampling::bilinear;

  static constexpr std::string_view name = "Rotation";
  void validate() const {
    if (!(degrees >= 0 && degrees <= 180)) throw OptionError("eigencoder: Rotation.degrees must lie in [0, 180]");
    if (!(probability >= 0 && probability <= 1))
      throw OptionError("eigencoder: Rotation.probability must lie in [0, 1]");
  }
  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const double drawn = degrees * (2 * random.uniform() - 1) * std::numbers::pi / 180;
    const double angle = random.uniform() < probability ? drawn : 0;
    const double cosine = std::cos(angle), sine = std::sin(angle);
    const double row = 0.5 * static_cast<double>(shape.height - 1);
    const double col = 0.5 * static_cast<double>(shape.width - 1);
    detail::resample(from, to, shape, sampling, {row - cosine * row - sine * col, cosine, sine},
                     {col + sine * row - cosine * col, -sine, cosine});
  }
};

}  // namespace eigencoder
