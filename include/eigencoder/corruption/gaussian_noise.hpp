#pragma once

#include <cmath>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/core/random.hpp>
#include <eigencoder/core/shape.hpp>
#include <eigencoder/data/augmentations/color.hpp>
#include <string_view>

namespace eigencoder {

/// Adds to every value a normal one of mean 0: additive isotropic Gaussian noise, for values of any range if it is
/// not clipped. Source: Vincent et al., "Stacked denoising autoencoders" (2010), section 3.3.
struct GaussianNoise {
  double deviation = 0.1;  ///< the standard deviation, in units of the data
  bool clipped = false;    ///< whether values outside of [0, 1] are cut afterwards: for images

  static constexpr std::string_view name = "GaussianNoise";
  void validate() const {
    if (!(deviation >= 0 && std::isfinite(deviation)))
      throw OptionError("eigencoder: GaussianNoise.deviation must be finite and at least 0");
  }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    const Index size = shape.size();
    for (Index i = 0; i < size; ++i) {
      const double noisy = static_cast<double>(sample[i]) + deviation * random.normal();
      sample[i] = static_cast<Scalar>(clipped ? detail::in_range(noisy) : noisy);
    }
  }
};

}  // namespace eigencoder
