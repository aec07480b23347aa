#pragma once

#include <cmath>
#include <eigencoder/detail/augmentation/gaussian_filter.hpp>
#include <eigencoder/detail/augmentation/pixels.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// Blurs an image by a Gaussian filter, whose standard deviation is drawn anew for each sample, for a model that learns
/// to sharpen. The filter reaches 3 standard deviations, rounded up to whole pixels; its weights sum to 1. Pixels at
/// the border are repeated beyond it, and where an image is constant it does not change by a bit.
/// Source: Gonzalez & Woods, "Digital image processing" (4th edition, 2018), section 3.5, separable Gaussian kernels.
struct Blur {
  double min_stddev = 0.7;  ///< the least standard deviation, in pixels, in [0, max_stddev]
  double max_stddev = 1.5;  ///< the largest, in pixels, at most 32; all between are equally likely

  /// As every `Corruption`.
  ///@{
  static constexpr std::string_view name = "Blur";

  void validate() const {
    detail::require_option(max_stddev >= 0 && max_stddev <= detail::GaussianTaps<float>::max_stddev, "Blur.max_stddev",
                           "lie in [0, 32]");
    detail::require_option(min_stddev >= 0 && min_stddev <= max_stddev, "Blur.min_stddev", "lie in [0, max_stddev]");
  }
  constexpr Diagnosis diagnose(Shape input) const { return detail::diagnose_image(name, input); }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random& random) const {
    const double stddev = min_stddev + (max_stddev - min_stddev) * random.uniform();
    const detail::GaussianTaps<Scalar> taps(stddev, static_cast<int>(std::ceil(3 * stddev)));
    const Index line = shape.width * shape.channels;
    for (Index row = 0; row < shape.height; ++row)
      detail::filter_lines(sample + row * line, shape.width, shape.channels, shape.channels, taps);
    detail::filter_lines(sample, shape.height, line, line, taps);
  }
  ///@}
};

}  // namespace eigencoder
