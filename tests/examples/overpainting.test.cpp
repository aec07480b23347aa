#include <array>
#include <common/creatures.hpp>
#include <common/overpainting.hpp>
#include <eigencoder/corruption/corrupted.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/testing.hpp>
#include <set>
#include "support/catch.hpp"

namespace overpainting_test {

using eigencoder::Index;
using eigencoder::MatrixX;
using examples::Overpainting;

static_assert(eigencoder::NamedCorruption<Overpainting>);

TEST_CASE("overpainting keeps the laws of corruptions") {
  const MatrixX<double> samples = (MatrixX<double>::Random(9 * 7 * 3, 40).array() / 2 + 0.5).matrix();
  CHECK(eigencoder::corruption_faults(Overpainting{}, {9, 7, 3}, samples) == 0);
  CHECK(eigencoder::corruption_faults(Overpainting{.patches = 1, .largest = 1}, {7, 9, 3}, samples) == 0);
}

TEST_CASE("overpainting leaves some images and the most of others as they are, and values in range") {
  const auto images = examples::draw_creatures(200, 1);
  const Overpainting paint;
  const MatrixX<float> painted = eigencoder::corrupted(images, images.shape, paint, 3);
  Index untouched = 0, changed = 0;
  for (Index j = 0; j < images.size(); ++j) {
    const Index differ = (painted.col(j).array() != images.samples.col(j).array()).count();
    untouched += differ == 0;
    changed += differ;
  }
  CHECK(untouched > 0);
  CHECK(untouched < 100);
  const double share = static_cast<double>(changed) / static_cast<double>(painted.size());
  CHECK(share > 0.02);
  CHECK(share < 0.5);
  CHECK(painted.minCoeff() >= 0);
  CHECK(painted.maxCoeff() <= 1);
}

TEST_CASE("a patch has at most two colors, of which none is the white of the background") {
  eigencoder::Dataset<float> images;
  images.shape = {20, 20, 3};
  images.samples = MatrixX<float>::Ones(1200, 100);
  const MatrixX<float> painted = eigencoder::corrupted(images, images.shape, Overpainting{.patches = 1}, 3);
  Index wrong = 0, touched = 0;
  for (Index j = 0; j < 100; ++j) {
    std::set<std::array<float, 3>> colors;
    for (Index p = 0; p < 400; ++p) {
      const auto pixel = painted.col(j).segment(3 * p, 3);
      if (pixel.minCoeff() < 1) colors.insert({pixel(0), pixel(1), pixel(2)});
    }
    wrong += colors.size() > 2;
    touched += !colors.empty();
  }
  CHECK(wrong == 0);
  CHECK(touched > 30);
  CHECK(touched < 70);  // painted with a probability of one half
}

TEST_CASE("overpainting refuses options out of range, and values that are no image") {
  const auto images = examples::draw_creatures(1, 1);
  CHECK_THROWS_AS(eigencoder::corrupted(images, images.shape, Overpainting{.patches = 0}), eigencoder::OptionError);
  CHECK_THROWS_AS(eigencoder::corrupted(images, images.shape, Overpainting{.largest = 0}), eigencoder::OptionError);
  CHECK_THROWS_AS(eigencoder::corrupted(images.samples, {1, 1, 4800}, Overpainting{}), eigencoder::CompositionError);
}

}  // namespace overpainting_test
