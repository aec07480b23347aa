#include "classic.hpp"

#include <common/images.hpp>
#include <cstddef>
#include <eigencoder/data/split.hpp>
#include <eigencoder/extend/errors.hpp>
#include <vector>
#include "diffusion.hpp"
#include "mean_colors.hpp"
#include "median_filter.hpp"
#include "unsharp_masking.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::Shape, eigencoder::View;

namespace {

MatrixX<float> clamped(const MatrixX<float>& images) { return images.cwiseMax(0.F).cwiseMin(1.F); }

UnsharpMasking learned_sharpening(View<float> clean, View<float> blurred, const Shape& shape) {
  constexpr Index enough = 500;
  if (clean.cols() != blurred.cols()) throw eigencoder::ShapeError("classic: each training image needs a damaged one");
  const std::vector<Index> chosen = evenly(enough, clean.cols());
  return best_sharpening(take(clean, chosen), take(blurred, chosen), shape);
}

}  // namespace

MatrixX<float> classic(Task task, View<float> training_clean, View<float> training_damaged, View<float> damaged,
                       View<float> mask, const Shape& shape) {
  if (damaged.rows() != shape.size() || shape.channels != 3)
    throw eigencoder::ShapeError("classic: images have the shape that is given, and three channels");
  switch (task) {
    case Task::colorize:
      return clamped(MeanColors(training_clean, training_damaged).colored(damaged));
    case Task::inpaint:
      return clamped(diffused(damaged, mask, shape));
    case Task::watermark:
      return clamped(median_filtered(damaged, shape));
    case Task::upscale:
      return clamped(damaged.matrix());
    case Task::deblur:
      break;
  }
  return learned_sharpening(training_clean, training_damaged, shape).sharpened(damaged, shape);
}

std::string classic_name(Task task) {
  constexpr const char* names[] = {"the mean color of each gray", "diffusion into the hole", "the 3 x 3 median",
                                   "bicubic interpolation", "unsharp masking"};
  return names[static_cast<std::size_t>(task)];
}

}  // namespace examples
