#include <common/variational.hpp>
#include <eigencoder/eigencoder.hpp>

#include <cmath>

#include "support/catch.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

/// Three values of a code for four samples: one that is the prior, one that tells samples apart, one that is sharp but
/// the same for all.
Posterior<float> three_kinds() {
  Posterior<float> posterior{MatrixX<float>::Zero(3, 4), MatrixX<float>::Zero(3, 4)};
  posterior.mean.row(1) << 2, -2, 2, -2;
  posterior.log_variance.row(2).setConstant(-2);
  return posterior;
}

}  // namespace

TEST_CASE("the KL divergence of a value of the code has its closed form, and orders the values") {
  const std::vector<double> nats = divergences(three_kinds());
  REQUIRE(nats.size() == 3);
  CHECK(nats[0] == 0);
  CHECK(nats[1] == Approx(2));                        // m^2 / 2
  CHECK(nats[2] == Approx((std::exp(-2) - 1 + 2) / 2));
  CHECK(by_divergence(nats) == std::vector<Index>{1, 2, 0});
}

TEST_CASE("a value of the code is active where its mean varies") { CHECK(active_units(three_kinds()) == 1); }

TEST_CASE("quantiles of the standard normal distribution undo its distribution function") {
  CHECK(normal_quantile(0.5) == Approx(0).margin(1e-12));
  CHECK(normal_quantile(0.975) == Approx(1.959963984540054));
  for (const double x : {-5.0, -1.5, 0.25, 3.0})
    CHECK(normal_quantile(std::erfc(-x / std::sqrt(2)) / 2) == Approx(x).epsilon(1e-6));
}
