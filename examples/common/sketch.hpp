#pragma once

#include <cmath>
#include <string_view>
#include <utility>
#include <vector>
#include "pixel_canvas.hpp"

namespace examples {

/// The colors of a creature, as indices into its palette.
enum CreatureColor : int { fur, belly, accent, white, ink, blush, creature_colors };

/// What there is to paint, from back to front, in units of its own that are fitted into a picture
/// afterwards. `x` counts from the axis of symmetry, `y` down.
class Sketch {
 public:
  /// Rows of pixels: K is ink, W white, A accent, B blush, anything else no pixel.
  using Stamp = std::vector<std::string_view>;

  /// A part with an outline of its own.
  void part(CreatureColor color, std::vector<Stroke> strokes) {
    steps_.push_back({Kind::part, std::move(strokes), color});
  }
  /// Another color on the part before.
  void patch(CreatureColor color, std::vector<Stroke> strokes) {
    steps_.push_back({Kind::patch, std::move(strokes), color});
  }
  /// Pixels set by hand, outward and down from a point. The stamp has to outlive the sketch.
  void stamp(double x, double y, const Stamp& rows) { steps_.push_back({Kind::stamp, {}, ink, x, y, &rows}); }

  /// Paints all in the middle of the canvas. `share` of what would fill it is how large it becomes, but at
  /// most `enlarged`.
  void paint(PixelCanvas& canvas, double share, double enlarged) const {
    double top = 1e9, bottom = -1e9, right = 0;
    for (const Step& step : steps_)
      if (step.kind == Kind::part)
        for (const Stroke& stroke : step.strokes)
          for (const Bead& bead : stroke) {
            top = std::fmin(top, bead.y - bead.radius);
            bottom = std::fmax(bottom, bead.y + bead.radius);
            right = std::fmax(right, bead.x + bead.radius);
          }
    // An outline, and a pixel of background around it.
    const double room = std::fmax(PixelCanvas::size / 2 - 2 * canvas.pixel(), 1);
    const double scale = std::fmin(enlarged, share * std::fmin(room / right, 2 * room / (bottom - top)));
    const double middle = (top + bottom) / 2;
    const auto scaled_y = [&](double y) { return PixelCanvas::size / 2 + (y - middle) * scale; };
    int part = -1;
    for (Step step : steps_) {
      for (Stroke& stroke : step.strokes)
        for (Bead& bead : stroke) bead = {bead.x * scale, scaled_y(bead.y), bead.radius * scale};
      if (step.kind == Kind::part) part = canvas.paint(step.strokes, step.color);
      if (step.kind == Kind::patch) canvas.patch(step.strokes, step.color, part);
      if (step.kind == Kind::stamp) canvas.stamp(step.x * scale, scaled_y(step.y), *step.rows, color_of);
    }
  }

 private:
  enum class Kind { part, patch, stamp };
  struct Step {
    Kind kind;
    std::vector<Stroke> strokes;
    int color = 0;
    double x = 0, y = 0;
    const Stamp* rows = nullptr;
  };

  static int color_of(char pixel) {
    return pixel == 'K' ? ink : pixel == 'W' ? white : pixel == 'A' ? accent : pixel == 'B' ? blush : -1;
  }

  std::vector<Step> steps_;
};

}  // namespace examples
