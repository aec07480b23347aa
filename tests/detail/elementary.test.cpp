#include <bit>
#include <cmath>
#include <eigencoder/detail/math/elementary.hpp>
#include <limits>
#include <vector>

#include "support/catch.hpp"

// As users' programs are built, so that the loops vectorize.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif


using Long = long double;

namespace {

// Below, results are 0 or subnormal.
template <class Scalar>
constexpr double log_of_least = sizeof(Scalar) == 4 ? -86.9 : -708.0;

/// The largest error over a range, in units in the last place: |result - exact| / (epsilon |exact|). Where the exact
/// value is hardly normal it does not count.
template <class Scalar, class F, class Exact>
double worst(double first, double last, const F& f, const Exact& exact) {
  constexpr int steps = 100000;
  double error = 0;
  for (int i = 0; i <= steps; ++i) {
    const auto x = static_cast<Scalar>(first + (last - first) * i / steps);
    const Long expected = exact(static_cast<Long>(x));
    if (std::abs(expected) < 4 * static_cast<Long>(std::numeric_limits<Scalar>::min())) continue;
    const auto relative = static_cast<double>(std::abs(static_cast<Long>(f(x)) / expected - 1));
    if (!(relative <= error)) error = relative;  // a NaN too
  }
  return error / static_cast<double>(std::numeric_limits<Scalar>::epsilon());
}

// A loop over each function, as a layer has it.
struct Exp {
  template <class Scalar>
  Scalar operator()(Scalar x) const { return eigencoder::detail::math::exp(x); }
};
struct Expm1 {
  template <class Scalar>
  Scalar operator()(Scalar x) const { return eigencoder::detail::math::expm1(x); }
};
struct Log1p {
  template <class Scalar>
  Scalar operator()(Scalar x) const {
    return eigencoder::detail::math::log1p_of_fraction(x > 0 && x < 1 ? x : Scalar(0.3));
  }
};
struct Sigmoid {
  template <class Scalar>
  Scalar operator()(Scalar x) const { return eigencoder::detail::math::sigmoid(x); }
};
struct Tanh {
  template <class Scalar>
  Scalar operator()(Scalar x) const { return eigencoder::detail::math::tanh(x); }
};
struct Softplus {
  template <class Scalar>
  Scalar operator()(Scalar x) const { return eigencoder::detail::math::softplus(x); }
};
struct Normal {
  template <class Scalar>
  Scalar operator()(Scalar x) const { return eigencoder::detail::math::normal_distribution(x); }
};
struct Density {
  template <class Scalar>
  Scalar operator()(Scalar x) const { return eigencoder::detail::math::normal_density(x); }
};

template <class F, class Scalar>
[[gnu::noinline]] void apply(const Scalar* x, Scalar* y, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) y[i] = F{}(x[i]);
}

// At any place in an array of any length a value has the bits that it has alone.
template <class F, class Scalar>
void bits_do_not_depend_on_the_place() {
  using Bits = typename eigencoder::detail::math::Format<Scalar>::Bits;
  for (std::size_t length = 1; length <= 40; ++length) {
    std::vector<Scalar> x(length), y(length);
    for (std::size_t i = 0; i < length; ++i)
      x[i] = static_cast<Scalar>(14 * std::sin(0.7 * static_cast<double>(i) + 0.37 * static_cast<double>(length)));
    apply<F>(x.data(), y.data(), length);
    for (std::size_t i = 0; i < length; ++i) {
      Scalar alone = 0;
      apply<F>(&x[i], &alone, 1);
      REQUIRE(std::bit_cast<Bits>(y[i]) == std::bit_cast<Bits>(alone));
      REQUIRE(std::bit_cast<Bits>(y[i]) == std::bit_cast<Bits>(F{}(x[i])));
    }
  }
}

}  // namespace

