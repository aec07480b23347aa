#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <eigencoder/data/tiles.hpp>

using namespace eigencoder;

namespace tiles_test {
namespace {

struct Case {
  Shape shape, tile;
  Index overlap;
};
constexpr Case cases[] = {
    {{10, 10, 1}, {10, 10, 1}, 3},  // one tile
    {{12, 20, 3}, {4, 5, 3}, 0},    // side by side
    {{13, 21, 2}, {4, 5, 2}, 0},    // the last ones moved back
    {{16, 28, 3}, {8, 8, 3}, 4},    // half of each
    {{17, 25, 3}, {8, 10, 3}, 3},   {{9, 31, 1}, {8, 8, 1}, 7},  // many tiles over one pixel
    {{30, 8, 1}, {7, 3, 1}, 2},
};

}  // namespace

TEST_CASE("tiles lie on the image row by row, and cover it") {
  for (const Case& c : cases) {
    INFO(c.shape.text().view() << " in tiles of " << c.tile.text().view() << ", overlap " << c.overlap);
    Eigen::VectorXd image = Eigen::VectorXd::LinSpaced(c.shape.size(), 0, static_cast<double>(c.shape.size() - 1));
    const Eigen::MatrixXd tiles = tile_image(image, c.shape, c.tile, c.overlap);
    REQUIRE(tiles.rows() == c.tile.size());
    Index last_row = 0, last_col = -c.tile.width;
    for (Index t = 0; t < tiles.cols(); ++t) {
      // The values are positions: where the tile begins, and that the rest follows.
      const Index at = static_cast<Index>(tiles(0, t)) / c.shape.channels;
      const Index row = at / c.shape.width, col = at % c.shape.width;
      if (t > 0 && row == last_row) {
        CHECK(col > last_col);
        CHECK(col <= last_col + c.tile.width - c.overlap);
      } else if (t > 0) {
        CHECK(last_col + c.tile.width == c.shape.width);
        CHECK(col == 0);
        CHECK(row > last_row);
        CHECK(row <= last_row + c.tile.height - c.overlap);
      }
      last_row = row, last_col = col;
      bool same = true;
      for (Index i = 0; i < c.tile.size(); ++i) {
        const Index pixel = i / c.shape.channels;
        const Index from = (row + pixel / c.tile.width) * c.shape.width + col + pixel % c.tile.width;
        same = same && tiles(i, t) == static_cast<double>(from * c.shape.channels + i % c.shape.channels);
      }
      CHECK(same);
    }
    CHECK(last_row + c.tile.height == c.shape.height);
    CHECK(last_col + c.tile.width == c.shape.width);
  }
}

TEST_CASE("the tiles of an image blend into the image") {
  for (const Case& c : cases) {
    INFO(c.shape.text().view() << " in tiles of " << c.tile.text().view() << ", overlap " << c.overlap);
    const Eigen::VectorXd image = Eigen::VectorXd::Random(c.shape.size());
    const Eigen::VectorXd blended =
        blend_tiles(tile_image(image, c.shape, c.tile, c.overlap), c.shape, c.tile, c.overlap);
    CHECK((blended - image).cwiseAbs().maxCoeff() <= 1e-15 * 4);
    const Eigen::VectorXf single = image.cast<float>();
    CHECK((blend_tiles(tile_image(single, c.shape, c.tile, c.overlap), c.shape, c.tile, c.overlap) - single)
              .cwiseAbs()
              .maxCoeff() <= 4e-7F);
  }
}

TEST_CASE("enlarged tiles blend into the enlarged image") {
  const auto repeated = [](const auto& images, Shape shape, Index k) {
    Eigen::MatrixXd large(shape.size() * k * k, images.cols());
    for (Index n = 0; n < images.cols(); ++n)
      for (Index i = 0; i < large.rows(); ++i) {
        const Index row = i / shape.channels / (shape.width * k) / k, col = i / shape.channels % (shape.width * k) / k;
        large(i, n) = images((row * shape.width + col) * shape.channels + i % shape.channels, n);
      }
    return large;
  };
  for (const Case& c : cases) {
    const Eigen::VectorXd image = Eigen::VectorXd::Random(c.shape.size());
    const Eigen::MatrixXd tiles = repeated(tile_image(image, c.shape, c.tile, c.overlap), c.tile, 3);
    const Shape shape{3 * c.shape.height, 3 * c.shape.width, c.shape.channels};
    const Shape tile{3 * c.tile.height, 3 * c.tile.width, c.tile.channels};
    CHECK((blend_tiles(tiles, shape, tile, 3 * c.overlap) - repeated(image, c.shape, 3)).cwiseAbs().maxCoeff() <=
          4e-15);
  }
}

TEST_CASE("weights fall off linearly where two tiles overlap") {
  // A row of two tiles, of which one is 0 and the other 1, with 4 of 6 pixels in common.
  Eigen::MatrixXd tiles(6, 2);
  tiles << 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1;
  Eigen::VectorXd expected(8);
  expected << 0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1;
  // The tiles are one pixel high, so that the overlap of the rows is none.
  tiles = tiles.replicate(5, 1).eval();
  const Eigen::VectorXd blended = blend_tiles(tiles, {5, 8, 1}, {5, 6, 1}, 4);
  CHECK(blended.isApprox(expected.replicate(5, 1), 1e-15));
}

TEST_CASE("tiles that an image does not have are refused") {
  const Eigen::VectorXf image = Eigen::VectorXf::Zero(60);
  const Eigen::MatrixXf tiles = Eigen::MatrixXf::Zero(12, 9);
  const Shape shape{5, 4, 3}, tile{2, 2, 3};
  CHECK(tile_image(image, shape, tile, 1).cols() == 12);
  CHECK_THROWS_AS(tile_image(image, {5, 5, 3}, tile, 1), ShapeError);
  CHECK_THROWS_AS(tile_image(Eigen::MatrixXf(image.replicate(1, 2)), shape, tile, 1), ShapeError);
  CHECK_THROWS_AS(tile_image(image, {Dynamic, 4, 3}, tile, 1), ShapeError);
  CHECK_THROWS_AS(tile_image(image, shape, {6, 2, 3}, 1), ShapeError);
  CHECK_THROWS_AS(tile_image(image, shape, {2, 2, 1}, 1), ShapeError);
  CHECK_THROWS_AS(tile_image(image, shape, {0, 2, 3}, 0), ShapeError);
  CHECK_THROWS_AS(tile_image(image, shape, tile, 2), OptionError);
  CHECK_THROWS_AS(tile_image(image, shape, tile, -1), OptionError);
  CHECK_THROWS_AS(blend_tiles(tiles, shape, {2, 2, 1}, 1), ShapeError);
  CHECK_THROWS_AS(blend_tiles(tiles, shape, tile, 2), OptionError);
  CHECK(says(thrown<ShapeError>([&] { blend_tiles(tiles, shape, tile, 1); }),
             {"blend_tiles: 9 tiles of 12 values, not 12 of 2x2x3"}));
}

}  // namespace tiles_test
