#include <eigencoder/detail/data/normal_distribution.hpp>

#include "support/catch.hpp"

using eigencoder::detail::normal_cdf;
using eigencoder::detail::normal_quantile;

TEST_CASE("quantiles of the standard normal distribution that tables have") {
  CHECK(normal_quantile(0.5) == 0);
  CHECK(normal_quantile(0.75) == Approx(0.67448975019608174).epsilon(1e-14));
  CHECK(normal_quantile(0.975) == Approx(1.9599639845400543).epsilon(1e-14));
  CHECK(normal_quantile(0.001) == Approx(-3.0902323061678135).epsilon(1e-14));
  CHECK(normal_quantile(1e-7) == Approx(-5.1993375821928174).epsilon(1e-14));
  CHECK(normal_quantile(1e-20) == Approx(-9.2623400897984076).epsilon(1e-14));
}

TEST_CASE("the quantile of the normal distribution is the inverse of its distribution function") {
  for (double p = 1e-290; p < 0.4; p *= 7) {
    CHECK(normal_cdf(normal_quantile(p)) == Approx(p).epsilon(1e-12));  // exp and erfc lose digits far out
    if (p > 1e-3) CHECK(normal_quantile(1 - p) == Approx(-normal_quantile(p)).epsilon(1e-13));
  }
  for (int k = 1; k < 1000; ++k) {
    const double p = k / 1000.0;
    CHECK(normal_cdf(normal_quantile(p)) == Approx(p).epsilon(1e-14));
    CHECK(normal_quantile(p) > normal_quantile(p - 1e-4));
  }
  for (const double tiny : {1e-3, 1e-9, 1e-15}) {
    CHECK(normal_cdf(normal_quantile(0.5 - tiny)) == Approx(0.5 - tiny).epsilon(1e-15));
    CHECK(normal_quantile(0.5 + tiny) > 0);
    CHECK(normal_quantile(0.5 - tiny) < 0);
  }
}
