#include "unsharp_masking.hpp"

#include <eigencoder/corruption/blur.hpp>
#include <eigencoder/corruption/corrupted.hpp>
#include <eigencoder/evaluation/metrics.hpp>
#include <eigencoder/extend/errors.hpp>

namespace examples {

using eigencoder::MatrixX, eigencoder::Shape, eigencoder::View;

namespace {

MatrixX<float> blurred_by(double stddev, View<float> images, const Shape& shape) {
  return eigencoder::corrupted(images, shape, eigencoder::Blur{.min_stddev = stddev, .max_stddev = stddev});
}

MatrixX<float> sharpened_by(double amount, View<float> images, const MatrixX<float>& blurred) {
  const auto factor = static_cast<float>(amount);
  return (images.matrix() + factor * (images.matrix() - blurred)).cwiseMax(0.F).cwiseMin(1.F);
}

}  // namespace

MatrixX<float> UnsharpMasking::sharpened(View<float> images, const Shape& shape) const {
  return sharpened_by(amount, images, blurred_by(stddev, images, shape));
}

UnsharpMasking best_sharpening(View<float> clean, View<float> blurred, const Shape& shape) {
  UnsharpMasking best;
  double least = -1;
  for (const double stddev : {0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.2, 1.5, 2.0}) {
    const MatrixX<float> twice_blurred = blurred_by(stddev, blurred, shape);
    for (const double amount : {0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0}) {
      const double error =
          eigencoder::mean_squared_error(clean, View<float>(sharpened_by(amount, blurred, twice_blurred)));
      if (least >= 0 && error >= least) continue;
      least = error;
      best = {stddev, amount};
    }
  }
  return best;
}

}  // namespace examples
