#include "digits.hpp"

#include <cmath>
#include <cstddef>
#include <eigencoder/extend/random.hpp>

namespace examples {

namespace {

/// A digit in the manner of a pocket calculator's seven strokes, but by an unsteady hand: its six corners are moved,
/// the whole is leaned and resized, the pen thick or thin.
class Digit {
 public:
  explicit Digit(eigencoder::Random random) : random_(random) {
    value_ = static_cast<int>(random_.below(10));
    strokes_ = lit[value_];
    const double width = between(3.2, 5.2), height = between(7, 9.5), lean = between(-0.1, 0.4);
    const double x = 14 + between(-1.5, 1.5), y = 14 + between(-1.5, 1.5);
    for (std::size_t i = 0; i < 6; ++i) {
      const double side = i % 2 == 0 ? -width : width, down = (static_cast<double>(i / 2) - 1) * height;
      corners_[i] = {x + side - lean * down + between(-0.8, 0.8), y + down + between(-0.8, 0.8)};
    }
    pen_ = between(0.9, 1.9);
  }

  int value() const { return value_; }

  /// Ink at a point of a 28 x 28 sheet, `y` down: 1 inside a stroke, falling to 0 over a pixel at its edge.
  double ink(double x, double y) const {
    double nearest = 1e9;
    for (std::size_t s = 0; s < 7; ++s) {
      if ((strokes_ >> s & 1U) == 0) continue;
      const Point a = corners_[ends[s][0]], b = corners_[ends[s][1]];
      const double dx = b.x - a.x, dy = b.y - a.y;
      double t = ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy);
      t = std::fmin(std::fmax(t, 0), 1);
      nearest = std::fmin(nearest, std::hypot(x - a.x - t * dx, y - a.y - t * dy));
    }
    return std::fmin(std::fmax(pen_ + 0.5 - nearest, 0), 1);
  }

 private:
  struct Point {
    double x = 0, y = 0;
  };
  // Corners row by row; strokes clockwise from the top, the one in the middle last.
  static constexpr std::size_t ends[7][2] = {{0, 1}, {1, 3}, {3, 5}, {4, 5}, {2, 4}, {0, 2}, {2, 3}};
  static constexpr unsigned lit[10] = {0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F};

  double between(double low, double high) { return low + (high - low) * random_.uniform(); }

  eigencoder::Random random_;
  int value_ = 0;
  unsigned strokes_ = 0;
  Point corners_[6];
  double pen_ = 1;
};

}  // namespace

eigencoder::Dataset<float> draw_digits(eigencoder::Index count, std::uint64_t seed) {
  using eigencoder::Index, eigencoder::Random, eigencoder::Purpose;
  eigencoder::Dataset<float> digits;
  digits.shape = {28, 28, 1};
  digits.samples.resize(28 * 28, count);
  for (Index i = 0; i < count; ++i) {
    const Digit digit(Random(seed, Purpose::drawing, 0, 0, static_cast<std::uint32_t>(i)));
    digits.labels.push_back(digit.value());
    float* pixel = digits.samples.col(i).data();
    for (int row = 0; row < 28; ++row)
      for (int column = 0; column < 28; ++column)
        *pixel++ = static_cast<float>(std::round(255 * digit.ink(column + 0.5, row + 0.5))) / 255;
  }
  return digits;
}

}  // namespace examples
