#pragma once

#include <algorithm>
#include <eigencoder/detail/augmentation/pixels.hpp>
#include <eigencoder/extend/shape.hpp>

namespace eigencoder::detail {

/// A rectangle of pixels.
struct PixelRectangle {
  Index top, left, height, width;
};

/// Draws a mark over a rectangle of an image. A mark has one or three colors a pixel and then its opacity, an image one
/// or three channels. A pixel of the rectangle gets the mean of the mark over the area that it covers, in which colors
/// count by their opacity; the areas are exact in whole numbers.
/// Source: Porter & Duff, "Compositing digital images" (1984), the operator over.
template <class Scalar>
void blend_mark(const float* mark, Shape mark_shape, double opacity, Scalar* image, Shape shape, PixelRectangle at) {
  const Index colors = mark_shape.channels - 1, rows = mark_shape.height, cols = mark_shape.width;
  const double scale = opacity / (static_cast<double>(rows) * static_cast<double>(cols));
  // The part of pixel i of the mark that pixel `target` covers on one axis, as a whole number.
  const auto overlap = [](Index i, Index target, Index from, Index to) {
    return (std::min)((i + 1) * to, (target + 1) * from) - (std::max)(i * to, target * from);
  };
  for (Index y = 0; y < at.height; ++y)
    for (Index x = 0; x < at.width; ++x) {
      double covered = 0, color[3] = {};
      for (Index row = y * rows / at.height; row * at.height < (y + 1) * rows; ++row)
        for (Index col = x * cols / at.width; col * at.width < (x + 1) * cols; ++col) {
          const float* const pixel = mark + (row * cols + col) * mark_shape.channels;
          const double area = static_cast<double>(overlap(row, y, rows, at.height) * overlap(col, x, cols, at.width)) *
                              static_cast<double>(pixel[colors]);
          covered += area;
          for (Index c = 0; c < colors; ++c) color[c] += area * static_cast<double>(pixel[c]);
        }
      if (colors == 1) color[1] = color[2] = color[0];
      if (shape.channels == 1) color[0] = luma(color[0], color[1], color[2]);
      Scalar* const to = image + ((at.top + y) * shape.width + at.left + x) * shape.channels;
      for (Index c = 0; c < shape.channels; ++c) {
        const auto old = static_cast<double>(to[c]);
        to[c] = static_cast<Scalar>(old + scale * (color[c] - covered * old));
      }
    }
}

}  // namespace eigencoder::detail
