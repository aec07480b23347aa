#include "support/catch.hpp"

#include <eigencoder/data/quantile_scaling.hpp>
#include <eigencoder/data/quantiles.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "laws/samples.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace quantile_scaling_test {
namespace {

constexpr OutputDistribution outputs[] = {OutputDistribution::uniform, OutputDistribution::normal};

/// Values of a long tail, of many equal ones, of few levels, of one value, and far from 0.
template <class Scalar>
MatrixX<Scalar> measured(Index n) {
  const MatrixX<double> u = laws::samples(5, n, false);
  MatrixX<Scalar> x(5, n);
  for (Index j = 0; j < n; ++j) {
    x(0, j) = static_cast<Scalar>(-std::log(u(0, j)) * std::exp(4 * u(0, j)));
    x(1, j) = static_cast<Scalar>(std::max(0.0, u(1, j) - 0.6));
    x(2, j) = static_cast<Scalar>(std::floor(4 * u(2, j)));
    x(3, j) = Scalar(3.7);
    x(4, j) = static_cast<Scalar>(1000 + u(4, j));
  }
  return x;
}

/// The mean of the shares of samples below, and of those not above.
template <class Scalar>
double mid_rank(const MatrixX<Scalar>& x, Index i, Scalar value) {
  double below = 0, equal = 0;
  for (Index j = 0; j < x.cols(); ++j) {
    below += x(i, j) < value ? 1 : 0;
    equal += x(i, j) == value ? 1 : 0;
  }
  return (below + (equal - 1) / 2) / static_cast<double>(x.cols() - 1);
}

double normal_cdf(double z) { return std::erfc(-z * std::sqrt(0.5)) / 2; }

}  // namespace

TEST_CASE("quantile scaling by hand") {
  Eigen::MatrixXd x(1, 5);
  x << 10, 0, 100, 2, 1;
  const QuantileScaling<double> scaling = quantile_scaling(x);
  CHECK(scaling.quantiles == (Eigen::VectorXd(5) << 0, 1, 2, 10, 100).finished());
  Eigen::MatrixXd other(1, 8);
  other << -5, 0, 0.5, 2, 4, 55, 100, 1e9;
  CHECK(scaling.transform(other) == (Eigen::MatrixXd(1, 8) << 0, 0, 0.125, 0.5, 0.5625, 0.875, 1, 1).finished());
  Eigen::MatrixXd shares(1, 7);
  shares << -1, 0, 0.125, 0.5625, 0.875, 1, 2;
  CHECK(scaling.inverse_transform(shares) == (Eigen::MatrixXd(1, 7) << 0, 0, 0.5, 4, 55, 100, 100).finished());

  const QuantileScaling<double> three = quantile_scaling(x, {.quantiles = 3});
  CHECK(three.quantiles == Eigen::Vector3d(0, 2, 100));
  CHECK(three.transform(other)(0, 5) == 0.5 + 0.5 * 53 / 98);
}

TEMPLATE_TEST_CASE("with a quantile for each sample these become their mid-ranks", "", float, double) {
  using Scalar = TestType;
  const MatrixX<Scalar> x = measured<Scalar>(200);
  const QuantileScaling<Scalar> scaling = quantile_scaling(x);
  REQUIRE(scaling.quantiles.rows() == 200);
  const MatrixX<Scalar> uniform = scaling.transform(x);
  const MatrixX<Scalar> normal = quantile_scaling(x, {.output = OutputDistribution::normal}).transform(x);
  const double eps = static_cast<double>(std::numeric_limits<Scalar>::epsilon());
  for (Index i = 0; i < x.rows(); ++i)
    for (Index j = 0; j < x.cols(); ++j) {
      const double rank = mid_rank(x, i, x(i, j));
      REQUIRE(std::abs(static_cast<double>(uniform(i, j)) - rank) <= eps);
      const double position = (199 * rank + 0.5) / 200;  // Hazen's
      REQUIRE(std::abs(normal_cdf(static_cast<double>(normal(i, j))) - position) <= 2 * eps);
    }
}

