#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/shape.hpp>
#include <numbers>
#include <string_view>

namespace examples {

/// A corruption of our own: paints patterns of two colors over an image, random ones or the image's own except for the
/// white of a background. The patches are ellipses of random place, size and direction; a patch is plain, checkered at
/// random, or striped. A model that learns to remove them learns what belongs to an image, without ever having seen the
/// damage that it will be asked to find.
/// Source: Zavrtanik, Kristan & Skocaj, "DRAEM: a discriminatively trained reconstruction embedding for surface anomaly
/// detection" (2021), section 3.3, with simpler patterns.
struct Overpainting {
  eigencoder::Index patches = 3;  ///< at most, of which each is painted with a probability of one half
  double largest = 0.22;          ///< the largest radius, as a share of the image's shorter side

  /// As every `Corruption`.
  ///@{
  static constexpr std::string_view name = "Overpainting";

  void validate() const {
    if (patches < 1) throw eigencoder::OptionError("Overpainting.patches: has to be at least 1");
    if (!(largest > 0 && largest <= 1)) throw eigencoder::OptionError("Overpainting.largest: has to lie in (0, 1]");
  }
  constexpr eigencoder::Diagnosis diagnose(eigencoder::Shape input) const {
    if (!input.is_flat()) return {};
    return {eigencoder::Rule::policy_applies, name, eigencoder::Text::of("an input of ", input.in_words()),
            "an image, Image<H, W, C>"};
  }

  template <class Scalar>
  void corrupt(Scalar* image, eigencoder::Shape shape, eigencoder::Random& random) const {
    for (eigencoder::Index k = 0; k < patches; ++k) {
      // Every patch is drawn, painted or not, as the number of draws must not depend on anything.
      const bool painted = random.bernoulli(0.5);
      const Patch patch(image, shape, largest, random);
      if (painted) patch.paint(image, shape);
    }
  }
  ///@}

 private:
  static constexpr float white = 0.95F;

  /// An ellipse, and the pattern in it.
  struct Patch {
    double y, x, length, breadth, along_y, along_x;
    std::uint32_t pattern;  // 0 plain, 1 checkered, 2 striped
    double cell;            // the side of a square or the width of a stripe, in pixels
    double stripe_y, stripe_x;
    std::uint64_t squares;  // the seed of the checkers
    float colors[2][3];

    template <class Scalar>
    Patch(const Scalar* image, eigencoder::Shape shape, double largest, eigencoder::Random& random) {
      const auto height = static_cast<double>(shape.height), width = static_cast<double>(shape.width);
      const double shorter = height < width ? height : width;
      y = height * random.uniform();
      x = width * random.uniform();
      length = 1 + shorter * largest * random.uniform();
      breadth = 1 + (length - 1) * random.uniform();
      const double direction = std::numbers::pi * random.uniform(), across = std::numbers::pi * random.uniform();
      along_y = std::sin(direction);
      along_x = std::cos(direction);
      stripe_y = std::sin(across);
      stripe_x = std::cos(across);
      pattern = random.below(3);
      cell = 1 + 3 * random.uniform();
      squares = random.next();
      for (auto& color : colors) {
        const bool of_image = random.bernoulli(0.5);
        const auto pixels = static_cast<std::uint32_t>(shape.height * shape.width);
        const Scalar* pixel = image + shape.channels * random.below(pixels);
        float lowest = 1;
        for (eigencoder::Index c = 0; c < shape.channels && c < 3; ++c)
          lowest = (std::min)(lowest, static_cast<float>(pixel[c]));
        for (eigencoder::Index c = 0; c < 3; ++c) {
          const float value = random.uniform_float();
          color[c] = of_image && lowest < white ? static_cast<float>(pixel[c % shape.channels]) : value;
        }
      }
    }

    /// Which of the two colors a pixel inside of the patch gets.
    std::size_t color_at(double row, double column) const {
      if (pattern == 0) return 0;
      if (pattern == 2)
        return std::fmod(std::abs(row * stripe_y + column * stripe_x), 2 * cell) < cell ? 0 : 1;
      const auto square = static_cast<std::uint64_t>(row / cell) << 32 | static_cast<std::uint64_t>(column / cell);
      return eigencoder::mix64(squares ^ eigencoder::mix64(square)) & 1;
    }

    template <class Scalar>
    void paint(Scalar* image, eigencoder::Shape shape) const {
      for (eigencoder::Index row = 0; row < shape.height; ++row)
        for (eigencoder::Index column = 0; column < shape.width; ++column) {
          const double dy = static_cast<double>(row) + 0.5 - y, dx = static_cast<double>(column) + 0.5 - x;
          const double u = (dy * along_y + dx * along_x) / length, v = (dx * along_y - dy * along_x) / breadth;
          if (u * u + v * v > 1) continue;
          const float* color = colors[color_at(static_cast<double>(row), static_cast<double>(column))];
          for (eigencoder::Index c = 0; c < shape.channels; ++c)
            image[(row * shape.width + column) * shape.channels + c] = static_cast<Scalar>(color[c % 3]);
        }
    }
  };
};

}  // namespace examples
