#pragma once

#include <algorithm>
#include <eigencoder/detail/augmentation/pixels.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

namespace eigencoder {

/// Mirrors an image left to right with the given probability.
struct HorizontalFlip {
  double probability = 0.5;

  static constexpr std::string_view name = "HorizontalFlip";
  void validate() const {
    if (!(probability >= 0 && probability <= 1))
      throw OptionError("eigencoder: HorizontalFlip.probability must lie in [0, 1]");
  }
  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    if (!random.bernoulli(probability)) {
      std::copy_n(from, shape.size(), to);
      return;
    }
    detail::by_channels(shape.channels, [&](auto channels) {
      for (Index row = 0; row < shape.height; ++row) {
        const Scalar* source = from + (row + 1) * shape.width * channels;
        Scalar* target = to + row * shape.width * channels;
        for (Index col = 0; col < shape.width; ++col) {
          source -= channels;
          for (Index c = 0; c < channels; ++c) target[col * channels + c] = source[c];
        }
      }
    });
  }
};

/// Mirrors an image top to bottom with the given probability.
struct VerticalFlip {
  double probability = 0.5;

  static constexpr std::string_view name = "VerticalFlip";
  void validate() const {
    if (!(probability >= 0 && probability <= 1))
      throw OptionError("eigencoder: VerticalFlip.probability must lie in [0, 1]");
  }
  template <class Scalar>
  void apply(const Scalar* from, Scalar* to, Shape shape, Random& random) const {
    const bool flip = random.bernoulli(probability);
    const Index run = shape.width * shape.channels;
    for (Index row = 0; row < shape.height; ++row)
      std::copy_n(from + (flip ? shape.height - 1 - row : row) * run, run, to + row * run);
  }
};

}  // namespace eigencoder
