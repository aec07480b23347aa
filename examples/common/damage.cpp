#include "damage.hpp"

#include <algorithm>
#include <cmath>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/random.hpp>
#include <numbers>
#include <utility>

namespace examples {

using eigencoder::Dataset, eigencoder::Index, eigencoder::MatrixX, eigencoder::Purpose, eigencoder::Random,
    eigencoder::Shape, eigencoder::VectorX;

namespace {

constexpr float visible = 0.1F;  // a difference of a value that one can see

/// An image whose pixels have three channels.
struct Pixels {
  Shape shape;
  VectorX<float> values;

  float* at(Index y, Index x) { return values.data() + 3 * (y * shape.width + x); }
  const float* at(Index y, Index x) const { return values.data() + 3 * (y * shape.width + x); }
  bool holds(Index y, Index x) const { return y >= 0 && x >= 0 && y < shape.height && x < shape.width; }
  void set(Index y, Index x, const float* color) {
    if (holds(y, x)) std::copy_n(color, 3, at(y, x));
  }
};

/// A square of pixels within an image.
struct Block {
  Index y, x, side;
};

Index draw(Random& random, Index lowest, Index highest) {
  return lowest + static_cast<Index>(random.below(static_cast<std::uint32_t>(highest - lowest + 1)));
}

/// A block of a fifth to a third of the image's shorter side, around a pixel that is not white if there is one.
Block draw_block(const Pixels& image, Random& random) {
  constexpr float white = 0.95F;
  std::vector<Index> shown;
  for (Index p = 0; p < image.shape.height * image.shape.width; ++p)
    if (image.values.segment(3 * p, 3).minCoeff() < white) shown.push_back(p);
  const Index any = draw(random, 0, image.shape.height * image.shape.width - 1);
  const Index middle = shown.empty() ? any : shown[static_cast<std::size_t>(any) % shown.size()];
  const Index shorter = (std::min)(image.shape.height, image.shape.width);
  const Index side = draw(random, (std::max)(shorter / 5, Index{2}), (std::max)(shorter / 3, Index{2}));
  const auto within = [&](Index at, Index size) { return std::clamp<Index>(at - side / 2, 0, size - side); };
  return {within(middle / image.shape.width, image.shape.height), within(middle % image.shape.width, image.shape.width),
          side};
}

template <class Change>
void for_each_pixel(const Block& block, const Change& change) {
  for (Index y = block.y; y < block.y + block.side; ++y)
    for (Index x = block.x; x < block.x + block.side; ++x) change(y, x);
}

/// Lines of one pixel's width and one color, through points of the block.
void scratch(Pixels& image, const Block& block, Random& random) {
  float color[3];
  for (float& value : color) value = random.uniform_float();
  for (Index line = 0, count = draw(random, 2, 3); line < count; ++line) {
    const double y = static_cast<double>(draw(random, block.y, block.y + block.side - 1));
    const double x = static_cast<double>(draw(random, block.x, block.x + block.side - 1));
    const double direction = std::numbers::pi * random.uniform();
    for (double t = -static_cast<double>(block.side); t <= static_cast<double>(block.side); t += 0.5)
      image.set(std::lround(y + t * std::sin(direction)), std::lround(x + t * std::cos(direction)), color);
  }
}

void recolor(Pixels& image, const Block& block) {
  const double radius = static_cast<double>(block.side) / 2;
  for_each_pixel(block, [&](Index y, Index x) {
    const double dy = static_cast<double>(y - block.y) + 0.5 - radius;
    const double dx = static_cast<double>(x - block.x) + 0.5 - radius;
    if (dy * dy + dx * dx > radius * radius) return;
    const float* old = image.at(y, x);
    const float color[3] = {old[1], old[2], old[0]};
    image.set(y, x, color);
  });
}

/// The mean over 5 x 5 pixels, as far as they are within the image.
void blur(Pixels& image, const Block& block) {
  const Pixels sharp = image;
  for_each_pixel(block, [&](Index y, Index x) {
    float sum[3] = {0, 0, 0}, count = 0;
    for (Index row = y - 2; row <= y + 2; ++row)
      for (Index column = x - 2; column <= x + 2; ++column)
        if (sharp.holds(row, column)) {
          count += 1;
          for (int c = 0; c < 3; ++c) sum[c] += sharp.at(row, column)[c];
        }
    for (float& value : sum) value /= count;
    image.set(y, x, sum);
  });
}

Pixels damaged_once(const Pixels& image, const Pixels& other, Damage damage, Random& random) {
  constexpr float white[3] = {1, 1, 1};
  Pixels changed = image;
  const Block block = draw_block(image, random), source = draw_block(other, random);
  switch (damage) {
    case Damage::erased:
      for_each_pixel(block, [&](Index y, Index x) { changed.set(y, x, white); });
      break;
    case Damage::rotated:
      for_each_pixel(block, [&](Index y, Index x) {
        changed.set(y, x, image.at(2 * block.y + block.side - 1 - y, 2 * block.x + block.side - 1 - x));
      });
      break;
    case Damage::replaced:
      for_each_pixel(block, [&](Index y, Index x) {
        const Index row = (std::min)(source.y + y - block.y, image.shape.height - 1);
        const Index column = (std::min)(source.x + x - block.x, image.shape.width - 1);
        changed.set(y, x, other.at(row, column));
      });
      break;
    case Damage::scratched:
      scratch(changed, block, random);
      break;
    case Damage::recolored:
      recolor(changed, block);
      break;
    case Damage::blurred:
      blur(changed, block);
      break;
  }
  return changed;
}

/// Which pixels differ visibly.
VectorX<float> difference(const Pixels& a, const Pixels& b) {
  VectorX<float> mask(a.shape.height * a.shape.width);
  for (Index p = 0; p < mask.size(); ++p) {
    const float most = (a.values.segment(3 * p, 3) - b.values.segment(3 * p, 3)).cwiseAbs().maxCoeff();
    mask(p) = most > visible ? 1.F : 0.F;
  }
  return mask;
}

}  // namespace

std::string name_of(Damage damage) {
  constexpr const char* names[] = {"erased", "rotated", "replaced", "scratched", "recolored", "blurred"};
  return names[static_cast<std::size_t>(damage)];
}

DamagedImages damaged(const Dataset<float>& images, Damage damage, std::uint64_t seed) {
  constexpr int most_tries = 50;
  if (images.shape.channels != 3 || images.samples.rows() != images.shape.size())
    throw eigencoder::ShapeError("damaged: images have three channels");
  const Index pixels = images.shape.height * images.shape.width;
  const auto enough = static_cast<float>((std::max)(pixels / 80, Index{1}));
  DamagedImages out{images.samples, MatrixX<float>::Zero(pixels, images.size())};
  for (Index j = 0; j < images.size(); ++j) {
    Random random(seed, Purpose::user, static_cast<std::uint32_t>(damage), 0, static_cast<std::uint32_t>(j));
    const Pixels image{images.shape, images.samples.col(j)};
    for (int tries = 0; tries < most_tries; ++tries) {
      const Index step = images.size() > 1 ? draw(random, 1, images.size() - 1) : 0;
      const Pixels other{images.shape, images.samples.col((j + step) % images.size())};
      const Pixels changed = damaged_once(image, other, damage, random);
      const VectorX<float> mask = difference(image, changed);
      if (mask.sum() <= out.masks.col(j).sum()) continue;
      out.samples.col(j) = changed.values;
      out.masks.col(j) = mask;
      if (mask.sum() >= enough) break;
    }
  }
  return out;
}

}  // namespace examples
