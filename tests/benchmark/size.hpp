#pragma once

#include <cstdint>

namespace benchmark {

/// The shape of a sample; a vector is an image of 1 x 1.
struct Size {
  std::int64_t height, width, channels;
  std::int64_t values() const { return height * width * channels; }
};

}  // namespace benchmark
