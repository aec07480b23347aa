#pragma once

#include <eigencoder/extend/shape.hpp>

namespace eigencoder {

// Index of an image value in its sample.
inline Index at(Shape shape, Index row, Index col, Index channel) {
  return (row * shape.width + col) * shape.channels + channel;
}

}  // namespace eigencoder
