#pragma once

#include <eigencoder/detail/augmentation/resample.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// Shows a window of an image at the image's size: a zoom. The window's sides are one fraction of the image's,
/// uniform in [smallest, largest]; it lies anywhere within the image, all places alike likely. A fraction above 1
/// shows the whole image smaller, anywhere within the window, the edge's pixels repeated around it.
struct Crop {
  double smallest = 0.8;
  double largest = 1;
  double probability = 1;  ///< that an image is changed at all
  Sampling sampling = Sampling::bilinear;

  static constexpr std::string_view name = "Crop";
  void validate() const {
    if (!(smallest > 0 && smallest <= largest && largest <= 2))
      throw OptionError("eigencoder: Crop.smallest and Crop.largest must lie in (0, 2] in this order");
    if (!(probability >= 0 && probability <= 1))
      throw OptionError("eigencoder: Crop.probability must lie in [0, 1]");
  }
  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const double zoomed = smallest + (largest - smallest) * random.uniform();
    const double fraction = random.uniform() < probability ? zoomed : 1;
    const double top = random.uniform() * (1 - fraction) * static_cast<double>(shape.height);
    const double left = random.uniform() * (1 - fraction) * static_cast<double>(shape.width);
    const double center = 0.5 * fraction - 0.5;  // of the window's first pixel, from the window's corner
    detail::resample(from, to, shape, sampling, {.start = top + center, .down = fraction},
                     {.start = left + center, .right = fraction});
  }
};

}  // namespace eigencoder
