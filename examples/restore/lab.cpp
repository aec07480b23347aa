#include "lab.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <eigencoder/extend/errors.hpp>

namespace examples {

using eigencoder::Index, eigencoder::View;

namespace {

/// Tristimulus values of sRGB's primaries, as they follow from their chromaticities and that of D65 in the standard; it
/// prints them to four digits. Source: Lindbloom, "RGB/XYZ matrices", brucelindbloom.com.
constexpr double from_rgb[3][3] = {
    {0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}};
/// Those of white, the sums of the rows.
constexpr double white[3] = {0.95047, 1.0000001, 1.08883};
constexpr double knee = 6.0 / 29;  // the cube root becomes a straight line below its cube

double to_linear(double value) { return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4); }
double from_linear(double value) {
  return value <= 0.0031308 ? 12.92 * value : 1.055 * std::pow(value, 1 / 2.4) - 0.055;
}

double compressed(double t) { return t > knee * knee * knee ? std::cbrt(t) : t / (3 * knee * knee) + 4.0 / 29; }
double expanded(double t) { return t > knee ? t * t * t : 3 * knee * knee * (t - 4.0 / 29); }

/// The solution of from_rgb x = y, by Cramer's rule.
Rgb solved(const Rgb& y) {
  const auto determinant = [](const double(&m)[3][3]) {
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
           m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
  };
  Rgb x{};
  for (std::size_t k = 0; k < 3; ++k) {
    double replaced[3][3];
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) replaced[i][j] = j == k ? y[i] : from_rgb[i][j];
    x[k] = determinant(replaced) / determinant(from_rgb);
  }
  return x;
}

}  // namespace

double Lab::chroma() const { return std::hypot(a, b); }

Lab to_lab(const Rgb& color) {
  double f[3] = {};
  for (std::size_t i = 0; i < 3; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < 3; ++j) sum += from_rgb[i][j] * to_linear(color[j]);
    f[i] = compressed(sum / white[i]);
  }
  return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

Rgb to_rgb(const Lab& color) {
  const double y = (color.lightness + 16) / 116;
  const Rgb tristimulus = {white[0] * expanded(y + color.a / 500), white[1] * expanded(y),
                           white[2] * expanded(y - color.b / 200)};
  Rgb rgb = solved(tristimulus);
  for (double& value : rgb) value = from_linear(value);
  return rgb;
}

double mean_chroma(View<float> images, View<float> originals) {
  constexpr float background = 0.99F;
  if (images.rows() != originals.rows() || images.cols() != originals.cols() || images.rows() % 3 != 0)
    throw eigencoder::ShapeError("mean_chroma: each image of three channels needs its original");
  double sum = 0, pixels = 0;
  for (Index j = 0; j < images.cols(); ++j)
    for (Index i = 0; i < images.rows(); i += 3) {
      const float *pixel = images.column(j) + i, *original = originals.column(j) + i;
      if (*std::min_element(original, original + 3) > background) continue;
      Rgb color{};
      for (std::size_t c = 0; c < 3; ++c) color[c] = std::clamp(static_cast<double>(pixel[c]), 0.0, 1.0);
      sum += to_lab(color).chroma();
      pixels += 1;
    }
  if (pixels == 0) throw eigencoder::DataError("mean_chroma: all pixels are background");
  return sum / pixels;
}

}  // namespace examples
