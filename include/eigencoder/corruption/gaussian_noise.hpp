#pragma once

#include <cmath>
#include <eigencoder/detail/augmentation/color.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// Adds to every value a normal one of mean 0: additive isotropic Gaussian noise, for values of any range if it is
/// not clipped. Source: Vincent et al., "Stacked denoising autoencoders" (2010), section 3.3.
struct GaussianNoise {
  double stddev = 0.1;  ///< the standard deviation, in units of the data
  bool clipped = false;    ///< whether values outside of [0, 1] are cut afterwards: for images

  static constexpr std::string_view name = "GaussianNoise";
  void validate() const {
    if (!(stddev >= 0 && std::isfinite(stddev)))
      throw OptionError("eigencoder: GaussianNoise.stddev must be finite and at least 0");
  }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    const Index size = shape.size();
    for (Index i = 0; i < size; ++i) {
      const double noisy = static_cast<double>(sample[i]) + stddev * random.normal();
      sample[i] = static_cast<Scalar>(clipped ? detail::in_range(noisy) : noisy);
    }
  }
};

}  // namespace eigencoder