TEMPLATE_TEST_CASE("exp to a unit in the last place, expm1 and log1p to 2", "", float, double) {
  const double low = log_of_least<TestType>, high = sizeof(TestType) == 4 ? 88.7 : 709.7;
  const auto exp = [](Long x) { return std::exp(x); };
  const auto expm1 = [](Long x) { return std::expm1(x); };
  const auto log1p = [](Long x) { return std::log1p(x); };
  for (const double size : {1.0, 1e-3, 1e-9}) {
    CHECK(worst<TestType>(low * size, high * size, Exp{}, exp) < 1);
    CHECK(worst<TestType>(low * size, high * size, Expm1{}, expm1) < 2);
    CHECK(worst<TestType>(-3 * size, 3 * size, Expm1{}, expm1) < 2);
    const auto log1p_of_fraction = [](TestType t) { return eigencoder::detail::math::log1p_of_fraction(t); };
    CHECK(worst<TestType>(0, size, log1p_of_fraction, log1p) < 2);
  }
}

TEMPLATE_TEST_CASE("sigmoid, tanh and softplus to 2 units in the last place", "", float, double) {
  const double low = log_of_least<TestType>;
  const auto sigmoid = [](Long z) { return 1 / (1 + std::exp(-z)); };
  const auto tanh = [](Long z) { return std::tanh(z); };
  const auto softplus = [](Long z) { return (z > 0 ? z : 0) + std::log1p(std::exp(-std::abs(z))); };
  for (const double size : {-low, 5.0, 0.5, 1e-3, 1e-9}) {
    CHECK(worst<TestType>(-size, size, Sigmoid{}, sigmoid) < 2);
    CHECK(worst<TestType>(-size, size, Tanh{}, tanh) < 2);
    CHECK(worst<TestType>(-size, size, Softplus{}, softplus) < 2);
  }
}

TEMPLATE_TEST_CASE("the normal distribution to 5 units in the last place, its density to 2", "", float, double) {
  const double low = sizeof(TestType) == 4 ? -12.9 : -37.4;
  const auto distribution = [](Long z) { return std::erfc(-z * std::sqrt(Long(0.5))) / 2; };
  const auto density = [](Long z) { return std::exp(-z * z / 2) / std::sqrt(8 * std::atan(Long(1))); };
  CHECK(worst<TestType>(low, 10, Normal{}, distribution) < 5);
  CHECK(worst<TestType>(low, -low, Density{}, density) < 2);
  for (const double size : {3.0, 0.5, 1e-3, 1e-9}) {
    CHECK(worst<TestType>(-size, size, Normal{}, distribution) < 5);
    CHECK(worst<TestType>(-size, size, Density{}, density) < 2);
  }
}

TEMPLATE_TEST_CASE("elementary functions have their limits at extreme arguments", "", float, double) {
  using Limits = std::numeric_limits<TestType>;
  const TestType infinity = Limits::infinity();
  for (const TestType far : {TestType(1e4), TestType(1e30), Limits::max(), infinity}) {
    CHECK(eigencoder::detail::math::exp(far) == infinity);
    CHECK(eigencoder::detail::math::exp(-far) == 0);
    CHECK(eigencoder::detail::math::expm1(far) == infinity);
    CHECK(eigencoder::detail::math::expm1(-far) == -1);
    CHECK(eigencoder::detail::math::sigmoid(far) == 1);
    CHECK(eigencoder::detail::math::sigmoid(-far) == 0);
    CHECK(eigencoder::detail::math::tanh(far) == 1);
    CHECK(eigencoder::detail::math::tanh(-far) == -1);
    CHECK(eigencoder::detail::math::softplus(far) == far);
    CHECK(eigencoder::detail::math::softplus(-far) == 0);
    CHECK(eigencoder::detail::math::normal_distribution(far) == 1);
    CHECK(eigencoder::detail::math::normal_distribution(-far) == 0);
    CHECK(eigencoder::detail::math::normal_density(far) == 0);
    CHECK(eigencoder::detail::math::normal_density(-far) == 0);
  }
  CHECK(eigencoder::detail::math::exp(std::log(Limits::max()) + TestType(1e-3)) == infinity);
  CHECK(eigencoder::detail::math::exp(static_cast<TestType>(log_of_least<TestType>)) >= Limits::min());
  for (const TestType zero : {TestType(0), -TestType(0)}) {
    CHECK(eigencoder::detail::math::exp(zero) == 1);
    CHECK(eigencoder::detail::math::expm1(zero) == 0);
    CHECK(eigencoder::detail::math::tanh(zero) == 0);
    CHECK(std::signbit(eigencoder::detail::math::tanh(zero)) == std::signbit(zero));
    CHECK(eigencoder::detail::math::sigmoid(zero) == TestType(0.5));
    CHECK(eigencoder::detail::math::log1p_of_fraction(zero) == 0);
  }
}

