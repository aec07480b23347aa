#include <cmath>
#include <eigencoder/core/elementary.hpp>
#include <limits>

#include "catch.hpp"

using eigencoder::detail::exp_of_negative;
using eigencoder::detail::log1p_of_fraction;

namespace {

/// The largest relative error over the range, in units in the last place of the scalar.
template <class Scalar, class F, class Exact>
double worst(double first, double last, const F& f, const Exact& exact) {
  double error = 0;
  for (int i = 0; i <= 200000; ++i) {
    const auto x = static_cast<Scalar>(first + (last - first) * i / 200000);
    const double wanted = exact(static_cast<double>(x));
    if (wanted != 0) error = std::max(error, std::abs(static_cast<double>(f(x)) / wanted - 1));
  }
  return error / static_cast<double>(std::numeric_limits<Scalar>::epsilon());
}

}  // namespace

TEMPLATE_TEST_CASE("exp and log1p are right to a few units in the last place", "", float, double) {
  const double lowest = sizeof(TestType) == 4 ? -87 : -708;
  const auto exp = [](TestType x) { return exp_of_negative(x); };
  const auto log1p = [](TestType t) { return log1p_of_fraction(t); };
  CHECK(worst<TestType>(lowest, 0, exp, [](double x) { return std::exp(x); }) < 2);
  CHECK(worst<TestType>(-1, 0, exp, [](double x) { return std::exp(x); }) < 2);
  CHECK(worst<TestType>(0, 1, log1p, [](double t) { return std::log1p(t); }) < 4);
  CHECK(worst<TestType>(0, 1e-6, log1p, [](double t) { return std::log1p(t); }) < 4);
}

TEMPLATE_TEST_CASE("exp keeps its ends", "", float, double) {
  CHECK(exp_of_negative(TestType(0)) == 1);
  CHECK(exp_of_negative(TestType(-1e30)) > 0);
  CHECK(exp_of_negative(TestType(-1e30)) < TestType(1e-37));
  CHECK(exp_of_negative(-std::numeric_limits<TestType>::infinity()) > 0);
  CHECK(std::isnan(exp_of_negative(std::numeric_limits<TestType>::quiet_NaN())));
}
