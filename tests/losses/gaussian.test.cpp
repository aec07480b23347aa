#include <eigencoder/losses/gaussian.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/testing.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"

#include <cmath>
#include <numbers>

using namespace eigencoder;

namespace {

double normal_density(double t, double mean, double variance) {
  return std::exp(-(t - mean) * (t - mean) / (2 * variance)) / std::sqrt(2 * std::numbers::pi * variance);
}

double mean_loss(const auto& loss, const MatrixX<double>& y, const MatrixX<double>& t) {
  double sum = 0;
  for (Index j = 0; j < y.cols(); ++j)
    sum += loss.value_and_gradient(y.col(j).data(), t.col(j).data(), static_cast<double*>(nullptr), y.rows(), y.rows(),
                                   1.0);
  return sum / static_cast<double>(y.cols());
}

}  // namespace

TEST_CASE("the Gaussian loss is minus the logarithm of the density") {
  STATIC_REQUIRE(SeparableLoss<Gaussian>);
  const MatrixX<double> y = laws::samples(150, 1, false, 1), t = laws::samples(150, 1, false, 2);
  for (const double variance : {0.01, 0.5, 1.0, 7.0}) {
    double expected = 0;
    for (Index i = 0; i < 150; ++i) expected -= std::log(normal_density(t(i), y(i), variance));
    CHECK(mean_loss(Gaussian{.variance = variance}, y, t) == Approx(expected));
    CHECK(mean_loss(LearnedGaussian{.initial_variance = variance}, y, t) == Approx(expected));

    MatrixX<double> delta(150, 1);
    Gaussian{variance}.value_and_gradient(y.data(), t.data(), delta.data(), 150, 150, 0.5);
    CHECK(delta.isApprox(0.5 * (y - t) / variance, 1e-12));
    LearnedGaussian{variance}.value_and_gradient(y.data(), t.data(), delta.data(), 150, 150, 2.0);
    CHECK(delta.isApprox(2 * (y - t) / variance, 1e-12));
  }
}

TEST_CASE("the densities integrate to one") {
  const Gaussian loss{.variance = 0.3};
  const double step = 1e-3, y = 0.2;
  double sum = 0;
  double* const none = nullptr;
  for (double t = -6; t < 6; t += step) sum += step * std::exp(-loss.value_and_gradient(&y, &t, none, 1, 1, 1.0));
  CHECK(sum == Approx(1).epsilon(1e-9));
}

TEST_CASE("at a variance of 1 / 2 the Gaussian loss is the squared error and a constant") {
  const MatrixX<double> y = laws::samples(40, 5, false, 1), t = laws::samples(40, 5, false, 2);
  CHECK(mean_loss(Gaussian{.variance = 0.5}, y, t) ==
        Approx(mean_loss(SquaredError{}, y, t) + 20 * std::log(std::numbers::pi)));
}

TEST_CASE("the derivative by the learned variance") {
  STATIC_REQUIRE(LearnedLoss<LearnedGaussian>);
  STATIC_REQUIRE(!LearnedLoss<Gaussian>);
  STATIC_REQUIRE(SeparableLoss<LearnedGaussian>);
  const MatrixX<double> y = laws::samples(40, 5, false, 1), t = laws::samples(40, 5, false, 2);
  const LearnedGaussian loss{.initial_variance = 0.2};
  CHECK(loss.learned_count(40) == 1);
  const double initial = loss.initial_value(0);
  CHECK(loss.at(&initial).variance == Approx(0.2));
  const auto at = [&](double log_variance) { return mean_loss(loss.at(&log_variance), y, t); };
  const auto derivative = [&](double log_variance) {
    double sum = 0;
    for (Index j = 0; j < 5; ++j)
      loss.add_derivatives(y.col(j).data(), t.col(j).data(), &log_variance, 40, 0.2, &sum);
    return sum;
  };
  for (const double log_variance : {-3.0, -0.5, 0.0, 2.0}) {
    const double numeric = central_difference([&](double h) { return at(log_variance + h); });
    CHECK(derivative(log_variance) == Approx(numeric).epsilon(1e-8));
  }
  // It is 0 at the optimal variance, the mean squared error.
  const double best = std::log((y - t).squaredNorm() / 200);
  CHECK(derivative(best) == Approx(0).margin(1e-10));
  CHECK(at(best) < at(best - 0.1));
  CHECK(at(best) < at(best + 0.1));

  // Unknown targets add nothing: 39 known ones give the derivative of a sample of 39.
  MatrixX<double> gap = t.col(0);
  gap(39) = std::nan("");
  double with_gap = 0, shorter = 0;
  loss.add_derivatives(y.data(), gap.data(), &best, 40, 1.0, &with_gap);
  loss.add_derivatives(y.data(), t.data(), &best, 39, 1.0, &shorter);
  CHECK(with_gap == shorter);
}

TEST_CASE("variances that are not positive and finite are refused") {
  for (const double bad : {0.0, -1.0, HUGE_VAL, std::nan("")}) {
    CHECK_THROWS_AS(Gaussian{.variance = bad}.validate(), OptionError);
    CHECK_THROWS_AS(LearnedGaussian{.initial_variance = bad}.validate(), OptionError);
  }
  CHECK_NOTHROW(Gaussian{}.validate());
  CHECK_NOTHROW(LearnedGaussian{}.validate());
}
