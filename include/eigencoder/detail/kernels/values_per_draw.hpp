#pragma once

#include <eigencoder/extend/shape.hpp>

namespace eigencoder::detail {

/// How many values side by side share a draw: the channels of a pixel, or each value for itself, which is
/// what a pixel of a flat sample is.
constexpr Index values_a_draw(Shape shape, bool whole_pixels) {
  return whole_pixels && !shape.is_flat() ? shape.channels : 1;
}

}  // namespace eigencoder::detail
