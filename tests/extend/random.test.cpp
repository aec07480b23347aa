#include <eigencoder/extend/random.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

using namespace eigencoder;

namespace {

constexpr int draws = 200000;

// Mean and variance of `draw()` lie within 5 standard errors of the known ones; `kurtosis` is
// the fourth central moment over the variance squared.
template <class Draw>
void check_moments(Draw draw, double mean, double variance, double kurtosis) {
  double sum = 0, squares = 0;
  for (int i = 0; i < draws; ++i) {
    const double x = draw() - mean;
    sum += x;
    squares += x * x;
  }
  CHECK(std::abs(sum / draws) <= 5 * std::sqrt(variance / draws));
  CHECK(std::abs(squares / draws - variance) <= 5 * variance * std::sqrt((kurtosis - 1) / draws));
}

// Chi-square of counts against equal chances, in standard deviations above its mean.
double excess(const std::vector<int>& counts) {
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  const double expected = total / static_cast<double>(counts.size());
  const double freedom = static_cast<double>(counts.size()) - 1;
  double chi_square = 0;
  for (const int count : counts) chi_square += (count - expected) * (count - expected) / expected;
  return (chi_square - freedom) / std::sqrt(2 * freedom);
}

}  // namespace

TEST_CASE("philox gives the published known answers") {
  using Counter = std::array<std::uint32_t, 4>;
  constexpr std::uint32_t ones = 0xFFFFFFFF;
  constexpr auto zero = philox4x32({0, 0, 0, 0}, {0, 0});
  STATIC_REQUIRE(zero == Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox4x32({ones, ones, ones, ones}, {ones, ones}) ==
        Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("mixing starts splitmix64's published sequence") {
  STATIC_REQUIRE(mix64(0) == 0xE220A8397B1DCDAF);
}

TEST_CASE("distributions have their known moments") {
  Random random(11, Purpose::user);
  SECTION("uniform") { check_moments([&] { return random.uniform(); }, 0.5, 1.0 / 12, 1.8); }
  SECTION("uniform float") {
    check_moments([&] { return static_cast<double>(random.uniform_float()); }, 0.5, 1.0 / 12, 1.8);
  }
  SECTION("normal") { check_moments([&] { return random.normal(); }, 0, 1, 3); }
  SECTION("bernoulli") {
    const double p = 0.3, variance = p * (1 - p);
    check_moments([&] { return random.bernoulli(p) ? 1.0 : 0.0; }, p, variance, 1 / variance - 3);
  }
}

TEST_CASE("the normal's pairs are not correlated and its tails have their weight") {
  Random random(12, Purpose::user);
  double products = 0, beyond = 0;
  for (int i = 0; i < draws; ++i) {
    const double a = random.normal(), b = random.normal();
    products += a * b;
    beyond += std::abs(a) > 2 ? 1 : 0;
  }
  CHECK(std::abs(products / draws) <= 5 / std::sqrt(draws));
  const double p = std::erfc(2 / std::numbers::sqrt2);
  CHECK(std::abs(beyond / draws - p) <= 5 * std::sqrt(p * (1 - p) / draws));
}

TEST_CASE("uniform numbers stay in [0, 1); events of probability 0 never happen, of 1 always") {
  Random random(13, Purpose::user);
  for (int i = 0; i < 10000; ++i) {
    const double u = random.uniform();
    const float f = random.uniform_float();
    REQUIRE((u >= 0 && u < 1));
    REQUIRE((f >= 0 && f < 1));
    REQUIRE(!random.bernoulli(0));
    REQUIRE(random.bernoulli(1));
  }
}

TEST_CASE("below is uniform") {
  for (const std::uint32_t n : {1U, 2U, 3U, 7U, 10U, 100U}) {
    Random random(14, Purpose::user, n);
    std::vector<int> counts(n);
    for (int i = 0; i < draws; ++i) ++counts.at(random.below(n));
    if (n > 1) CHECK(excess(counts) < 10);
  }
}

TEST_CASE("below is uniform where a mere multiplication would not be") {
  // With n = 3 * 2^30, every third number would come up twice as often as the others.
  constexpr std::uint32_t n = 3U << 30;
  Random random(15, Purpose::user);
  std::vector<int> residues(3);
  for (int i = 0; i < draws; ++i) {
    const std::uint32_t k = random.below(n);
    REQUIRE(k < n);
    ++residues[k % 3];
  }
  CHECK(excess(residues) < 10);
}

TEST_CASE("the same key gives the same stream, and any other part another") {
  constexpr std::uint64_t far = std::uint64_t{1} << 32;
  const std::vector<Random> streams = {
      {1, Purpose::dropout, 2, 3, 4, 5},       {2, Purpose::dropout, 2, 3, 4, 5},
      {1 + far, Purpose::dropout, 2, 3, 4, 5}, {1, Purpose::corruption, 2, 3, 4, 5},
      {1, Purpose::dropout, 3, 3, 4, 5},       {1, Purpose::dropout, 2, 4, 4, 5},
      {1, Purpose::dropout, 2, 3 + far, 4, 5}, {1, Purpose::dropout, 2, 3, 5, 5},
      {1, Purpose::dropout, 2, 3, 4, 6}};
  const auto first_numbers = [](Random random) {
    std::vector<std::uint32_t> out(64);
    for (auto& x : out) x = random.next();
    return out;
  };
  for (std::size_t i = 0; i < streams.size(); ++i) {
    CHECK(first_numbers(streams[i]) == first_numbers(streams[i]));
    for (std::size_t j = 0; j < i; ++j) {
      const auto a = first_numbers(streams[i]), b = first_numbers(streams[j]);
      int equal = 0;
      for (std::size_t k = 0; k < a.size(); ++k) equal += a[k] == b[k] ? 1 : 0;
      CHECK(equal <= 1);
    }
  }
}

TEST_CASE("a stream can be drawn at compile time") {
  constexpr std::uint32_t first = Random(7, Purpose::shuffle).next();
  CHECK(Random(7, Purpose::shuffle).next() == first);
}

TEST_CASE("shuffle permutes") {
  Random random(16, Purpose::shuffle);
  std::vector<int> values(1000);
  std::iota(values.begin(), values.end(), 0);
  const std::vector<int> sorted = values;
  shuffle(std::span(values), random);
  CHECK(values != sorted);
  CHECK(std::is_permutation(values.begin(), values.end(), sorted.begin()));

  std::vector<int> none;
  shuffle(std::span(none), random);
  CHECK(none.empty());
}

TEST_CASE("shuffle gives the six orders of three equal chances") {
  std::vector<int> counts(6);
  for (int i = 0; i < 60000; ++i) {
    std::array<int, 3> v = {0, 1, 2};
    Random random(17, Purpose::shuffle, 0, static_cast<std::uint64_t>(i));
    shuffle(std::span<int>(v), random);
    ++counts[static_cast<std::size_t>(2 * v[0] + (v[1] > v[2] ? 1 : 0))];
  }
  CHECK(excess(counts) < 10);
}
