#pragma once

#include <algorithm>
#include <cstdint>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// Moves an image by up to `pixels` along each axis, all offsets alike likely; the edge's pixels are
/// repeated into the gap.
struct Shift {
  Index pixels = 2;

  static constexpr std::string_view name = "Shift";
  void validate() const {
    if (pixels < 0 || pixels > 1 << 20) throw OptionError("eigencoder: Shift.pixels must lie in [0, 1048576]");
  }
  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const auto choices = static_cast<std::uint32_t>(2 * pixels + 1);
    const Index down = static_cast<Index>(random.below(choices)) - pixels;
    const Index drawn = static_cast<Index>(random.below(choices)) - pixels;
    const Index right = std::clamp<Index>(drawn, -shape.width, shape.width);  // nothing is left to move beyond
    const Index channels = shape.channels, last = shape.width - 1;
    // Columns begin, ..., end - 1 lie within the source; the others repeat its first or its last.
    const Index begin = std::max<Index>(right, 0), end = shape.width + std::min<Index>(right, 0);
    for (Index row = 0; row < shape.height; ++row) {
      const Scalar* source = from + std::clamp<Index>(row - down, 0, shape.height - 1) * shape.width * channels;
      Scalar* target = to + row * shape.width * channels;
      for (Index col = 0; col < begin; ++col) std::copy_n(source, channels, target + col * channels);
      std::copy_n(source + (begin - right) * channels, (end - begin) * channels, target + begin * channels);
      for (Index col = end; col <= last; ++col)
        std::copy_n(source + last * channels, channels, target + col * channels);
    }
  }
};

}  // namespace eigencoder
