#include <eigencoder/detail/training/gradient_sinks.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

using namespace eigencoder;

TEST_CASE("clipping by value") {
  std::vector<double> g;
  for (int i = -50; i <= 50; ++i) g.push_back(0.1 * i);
  auto clipped = g;
  detail::clip_by_value(clipped.data(), std::ssize(clipped), 2.5);
  for (std::size_t i = 0; i < g.size(); ++i) CHECK(clipped[i] == std::clamp(g[i], -2.5, 2.5));

  float extremes[] = {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
                      std::numeric_limits<float>::quiet_NaN()};
  detail::clip_by_value(extremes, 3, 1);
  CHECK(extremes[0] == 1);
  CHECK(extremes[1] == -1);
  CHECK(std::isnan(extremes[2]));
}

TEST_CASE("the squared norm") {
  for (const int n : {0, 1, 15, 16, 17, 1000}) {
    std::vector<float> g(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i) g[static_cast<std::size_t>(i)] = static_cast<float>(i + 1);
    CHECK(detail::squared_norm(g.data(), n) == n * (n + 1.0) * (2.0 * n + 1) / 6);
  }
  const std::vector<float> large(3, 1e30F);  // whose squares overflow in float
  CHECK(detail::squared_norm(large.data(), 3) == Approx(3e60));
}

TEST_CASE("clipping by the global norm") {
  CHECK(detail::global_norm_factor(0, 1) == 1);
  CHECK(detail::global_norm_factor(0.5, 1) == 1);
  CHECK(detail::global_norm_factor(10, 2) == Approx(0.2));
  CHECK(detail::global_norm_factor(10, 2) * 10 <= 2);
  CHECK(detail::global_norm_factor(std::numeric_limits<double>::infinity(), 1) == 0);
}
