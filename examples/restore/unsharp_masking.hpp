#pragma once

#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>

namespace examples {

/// Unsharp masking: y = x + amount (x - blurred x), clamped to [0, 1].
/// Source: Gonzalez & Woods, "Digital image processing" (4th edition, 2018), section 3.6, eq. 3-64 and 3-65.
struct UnsharpMasking {
  double stddev = 1;  ///< of the Gaussian filter that blurs x, in pixels
  double amount = 1;

  /// @throws ShapeError where the images do not have `shape`
  eigencoder::MatrixX<float> sharpened(eigencoder::View<float> images, const eigencoder::Shape& shape) const;
};

/// The values of a grid by which blurred images come closest to the clean ones, by the squared error.
/// @throws ShapeError where the sizes do not fit
/// @throws DataError without images
UnsharpMasking best_sharpening(eigencoder::View<float> clean, eigencoder::View<float> blurred,
                               const eigencoder::Shape& shape);

}  // namespace examples
