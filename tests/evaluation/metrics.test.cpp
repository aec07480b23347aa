#include <eigencoder/evaluation/metrics.hpp>

#include "support/catch.hpp"

#include <cmath>

using namespace eigencoder;

TEMPLATE_TEST_CASE("squared errors", "", float, double) {
  const MatrixX<TestType> a = MatrixX<TestType>::Random(200, 7);
  const MatrixX<TestType> b = MatrixX<TestType>::Random(200, 7);
  const auto errors = squared_errors(a, b);
  REQUIRE(errors.size() == 7);
  for (Index j = 0; j < 7; ++j)
    CHECK(errors[static_cast<std::size_t>(j)] ==
          Approx((a.col(j) - b.col(j)).template cast<double>().squaredNorm()).epsilon(1e-6));
  const double sum = (a - b).template cast<double>().squaredNorm();
  CHECK(mean_squared_error(a, b) == Approx(sum / 1400).epsilon(1e-6));
  CHECK(mean_squared_error(a, a) == 0);
  CHECK(mean_squared_error(a, b) == mean_squared_error(b, a));

  const Dataset<TestType> set{.samples = a, .shape = Shape::flat(200), .names = {}, .labels = {},
                              .skipped = {}};
  CHECK(mean_squared_error(set, View<TestType>(b)) == mean_squared_error(a, b));
  CHECK(squared_errors(a.leftCols(3), b.leftCols(3)).back() == errors[2]);
}

TEST_CASE("sets that cannot be compared") {
  const MatrixX<float> a(3, 4), b(4, 3), empty(0, 4), none(3, 0);
  CHECK_THROWS_AS(mean_squared_error(a, b), ShapeError);
  CHECK_THROWS_AS(squared_errors(a, none), ShapeError);
  CHECK_THROWS_AS(mean_squared_error(empty, empty), DataError);
  CHECK_THROWS_AS(squared_errors(none, none), DataError);
}

TEST_CASE("the peak signal-to-noise ratio") {
  CHECK(psnr(1) == Approx(0).margin(1e-12));
  CHECK(psnr(0.01) == Approx(20));
  CHECK(psnr(1, 255) == Approx(20 * std::log10(255.0)));
  CHECK(psnr(0.01 * 255 * 255, 255) == Approx(psnr(0.01)));
  CHECK(psnr(0) == std::numeric_limits<double>::infinity());
  CHECK_THROWS_AS(psnr(-1), DataError);
  CHECK_THROWS_AS(psnr(std::nan("")), DataError);
  CHECK_THROWS_AS(psnr(1, 0), DataError);
}