TEST_CASE("scaled samples have the output's distribution") {
  const MatrixX<double> x = measured<double>(5000);
  for (const Index points : {50, 1000, 5000}) {
    const MatrixX<double> uniform = quantile_scaling(x, {.quantiles = points}).transform(x);
    const MatrixX<double> normal =
        quantile_scaling(x, {.quantiles = points, .output = OutputDistribution::normal}).transform(x);
    const double step = 1.0 / static_cast<double>(points - 1);
    for (const Index i : {0, 4})  // the values without equal samples
      for (const double q : {0.01, 0.2, 0.5, 0.9, 0.99}) {
        CHECK(std::abs(quantile(uniform.row(i), q) - q) <= step);
        CHECK(std::abs(normal_cdf(quantile(normal.row(i), q)) - q) <= step);
      }
    CHECK(normal.row(0).maxCoeff() == Approx(-normal.row(0).minCoeff()).epsilon(1e-9));
    CHECK(normal_cdf(normal.row(0).minCoeff()) == Approx(0.5 / static_cast<double>(points)).epsilon(1e-9));
  }
}

TEMPLATE_TEST_CASE("the inverse of quantile scaling is the identity inside the range", "", float, double) {
  using Scalar = TestType;
  const MatrixX<Scalar> x = measured<Scalar>(300);
  const double eps = static_cast<double>(std::numeric_limits<Scalar>::epsilon());
  for (const OutputDistribution output : outputs)
    for (const Index points : {2, 10, 300}) {
      const QuantileScaling<Scalar> scaling = quantile_scaling(x, {.quantiles = points, .output = output});
      const MatrixX<Scalar> back = scaling.inverse_transform(scaling.transform(x));
      for (Index i = 0; i < x.rows(); ++i) {
        // Rounding of a probability moves a value by up to `slope` times as much.
        const VectorX<double> column = scaling.quantiles.col(i).template cast<double>();
        const double slope = (column.tail(points - 1) - column.head(points - 1)).maxCoeff() *
                             static_cast<double>(points);
        const double bound = 4 * eps * (slope + column.cwiseAbs().maxCoeff());
        for (Index j = 0; j < x.cols(); ++j)
          REQUIRE(std::abs(static_cast<double>(back(i, j)) - static_cast<double>(x(i, j))) <= bound);
      }
      CHECK(back.row(3) == x.row(3));
    }
}

TEST_CASE("quantile scaling never reverses the order of two values, in both directions") {
  const MatrixX<float> x = measured<float>(100);
  for (const OutputDistribution output : outputs) {
    const QuantileScaling<float> scaling = quantile_scaling(x, {.quantiles = 30, .output = output});
    MatrixX<float> rising(5, 2001), levels(5, 2001);
    for (Index i = 0; i < 5; ++i) {
      rising.row(i).setLinSpaced(2001, x.row(i).minCoeff() - 1, x.row(i).maxCoeff() + 1);
      levels.row(i).setLinSpaced(2001, -4, 4);
    }
    const MatrixX<float> up = scaling.transform(rising), down = scaling.inverse_transform(levels);
    CHECK((up.rightCols(2000).array() >= up.leftCols(2000).array()).all());
    CHECK((down.rightCols(2000).array() >= down.leftCols(2000).array()).all());
    CHECK((up.row(0).array() > up(0, 0)).any());
  }
}

TEST_CASE("values outside the range become its ends, and so do outputs in the inverse") {
  const MatrixX<double> x = measured<double>(40);
  const double infinity = std::numeric_limits<double>::infinity();
  for (const OutputDistribution output : outputs) {
    const QuantileScaling<double> scaling = quantile_scaling(x, {.output = output});
    const VectorX<double> low = x.rowwise().minCoeff(), high = x.rowwise().maxCoeff();
    const VectorX<double> least = VectorX<double>::Constant(5, -infinity), most = -least;
    const double bottom = scaling.transform(low)(0), top = scaling.transform(high)(0);
    CHECK((scaling.transform((low.array() - 7).matrix().eval()).array() == bottom).all());
    CHECK((scaling.transform((high.array() + 7).matrix().eval()).array() == top).all());
    CHECK((scaling.transform(least).array() == bottom).all());
    CHECK((scaling.transform(most).array() == top).all());
    CHECK(scaling.inverse_transform(least) == low);
    CHECK(scaling.inverse_transform(most) == high);
  }
}

