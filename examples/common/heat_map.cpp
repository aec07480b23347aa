#include "heat_map.hpp"

#include <algorithm>
#include <cmath>
#include <eigencoder/extend/errors.hpp>
#include <string>

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::Shape, eigencoder::View;

MatrixX<double> pixel_heat(const MatrixX<double>& contributions, Index channels) {
  if (channels < 1 || contributions.rows() % channels != 0)
    throw eigencoder::ShapeError("pixel_heat: " + std::to_string(contributions.rows()) + " values are no pixels of " +
                                 std::to_string(channels) + " channels");
  MatrixX<double> heat(contributions.rows() / channels, contributions.cols());
  for (Index j = 0; j < heat.cols(); ++j)
    for (Index p = 0; p < heat.rows(); ++p) heat(p, j) = contributions.col(j).segment(p * channels, channels).sum();
  return heat;
}

MatrixX<float> heat_overlay(View<float> images, const Shape& shape, const MatrixX<double>& heat, double hottest) {
  if (shape.channels != 3 || images.rows() != shape.size() || 3 * heat.rows() != images.rows() ||
      heat.cols() != images.cols())
    throw eigencoder::ShapeError("heat_overlay: a map needs a value for each pixel of each image of three channels");
  MatrixX<float> out(images.rows(), images.cols());
  for (Index j = 0; j < heat.cols(); ++j)
    for (Index p = 0; p < heat.rows(); ++p) {
      const float* pixel = images.column(j) + 3 * p;
      const float gray = 0.299F * pixel[0] + 0.587F * pixel[1] + 0.114F * pixel[2], pale = 0.6F + 0.4F * gray;
      const double share = hottest > 0 ? std::clamp(heat(p, j) / hottest, 0.0, 1.0) : 0;
      const auto t = static_cast<float>(std::sqrt(share));  // heat is a squared error: this is the error
      // Yellow fades in up to the middle, and then turns into red.
      const float cover = (std::min)(1.F, 2 * t), green = 0.85F * (std::min)(1.F, 2 - 2 * t);
      const float color[3] = {0.95F, green, 0.1F};
      for (Index c = 0; c < 3; ++c) out(3 * p + c, j) = (1 - cover) * pale + cover * color[c];
    }
  return out;
}

MatrixX<float> mask_pictures(const MatrixX<float>& masks) {
  constexpr float paper = 0.92F;
  MatrixX<float> out(3 * masks.rows(), masks.cols());
  for (Index j = 0; j < masks.cols(); ++j)
    for (Index p = 0; p < masks.rows(); ++p) out.col(j).segment(3 * p, 3).setConstant(paper * (1 - masks(p, j)));
  return out;
}

}  // namespace examples
