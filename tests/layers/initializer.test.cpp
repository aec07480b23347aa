#include <eigencoder/extend/initializer.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <vector>

using namespace eigencoder;

namespace {

constexpr Index fan_in = 30, fan_out = 70;

template <class Scalar>
std::vector<Scalar> filled(Initializer initializer, InitializerHint hint = InitializerHint::glorot) {
  std::vector<Scalar> w(200000);
  Random random(5, Purpose::initialization);
  initializer.fill(std::span(w), fan_in, fan_out, hint, random);
  return w;
}

// Mean zero and the given second and fourth moments, each within 5 standard errors. The relative
// fourth moment distinguishes the uniform (9/5) from the normal (3); `eighth` is the relative eighth moment.
template <class Scalar>
void check_moments(const std::vector<Scalar>& w, double variance, double fourth, double eighth) {
  const double n = static_cast<double>(w.size());
  double m1 = 0, m2 = 0, m4 = 0;
  for (const Scalar x : w) {
    const double square = static_cast<double>(x) * static_cast<double>(x) / variance;
    m1 += static_cast<double>(x) / std::sqrt(variance) / n;
    m2 += square / n;
    m4 += square * square / n;
  }
  CHECK(std::abs(m1) <= 5 / std::sqrt(n));
  CHECK(std::abs(m2 - 1) <= 5 * std::sqrt((fourth - 1) / n));
  CHECK(std::abs(m4 - fourth) <= 5 * std::sqrt((eighth - fourth * fourth) / n));
}

template <class Scalar>
void check_uniform(const std::vector<Scalar>& w, double variance) {
  check_moments(w, variance, 9.0 / 5, 9);
  const double limit = std::sqrt(3 * variance) * (1 + 1e-6);
  for (const Scalar x : w) REQUIRE(std::abs(static_cast<double>(x)) <= limit);
}

template <class Scalar>
void check_normal(const std::vector<Scalar>& w, double variance) {
  check_moments(w, variance, 3, 105);
}

}  // namespace

TEMPLATE_TEST_CASE("random initializers have the published variances", "", float, double) {
  const double glorot = 2.0 / (fan_in + fan_out), he = 2.0 / fan_in, lecun = 1.0 / fan_in;
  check_uniform(filled<TestType>(Initializer::glorot_uniform()), glorot);
  check_normal(filled<TestType>(Initializer::glorot_normal()), glorot);
  check_uniform(filled<TestType>(Initializer::he_uniform()), he);
  check_normal(filled<TestType>(Initializer::he_normal()), he);
  check_uniform(filled<TestType>(Initializer::lecun_uniform()), lecun);
  check_uniform(filled<TestType>(Initializer::pytorch()), lecun / 3);
  check_normal(filled<TestType>(Initializer::lecun_normal()), lecun);
}

TEST_CASE("zeros and constants") {
  for (const float x : filled<float>(Initializer::zeros())) REQUIRE(x == 0);
  for (const float x : filled<float>(Initializer::constant(0.1))) REQUIRE(x == 0.1F);
}

TEST_CASE("the automatic initializer follows the hint, the others do not") {
  using Hint = InitializerHint;
  CHECK(Initializer{} == Initializer::automatic());
  CHECK(filled<float>({}, Hint::glorot) == filled<float>(Initializer::glorot_uniform()));
  CHECK(filled<float>({}, Hint::he) == filled<float>(Initializer::he_normal()));
  CHECK(filled<float>({}, Hint::lecun) == filled<float>(Initializer::lecun_normal()));
  const auto fixed = Initializer::lecun_uniform();
  CHECK(filled<float>(fixed, Hint::he) == filled<float>(fixed, Hint::glorot));
}

TEST_CASE("a constant that is not finite is refused") {
  CHECK_THROWS_AS(Initializer::constant(std::numeric_limits<double>::infinity()).validate(), OptionError);
  CHECK_THROWS_AS(Initializer::constant(std::nan("")).validate(), OptionError);
  CHECK_NOTHROW(Initializer::constant(-2).validate());
}
