#include <eigencoder/evaluation/masked_metrics.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <cmath>
#include <limits>

using namespace eigencoder;

namespace masked_metrics_test {

TEMPLATE_TEST_CASE("errors count where the mask is not 0", "", float, double) {
  MatrixX<TestType> a = MatrixX<TestType>::Zero(3, 2), b = a, mask = a;
  a << 1, 5, 2, 7, 3, 9;
  b << 1, 1, 0, 7, 9, 8;
  mask << 0, 1, 1, 1, 0, 0.5;
  CHECK(mean_squared_error(a, b, mask) == Approx((16 + 4 + 0 + 1) / 4.0));  // over the chosen values of both samples
  CHECK(psnr(a, b, mask, 255) == Approx(psnr(21 / 4.0, 255)));
  CHECK(psnr(a, b, mask) == psnr(a, b, mask, 1));
  const MatrixX<TestType> ones = MatrixX<TestType>::Ones(3, 2), nothing = MatrixX<TestType>::Zero(3, 2);
  CHECK(mean_squared_error(a, b, ones) == Approx(mean_squared_error(a, b)).epsilon(1e-14));
  CHECK(psnr(a, a, ones) == std::numeric_limits<double>::infinity());
  CHECK(says(thrown<DataError>([&] { mean_squared_error(a, b, nothing); }), {"the mask chooses no value"}));
  const Dataset<TestType> set{.samples = a, .shape = Shape::flat(3)};
  CHECK(mean_squared_error(set, View<TestType>(b), mask) == mean_squared_error(a, b, mask));
}

TEST_CASE("what is not chosen may be anything") {
  MatrixX<double> a = MatrixX<double>::Zero(4, 3), mask = MatrixX<double>::Ones(4, 3);
  a(1, 2) = std::numeric_limits<double>::quiet_NaN();
  mask(1, 2) = 0;
  CHECK(mean_squared_error(a, MatrixX<double>::Constant(4, 3, 2).eval(), mask) == 4);
}

TEST_CASE("the number of threads changes no bit of an error") {
  const MatrixX<float> a = MatrixX<float>::Random(30, 100), b = MatrixX<float>::Random(30, 100);
  const MatrixX<float> mask = (MatrixX<float>::Random(30, 100).array() > 0).cast<float>().matrix();
  set_threads(1);
  const double expected = mean_squared_error(a, b, mask);
  set_threads(3);
  CHECK(mean_squared_error(a, b, mask) == expected);
  set_threads(0);
}

TEST_CASE("masks of other sizes are refused") {
  const MatrixX<float> a(3, 4), b(3, 5), c(2, 4);
  CHECK_THROWS_AS(mean_squared_error(a, b, a), ShapeError);
  CHECK(says(thrown<ShapeError>([&] { mean_squared_error(a, a, b); }), {"cannot compare 3 x 4 values with 3 x 5"}));
  CHECK_THROWS_AS(psnr(a, a, c), ShapeError);
  const MatrixX<float> none(3, 0);
  CHECK_THROWS_AS(mean_squared_error(none, none, none), DataError);
}

}  // namespace masked_metrics_test