TEMPLATE_TEST_CASE("exp has no subnormal results, and does not fall", "", float, double) {
  using Limits = std::numeric_limits<TestType>;
  TestType before = 0;
  const double first = sizeof(TestType) == 4 ? -110 : -760;
  for (int i = 0; i <= 100000; ++i) {
    const TestType y = eigencoder::detail::math::exp(static_cast<TestType>(first + 60.0 * i / 100000));
    REQUIRE((y == 0 || y >= Limits::min()));
    REQUIRE(y >= before);
    before = y;
  }
}

TEMPLATE_TEST_CASE("a NaN stays one", "", float, double) {
  const TestType nan = std::numeric_limits<TestType>::quiet_NaN();
  CHECK(std::isnan(eigencoder::detail::math::exp(nan)));
  CHECK(std::isnan(eigencoder::detail::math::expm1(nan)));
  CHECK(std::isnan(eigencoder::detail::math::log1p_of_fraction(nan)));
  CHECK(std::isnan(eigencoder::detail::math::sigmoid(nan)));
  CHECK(std::isnan(eigencoder::detail::math::tanh(nan)));
  CHECK(std::isnan(eigencoder::detail::math::softplus(nan)));
  CHECK(std::isnan(eigencoder::detail::math::normal_distribution(nan)));
  CHECK(std::isnan(eigencoder::detail::math::normal_density(nan)));
}

TEMPLATE_TEST_CASE("tanh is odd, bit for bit", "", float, double) {
  for (int i = 0; i < 10000; ++i) {
    const auto z = static_cast<TestType>(0.001 * i);
    REQUIRE(eigencoder::detail::math::tanh(-z) == -eigencoder::detail::math::tanh(z));
  }
}

TEMPLATE_TEST_CASE("the bits of a value do not depend on its position in an array", "", float, double) {
  bits_do_not_depend_on_the_place<Exp, TestType>();
  bits_do_not_depend_on_the_place<Expm1, TestType>();
  bits_do_not_depend_on_the_place<Log1p, TestType>();
  bits_do_not_depend_on_the_place<Sigmoid, TestType>();
  bits_do_not_depend_on_the_place<Tanh, TestType>();
  bits_do_not_depend_on_the_place<Softplus, TestType>();
  bits_do_not_depend_on_the_place<Normal, TestType>();
  bits_do_not_depend_on_the_place<Density, TestType>();
}

TEMPLATE_TEST_CASE("a subnormal number is 0, every other number itself", "", float, double) {
  using Limits = std::numeric_limits<TestType>;
  for (const TestType sign : {TestType(1), TestType(-1)}) {
    CHECK(eigencoder::detail::without_subnormal(sign * Limits::denorm_min()) == 0);
    CHECK(eigencoder::detail::without_subnormal(sign * Limits::min() / 2) == 0);
    CHECK(eigencoder::detail::without_subnormal(sign * Limits::min()) == sign * Limits::min());
    CHECK(eigencoder::detail::without_subnormal(sign) == sign);
  }
}
