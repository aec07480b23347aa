#include "support/catch.hpp"

#include <eigencoder/data/resize.hpp>
#include <eigencoder/layers/upsample.hpp>

using namespace eigencoder;

namespace {

using Vector = Eigen::VectorXd;

Vector constant_color(Shape shape) {
  Vector image(shape.size());
  for (Index i = 0; i < image.size(); ++i) image[i] = 0.1 + 0.3 * static_cast<double>(i % shape.channels);
  return image;
}

/// v(row, col) = 2 row - 3 col, at pixel centers in units of the whole image.
Vector ramp(Shape shape) {
  Vector image(shape.size());
  for (Index i = 0; i < image.size(); ++i) {
    const double row = (static_cast<double>(i / shape.width) + 0.5) / static_cast<double>(shape.height);
    const double col = (static_cast<double>(i % shape.width) + 0.5) / static_cast<double>(shape.width);
    image[i] = 2 * row - 3 * col;
  }
  return image;
}

}  // namespace

TEST_CASE("a constant image keeps its color at every size") {
  const Shape from{6, 5, 3};
  for (const Shape to : {Shape{3, 5, 3}, Shape{1, 1, 3}, Shape{13, 7, 3}, Shape{4, 4, 3}, Shape{2, 11, 3}}) {
    const Vector out = resize_image(constant_color(from), from, to);
    CHECK((out - constant_color(to)).cwiseAbs().maxCoeff() < 1e-14);
  }
}

TEST_CASE("shrinking keeps the mean, to any size") {
  const Shape from{12, 10, 1};
  const Vector image = Vector::Random(from.size());
  for (const Shape to : {Shape{6, 5, 1}, Shape{4, 2, 1}, Shape{7, 3, 1}, Shape{1, 1, 1}, Shape{12, 9, 1}})
    CHECK(resize_image(image, from, to).mean() == Approx(image.mean()).margin(1e-14));
}

TEST_CASE("shrinking by a whole factor takes the mean of each block") {
  const Shape from{4, 6, 2}, to{2, 2, 2};
  const Vector image = Vector::Random(from.size());
  const Vector out = resize_image(image, from, to);
  for (Index row = 0; row < 2; ++row)
    for (Index col = 0; col < 2; ++col)
      for (Index c = 0; c < 2; ++c) {
        double sum = 0;
        for (Index y = 0; y < 2; ++y)
          for (Index x = 0; x < 3; ++x) sum += image[((2 * row + y) * 6 + 3 * col + x) * 2 + c];
        CHECK(out[(row * 2 + col) * 2 + c] == Approx(sum / 6).margin(1e-14));
      }
}

TEST_CASE("growing interpolates linearly between pixel centers") {
  const Shape from{5, 4, 1}, to{15, 20, 1};
  const Vector out = resize_image(ramp(from), from, to), exact = ramp(to);
  for (Index row = 2; row < 13; ++row)  // within the outermost centers a ramp stays the ramp
    for (Index col = 3; col < 17; ++col)
      CHECK(out[row * 20 + col] == Approx(exact[row * 20 + col]).margin(1e-14));
  CHECK(out[0] == Approx(ramp(from)[0]));  // and the border holds beyond them
}

namespace {

/// The last value and the last but two: taps with a gap, backwards.
struct Backwards {
  constexpr Text name() const { return "Backwards"; }
  static FilterTaps taps(Index, Index in, Index) {
    return in > 2 ? FilterTaps{in - 1, -2, 2, {0.75, 0.25}} : FilterTaps::copy(0);
  }
};

}  // namespace

TEST_CASE("a mode resizes as its layer does") {
  const auto check = [](const auto& mode) {
    for (const Shape from : {Shape{5, 7, 3}, Shape{3, 4, 1}, Shape{1, 6, 2}})
      for (const Shape to : {Shape{10, 14, 0}, Shape{2, 9, 0}, Shape{13, 4, 0}}) {
        const UpsampleTo layer{to.height, to.width, mode};
        INFO(layer.name().view() << " on " << from.text().view());
        const Vector image = Vector::Random(from.size());
        Vector expected(layer.output(from).size());
        KernelScratch<double> scratch;
        layer.template kernel<double>(from, nullptr).apply(0, image.data(), expected.data(), 1, scratch);
        CHECK((resize_image(image, from, layer.output(from), mode) - expected).cwiseAbs().maxCoeff() < 1e-13);
      }
  };
  check(Nearest{}), check(Bilinear{}), check(Bicubic{}), check(Area{});
  const Vector side = Vector::LinSpaced(5, 0, 4);
  CHECK(resize_image(side, {5, 1, 1}, {2, 1, 1}, Backwards{}).isApproxToConstant(0.75 * 4 + 0.25 * 2));
}

TEST_CASE("the same size is an exact copy") {
  const Shape shape{7, 3, 3};
  const Eigen::VectorXf image = Eigen::VectorXf::Random(shape.size());
  CHECK(resize_image(image, shape, shape) == image);
  CHECK(fit_image(image, shape, shape, Eigen::VectorXf(Eigen::VectorXf::Zero(3))) == image);
}

TEST_CASE("fitting keeps the aspect and centers on the background") {
  const Vector background = Vector::Constant(1, -1);
  const auto inside = [&](Shape from, Shape to) {  // the rows and columns the image covers
    const Vector out = fit_image(Vector(Vector::Constant(from.size(), 0.5)), from, to, background);
    Index top = to.height, bottom = -1, left = to.width, right = -1;
    for (Index i = 0; i < out.size(); ++i)
      if (out[i] != -1) {
        CHECK(out[i] == Approx(0.5));
        top = std::min(top, i / to.width);
        bottom = std::max(bottom, i / to.width);
        left = std::min(left, i % to.width);
        right = std::max(right, i % to.width);
      }
    return std::vector<Index>{top, bottom, left, right};
  };
  CHECK(inside({10, 20, 1}, {8, 8, 1}) == std::vector<Index>{2, 5, 0, 7});
  CHECK(inside({20, 10, 1}, {8, 8, 1}) == std::vector<Index>{0, 7, 2, 5});
  CHECK(inside({2, 1, 1}, {8, 8, 1}) == std::vector<Index>{0, 7, 2, 5});
  CHECK(inside({30, 40, 1}, {6, 8, 1}) == std::vector<Index>{0, 5, 0, 7});
  CHECK(inside({1, 1000, 1}, {4, 5, 1}) == std::vector<Index>{1, 1, 0, 4});  // never thinner than a pixel
}

TEST_CASE("shapes that do not match are refused") {
  const Vector image = Vector::Zero(12);
  CHECK_THROWS_AS(resize_image(image, {2, 2, 1}, {1, 1, 1}), ShapeError);
  CHECK_THROWS_AS(resize_image(image, {2, 2, 3}, {1, 1, 1}), ShapeError);
  CHECK_THROWS_AS(resize_image(image, {2, 2, 3}, {Dynamic, 1, 3}), ShapeError);
  CHECK_THROWS_AS(fit_image(image, {2, 2, 3}, {0, 1, 3}, Vector(Vector::Zero(3))), ShapeError);
  CHECK_THROWS_AS(fit_image(image, {2, 2, 3}, {4, 4, 3}, Vector(Vector::Zero(1))), ShapeError);
}
