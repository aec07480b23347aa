#include <eigencoder/detail/base/sums.hpp>
#include <limits>

#include "support/catch.hpp"

#include <vector>

using eigencoder::Index;
using eigencoder::detail::block_sum;
using eigencoder::detail::lane_sum;
using eigencoder::detail::RunningSums;
using eigencoder::detail::squared_norm;

TEST_CASE("every term is added once") {
  // Whole numbers, which are added without rounding in any order; parts of a block, whole blocks, both.
  for (Index size = 0; size <= 400; ++size) {
    const auto term = [](Index i) { return static_cast<float>(i + 1); };
    REQUIRE(block_sum(size, term) == static_cast<double>(size * (size + 1) / 2));
    REQUIRE(lane_sum<float>(size, term) == static_cast<double>(size * (size + 1) / 2));
  }
}

TEST_CASE("terms are added in double") {
  // 2^24 + 1 is no float.
  constexpr Index size = (Index{1} << 24) + 1;
  CHECK(block_sum(size, [](Index) { return 1.0F; }) == static_cast<double>(size));
}

TEST_CASE("a NaN among the terms is seen, wherever it is") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (Index at = 0; at < 150; ++at) {
    const double sum = block_sum(150, [at](Index i) { return i == at ? nan : 1.0; });
    REQUIRE(sum != sum);
  }
}

TEST_CASE("term i is added to running sum i mod 16, and these in order") {
  for (Index size = 0; size <= 70; ++size) {
    double expected_sums[16] = {}, expected = 0;
    const auto term = [](Index i) { return 1.0 / static_cast<double>(i + 1); };
    for (Index i = 0; i < size; ++i) expected_sums[i % 16] += term(i);
    for (const double sum : expected_sums) expected += sum;
    RunningSums sums;
    sums.add(size, [&](double& sum, Index i) { sum += term(i); });
    REQUIRE(sums.total() == expected);
  }
}

TEST_CASE("a squared norm is taken in double") {
  const std::vector<float> values(20, 4097);  // its square is no float
  CHECK(squared_norm(values.data(), 20) == 20 * 4097.0 * 4097.0);
  CHECK(squared_norm(values.data(), 0) == 0);
}
