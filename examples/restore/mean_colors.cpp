#include "mean_colors.hpp"

#include <algorithm>
#include <common/options.hpp>
#include <cstddef>
#include <eigencoder/extend/errors.hpp>
#include <limits>
#include <locale>
#include <sstream>

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::View;

MeanColors::MeanColors(View<float> clean, View<float> gray) {
  if (clean.rows() != gray.rows() || clean.cols() != gray.cols() || clean.rows() % 3 != 0)
    throw eigencoder::ShapeError("MeanColors: each image of three channels needs its gray image");
  if (clean.cols() == 0) throw eigencoder::DataError("MeanColors: there are no images to learn from");
  std::array<std::array<double, 3>, levels> sums{};
  std::array<Index, levels> pixels{};
  for (Index j = 0; j < clean.cols(); ++j)
    for (Index i = 0; i < clean.rows(); i += 3) {
      const std::size_t level = level_of(gray.column(j)[i]);
      for (std::size_t c = 0; c < 3; ++c)
        sums[level][c] += static_cast<double>(clean.column(j)[i + static_cast<Index>(c)]);
      pixels[level] += 1;
    }
  for (std::size_t level = 0; level < levels; ++level)
    for (std::size_t c = 0; c < 3; ++c)
      colors_[level][c] = pixels[level] == 0
                              ? stays_gray
                              : static_cast<float>(sums[level][c] / static_cast<double>(pixels[level]));
}

MeanColors MeanColors::of_text(const std::string& text) {
  MeanColors colors;
  std::istringstream stream(text);
  stream.imbue(std::locale::classic());
  for (auto& color : colors.colors_)
    for (float& value : color)
      if (!(stream >> value)) throw UsageError("MeanColors: this is no table of colors: " + text.substr(0, 40));
  return colors;
}

std::string MeanColors::text() const {
  std::ostringstream stream;
  stream.imbue(std::locale::classic());
  stream.precision(std::numeric_limits<float>::max_digits10);
  for (const auto& color : colors_)
    for (const float value : color) stream << value << ' ';
  return stream.str();
}

void MeanColors::color(float* image, Index size) const {
  for (Index i = 0; i + 2 < size; i += 3)
    if (const auto& found = colors_[level_of(image[i])]; found[0] != stays_gray)
      std::copy_n(found.data(), 3, image + i);
}

MatrixX<float> MeanColors::colored(View<float> gray) const {
  if (gray.rows() % 3 != 0) throw eigencoder::ShapeError("MeanColors: images have three channels");
  MatrixX<float> out = gray.matrix();
  for (Index j = 0; j < out.cols(); ++j) color(out.col(j).data(), out.rows());
  return out;
}

std::size_t MeanColors::level_of(float gray) {
  return static_cast<std::size_t>(std::clamp(gray * levels, 0.F, levels - 1.F));
}

}  // namespace examples
