#include <eigencoder/corruption/block_erasure.hpp>
#include <eigencoder/corruption/denoising.hpp>
#include <eigencoder/corruption/noise.hpp>

#include "corruption/invert.hpp"
#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <functional>
#include <limits>
#include <type_traits>

using namespace eigencoder;

namespace denoising_test {

namespace {

using Function = std::function<void(float*, Shape, Random&)>;

using Invert = std::remove_cv_t<decltype(invert)>;

// Constants, as every part of a model has to be.
constexpr Denoising plain;
constexpr Denoising by_value{Masking{.rate = 0.2}};
constexpr Denoising weighted{SaltAndPepper{}, 2.0, 0.5};
constexpr Denoising by_lambda{invert};
static_assert(std::is_same_v<decltype(plain), const Denoising<Masking>>);
static_assert(std::is_same_v<decltype(by_value), const Denoising<Masking>> && by_value.corruption.rate == 0.2);
static_assert(std::is_same_v<decltype(weighted), const Denoising<SaltAndPepper>>);
static_assert(weighted.corrupted_weight == 2 && weighted.intact_weight == 0.5);
static_assert(std::is_same_v<decltype(by_lambda), const Denoising<Invert>>);

static_assert(Corrupts<Denoising<>> && Corrupts<Denoising<NoCorruption>> && Corrupts<Denoising<Invert>>);
static_assert(Corrupts<Denoising<Function>>);

static_assert(!plain.emphasizes() && weighted.emphasizes());
static_assert(Denoising<>{.intact_weight = 0}.emphasizes() && Denoising<>{.corrupted_weight = 3}.emphasizes());

static_assert(plain.diagnose(Shape::flat(9)).ok() && by_lambda.diagnose(Shape::flat(9)).ok());
static_assert(Denoising<BlockErasure>{}.diagnose({9, 9, 1}).ok());
static_assert(Denoising<BlockErasure>{}.diagnose(Shape::flat(9)).rule == Rule::policy_applies);

}  // namespace

TEST_CASE("Denoising corrupts as its corruption does") {
  const Shape shape{4, 4, 1};
  const auto check = [&](const auto& corruption) {
    float direct[16], by_policy[16];
    for (int i = 0; i < 16; ++i) direct[i] = by_policy[i] = 0.5F + 0.01F * static_cast<float>(i);
    Random one(1, Purpose::corruption), other(1, Purpose::corruption);
    corrupt_with(corruption, direct, shape, one);
    Denoising{corruption}.corrupt(by_policy, shape, other);
    for (int i = 0; i < 16; ++i) CHECK(direct[i] == by_policy[i]);
    CHECK(direct[0] + direct[5] + direct[15] != 0.5F + 0.55F + 0.65F);
    CHECK(one.next() == other.next());
  };
  check(Masking{.rate = 0.9});
  check(GaussianNoise{});
  check(invert);
  check(Function(invert));
}

TEST_CASE("Denoising refuses what its corruption refuses, and weights out of range") {
  const double nan_value = std::numeric_limits<double>::quiet_NaN();
  CHECK(says(thrown<OptionError>([&] { Denoising{Masking{.rate = nan_value}}.validate(); }), {"Masking.rate"}));
  for (const double weight : {nan_value, -1.0, std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_AS(Denoising<>{.corrupted_weight = weight}.validate(), OptionError);
    CHECK_THROWS_AS(Denoising<>{.intact_weight = weight}.validate(), OptionError);
  }
  CHECK_THROWS_AS((Denoising{Masking{}, 0.0, 0.0}.validate()), OptionError);
  CHECK_NOTHROW(Denoising{Masking{}, 1.0, 0.0}.validate());
  CHECK_NOTHROW(Denoising{Masking{}, 0.0, 1.0}.validate());
  CHECK_NOTHROW(by_lambda.validate());
}

TEST_CASE("an empty function is refused before it is called") {
  CHECK(says(thrown<OptionError>([] { Denoising<Function>{}.validate(); }), {"empty function"}));
  CHECK_THROWS_AS(Denoising<void (*)(float*, Shape, Random&)>{}.validate(), OptionError);
  CHECK_NOTHROW(Denoising{Function(invert)}.validate());
}

}  // namespace denoising_test
