#include "support/catch.hpp"

#include <eigencoder/data/pad.hpp>

#include <limits>

using namespace eigencoder;

TEST_CASE("images are padded to a multiple, and cropped back") {
  for (const Shape shape : {Shape{5, 6, 3}, Shape{1, 7, 2}, Shape{8, 4, 1}, Shape{3, 1, 4}})
    for (const Index multiple : {1, 2, 4, 16})
      for (const Border border : {Border::repeat, Border::reflect}) {
        const Eigen::MatrixXf images = Eigen::MatrixXf::Random(shape.size(), 3);
        const Shape padded = padded_shape(shape, multiple);
        CHECK(padded.height % multiple + padded.width % multiple == 0);
        CHECK(padded.height - shape.height < multiple);
        CHECK(padded.width - shape.width < multiple);
        CHECK(padded.channels == shape.channels);
        const Eigen::MatrixXf out = pad_to_multiple(images, shape, multiple, border);
        REQUIRE(out.rows() == padded.size());
        CHECK(crop_image(out, padded, shape) == images);
        if (padded == shape) CHECK(out == images);
      }
}

TEST_CASE("beyond the border pixels are repeated or reflected") {
  const Eigen::VectorXd row = Eigen::VectorXd::LinSpaced(3, 1, 3);
  Eigen::MatrixXd repeated(8, 1), reflected(8, 1);
  repeated << 1, 2, 3, 3, 3, 3, 3, 3;
  reflected << 1, 2, 3, 2, 1, 2, 3, 2;
  const auto of_row = [](const Eigen::MatrixXd& padded) { return Eigen::MatrixXd(padded.topRows(8)); };
  CHECK(of_row(pad_to_multiple(row, {1, 3, 1}, 8, Border::repeat)) == repeated);
  CHECK(of_row(pad_to_multiple(row, {1, 3, 1}, 8, Border::reflect)) == reflected);
  CHECK(pad_to_multiple(row, {1, 3, 1}, 8) == reflected.replicate(8, 1));  // and every row is the only one

  Eigen::MatrixXd image(12, 1), expected(32, 1);  // 3 x 2 pixels of two channels
  image << 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6;
  expected << 1, -1, 2, -2, 1, -1, 2, -2, 3, -3, 4, -4, 3, -3, 4, -4, 5, -5, 6, -6, 5, -5, 6, -6,  //
      3, -3, 4, -4, 3, -3, 4, -4;
  CHECK(pad_to_multiple(image, {3, 2, 2}, 4) == expected);
}

TEST_CASE("what is no image, or no part of one, is refused") {
  const Eigen::MatrixXf images = Eigen::MatrixXf::Zero(12, 2);
  CHECK_THROWS_AS(pad_to_multiple(images, {2, 3, 1}, 4), ShapeError);
  CHECK_THROWS_AS(pad_to_multiple(images, {Dynamic, 3, 2}, 4), ShapeError);
  CHECK_THROWS_AS(pad_to_multiple(images, {2, 3, 2}, 0), OptionError);
  CHECK(padded_shape({2, 3, 2}, 1000) == Shape{1000, 1000, 2});
  CHECK_THROWS_AS(padded_shape({2, 3, 0}, 4), ShapeError);
  CHECK_THROWS_AS(padded_shape({2, 3, 2}, Index{1} << 62), ShapeError);
  CHECK_THROWS_AS(padded_shape({(std::numeric_limits<Index>::max)(), 1, 1}, 4), ShapeError);
  CHECK_THROWS_AS(crop_image(images, {2, 3, 1}, {2, 2, 1}), ShapeError);
  CHECK_THROWS_AS(crop_image(images, {2, 3, 2}, {3, 2, 2}), ShapeError);
  CHECK_THROWS_AS(crop_image(images, {2, 3, 2}, {2, 2, 1}), ShapeError);
  CHECK_THROWS_AS(crop_image(images, {2, 3, 2}, {0, 2, 2}), ShapeError);
}
