#include "support/catch.hpp"

#include <eigencoder/data/channels.hpp>

using namespace eigencoder;

TEST_CASE("channels become samples of their own, image after image") {
  const Shape shape{2, 3, 3};
  const Eigen::MatrixXf images = Eigen::MatrixXf::Random(shape.size(), 4);
  const Eigen::MatrixXf single = split_channels(images, shape);
  REQUIRE(single.rows() == 6);
  REQUIRE(single.cols() == 12);
  for (Index n = 0; n < 4; ++n)
    for (Index c = 0; c < 3; ++c)
      for (Index p = 0; p < 6; ++p) CHECK(single(p, 3 * n + c) == images(3 * p + c, n));
}

TEST_CASE("joining channels undoes splitting them") {
  for (const Shape shape : {Shape{4, 5, 3}, Shape{1, 7, 2}, Shape{3, 3, 1}}) {
    const Eigen::MatrixXd images = Eigen::MatrixXd::Random(shape.size(), 5);
    CHECK(join_channels(split_channels(images, shape), shape) == images);
    CHECK(join_channels(split_channels(images.middleCols(1, 2), shape), shape) == images.middleCols(1, 2));
  }
}

TEST_CASE("samples that are not such images are refused") {
  const Eigen::MatrixXf images = Eigen::MatrixXf::Zero(12, 5);
  CHECK_THROWS_AS(split_channels(images, {2, 3, 3}), ShapeError);
  CHECK_THROWS_AS(split_channels(images, {Dynamic, 2, 3}), ShapeError);
  CHECK_THROWS_AS(join_channels(images, {3, 4, 3}), ShapeError);  // 5 channels are no whole images
  CHECK_THROWS_AS(join_channels(images, {2, 4, 5}), ShapeError);
}
