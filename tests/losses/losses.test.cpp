#include <eigencoder/extend/errors.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/categorical.hpp>
#include <eigencoder/losses/gaussian.hpp>
#include <eigencoder/losses/regression.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

using namespace eigencoder;

namespace {

constexpr Index channels = 4;

template <class Scalar>
double value(const Loss auto& loss, const std::vector<Scalar>& y, const std::vector<Scalar>& t) {
  return loss.value_and_gradient(y.data(), t.data(), static_cast<Scalar*>(nullptr), std::ssize(y), channels, 1.0);
}

template <class Scalar>
std::vector<Scalar> gradient(const Loss auto& loss, const std::vector<Scalar>& y,
                             const std::vector<Scalar>& t, double scale = 1) {
  std::vector<Scalar> delta(y.size());
  loss.value_and_gradient(y.data(), t.data(), delta.data(), std::ssize(y), channels, scale);
  return delta;
}

// Distinct outputs in [-3, 3].
template <class Scalar>
std::vector<Scalar> outputs(std::size_t size) {
  std::vector<Scalar> y(size);
  for (std::size_t i = 0; i < size; ++i)
    y[i] = static_cast<Scalar>(3 * std::sin(1.7 * static_cast<double>(i) + 0.3));
  return y;
}

// Targets that every loss accepts: probabilities that sum to 1 over the channels.
template <class Scalar>
std::vector<Scalar> targets(std::size_t size) {
  const std::size_t group = static_cast<std::size_t>(channels);
  std::vector<Scalar> t(size);
  for (std::size_t first = 0; first < size; first += group) {
    double sum = 0;
    const auto weight = [&](std::size_t k) { return 1.1 + std::cos(2.3 * static_cast<double>(first + k)); };
    for (std::size_t k = 0; k < group; ++k) sum += weight(k);
    for (std::size_t k = 0; k < group; ++k) t[first + k] = static_cast<Scalar>(weight(k) / sum);
  }
  return t;
}

const std::size_t sizes[] = {4, 100, 128, 256, 300};  // part of a block, whole blocks, both

template <class Scalar, class L>
void check_law(const L& loss) {
  INFO(L::name);
  for (const std::size_t size : sizes) {
    const auto y = outputs<Scalar>(size);
    const auto t = targets<Scalar>(size);
    REQUIRE(loss.is_valid_target(t.data(), std::ssize(t), channels));

    // The value is the same with and without a derivative, and with the derivative in the output's place.
    auto in_place = y;
    const double with =
        loss.value_and_gradient(in_place.data(), t.data(), in_place.data(), std::ssize(y), channels, 1.0);
    CHECK(with == value(loss, y, t));
    CHECK(in_place == gradient(loss, y, t));

    // The derivative is linear in the scale.
    const auto whole = gradient(loss, y, t);
    const auto half = gradient(loss, y, t, 0.5);
    for (std::size_t i = 0; i < size; ++i) REQUIRE(half[i] == whole[i] / 2);

    // A sample is the sum of its positions.
    double sum = 0;
    for (std::size_t i = 0; i < size; i += static_cast<std::size_t>(channels))
      sum +=
          loss.value_and_gradient(y.data() + i, t.data() + i, static_cast<Scalar*>(nullptr), channels, channels, 1.0);
    CHECK(with == Approx(sum).epsilon(1e-12));
  }
}

template <class L>
void check_gradient(const L& loss) {
  INFO(L::name);
  for (const std::size_t size : sizes) {
    auto y = outputs<double>(size);
    const auto t = targets<double>(size);
    const auto exact = gradient(loss, y, t);
    const double h = 1e-5;
    double error = 0, norm = 0;
    for (std::size_t i = 0; i < size; ++i) {
      // Only of the values that depend on y[i]; the others would add nothing but rounding.
      const std::size_t first = i - i % static_cast<std::size_t>(channels);
      const auto at = [&](double z) {
        const double original = std::exchange(y[i], z);
        const double v = loss.value_and_gradient(y.data() + first, t.data() + first, static_cast<double*>(nullptr),
                                                 channels, channels, 1.0);
        y[i] = original;
        return v;
      };
      const double numeric = (at(y[i] + h) - at(y[i] - h)) / (2 * h);
      error += (numeric - exact[i]) * (numeric - exact[i]);
      norm += exact[i] * exact[i];
    }
    REQUIRE(norm > 0);
    CHECK(std::sqrt(error / norm) <= 1e-7);
  }
}

template <class Scalar, class L>
void check_extremes(const L& loss) {
  INFO(L::name);
  const std::vector<Scalar> y = {Scalar(1e4), Scalar(-1e4), 0, Scalar(1e4), Scalar(-1e4), Scalar(-1e4), 0, 1};
  const std::vector<Scalar> t = {0, 1, 0, 0, Scalar(0.25), Scalar(0.25), Scalar(0.5), 0};
  CHECK(std::isfinite(value(loss, y, t)));
  CHECK(value(loss, y, t) > 1e3);
  for (const Scalar d : gradient(loss, y, t)) CHECK(std::isfinite(d));
  auto mean = y;
  loss.to_mean(mean.data(), std::ssize(mean), channels);
  for (const Scalar m : mean) CHECK(std::isfinite(m));
  auto broken = y;
  broken[2] = std::numeric_limits<Scalar>::quiet_NaN();
  CHECK(std::isnan(value(loss, broken, t)));
}

template <class L>
void check_all(const L& loss) {
  STATIC_REQUIRE(Loss<L>);
  CHECK_NOTHROW(loss.validate());
  check_law<float>(loss);
  check_law<double>(loss);
  check_gradient(loss);
  check_extremes<float>(loss);
  check_extremes<double>(loss);
}

// The one list of losses.
void for_each_loss(const auto& check) {
  check(SquaredError{});
  check(Bernoulli{});
  check(Categorical{});
  check(Huber{});
  check(Huber{.delta = 0.3});
  check(AbsoluteError{});
  check(Gaussian{});
  check(Gaussian{.variance = 0.3});
  check(LearnedGaussian{.initial_variance = 2});
}

double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

}  // namespace

