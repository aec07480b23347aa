#pragma once

#include <array>
#include <cstddef>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <string>

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

  /// The colors that `text` wrote. @throws UsageError for anything else
  static MeanColors of_text(const std::string& text);
  /// All colors as one line of text, to the last bit.
  std::string text() const;

  /// Gray images in color. A pixel of a level without training pixels stays gray.
  eigencoder::MatrixX<float> colored(eigencoder::View<float> gray) const;
  /// The same in place, of one gray image of `size` values.
  void color(float* image, eigencoder::Index size) const;

 private:
  MeanColors() = default;
  static std::size_t level_of(float gray);

  static constexpr float stays_gray = -1;  // marks levels without training pixels

  std::array<std::array<float, 3>, levels> colors_{};
};

}  // namespace examples
