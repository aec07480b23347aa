#pragma once

#include <array>
#include <cstddef>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>

namespace examples {

/// The mean color of training pixels for each of 64 levels of gray: the least that knowledge of colors brings.
class MeanColors {
 public:
  static constexpr std::size_t levels = 64;

  /// @param clean  images in color, three channels
  /// @param gray   the same images without colors, three equal channels
  /// @throws ShapeError where the sizes do not fit
  /// @throws DataError without images
  MeanColors(eigencoder::View<float> clean, eigencoder::View<float> gray);

  /// Gray images in color. A pixel of a level without training pixels stays gray.
  eigencoder::MatrixX<float> colored(eigencoder::View<float> gray) const;

 private:
  static std::size_t level_of(float gray);

  std::array<std::array<double, 3>, levels> sums_{};
  std::array<eigencoder::Index, levels> pixels_{};
};

}  // namespace examples