TEST_CASE("a constant value is in the middle of the output, and a single sample is constant") {
  const Eigen::Vector2f one(5, -7);
  for (const OutputDistribution output : outputs) {
    const float middle = output == OutputDistribution::uniform ? 0.5F : 0.0F;
    const QuantileScaling<float> scaling = quantile_scaling(one, {.output = output});
    CHECK(scaling.transform(one).isConstant(middle, 0));
    CHECK(scaling.inverse_transform(scaling.transform(one)) == one);
    CHECK(scaling.inverse_transform(Eigen::Vector2f(0.9F, -0.9F)) == one);
    MatrixX<float> constant = MatrixX<float>::Constant(1, 50, 0.1F);
    CHECK(quantile_scaling(constant, {.output = output}).transform(constant).isConstant(middle, 0));
  }
}

TEST_CASE("a quantile scaling applies to views and data sets, and passes NaN through") {
  Dataset<float> set;
  set.samples = measured<float>(20);
  const QuantileScaling<float> scaling = quantile_scaling(set);
  CHECK(scaling == quantile_scaling(set.samples));
  CHECK(scaling == quantile_scaling(View<float>(set.samples)));
  CHECK_FALSE(scaling == quantile_scaling(set, {.quantiles = 5}));
  CHECK_FALSE(scaling == quantile_scaling(set, {.output = OutputDistribution::normal}));
  CHECK_FALSE(scaling == quantile_scaling(set.samples.topRows(4)));
  CHECK(scaling.transform(set) == scaling.transform(set.samples));
  CHECK(scaling.transform(set.samples.middleCols(3, 4)) == scaling.transform(set).middleCols(3, 4));
  MatrixX<float> y = set.samples;
  y(1, 2) = std::nanf("");
  for (const MatrixX<float>& mapped : {scaling.transform(y), scaling.inverse_transform(y)}) {
    CHECK(std::isnan(mapped(1, 2)));
    CHECK(mapped.array().isNaN().count() == 1);
  }
}

TEST_CASE("quantile scaling refuses what it cannot use") {
  MatrixX<float> x = measured<float>(10);
  const QuantileScaling<float> scaling = quantile_scaling(x);
  CHECK(says(thrown<ShapeError>([&] { scaling.transform(x.topRows(2)); }),
             {"QuantileScaling::transform", "2 x 10", "5"}));
  CHECK(says(thrown<ShapeError>([&] { scaling.inverse_transform(x.topRows(4)); }),
             {"QuantileScaling::inverse_transform", "4 x 10", "5"}));
  CHECK(says(thrown<ShapeError>([&] { QuantileScaling<float>{MatrixX<float>(1, 5)}.transform(x); }),
             {"1 stored", "at least 2"}));
  CHECK(says(thrown<ShapeError>([&] { QuantileScaling<float>().inverse_transform(x); }), {"0 stored"}));
  CHECK(says(thrown<OptionError>([&] { quantile_scaling(x, {.quantiles = 1}); }), {"quantiles", "at least 2"}));
  CHECK(says(thrown<DataError>([] { quantile_scaling(MatrixX<float>(3, 0)); }), {"quantile_scaling", "no samples"}));
  CHECK(says(thrown<DataError>([] { quantile_scaling(MatrixX<float>(0, 3)); }), {"quantile_scaling", "no values"}));
  x(1, 7) = std::nanf("");
  CHECK(says(thrown<DataError>([&] { quantile_scaling(x); }), {"quantile_scaling", "sample 7", "NaN", "value 1"}));
  x(1, 7) = -std::numeric_limits<float>::infinity();
  CHECK(says(thrown<DataError>([&] { quantile_scaling(x); }), {"sample 7", "infinity", "value 1"}));
  Eigen::MatrixXd wide(1, 2);
  wide << -1.7e308, 1.7e308;
  CHECK(says(thrown<DataError>([&] { quantile_scaling(wide); }), {"quantile_scaling", "value 0"}));
}

}  // namespace quantile_scaling_test
