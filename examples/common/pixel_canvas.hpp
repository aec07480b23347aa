#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

/// @file
/// A small canvas for mirror-symmetric pixel art: parts are strokes of varying thickness, each with
/// a dark outline and three tones lit from above; stamps are pixels set by hand. Everything is
/// placed by its distance from the vertical axis of the picture, so the picture mirrors itself.
namespace examples {

/// A bead on a stroke: `x` is the distance from the picture's axis, `y` grows downward.
struct Bead {
  double x = 0;
  double y = 0;
  double radius = 0;
};

/// Beads joined by tapering pieces. One bead is a disk.
using Stroke = std::vector<Bead>;

/// A picture of `size` x `size` design units (40) on `height` x `width` cells of color and tone.
class PixelCanvas {
 public:
  static constexpr double size = 40;
  enum Tone : unsigned char { outline, dark, base, light };
  struct Cell {
    int color = -1;  ///< index in the painter's palette, -1 for the background
    Tone tone = base;
    int part = -1;  ///< the part painted last here
  };

  PixelCanvas(std::ptrdiff_t height, std::ptrdiff_t width)
      : height_(height), width_(width), cells_(static_cast<std::size_t>(height * width)) {}

  const Cell& cell(std::ptrdiff_t row, std::ptrdiff_t column) const {
    return cells_[static_cast<std::size_t>(row * width_ + column)];
  }

  /// The side of a pixel in design units.
  double pixel() const { return size / static_cast<double>(height_ < width_ ? height_ : width_); }

  /// Paints strokes as one part with a common outline, over what is there. Returns the part.
  int paint(const std::vector<Stroke>& strokes, int color) {
    std::vector<Cell> covered(cells_.size());
    each_cell([&](std::size_t k, double x, double y) { covered[k] = shade(strokes, x, y, color); });
    const int part = parts_++;
    for (std::ptrdiff_t row = 0; row < height_; ++row)
      for (std::ptrdiff_t column = 0; column < width_; ++column) {
        const auto k = static_cast<std::size_t>(row * width_ + column);
        if (covered[k].color >= 0)
          cells_[k] = {color, covered[k].tone, part};
        else if (touches(covered, row, column))
          cells_[k] = {color, outline, -1};
      }
    return part;
  }

  /// Colors what the strokes cover of one part, keeping its tones: a belly, a spot, a stripe.
  void patch(const std::vector<Stroke>& strokes, int color, int part) {
    each_cell([&](std::size_t k, double x, double y) {
      if (cells_[k].part == part && shade(strokes, x, y, color).color >= 0) cells_[k].color = color;
    });
  }

  /// Sets single pixels from rows of text, the first column nearest to the axis, from `x` outward and
  /// `y` downward (both rounded to whole pixels). `color_of(char)` is a color, or -1 for no pixel.
  template <class ColorOf>
  void stamp(double x, double y, const std::vector<std::string_view>& rows, ColorOf&& color_of) {
    each_cell([&](std::size_t k, double cell_x, double cell_y) {
      const double row = std::floor(cell_y - std::round(y));
      const double column = std::floor(cell_x - std::round(x));
      if (row < 0 || column < 0 || row >= static_cast<double>(rows.size())) return;
      const std::string_view text = rows[static_cast<std::size_t>(row)];
      if (column >= static_cast<double>(text.size())) return;
      const int color = color_of(text[static_cast<std::size_t>(column)]);
      if (color >= 0) cells_[k] = {color, base, -1};
    });
  }

 private:
  template <class Visit>
  void each_cell(Visit&& visit) const {
    for (std::ptrdiff_t row = 0; row < height_; ++row)
      for (std::ptrdiff_t column = 0; column < width_; ++column) {
        const double from_axis = std::abs(static_cast<double>(2 * column + 1 - width_)) / 2;
        const double from_middle = static_cast<double>(2 * row + 1 - height_) / 2;
        visit(static_cast<std::size_t>(row * width_ + column), from_axis * pixel(),
              size / 2 + from_middle * pixel());
      }
  }

  bool touches(const std::vector<Cell>& covered, std::ptrdiff_t row, std::ptrdiff_t column) const {
    static constexpr std::ptrdiff_t steps[4][2] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
    for (const auto& step : steps) {
      const std::ptrdiff_t r = row + step[0], c = column + step[1];
      if (r >= 0 && r < height_ && c >= 0 && c < width_ &&
          covered[static_cast<std::size_t>(r * width_ + c)].color >= 0)
        return true;
    }
    return false;
  }

  /// The tone of a stroke's round surface at a point, or no color outside of it.
  static Cell shade(const std::vector<Stroke>& strokes, double x, double y, int color) {
    double nearest = 1, normal_y = 0;  // squared distance from the stroke's middle line, in radii
    bool inside = false;
    for (const Stroke& stroke : strokes)
      for (std::size_t i = 0; i < stroke.size(); ++i) {
        const Bead& a = stroke[i];
        const Bead& b = stroke[i + 1 < stroke.size() ? i + 1 : i];
        const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
        double t = length > 0 ? ((x - a.x) * dx + (y - a.y) * dy) / length : 0;
        t = t < 0 ? 0 : t > 1 ? 1 : t;
        const double radius = a.radius + t * (b.radius - a.radius);
        const double off_x = (x - a.x - t * dx) / radius, off_y = (y - a.y - t * dy) / radius;
        const double distance = off_x * off_x + off_y * off_y;
        if (distance > nearest) continue;
        nearest = distance;
        normal_y = off_y;
        inside = true;
      }
    if (!inside) return {};
    const double glow = 0.66 * std::sqrt(1 - nearest) - 0.75 * normal_y;  // light from above, in front
    return {color, glow > 0.88 ? light : glow > 0.28 ? base : dark, -1};
  }

  std::ptrdiff_t height_;
  std::ptrdiff_t width_;
  std::vector<Cell> cells_;
  int parts_ = 0;
};

}  // namespace examples
