#include "creatures.hpp"

#include <array>
#include <cmath>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <iterator>
#include <string>
#include "creature.hpp"
#include "pixel_canvas.hpp"
#include "sketch.hpp"

namespace examples {

namespace {

using Rgb = std::array<double, 3>;

Rgb blend(const Rgb& a, const Rgb& b, double t) {
  return {a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])};
}

/// Fur, belly and accent that look well together.
constexpr Rgb creature_palettes[][3] = {
    {{0.93, 0.52, 0.30}, {0.98, 0.87, 0.62}, {0.96, 0.78, 0.25}},  // ember
    {{0.36, 0.66, 0.86}, {0.86, 0.95, 0.98}, {0.95, 0.56, 0.45}},  // lagoon
    {{0.47, 0.74, 0.42}, {0.93, 0.93, 0.66}, {0.87, 0.42, 0.55}},  // meadow
    {{0.66, 0.52, 0.83}, {0.93, 0.84, 0.96}, {0.98, 0.80, 0.36}},  // dusk
    {{0.95, 0.80, 0.34}, {0.99, 0.95, 0.75}, {0.80, 0.42, 0.28}},  // honey
    {{0.92, 0.58, 0.68}, {0.99, 0.88, 0.88}, {0.50, 0.68, 0.88}},  // blossom
    {{0.62, 0.46, 0.34}, {0.92, 0.80, 0.62}, {0.45, 0.66, 0.42}},  // bark
    {{0.53, 0.60, 0.68}, {0.87, 0.89, 0.90}, {0.90, 0.38, 0.36}},  // slate
    {{0.30, 0.66, 0.64}, {0.80, 0.94, 0.84}, {0.95, 0.66, 0.30}},  // reef
    {{0.84, 0.34, 0.34}, {0.96, 0.82, 0.66}, {0.40, 0.44, 0.58}},  // berry
};

/// The color of a cell: outlines near black, shadows toward violet, lights toward a warm white.
Rgb cell_color(const PixelCanvas::Cell& cell, const std::array<Rgb, creature_colors>& palette) {
  if (cell.color < 0) return {1, 1, 1};
  const Rgb& color = palette[static_cast<std::size_t>(cell.color)];
  switch (cell.tone) {
    case PixelCanvas::outline:
      return blend(color, {0.14, 0.10, 0.20}, 0.78);
    case PixelCanvas::dark:
      return blend(color, {0.28, 0.20, 0.50}, 0.3);
    case PixelCanvas::light:
      return blend(color, {1, 1, 0.9}, 0.4);
    default:
      return color;
  }
}

}  // namespace

eigencoder::Dataset<float> draw_creatures(eigencoder::Index count, std::uint64_t seed, eigencoder::Index height,
                                          eigencoder::Index width) {
  using eigencoder::Index, eigencoder::Random, eigencoder::Purpose;
  if (count < 0 || height <= 0 || width <= 0)
    throw eigencoder::OptionError("draw_creatures: cannot draw " + std::to_string(count) + " pictures of " +
                                  std::to_string(height) + "x" + std::to_string(width) + " pixels");
  eigencoder::Dataset<float> creatures;
  creatures.shape = {height, width, 3};
  creatures.samples.resize(height * width * 3, count);
  for (Index i = 0; i < count; ++i) {
    const auto index = static_cast<std::uint32_t>(i);
    PixelCanvas canvas(height, width);
    Creature(Random(seed, Purpose::drawing, 0, 0, index, 0)).paint(canvas);

    Random coloring(seed, Purpose::drawing, 0, 0, index, 1);
    const Rgb* chosen = creature_palettes[coloring.below(std::size(creature_palettes))];
    const Rgb sun = {0.9 + 0.1 * coloring.uniform(), 0.9 + 0.1 * coloring.uniform(),
                     0.9 + 0.1 * coloring.uniform()};
    std::array<Rgb, creature_colors> palette = {
        chosen[0], chosen[1], chosen[2], Rgb{1, 1, 1}, Rgb{0.13, 0.11, 0.18}, Rgb{0.94, 0.45, 0.50}};
    for (std::size_t color = 0; color < 3; ++color)  // no two alike under their own light
      for (std::size_t channel = 0; channel < 3; ++channel) palette[color][channel] *= sun[channel];

    float* pixel = creatures.samples.col(i).data();
    for (Index row = 0; row < height; ++row)
      for (Index column = 0; column < width; ++column)
        for (const double value : cell_color(canvas.cell(row, column), palette))
          *pixel++ = static_cast<float>(std::round(255 * value)) / 255;
    creatures.names.push_back("creature " + std::to_string(i + 1));
  }
  return creatures;
}

}  // namespace examples
