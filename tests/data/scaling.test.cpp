#include "support/catch.hpp"

#include <eigencoder/data/quantiles.hpp>
#include <eigencoder/data/quantile_scaling.hpp>
#include <eigencoder/data/scaling.hpp>

#include <cmath>
#include <limits>

#include "support/thrown.hpp"

using namespace eigencoder;

namespace scaling_test {
namespace {

// Values far from 0 and of very different units, from a congruence.
template <class Scalar>
MatrixX<Scalar> measured() {
  MatrixX<Scalar> x(4, 50);
  unsigned state = 1;
  for (Index j = 0; j < x.cols(); ++j)
    for (Index i = 0; i < x.rows(); ++i) {
      state = state * 1664525U + 1013904223U;
      const double unit[] = {1e-6, 1, 1e3, 1e12}, shift[] = {0, -1000, 7, 1e12};
      x(i, j) = static_cast<Scalar>(shift[i] + unit[i] * (static_cast<double>(state >> 8) / 16777216.0));
    }
  return x;
}

}  // namespace

TEMPLATE_TEST_CASE("scaling to [0,1] is exact, to another range up to rounding", "", float, double) {
  using Scalar = TestType;
  const MatrixX<Scalar> x = measured<Scalar>();
  const MatrixX<Scalar> unit = min_max_scaling(x).transform(x);
  for (Index i = 0; i < x.rows(); ++i) {
    CHECK(unit.row(i).minCoeff() == 0);
    CHECK(unit.row(i).maxCoeff() == 1);
    Index lowest = 0, highest = 0;
    x.row(i).minCoeff(&lowest);
    x.row(i).maxCoeff(&highest);
    CHECK(unit(i, lowest) == 0);
    CHECK(unit(i, highest) == 1);
  }
  const MatrixX<Scalar> other = min_max_scaling(x.leftCols(50), -1, 3).transform(x);
  for (Index i = 0; i < x.rows(); ++i)  // the offset is rounded, at worst in units of 1e12 around 1e12
    for (Index j = 0; j < x.cols(); ++j)
      CHECK(other(i, j) == Approx(4 * static_cast<double>(unit(i, j)) - 1)
                               .margin(4000 * static_cast<double>(std::numeric_limits<Scalar>::epsilon())));
}

TEMPLATE_TEST_CASE("standard scaling gives mean 0 and variance 1", "", float, double) {
  using Scalar = TestType;
  const MatrixX<Scalar> x = measured<Scalar>();
  const Eigen::MatrixXd y = standard_scaling(x).transform(x).template cast<double>();
  const double eps = static_cast<double>(std::numeric_limits<Scalar>::epsilon());
  for (Index i = 0; i < x.rows(); ++i) {
    // The offset is rounded: by eps of its size, in units of the deviation.
    const double size = x.row(i).template cast<double>().cwiseAbs().maxCoeff();
    const double stddev = static_cast<double>(standard_scaling(x).scale[static_cast<std::size_t>(i)]);
    CHECK(std::abs(y.row(i).mean()) <= 4 * eps * (1 + size / stddev));
    CHECK((y.row(i).array() - y.row(i).mean()).square().mean() == Approx(1).epsilon(20 * eps));
  }
  MatrixX<Scalar> two(1, 4);
  two << 1, 1, 5, 5;
  CHECK(standard_scaling(two).offset == std::vector<Scalar>{3});
  CHECK(standard_scaling(two).scale == std::vector<Scalar>{2});
}

TEMPLATE_TEST_CASE("robust scaling gives median 0 and interquartile range 1", "", float, double) {
  using Scalar = TestType;
  const MatrixX<Scalar> x = measured<Scalar>();
  const Scaling<Scalar> scaling = robust_scaling(x);
  const Eigen::MatrixXd y = scaling.transform(x).template cast<double>();
  const double eps = static_cast<double>(std::numeric_limits<Scalar>::epsilon());
  for (Index i = 0; i < x.rows(); ++i) {
    const double size = x.row(i).template cast<double>().cwiseAbs().maxCoeff();
    const double rounding = 4 * eps * (1 + size / static_cast<double>(scaling.scale[static_cast<std::size_t>(i)]));
    CHECK(std::abs(quantile(y.row(i), 0.5)) <= rounding);
    CHECK(std::abs(quantile(y.row(i), 0.75) - quantile(y.row(i), 0.25) - 1) <= rounding);
  }
  MatrixX<Scalar> five(2, 5);
  five << 9, 1, 4, 2, 1000, -3, -3, -3, 0, 7;
  CHECK(robust_scaling(five).offset == std::vector<Scalar>{4, -3});
  CHECK(robust_scaling(five).scale == std::vector<Scalar>{7, 3});
  MatrixX<Scalar> four(1, 4);
  four << 4, 1, 3, 2;  // quartiles 1.75 and 3.25
  CHECK(robust_scaling(four).offset == std::vector<Scalar>{2.5});
  CHECK(robust_scaling(four).scale == std::vector<Scalar>{1.5});
}

TEST_CASE("a value with equal quartiles is scaled by its standard deviation") {
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(2, 100);
  for (Index j = 0; j < 100; ++j) x(1, j) = static_cast<double>(j);
  for (Index j = 0; j < 20; ++j) x(0, j) = 1000.0 + static_cast<double>(j);  // the others are 0
  const Scaling<double> robust = robust_scaling(x), standard = standard_scaling(x);
  CHECK(robust.scale[0] == standard.scale[0]);
  CHECK(robust.offset[0] == 0);
  CHECK(robust.scale[1] == 49.5);
}

TEST_CASE("outliers do not change a robust scaling, however far they are") {
  Eigen::MatrixXd x(1, 101);
  for (Index j = 0; j < 101; ++j) x(0, j) = static_cast<double>(j * 37 % 101);
  const Scaling<double> scaling = robust_scaling(x);
  for (const double factor : {1e3, 1e300}) {
    Eigen::MatrixXd wild = x;
    for (Index j = 0; j < 101; ++j)
      if (x(0, j) > 80) wild(0, j) = factor * x(0, j);
    CHECK(robust_scaling(wild) == scaling);
    CHECK_FALSE(standard_scaling(wild) == standard_scaling(x));
  }
}

TEMPLATE_TEST_CASE("scaling is undone up to rounding", "", float, double) {
  using Scalar = TestType;
  const MatrixX<Scalar> x = measured<Scalar>();
  for (const Scaling<Scalar>& scaling : {min_max_scaling(x), min_max_scaling(x, -2, 5), standard_scaling(x),
                                         robust_scaling(x)}) {
    const MatrixX<Scalar> back = scaling.inverse_transform(scaling.transform(x));
    for (Index i = 0; i < x.rows(); ++i)
      for (Index j = 0; j < x.cols(); ++j) {
        const auto row = static_cast<std::size_t>(i);
        const Scalar size = std::abs(x(i, j)) + std::abs(scaling.offset[row]) + std::abs(scaling.scale[row]);
        REQUIRE(std::abs(back(i, j) - x(i, j)) <= 4 * std::numeric_limits<Scalar>::epsilon() * size);
      }
  }
}

TEST_CASE("a constant value keeps its unit, so that other samples show how they differ") {
  Eigen::MatrixXf x(2, 3);
  x << 0.1F, 0.1F, 0.1F, 1, 2, 3;
  const Scaling<float> unit = min_max_scaling(x, -1, 1), standard = standard_scaling(x);
  CHECK(unit.scale[0] == 1);
  CHECK(standard.scale[0] == 1);
  CHECK(unit.transform(x).row(0).isApproxToConstant(-1));
  CHECK(standard.transform(x).row(0).isZero(0));
  const Scaling<float> robust = robust_scaling(x);
  CHECK(robust.scale[0] == 1);
  CHECK(robust.transform(x).row(0).isZero(0));
  const Eigen::Vector2f other(2.1F, 3);
  CHECK(robust.transform(other)(0) == 2.1F - 0.1F);
  CHECK(standard.transform(other)(0) == 2.1F - 0.1F);
  const Eigen::Vector2f one(5, -7);  // a single sample: every value is constant
  CHECK(standard_scaling(one).transform(one).isZero(0));
  CHECK(robust_scaling(one).transform(one).isZero(0));
  CHECK(min_max_scaling(one).transform(one).isZero(0));
}

TEST_CASE("a scaling learned from some samples applies to others, matrices and data sets") {
  Dataset<float> set;
  set.samples.resize(2, 2);
  set.samples << 0, 4, 10, 20;
  const Scaling<float> scaling = min_max_scaling(set);
  CHECK(scaling == min_max_scaling(set.samples));
  CHECK(standard_scaling(set) == standard_scaling(set.samples));
  CHECK(robust_scaling(set) == robust_scaling(set.samples));
  CHECK_FALSE(scaling == standard_scaling(set));
  const Eigen::Vector2f other(8, 5);
  const Eigen::Vector2f expected(2, -0.5F);
  CHECK(scaling.transform(other) == expected);
  CHECK(scaling.inverse_transform(expected) == other);
  CHECK(scaling.transform(set).col(1) == Eigen::Vector2f(1, 1));
}

TEST_CASE("extreme values scale, or are refused where their range overflows") {
  Eigen::MatrixXd x(1, 2);
  x << 5e-324, 1e-323;
  CHECK(min_max_scaling(x).transform(x)(0, 1) == 1);
  CHECK(standard_scaling(x).transform(x).allFinite());
  CHECK(robust_scaling(x).transform(x).allFinite());
  x << -6e307, 9e307;
  CHECK(standard_scaling(x).transform(x)(0, 1) == Approx(1));
  x << -1.7e308, 1.7e308;
  CHECK(says(thrown<DataError>([&] { min_max_scaling(x); }), {"min_max_scaling", "value 0"}));
  CHECK(says(thrown<DataError>([&] { standard_scaling(x); }), {"standard_scaling", "value 0"}));
  CHECK(says(thrown<DataError>([&] { robust_scaling(x); }), {"robust_scaling", "value 0"}));
}

TEST_CASE("scalings of known values are those of a set without the others") {
  const double unknown = std::nan("");
  MatrixX<double> x = measured<double>(), complete(4, 40);
  // In each value ten samples are unknown, in every value others; the known ones are those of `complete`.
  for (Index i = 0; i < 4; ++i)
    for (Index j = 0, k = 0; j < 50; ++j) {
      if ((j + i) % 5 == 0) x(i, j) = unknown;
      else complete(i, k++) = x(i, j);
    }
  CHECK(min_max_scaling(x, -1, 1, Unknown::skipped) == min_max_scaling(complete, -1, 1));
  CHECK(standard_scaling(x, Unknown::skipped) == standard_scaling(complete));
  CHECK(robust_scaling(x, Unknown::skipped) == robust_scaling(complete));
  const QuantileScalingOptions few{.quantiles = 7};
  CHECK(quantile_scaling(x, {.quantiles = 7, .unknown = Unknown::skipped}) == quantile_scaling(complete, few));

  const MatrixX<double> scaled = standard_scaling(complete).transform(x);
  CHECK((scaled.array().isNaN() == x.array().isNaN()).all());
  x.row(2).setConstant(unknown);
  CHECK(says(thrown<DataError>([&] { robust_scaling(x, Unknown::skipped); }),
             {"robust_scaling: value 2 is unknown in all samples"}));
  x.col(7).setConstant(unknown);
  CHECK(says(thrown<DataError>([&] { standard_scaling(x, Unknown::skipped); }),
             {"standard_scaling: sample 7 has no known value"}));
}

TEST_CASE("scalings refuse what they cannot use") {
  Eigen::MatrixXf x = Eigen::MatrixXf::Random(3, 4);
  const Scaling<float> scaling = standard_scaling(x);
  CHECK(says(thrown<ShapeError>([&] { scaling.transform(Eigen::MatrixXf::Zero(2, 4).eval()); }),
             {"transform", "2", "3"}));
  CHECK(says(thrown<ShapeError>([&] { scaling.inverse_transform(Eigen::MatrixXf::Zero(4, 4).eval()); }),
             {"inverse_transform", "4", "3"}));
  CHECK_THROWS_AS((Scaling<float>{{1, 2}, {1}}.transform(x)), ShapeError);
  CHECK_THROWS_AS(min_max_scaling(Eigen::MatrixXf(3, 0)), DataError);
  CHECK_THROWS_AS(standard_scaling(Eigen::MatrixXf(0, 3)), DataError);
  CHECK(says(thrown<DataError>([] { robust_scaling(Eigen::MatrixXf(3, 0)); }), {"robust_scaling", "no samples"}));
  CHECK(says(thrown<DataError>([] { robust_scaling(Eigen::MatrixXf(0, 3)); }), {"robust_scaling", "no values"}));
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(min_max_scaling(x, 1, 1), OptionError);
  CHECK_THROWS_AS(min_max_scaling(x, 1, 0), OptionError);
  CHECK_THROWS_AS(min_max_scaling(x, 0, std::nan("")), OptionError);
  CHECK_THROWS_AS(min_max_scaling(x, -infinity, 0), OptionError);
  x(1, 2) = std::nanf("");
  CHECK(says(thrown<DataError>([&] { min_max_scaling(x); }), {"sample 2", "NaN", "value 1"}));
  CHECK(says(thrown<DataError>([&] { robust_scaling(x); }), {"robust_scaling", "sample 2", "NaN", "value 1"}));
  x(1, 2) = static_cast<float>(infinity);
  CHECK(says(thrown<DataError>([&] { standard_scaling(x); }), {"sample 2", "infinity"}));
}

}  // namespace scaling_test
