#include "mean_colors.hpp"

#include <algorithm>
#include <cstddef>
#include <eigencoder/extend/errors.hpp>

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::View;

MeanColors::MeanColors(View<float> clean, View<float> gray) {
  if (clean.rows() != gray.rows() || clean.cols() != gray.cols() || clean.rows() % 3 != 0)
    throw eigencoder::ShapeError("MeanColors: each image of three channels needs its gray image");
  if (clean.cols() == 0) throw eigencoder::DataError("MeanColors: there are no images to learn from");
  for (Index j = 0; j < clean.cols(); ++j)
    for (Index i = 0; i < clean.rows(); i += 3) {
      const std::size_t level = level_of(gray.column(j)[i]);
      for (std::size_t c = 0; c < 3; ++c)
        sums_[level][c] += static_cast<double>(clean.column(j)[i + static_cast<Index>(c)]);
      pixels_[level] += 1;
    }
}

MatrixX<float> MeanColors::colored(View<float> gray) const {
  if (gray.rows() % 3 != 0) throw eigencoder::ShapeError("MeanColors: images have three channels");
  MatrixX<float> out = gray.matrix();
  for (Index j = 0; j < out.cols(); ++j)
    for (Index i = 0; i < out.rows(); i += 3) {
      const std::size_t level = level_of(out(i, j));
      if (pixels_[level] == 0) continue;
      for (std::size_t c = 0; c < 3; ++c)
        out(i + static_cast<Index>(c), j) = static_cast<float>(sums_[level][c] / static_cast<double>(pixels_[level]));
    }
  return out;
}

std::size_t MeanColors::level_of(float gray) {
  return static_cast<std::size_t>(std::clamp(gray * levels, 0.F, levels - 1.F));
}

}  // namespace examples
