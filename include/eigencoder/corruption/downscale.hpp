#pragma once

#include <eigencoder/detail/augmentation/pixels.hpp>
#include <eigencoder/detail/augmentation/shrink_and_enlarge.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// How `Downscale` enlarges an image again.
enum class Enlargement {
  nearest,  ///< every pixel is repeated
  bicubic   ///< cubic convolution, between the centers of pixels; it may overshoot at edges
};

/// Takes the details from an image, for a model that learns to enlarge images: each square of factor x factor pixels
/// becomes its mean, and this smaller image is enlarged to the old size. Where the factor does not divide a side, the
/// last squares are cut. Nothing is drawn.
///
/// Sources: Dong et al., "Image super-resolution using deep convolutional networks" (2016), section 3.1, a network on
/// enlarged images; Keys, "Cubic convolution interpolation for digital image processing" (1981), a = -1/2.
struct Downscale {
  Index factor = 2;                                ///< of both sides, at least 1
  Enlargement enlargement = Enlargement::bicubic;  ///< how the old size is reached again
  bool clipped = false;                            ///< whether values are clamped to [0, 1] at the end, for images

  /// As every `Corruption`.
  ///@{
  static constexpr std::string_view name = "Downscale";

  void validate() const {
    detail::require_at_least("Downscale.factor", 1, factor);
    detail::require_option(enlargement == Enlargement::nearest || enlargement == Enlargement::bicubic,
                           "Downscale.enlargement", "be an Enlargement");
  }
  constexpr Diagnosis diagnose(Shape input) const { return detail::diagnose_image(name, input); }

  template <class Scalar>
  void corrupt(Scalar* sample, Shape shape, Random&) const {
    const Index longer = shape.height > shape.width ? shape.height : shape.width;
    const Index side = factor < longer ? factor : longer;
    const Index line = shape.width * shape.channels, size = shape.size();
    detail::shrink(sample, shape, side);
    if (enlargement == Enlargement::nearest) {
      detail::repeat_pixels(sample, shape, side);
    } else {
      for (Index row = 0; row < shape.height; row += side)
        detail::interpolate_lines(sample + row * line, shape.width, shape.channels, shape.channels, side);
      detail::interpolate_lines(sample, shape.height, line, line, side);
    }
    if (clipped)
      for (Index i = 0; i < size; ++i) sample[i] = detail::clamp_to_unit(sample[i]);
  }
  ///@}
};

}  // namespace eigencoder
