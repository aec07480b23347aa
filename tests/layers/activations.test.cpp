#include <eigencoder/layers/activations.hpp>

#include "laws/list.hpp"
#include "support/catch.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <tuple>
#include <type_traits>

using namespace eigencoder;

namespace activations_test {
namespace {

using laws::Activations;

template <class Activation, class Scalar>
Scalar saved(const Activation& activation, Scalar z) {
  return Activation::saved_for_backward == SavedForBackward::input ? z : activation.value(z);
}

double central_difference(const std::function<double(double)>& f, double z) {
  const double h = 1e-5;
  return (f(z + h) - f(z - h)) / (2 * h);
}

// Both derivatives on a grid that stays clear of the kink at 0.
template <class Activation>
void check_derivatives(const Activation& activation) {
  const auto value = [&](double z) { return activation.value(z); };
  const auto derivative = [&](double z) { return activation.derivative(saved(activation, z)); };
  for (double z = -6.05; z < 6.1; z += 0.1) {
    INFO(Activation::name << " at " << z);
    REQUIRE(std::abs(derivative(z) - central_difference(value, z)) <= 1e-9);
    REQUIRE(std::abs(activation.second_derivative(saved(activation, z)) - central_difference(derivative, z)) <= 1e-9);
  }
}

template <class Scalar, class Activation>
void check_extremes(const Activation& activation) {
  for (const int size : {50, 100, 1000, 10000})
    for (const int sign : {-1, 1}) {
      const Scalar z = static_cast<Scalar>(sign * size);
      INFO(Activation::name << " at " << z);
      REQUIRE(std::isfinite(activation.value(z)));
      // Far out all are straight lines: the derivative is that of the chord, the second derivative 0.
      const Scalar chord = (activation.value(z + 1) - activation.value(z - 1)) / 2;
      REQUIRE(std::abs(activation.derivative(saved(activation, z)) - chord) <= Scalar(2e-3));
      REQUIRE(std::abs(activation.second_derivative(saved(activation, z))) <= Scalar(1e-6));
    }
  // And where the square of the input overflows.
  for (const Scalar size : {Scalar(2e19), std::numeric_limits<Scalar>::max() / 4})
    for (const Scalar z : {-size, size}) {
      INFO(Activation::name << " at " << z);
      REQUIRE(std::isfinite(activation.value(z)));
      REQUIRE(std::isfinite(activation.derivative(saved(activation, z))));
      REQUIRE(std::abs(activation.second_derivative(saved(activation, z))) <= Scalar(1e-6));
    }
}

// Integral of f times the standard normal's density, by the trapezoidal rule on both sides of the kink.
double normal_mean(const std::function<double(double)>& f) {
  const auto side = [&](double from, double to) {
    const int steps = 200000;
    const double h = (to - from) / steps;
    double sum = 0;
    for (int i = 0; i <= steps; ++i) {
      const double z = from + i * h;
      sum += f(z) * std::exp(-z * z / 2) * (i == 0 || i == steps ? 0.5 : 1.0);
    }
    return sum * h / std::sqrt(2 * std::acos(-1.0));
  };
  return side(-12, 0) + side(0, 12);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("every activation is pointwise", "", Activations) {
  STATIC_REQUIRE(Pointwise<TestType>);
  STATIC_REQUIRE(std::is_aggregate_v<TestType>);
}

TEMPLATE_LIST_TEST_CASE("both derivatives agree with central differences", "", Activations) {
  check_derivatives(TestType{});
}

TEST_CASE("both derivatives agree with central differences away from the defaults") {
  check_derivatives(LeakyRelu{.negative_slope = 0.2});
  check_derivatives(LeakyRelu{.negative_slope = 0});
  check_derivatives(LeakyRelu{.negative_slope = 1.5});
  check_derivatives(Elu{.alpha = 2});
  check_derivatives(Elu{.alpha = 0.5});
  check_derivatives(Elu{.alpha = 0});
}

TEMPLATE_LIST_TEST_CASE("large inputs stay finite", "", Activations) {
  check_extremes<float>(TestType{});
  check_extremes<double>(TestType{});
}

TEMPLATE_LIST_TEST_CASE("float agrees with double", "", Activations) {
  const TestType activation;
  for (float z = -30.05F; z < 30; z += 0.1F) {
    const double exact = static_cast<double>(z);
    const double bound = 8 * double{std::numeric_limits<float>::epsilon()} * (1 + std::abs(exact));
    const float k = saved(activation, z);
    const double exact_k = saved(activation, exact);
    INFO(TestType::name << " at " << z);
    REQUIRE(std::abs(static_cast<double>(activation.value(z)) - activation.value(exact)) <= bound);
    REQUIRE(std::abs(static_cast<double>(activation.derivative(k)) - activation.derivative(exact_k)) <= bound);
    const double second_derivative = static_cast<double>(activation.second_derivative(k));
    REQUIRE(std::abs(second_derivative - activation.second_derivative(exact_k)) <= bound);
  }
}

TEMPLATE_LIST_TEST_CASE("no activation hides a NaN", "", Activations) {
  CHECK(std::isnan(TestType{}.value(std::nan(""))));
  CHECK(std::isnan(TestType{}.value(std::nanf(""))));
}

TEST_CASE("at a kink the derivative from the left holds") {
  CHECK(Relu{}.derivative(Relu{}.value(0.0)) == 0);
  CHECK(Relu{}.derivative(Relu{}.value(-0.0)) == 0);
  const LeakyRelu leaky{.negative_slope = 0.2};
  CHECK(leaky.derivative(leaky.value(0.0)) == 0.2);
  const Elu elu{.alpha = 2};
  CHECK(elu.derivative(elu.value(0.0)) == 2);
  CHECK(Selu{}.derivative(Selu{}.value(0.0)) == Selu::scale * Selu::alpha);
}

TEST_CASE("values have their closed forms") {
  for (const double z : {0.0, 0.3, 1.0, 2.5, 7.0}) {
    CHECK(Identity{}.value(-z) == -z);
    CHECK(Relu{}.value(z) == z);
    CHECK(Relu{}.value(-z) == 0);
    CHECK(LeakyRelu{.negative_slope = 0.2}.value(-z) == Approx(-0.2 * z));
    CHECK(Elu{.alpha = 2}.value(z) == z);
    CHECK(Elu{.alpha = 2}.value(-z) == Approx(2 * (std::exp(-z) - 1)));
    CHECK(std::exp(Softplus{}.value(z)) == Approx(1 + std::exp(z)));
    CHECK(Softplus{}.value(z) - Softplus{}.value(-z) == Approx(z));
    CHECK(Sigmoid{}.value(z) / Sigmoid{}.value(-z) == Approx(std::exp(z)));
    CHECK(Sigmoid{}.value(z) + Sigmoid{}.value(-z) == Approx(1));
    CHECK(Silu{}.value(z) == Approx(z * Sigmoid{}.value(z)));
    CHECK(Tanh{}.value(z) == Approx(2 * Sigmoid{}.value(2 * z) - 1));
    CHECK(Gelu{}.value(z) == Approx(z * (1 + std::erf(z / std::sqrt(2))) / 2));
    CHECK(Gelu{}.value(z) - Gelu{}.value(-z) == Approx(z));
  }
}

TEST_CASE("selu keeps the mean and the variance of a standard normal") {
  CHECK(std::abs(normal_mean([](double z) { return Selu{}.value(z); })) <= 1e-8);
  CHECK(normal_mean([](double z) { return Selu{}.value(z) * Selu{}.value(z); }) == Approx(1).epsilon(1e-8));
}

TEST_CASE("parameters under which the output would lose the input's sign are refused") {
  CHECK_THROWS_AS(LeakyRelu{.negative_slope = -0.1}.validate(), OptionError);
  CHECK_THROWS_AS(LeakyRelu{.negative_slope = std::nan("")}.validate(), OptionError);
  CHECK_THROWS_AS(Elu{.alpha = -1}.validate(), OptionError);
  CHECK_THROWS_AS(Elu{.alpha = HUGE_VAL}.validate(), OptionError);
  CHECK_NOTHROW(LeakyRelu{.negative_slope = 0}.validate());
  CHECK_NOTHROW(Elu{}.validate());
}

}  // namespace activations_test
