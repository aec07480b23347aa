#pragma once

#include <cmath>
#include <eigencoder/detail/kernels/values_per_draw.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// Sets values to the lowest or the highest, both alike likely, each value with the same probability and on its own.
/// Source: Vincent et al., "Stacked denoising autoencoders" (2010), section 3.3; there the number of values hit is
/// fixed, here it is its mean.
struct SaltAndPepper {
  double rate = 0.1;          ///< the probability of each value to become either, in [0, 1]
  double low = 0;             ///< pepper
  double high = 1;            ///< salt
  bool whole_pixels = false;  ///< the channels of a pixel of an image together

  static constexpr std::string_view name = "SaltAndPepper";
  void validate() const {
    if (!(rate >= 0 && rate <= 1)) throw OptionError("eigencoder: SaltAndPepper.rate must lie in [0, 1]");
    if (!(std::isfinite(low) && std::isfinite(high)))
      throw OptionError("eigencoder: SaltAndPepper.low and SaltAndPepper.high must be finite");
  }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    const Index size = shape.size(), together = detail::values_a_draw(shape, whole_pixels);
    const auto pepper = static_cast<Scalar>(low), salt = static_cast<Scalar>(high);
    for (Index first = 0; first < size; first += together) {
      const double drawn = random.uniform();
      for (Index i = first; i < first + together; ++i)
        sample[i] = drawn < rate / 2 ? pepper : drawn < rate ? salt : sample[i];
    }
  }
};

}  // namespace eigencoder
