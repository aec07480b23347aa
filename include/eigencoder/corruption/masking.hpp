#pragma once

#include <cmath>
#include <eigencoder/detail/kernels/values_per_draw.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// Sets values to a constant, each with the same probability and on its own. Source: Vincent et al., "Stacked
/// denoising autoencoders" (2010), section 3.3, masking noise; there the number of masked values is fixed, here it is
/// its mean.
struct Masking {
  double rate = 0.3;          ///< the probability of each, in [0, 1]
  bool whole_pixels = false;  ///< the channels of a pixel of an image together
  double value = 0;           ///< what masked values become

  static constexpr std::string_view name = "Masking";
  void validate() const {
    if (!(rate >= 0 && rate <= 1)) throw OptionError("eigencoder: Masking.rate must lie in [0, 1]");
    if (!std::isfinite(value)) throw OptionError("eigencoder: Masking.value must be finite");
  }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    const Index size = shape.size(), together = detail::values_a_draw(shape, whole_pixels);
    const auto masked = static_cast<Scalar>(value);
    for (Index first = 0; first < size; first += together) {
      const bool hit = random.bernoulli(rate);
      for (Index i = first; i < first + together; ++i) sample[i] = hit ? masked : sample[i];
    }
  }
};

}  // namespace eigencoder
