#include <common/creatures.hpp>
#include <cstdint>
#include <eigencoder/extend/errors.hpp>
#include <set>
#include <utility>
#include <vector>
#include "examples/drawings.hpp"
#include "support/catch.hpp"

using eigencoder::Index;
using examples::draw_creatures;

namespace {

/// The index of a pixel's channel in a sample.
Index at(Index row, Index column, Index channel, Index width) { return (row * width + column) * 3 + channel; }

}  // namespace

TEST_CASE("creatures are the same on every run and for every count") {
  check_repeatable([](Index count, std::uint64_t seed) { return draw_creatures(count, seed); });
}

TEST_CASE("creatures are a data set of images with values in [0, 1]") {
  const auto drawn = draw_creatures(60, 1);
  CHECK(drawn.shape == eigencoder::Shape{40, 40, 3});
  CHECK(drawn.samples.rows() == drawn.shape.size());
  CHECK(drawn.size() == 60);
  CHECK(drawn.names.size() == 60);
  CHECK(drawn.samples.minCoeff() >= 0);
  CHECK(drawn.samples.maxCoeff() == 1);  // the background is white
  CHECK(draw_creatures(0, 1).size() == 0);
}

TEST_CASE("a creature is its own mirror image, and never cut at the border") {
  for (const auto& [height, width] : {std::pair<Index, Index>{40, 40}, {41, 33}, {24, 64}, {1, 1}}) {
    const auto drawn = draw_creatures(80, 3, height, width);
    Index unlike = 0, colored_border = 0;
    for (Index i = 0; i < drawn.size(); ++i)
      for (Index row = 0; row < height; ++row)
        for (Index column = 0; column < width; ++column)
          for (Index c = 0; c < 3; ++c) {
            const float value = drawn.samples(at(row, column, c, width), i);
            unlike += value != drawn.samples(at(row, width - 1 - column, c, width), i);
            const bool border = row == 0 || column == 0 || row == height - 1 || column == width - 1;
            colored_border += border && value != 1;
          }
    CHECK(unlike == 0);
    if (height > 1) CHECK(colored_border == 0);
  }
}

TEST_CASE("creatures differ, and each one shows something") {
  const auto drawn = draw_creatures(800, 1);
  std::set<std::vector<float>> pictures;
  Index empty = 0;
  for (Index i = 0; i < drawn.size(); ++i) {
    const auto picture = drawn.samples.col(i);
    pictures.insert(std::vector<float>(picture.begin(), picture.end()));
    // An outlined body of at least a tenth of the picture: that many values are not the white of the ground.
    empty += (picture.array() < 1).count() < drawn.shape.size() / 10;
  }
  CHECK(pictures.size() == 800);
  CHECK(empty == 0);
}

TEST_CASE("a picture without pixels is refused") {
  CHECK_THROWS_AS(draw_creatures(3, 1, 0, 40), eigencoder::OptionError);
  CHECK_THROWS_AS(draw_creatures(3, 1, 40, -1), eigencoder::OptionError);
  CHECK_THROWS_AS(draw_creatures(-1, 1), eigencoder::OptionError);
}
