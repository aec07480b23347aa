// The log likelihood as it is estimated from the posterior, where it is known.
#include <numbers>

#include "support/toy_bottlenecks.hpp"
#include "support/catch.hpp"

using namespace toy;

namespace {

/// log N(x; 0, variance I) of two values.
double log_normal(double a, double b, double variance) {
  return -(a * a + b * b) / (2 * variance) - std::log(2 * std::numbers::pi * variance);
}

}  // namespace

TEST_CASE("at the true posterior the log likelihood is exact, however many draws") {
  // p(z) = N(0, I) and p(x | z) = N(z, I) give p(x) = N(0, 2 I) and the posterior N(x / 2, I / 2).
  const MatrixX<double> x = pairs_of_values(300);
  const double half = std::log(0.5);
  const auto model = plain(Variational<>{}, 0.5, {0, 0}, {half, half});
  for (const Index draws : {1, 3, 300}) {
    INFO(draws << " draws");
    const std::vector<double> found = model.log_likelihood(x, draws, 5);
    REQUIRE(found.size() == 300);
    for (Index j = 0; j < 300; ++j)
      CHECK(found[static_cast<std::size_t>(j)] == Approx(log_normal(x(0, j), x(1, j), 2)).epsilon(1e-12));
  }
}

TEST_CASE("from the prior, one draw is a lower bound and many find the log likelihood") {
  const MatrixX<double> x = pairs_of_values(200);
  const auto model = plain(Variational<>{}, 0, {0, 0}, {0, 0});
  std::vector<double> expected, bound;
  for (Index j = 0; j < 200; ++j) {
    expected.push_back(log_normal(x(0, j), x(1, j), 2));
    bound.push_back(log_normal(x(0, j), x(1, j), 1) - 1);  // the mean of log p(x | z) over z ~ N(0, I)
  }
  const auto beyond = [&](Index draws, const std::vector<double>& of) {
    std::vector<double> differences = model.log_likelihood(x, draws, 6);
    for (std::size_t j = 0; j < 200; ++j) differences[j] -= of[j];
    return Estimate(differences);
  };
  const Estimate one = beyond(1, bound), many = beyond(4000, expected);
  CHECK(std::abs(one.mean) <= 5 * one.error);
  CHECK(std::abs(many.mean) <= 5 * many.error);
}

TEST_CASE("a sample's log likelihood does not depend on those after it, and follows the seed") {
  const MatrixX<double> x = pairs_of_values(40), some = x.leftCols(7);
  const auto model = plain(Variational<>{}, 0.3, {0.1, 0}, {-1, 0.5});
  const std::vector<double> all = model.log_likelihood(x, 50, 7), few = model.log_likelihood(some, 50, 7);
  for (std::size_t j = 0; j < 7; ++j) CHECK(few[j] == Approx(all[j]).epsilon(1e-12));
  CHECK(model.log_likelihood(some, 50, 8) != few);
  CHECK_THROWS_AS(model.log_likelihood(x, 0), OptionError);
}