TEST_CASE("every loss satisfies its contract") {
  for_each_loss([](const auto& loss) { check_all(loss); });
}

TEST_CASE("a loss is 0 at its target, and has no derivative there") {
  const auto t = targets<double>(200);
  const auto check = [&](const auto& loss) {
    CHECK(value(loss, t, t) == 0);
    CHECK(gradient(loss, t, t) == std::vector<double>(t.size(), 0.0));
  };
  check(SquaredError{});
  check(Huber{});
  check(AbsoluteError{});
}

TEST_CASE("losses in closed form") {
  const std::vector<double> y = {1, -2, 0.5, 3}, t = {0, 0, 1, 1};
  CHECK(value(SquaredError{}, y, t) == Approx(1 + 4 + 0.25 + 4));
  CHECK(value(AbsoluteError{}, y, t) == Approx(1 + 2 + 0.5 + 2));
  CHECK(gradient(AbsoluteError{}, y, t) == std::vector<double>{1, -1, -1, 1});
  CHECK(value(Huber{}, y, t) == Approx(0.5 + 1.5 + 0.125 + 1.5));
  CHECK(value(Huber{.delta = 0.5}, y, t) == Approx(0.5 * (0.75 + 1.75 + 0.25 + 1.75)));
  CHECK(value(Huber{.delta = 10}, y, t) == Approx(value(SquaredError{}, y, t) / 2));

  double entropy = 0;
  for (std::size_t i = 0; i < y.size(); ++i)
    entropy -= t[i] * std::log(sigmoid(y[i])) + (1 - t[i]) * std::log(1 - sigmoid(y[i]));
  CHECK(value(Bernoulli{}, y, t) == Approx(entropy));

  const std::vector<double> p = {0.1, 0.2, 0.3, 0.4};
  std::vector<double> logits;
  double self_entropy = 0;
  for (const double q : p) {
    logits.push_back(std::log(q) + 5);
    self_entropy -= q * std::log(q);
  }
  CHECK(value(Categorical{}, logits, {0, 0, 1, 0}) == Approx(-std::log(0.3)));
  CHECK(value(Categorical{}, logits, p) == Approx(self_entropy));
  for (const double d : gradient(Categorical{}, logits, p)) CHECK(d == Approx(0).margin(1e-15));
}

TEST_CASE("for large logits a likelihood loss is linear") {
  CHECK(value(Bernoulli{}, std::vector<double>{1e4, -1e4, 1e4, -1e4}, {0, 1, 1, 0}) == Approx(2e4));
  CHECK(value(Bernoulli{}, std::vector<float>{1e4F, -1e4F, 1e4F, -1e4F}, {0, 1, 1, 0}) == Approx(2e4));
  CHECK(value(Categorical{}, std::vector<double>{1e4, -1e4, 0, 0}, {0, 1, 0, 0}) == Approx(2e4));
  CHECK(value(Categorical{}, std::vector<float>{1e4F, -1e4F, 0, 0}, {1, 0, 0, 0}) == 0);
}

