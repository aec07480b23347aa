#include "marks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace examples {

using eigencoder::Index, eigencoder::Watermark;

namespace {

constexpr Index side = 96;

/// What a mark has at a point of [-1, 1] x [-1, 1], x to the right and y down.
struct Ink {
  double opacity = 0;
  std::array<double, 3> color = {};
};

/// How much of a point lies inside, from the signed distance to the edge, below 0 inside: 0 to 1 over two pixels.
double inside(double distance) { return std::clamp(0.5 - distance * side / 4, 0.0, 1.0); }

/// The distance to the stretch from (x0, y0) to (x1, y1).
double distance_to(double x, double y, double x0, double y0, double x1, double y1) {
  const double dx = x1 - x0, dy = y1 - y0;
  const double t = std::clamp(((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy), 0.0, 1.0);
  return std::hypot(x - x0 - t * dx, y - y0 - t * dy);
}

Ink ring(double x, double y) {
  const double radius = std::hypot(x, y);
  const double edge = (std::min)((std::abs)(radius - 0.78) - 0.17, radius - 0.3);
  return {inside(edge), {0.1, 0.25, 0.75}};
}

Ink letter(double x, double y) {
  constexpr double half_width = 0.15;
  const double stem = distance_to(x, y, -0.45, -0.75, -0.45, 0.75);
  const double top = distance_to(x, y, -0.45, -0.75, 0.1, -0.75), middle = distance_to(x, y, -0.45, 0, 0.1, 0);
  const double bow = x > 0.1 ? (std::abs)(std::hypot(x - 0.1, y + 0.375) - 0.375) : 1;
  const double leg = distance_to(x, y, 0.05, 0, 0.5, 0.75);
  return {inside((std::min)({stem, top, middle, bow, leg}) - half_width), {0.85, 0.1, 0.15}};
}

Ink badge(double x, double y) {
  constexpr double stripe = 0.8;  // of both colors
  const double phase = (x + y) / stripe - std::floor((x + y) / stripe);
  const double from_middle = ((std::abs)(phase - 0.5) - 0.25) * stripe / std::sqrt(2.0);
  const double green = inside(from_middle);
  return {inside(std::hypot(x, y) - 0.95), {1 - 0.9 * green, 1 - 0.4 * green, 1 - 0.7 * green}};
}

Watermark drawn(Ink (*ink_at)(double, double)) {
  Watermark mark{{side, side, 4}, {}};
  mark.values.reserve(static_cast<std::size_t>(mark.shape.size()));
  const auto coordinate = [](Index pixel) { return (2 * static_cast<double>(pixel) + 1) / side - 1; };
  for (Index row = 0; row < side; ++row)
    for (Index column = 0; column < side; ++column) {
      const Ink ink = ink_at(coordinate(column), coordinate(row));
      for (const double value : ink.color) mark.values.push_back(static_cast<float>(value));
      mark.values.push_back(static_cast<float>(ink.opacity));
    }
  return mark;
}

}  // namespace

std::vector<Watermark> drawn_marks() { return {drawn(ring), drawn(letter), drawn(badge)}; }

}  // namespace examples
