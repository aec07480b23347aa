#include <eigencoder/detail/base/block_sum.hpp>
#include <limits>

#include "support/catch.hpp"

using eigencoder::Index;
using eigencoder::detail::block_sum;

TEST_CASE("every term is added once") {
  // Whole numbers, which are added without rounding in any order; parts of a block, whole blocks, both.
  for (Index size = 0; size <= 400; ++size)
    REQUIRE(block_sum(size, [](Index i) { return static_cast<float>(i + 1); }) ==
            static_cast<double>(size * (size + 1) / 2));
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
