// The units of a restricted Boltzmann machine: what is drawn has the means and variances that are promised.
#include "support/catch.hpp"

#include "pretraining/toy_rbms.hpp"

namespace rbm_units_test {
using namespace toy_rbms;

const double inputs[] = {-9, -2.5, -0.7, 0, 0.3, 1.4, 4};
constexpr Index count = 7;

double sigmoid(double a) { return 1 / (1 + std::exp(-a)); }
double density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }
double distribution(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

/// The variance of a unit's states at an input.
double variance(const BernoulliUnits&, double a) { return sigmoid(a) * (1 - sigmoid(a)); }
double variance(const GaussianUnits&, double) { return 1; }
double variance(const RectifiedUnits&, double a) {
  const double s = std::sqrt(sigmoid(a)), mean = a * distribution(a / s) + s * density(a / s);
  return (a * a + s * s) * distribution(a / s) + a * s * density(a / s) - mean * mean;
}

template <class Units>
void check_moments(const Units& units) {
  constexpr int draws = 40000;
  double means[count], sum[count] = {}, squares[count] = {};
  std::copy_n(inputs, count, means);
  units.to_mean(means);
  for (std::uint32_t k = 0; k < draws; ++k) {
    double states[count];
    units.draw(inputs, static_cast<const double*>(nullptr), states, Random(3, Purpose::user, 0, 0, k));
    for (Index i = 0; i < count; ++i) {
      sum[i] += states[i];
      squares[i] += (states[i] - means[i]) * (states[i] - means[i]);
    }
  }
  for (Index i = 0; i < count; ++i) {
    INFO(Units::name << " at " << inputs[i]);
    const double expected = variance(units, inputs[i]), deviation = std::sqrt(expected / draws);
    CHECK(std::abs(sum[i] / draws - means[i]) < 4.5 * deviation + 1e-9);
    if (expected * draws > 50) CHECK(squares[i] / draws == Approx(expected).epsilon(0.06));
  }
}

TEST_CASE("states of units have the means and the variances of their distributions") {
  check_moments(BernoulliUnits{count});
  check_moments(GaussianUnits{count});
  check_moments(RectifiedUnits{count});
}

template <class Units>
void check_derivative(const Units& units) {
  constexpr double h = 1e-6;
  double derivative[count], above[count], below[count];
  units.derivative(inputs, derivative);
  for (Index i = 0; i < count; ++i) {
    above[i] = inputs[i] + h;
    below[i] = inputs[i] - h;
  }
  units.to_mean(above);
  units.to_mean(below);
  for (Index i = 0; i < count; ++i) CHECK(derivative[i] == Approx((above[i] - below[i]) / (2 * h)).margin(1e-8));
}

TEST_CASE("the derivatives of the means of units are those of central differences") {
  check_derivative(BernoulliUnits{count});
  check_derivative(GaussianUnits{count});
  check_derivative(RectifiedUnits{count});
}

TEST_CASE("states are drawn in place, with a learned variance, and of inputs beyond all bounds") {
  double states[count];
  std::copy_n(inputs, count, states);
  double drawn[count];
  const Random random(5, Purpose::user);
  BernoulliUnits{count}.draw(inputs, static_cast<const double*>(nullptr), drawn, random);
  BernoulliUnits{count}.draw(states, static_cast<const double*>(nullptr), states, random);
  CHECK(std::equal(drawn, drawn + count, states));

  const double mean = 2, stddev = 3;
  double sum = 0;
  for (std::uint32_t k = 0; k < 20000; ++k) {
    double state;
    GaussianUnits{1, true}.draw(&mean, &stddev, &state, Random(3, Purpose::user, 0, 0, k));
    sum += (state - mean) * (state - mean);
  }
  CHECK(sum / 20000 == Approx(9).epsilon(0.04));

  float values[] = {-1e6F, 1e6F};
  RectifiedUnits{2}.to_mean(values);
  CHECK(values[0] == 0);
  CHECK(values[1] == 1e6F);
}

TEST_CASE("numbers drawn many at a time are those drawn one by one") {
  for (const std::size_t size : {0U, 1U, 3U, 63U, 64U, 65U, 200U}) {
    Random one(9, Purpose::user, 1, std::uint64_t{1} << 40, 3), many = one;
    one.next();
    many.next();
    std::vector<float> values(size);
    many.fill_uniform(values);
    for (const float value : values) CHECK(value == one.uniform_float());
    CHECK(many.next() == one.next());
  }
}

}  // namespace rbm_units_test
