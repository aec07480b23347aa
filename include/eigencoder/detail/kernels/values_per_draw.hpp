#pragma once

#include <eigencoder/extend/shape.hpp>

namespace eigencoder::detail {

/// How many neighboring values a corruption changes by one random draw: all channels of a pixel if it corrupts whole
/// pixels, otherwise 1. The values of a flat sample are pixels of one channel.
constexpr Index values_per_draw(Shape shape, bool whole_pixels) {
  return whole_pixels && !shape.is_flat() ? shape.channels : 1;
}

}  // namespace eigencoder::detail
