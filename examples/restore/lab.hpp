#pragma once

#include <array>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>

/// @file
/// Colors in CIELAB, in which distances are about as large as they look, for the white D65 at 2 degrees.
/// Sources: CIE 15:2004, "Colorimetry", section 8.2.1; IEC 61966-2-1:1999 for sRGB.
namespace examples {

/// A color: lightness in [0, 100], from green to red, from blue to yellow.
struct Lab {
  double lightness = 0, a = 0, b = 0;

  /// sqrt(a^2 + b^2): 0 for gray.
  double chroma() const;
};

/// Red, green, blue of sRGB, each in [0, 1] where the screen can show the color.
using Rgb = std::array<double, 3>;

Lab to_lab(const Rgb& color);

/// May lie outside [0, 1], as not every color of CIELAB is one of sRGB.
Rgb to_rgb(const Lab& color);

/// The mean chroma of images over the pixels that are not background: those whose originals are not white, a channel
/// being 0.99 or less. Values are clamped to [0, 1].
/// @param images     of three channels, one a column
/// @param originals  as many images of the same size
/// @throws ShapeError where the sizes do not fit
/// @throws DataError where all is background
double mean_chroma(eigencoder::View<float> images, eigencoder::View<float> originals);

}  // namespace examples