TEMPLATE_TEST_CASE("a small likelihood loss is computed to full precision", "", float, double) {
  // With z t = z the loss is log1p(exp(-z)).
  const double epsilon = static_cast<double>(std::numeric_limits<TestType>::epsilon());
  for (double z = 0; z < 60; z += 0.37) {
    const TestType rounded = static_cast<TestType>(z);
    const double exact = std::log1p(std::exp(-static_cast<double>(rounded)));
    const double loss = value(Bernoulli{}, std::vector<TestType>{rounded}, std::vector<TestType>{1});
    CHECK(loss == Approx(exact).epsilon(8 * epsilon));
  }
}

TEST_CASE("the mean of a loss") {
  const auto y = outputs<double>(40);
  const auto mean = [&](const auto& loss) {
    auto m = y;
    loss.to_mean(m.data(), std::ssize(m), channels);
    return m;
  };
  CHECK(mean(SquaredError{}) == y);
  CHECK(mean(Huber{}) == y);
  CHECK(mean(AbsoluteError{}) == y);

  // The derivative of a likelihood loss by its logits is the mean minus the target.
  const auto t = targets<double>(40);
  const auto check = [&](const auto& loss) {
    const auto m = mean(loss);
    const auto delta = gradient(loss, y, t);
    for (std::size_t i = 0; i < y.size(); ++i) CHECK(delta[i] == Approx(m[i] - t[i]).margin(1e-14));
    CHECK(loss.is_valid_target(m.data(), std::ssize(m), channels));
  };
  check(Bernoulli{});
  check(Categorical{});
}

TEST_CASE("each loss accepts the targets in its range") {
  const auto is_valid_target = [](const auto& loss, const std::vector<float>& t) {
    return loss.is_valid_target(t.data(), std::ssize(t), channels);
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(is_valid_target(SquaredError{}, {-5, 0, 7, 1}));
  CHECK(is_valid_target(AbsoluteError{}, {-5, 0, 7, 1}));
  CHECK(is_valid_target(Huber{}, {-5, 0, 7, 1}));

  CHECK(is_valid_target(Bernoulli{}, {0, 1, 0.5F, 1}));
  CHECK_FALSE(is_valid_target(Bernoulli{}, {0, 1, 1.001F, 1}));
  CHECK_FALSE(is_valid_target(Bernoulli{}, {0, -0.001F, 1, 1}));
  CHECK_FALSE(is_valid_target(Bernoulli{}, {0, nan, 1, 1}));

  CHECK(is_valid_target(Categorical{}, {0, 1, 0, 0, 0.25F, 0.25F, 0.25F, 0.25F}));
  CHECK(is_valid_target(Categorical{}, {0.1F, 0.2F, 0.3F, 0.4F}));
  CHECK_FALSE(is_valid_target(Categorical{}, {0, 1, 0, 0, 0.25F, 0.25F, 0.25F, 0.3F}));
  CHECK_FALSE(is_valid_target(Categorical{}, {0, 1, 1, -1}));
  CHECK_FALSE(is_valid_target(Categorical{}, {0, 0, 0, 0}));
  CHECK_FALSE(is_valid_target(Categorical{}, {0, 1, nan, 0}));
  // A distribution rounded to float is valid in double too.
  CHECK(Categorical{}.is_valid_target(std::vector<double>{0.1F, 0.2F, 0.3F, 0.4F}.data(), 4, channels));
}

TEST_CASE("a flat sample is one distribution") {
  const std::vector<double> z = {0.3, -1, 2, 0, 1, 1, 0.5, -2}, t = {0, 0, 0, 0, 0, 1, 0, 0};
  double partition = 0;
  for (const double logit : z) partition += std::exp(logit);
  CHECK(Categorical{}.value_and_gradient(z.data(), t.data(), static_cast<double*>(nullptr), 8, 8, 1.0) ==
        Approx(std::log(partition) - 1));
  auto p = z;
  Categorical{}.to_mean(p.data(), 8, 8);
  CHECK(std::accumulate(p.begin(), p.end(), 0.0) == Approx(1));
  CHECK(p[2] == Approx(std::exp(2.0) / partition));
}

TEST_CASE("sums are taken in double") {
  // A float sum of ones would stop at 2^24, since 2^24 + 1 is not a float.
  const std::size_t size = (std::size_t{1} << 24) + 16;
  const std::vector<float> ones(size, 1), zeros(size);
  CHECK(value(SquaredError{}, ones, zeros) == static_cast<double>(size));
}

TEST_CASE("Huber's delta is positive and finite") {
  for (const double delta : {0.0, -1.0, std::numeric_limits<double>::infinity(), std::nan("")})
    CHECK_THROWS_AS((Huber{.delta = delta}.validate()), OptionError);
}
