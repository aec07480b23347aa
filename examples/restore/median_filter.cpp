#include "median_filter.hpp"

#include <algorithm>
#include <array>
#include <eigencoder/extend/errors.hpp>

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::Shape, eigencoder::View;

MatrixX<float> median_filtered(View<float> images, const Shape& shape) {
  if (images.rows() != shape.size()) throw eigencoder::ShapeError("median_filtered: the images have another shape");
  MatrixX<float> out(images.rows(), images.cols());
  const auto at = [&](Index y, Index x, Index c) {
    y = std::clamp<Index>(y, 0, shape.height - 1);
    x = std::clamp<Index>(x, 0, shape.width - 1);
    return (y * shape.width + x) * shape.channels + c;
  };
  for (Index j = 0; j < out.cols(); ++j)
    for (Index y = 0; y < shape.height; ++y)
      for (Index x = 0; x < shape.width; ++x)
        for (Index c = 0; c < shape.channels; ++c) {
          std::array<float, 9> window;
          auto to = window.begin();
          for (Index row = y - 1; row <= y + 1; ++row)
            for (Index column = x - 1; column <= x + 1; ++column) *to++ = images.column(j)[at(row, column, c)];
          std::nth_element(window.begin(), window.begin() + 4, window.end());
          out(at(y, x, c), j) = window[4];
        }
  return out;
}

}  // namespace examples
