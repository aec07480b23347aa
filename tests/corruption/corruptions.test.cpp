#include <eigencoder/corruption/block_erasure.hpp>
#include <eigencoder/corruption/blur.hpp>
#include <eigencoder/corruption/noise.hpp>
#include <eigencoder/corruption/overlay.hpp>
#include <eigencoder/extend/input_policy.hpp>

#include "corruption/invert.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <type_traits>
#include <utility>
#include <vector>

using namespace eigencoder;

namespace corruptions_test {

namespace {

constexpr Shape image{6, 5, 3};
constexpr Shape flat = Shape::flat(90);
const double nan_value = std::numeric_limits<double>::quiet_NaN();
const double infinite = std::numeric_limits<double>::infinity();

// Values in [0.3, 0.7], representable as float, which no corruption below writes.
template <class Scalar = double>
std::vector<Scalar> gray(Shape shape = image) {
  std::vector<Scalar> values(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<Scalar>(static_cast<float>(0.3 + 0.4 * static_cast<double>(i % 17) / 16));
  return values;
}

Random draws(std::uint32_t sample, std::uint64_t step = 0) { return {7, Purpose::corruption, 0, step, sample}; }

template <class Scalar = double, class C>
std::vector<Scalar> damaged(const C& corruption, std::uint32_t sample, Shape shape = image, std::uint64_t step = 0) {
  std::vector<Scalar> values = gray<Scalar>(shape);
  Random random = draws(sample, step);
  corrupt_with(corruption, values.data(), shape, random);
  return values;
}

template <class Scalar>
std::vector<bool> changes(const std::vector<Scalar>& values, Shape shape = image) {
  const std::vector<Scalar> before = gray<Scalar>(shape);
  std::vector<bool> changed(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) changed[i] = values[i] != before[i];
  return changed;
}

// Whether a count of `n` independent events of probability p lies within 5 standard errors of its mean.
bool plausible(double count, double n, double p) { return std::abs(count - n * p) <= 5 * std::sqrt(n * p * (1 - p)); }

template <class Check>
void each_corruption(const Check& check) {
  check(Masking{.rate = 0.4});
  check(Masking{.rate = 0.4, .whole_pixels = true, .value = 2});
  check(SaltAndPepper{.rate = 0.4});
  check(SaltAndPepper{.rate = 0.4, .whole_pixels = true});
  check(GaussianNoise{.stddev = 0.5});
  check(GaussianNoise{.stddev = 0.5, .clipped = false});
  check(OutlierNoise{});
  check(OutlierNoise{.rate = 0.4, .replaces = true});
  check(BlockErasure{.height = 2, .width = 3, .blocks = 2});
  check(BlockErasure{.height = 2, .width = 3, .blocks = 2, .fill = ErasureFill::noise});
  check(BlockErasure{.height = 2, .width = 3, .blocks = 2, .fill = ErasureFill::image_mean});
  check(Blur{});
  check(Overlay{.marks = {{{1, 2, 4}, {0.9F, 0, 0.1F, 1, 1, 0.8F, 0, 0.5F}}, {{2, 1, 2}, {0, 0.6F, 1, 0.25F}}},
                .count = 2, .min_width = 1, .max_width = 3});
}

struct Functor {
  double factor = 2;
  void operator()(auto* sample, Shape shape, Random&) const {
    for (Index i = 0; i < shape.size(); ++i) sample[i] *= static_cast<std::remove_pointer_t<decltype(sample)>>(factor);
  }
};
struct Nameless {
  void corrupt(float*, Shape, Random&) const {}
};

static_assert(Corruption<NoCorruption> && Corruption<Masking> && Corruption<SaltAndPepper>);
static_assert(Corruption<GaussianNoise> && Corruption<BlockErasure>);
static_assert(Corruption<Functor> && Corruption<std::remove_cv_t<decltype(invert)>>);
static_assert(Corruption<std::function<void(float*, Shape, Random&)>>);
static_assert(Corruption<std::function<void(double*, Shape, Random&)>>);
static_assert(Corruption<void (*)(float*, Shape, Random&)>);
static_assert(!Corruption<int> && !Corruption<Shape> && !Corruption<Nameless>);
static_assert(!Corrupts<Masking>);  // a policy has a kind and a place

}  // namespace

TEST_CASE("a corruption depends on its key, and on nothing else") {
  each_corruption([](const auto& corruption) {
    INFO(corruption.name);
    CHECK(damaged(corruption, 3) == damaged(corruption, 3));
    CHECK(damaged(corruption, 3) != gray());
    // Blocks have few positions: of several keys, at least one must give another result.
    bool by_sample = false, by_step = false;
    for (std::uint32_t other = 4; other < 12; ++other) {
      by_sample = by_sample || damaged(corruption, other) != damaged(corruption, 3);
      by_step = by_step || damaged(corruption, 3, image, other) != damaged(corruption, 3);
    }
    CHECK(by_sample);
    CHECK(by_step);
  });
}

TEST_CASE("the number of draws of a corruption does not depend on the values") {
  each_corruption([](const auto& corruption) {
    INFO(corruption.name);
    std::vector<double> some = gray(), zeros(some.size());
    Random after_some = draws(1), after_zeros = draws(1);
    corruption.corrupt(some.data(), image, after_some);
    corruption.corrupt(zeros.data(), image, after_zeros);
    for (int i = 0; i < 8; ++i) CHECK(after_some.next() == after_zeros.next());
  });
}

TEST_CASE("float and double are corrupted at the same positions and in the same way") {
  each_corruption([](const auto& corruption) {
    INFO(corruption.name);
    for (std::uint32_t sample = 0; sample < 20; ++sample) {
      const auto exact = damaged<double>(corruption, sample);
      const auto rounded = damaged<float>(corruption, sample);
      CHECK(changes(exact) == changes(rounded));
      for (std::size_t i = 0; i < exact.size(); ++i)
        REQUIRE(std::abs(exact[i] - static_cast<double>(rounded[i])) <= 2e-7 * (1 + std::abs(exact[i])));
    }
  });
}

TEST_CASE("no corruption, and rates and standard deviations of 0, change nothing") {
  CHECK(damaged(NoCorruption{}, 0) == gray());
  CHECK(damaged(Masking{.rate = 0}, 0) == gray());
  CHECK(damaged(SaltAndPepper{.rate = 0}, 0) == gray());
  CHECK(damaged(GaussianNoise{.stddev = 0}, 0) == gray());
  CHECK(damaged(OutlierNoise{.stddev = 0, .rate = 0}, 0) == gray());
  CHECK(damaged(OutlierNoise{.stddev = 0, .rate = 1, .outlier_stddev = 0}, 0) == gray());
}

TEST_CASE("a rate of 1 corrupts every value") {
  CHECK(damaged(Masking{.rate = 1, .value = -2}, 0) == std::vector<double>(90, -2.0));
  for (const double value : damaged(SaltAndPepper{.rate = 1, .low = -1, .high = 3}, 0))
    CHECK((value == -1 || value == 3));
}

TEST_CASE("masking hits each value with its rate, independently") {
  constexpr std::uint32_t samples = 1000;
  for (const Shape shape : {image, flat}) {
    const Masking masking{.rate = 0.3, .value = 2};
    double hits = 0, triples = 0;
    for (std::uint32_t j = 0; j < samples; ++j) {
      const auto values = damaged(masking, j, shape);
      const auto changed = changes(values, shape);
      for (std::size_t i = 0; i < values.size(); ++i)
        if (changed[i]) REQUIRE(values[i] == 2);
      hits += static_cast<double>(std::count(changed.begin(), changed.end(), true));
      for (std::size_t i = 0; i < values.size(); i += 3) triples += changed[i] && changed[i + 1] && changed[i + 2];
    }
    CHECK(plausible(hits, samples * 90.0, 0.3));
    CHECK(plausible(triples, samples * 30.0, 0.3 * 0.3 * 0.3));
  }
}

TEST_CASE("all channels of a pixel are corrupted together, pixels with the rate") {
  constexpr std::uint32_t samples = 1000;
  const auto check = [](const auto& corruption, double rate) {
    INFO(corruption.name);
    double pixels = 0;
    for (std::uint32_t j = 0; j < samples; ++j) {
      const auto values = damaged(corruption, j);
      const auto changed = changes(values);
      for (std::size_t i = 0; i < changed.size(); i += 3) {
        REQUIRE(changed[i] == changed[i + 1]);
        REQUIRE(changed[i] == changed[i + 2]);
        if (changed[i]) REQUIRE((values[i] == values[i + 1] && values[i] == values[i + 2]));
        pixels += changed[i];
      }
    }
    CHECK(plausible(pixels, samples * 30.0, rate));
  };
  check(Masking{.rate = 0.2, .whole_pixels = true}, 0.2);
  check(SaltAndPepper{.rate = 0.2, .whole_pixels = true}, 0.2);
}

TEST_CASE("each value of a flat sample is a pixel") {
  for (std::uint32_t j = 0; j < 20; ++j) {
    CHECK(damaged(Masking{.whole_pixels = true}, j, flat) == damaged(Masking{}, j, flat));
    CHECK(damaged(SaltAndPepper{.whole_pixels = true}, j, flat) == damaged(SaltAndPepper{}, j, flat));
  }
}

TEST_CASE("salt and pepper are equally likely, with the rate in total") {
  constexpr std::uint32_t samples = 1000;
  const SaltAndPepper corruption{.rate = 0.3, .low = -1, .high = 2};
  double salt = 0, pepper = 0, salted_neighbors = 0;
  for (std::uint32_t j = 0; j < samples; ++j) {
    const auto values = damaged(corruption, j);
    const auto changed = changes(values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (changed[i]) REQUIRE((values[i] == -1 || values[i] == 2));
      salt += values[i] == 2;
      pepper += values[i] == -1;
      if (i % 2 == 1) salted_neighbors += values[i] == 2 && values[i - 1] == 2;
    }
  }
  CHECK(plausible(salt, samples * 90.0, 0.15));
  CHECK(plausible(pepper, samples * 90.0, 0.15));
  CHECK(plausible(salted_neighbors, samples * 45.0, 0.15 * 0.15));
}

TEST_CASE("Gaussian noise has the moments of independent normals") {
  constexpr std::uint32_t samples = 1000;
  constexpr double stddev = 0.7, n = samples * 90.0;
  const GaussianNoise noise{.stddev = stddev, .clipped = false};
  const auto before = gray();
  double moment[5] = {}, neighbors = 0;
  for (std::uint32_t j = 0; j < samples; ++j) {
    const auto values = damaged(noise, j);
    double last = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double z = (values[i] - before[i]) / stddev;
      for (int k = 1; k <= 4; ++k) moment[k] += std::pow(z, k) / n;
      neighbors += last * z / n;
      last = z;
    }
  }
  // Var z^k = E z^2k - (E z^k)^2: 1, 2, 15, 96; of a product of two independent ones 1.
  CHECK(std::abs(moment[1]) <= 5 * std::sqrt(1 / n));
  CHECK(std::abs(moment[2] - 1) <= 5 * std::sqrt(2 / n));
  CHECK(std::abs(moment[3]) <= 5 * std::sqrt(15 / n));
  CHECK(std::abs(moment[4] - 3) <= 5 * std::sqrt(96 / n));
  CHECK(std::abs(neighbors) <= 5 * std::sqrt(1 / n));
}

TEST_CASE("clipped noise is noise clamped to [0, 1], in either scalar") {
  const auto check = [](auto scalar) {
    using Scalar = decltype(scalar);
    int cut = 0;
    for (std::uint32_t j = 0; j < 20; ++j) {
      const auto free = damaged<Scalar>(GaussianNoise{.stddev = 0.5, .clipped = false}, j);
      const auto clipped = damaged<Scalar>(GaussianNoise{.stddev = 0.5, .clipped = true}, j);
      for (std::size_t i = 0; i < free.size(); ++i) {
        REQUIRE(clipped[i] == std::clamp(free[i], Scalar(0), Scalar(1)));
        cut += clipped[i] != free[i];
      }
    }
    CHECK(cut > 0);
  };
  check(1.0F);
  check(1.0);
}

TEST_CASE("a block is a rectangle of its size inside the image, all positions equally likely") {
  constexpr std::uint32_t samples = 6000;
  const BlockErasure erasure{.height = 2, .width = 3, .value = 2};
  std::map<std::pair<std::size_t, std::size_t>, int> positions;
  for (std::uint32_t j = 0; j < samples; ++j) {
    const auto values = damaged(erasure, j);
    const auto first = static_cast<std::size_t>(std::find(values.begin(), values.end(), 2.0) - values.begin()) / 3;
    const std::size_t top = first / 5, left = first % 5;
    REQUIRE((top + 2 <= 6 && left + 3 <= 5));
    auto expected = gray();
    for (std::size_t row = top; row < top + 2; ++row)
      for (std::size_t i = left * 3; i < (left + 3) * 3; ++i) expected[row * 15 + i] = 2;
    REQUIRE(values == expected);
    ++positions[{top, left}];
  }
  REQUIRE(positions.size() == 5 * 3);
  for (const auto& [position, count] : positions) CHECK(plausible(count, samples, 1.0 / 15));
}

TEST_CASE("several blocks equal single ones, one after the other") {
  for (std::uint32_t j = 0; j < 20; ++j) {
    auto expected = gray();
    Random random = draws(j);
    for (int block = 0; block < 3; ++block)
      BlockErasure{.height = 2, .width = 2}.corrupt(expected.data(), image, random);
    CHECK(damaged(BlockErasure{.height = 2, .width = 2, .blocks = 3}, j) == expected);
  }
}

TEST_CASE("a block longer than the image is shortened to its side") {
  CHECK(damaged(BlockErasure{.height = 100, .width = 100}, 0) == std::vector<double>(90, 0.0));
  for (std::uint32_t j = 0; j < 20; ++j)
    CHECK(damaged(BlockErasure{.height = 100, .width = 2}, j) == damaged(BlockErasure{.height = 6, .width = 2}, j));
}

TEST_CASE("blocks are for images") {
  constexpr BlockErasure erasure;
  static_assert(erasure.diagnose(image).ok() && erasure.diagnose({Dynamic, Dynamic, 1}).ok());
  static_assert(erasure.diagnose({1, 20, 1}).ok());
  constexpr Diagnosis refused = erasure.diagnose(flat);
  CHECK(refused.rule == Rule::policy_applies);
  CHECK(refused.sentence().find("BlockErasure: got an input of 90 values") != std::string::npos);
}

TEST_CASE("outliers come with their rate, and with the variances of noise and outlier") {
  constexpr std::uint32_t samples = 2000;
  const std::vector<double> before = gray();
  double outliers = 0, neighbors = 0, added = 0, replaced = 0, means = 0;
  for (std::uint32_t j = 0; j < samples; ++j) {
    const auto alone = damaged(OutlierNoise{.stddev = 0, .rate = 0.2, .outlier_stddev = 2}, j);
    const auto changed = changes(alone);
    const auto both = damaged(OutlierNoise{.stddev = 0.5, .rate = 0.2, .outlier_stddev = 2}, j);
    const auto drawn = damaged(OutlierNoise{.stddev = 0.5, .rate = 1, .outlier_stddev = 3, .replaces = true}, j);
    for (std::size_t i = 0; i < alone.size(); ++i) {
      outliers += changed[i];
      if (i % 2 == 1) neighbors += changed[i] && changed[i - 1];
      added += std::pow(both[i] - before[i], 2);
      replaced += drawn[i] * drawn[i];
      means += drawn[i];
    }
  }
  constexpr double n = samples * 90.0;
  CHECK(plausible(outliers, n, 0.2));
  CHECK(plausible(neighbors, n / 2, 0.2 * 0.2));
  // Variances of the mean of squares: of a mixture of N(0, 0.25) and N(0, 4.25), and of N(0, 9).
  const double fourth = 3 * (0.8 * 0.25 * 0.25 + 0.2 * 4.25 * 4.25), second = 0.25 + 0.2 * 4;
  CHECK(std::abs(added / n - second) < 5 * std::sqrt((fourth - second * second) / n));
  CHECK(std::abs(replaced / n - 9) < 5 * std::sqrt(2 * 81 / n));
  CHECK(std::abs(means / n) < 5 * 3 / std::sqrt(n));
}

TEST_CASE("hyperparameters outside their ranges are refused, NaN included") {
  CHECK_THROWS_AS(OutlierNoise{.stddev = -1}.validate(), OptionError);
  CHECK_THROWS_AS(OutlierNoise{.rate = 2}.validate(), OptionError);
  CHECK_THROWS_AS(OutlierNoise{.outlier_stddev = nan_value}.validate(), OptionError);
  for (const double rate : {nan_value, -0.1, 1.1, infinite}) {
    CHECK_THROWS_AS(Masking{.rate = rate}.validate(), OptionError);
    CHECK_THROWS_AS(SaltAndPepper{.rate = rate}.validate(), OptionError);
  }
  for (const double rate : {0.0, 1.0}) {
    CHECK_NOTHROW(Masking{.rate = rate}.validate());
    CHECK_NOTHROW(SaltAndPepper{.rate = rate}.validate());
  }
  for (const double value : {nan_value, infinite, -infinite}) {
    CHECK_THROWS_AS(Masking{.value = value}.validate(), OptionError);
    CHECK_THROWS_AS(SaltAndPepper{.low = value}.validate(), OptionError);
    CHECK_THROWS_AS(SaltAndPepper{.high = value}.validate(), OptionError);
    CHECK_THROWS_AS(BlockErasure{.value = value}.validate(), OptionError);
    CHECK_THROWS_AS(GaussianNoise{.stddev = value}.validate(), OptionError);
  }
  CHECK_THROWS_AS(GaussianNoise{.stddev = -0.1}.validate(), OptionError);
  CHECK_THROWS_AS(BlockErasure{.height = 0}.validate(), OptionError);
  CHECK_THROWS_AS(BlockErasure{.width = -1}.validate(), OptionError);
  CHECK_THROWS_AS(BlockErasure{.blocks = 0}.validate(), OptionError);
  CHECK_NOTHROW(BlockErasure{}.validate());
}

TEST_CASE("anything callable is a corruption") {
  std::vector<double> doubled = gray(), inverted = gray();
  for (double& value : doubled) value *= 2;
  for (double& value : inverted) value = 1 - value;
  const std::function<void(double*, Shape, Random&)> function = Functor{};
  void (*const pointer)(double*, Shape, Random&) = invert;
  CHECK(damaged(Functor{}, 0) == doubled);
  CHECK(damaged(function, 0) == doubled);
  CHECK(damaged(invert, 0) == inverted);
  CHECK(damaged(pointer, 0) == inverted);
}

}  // namespace corruptions_test
