#include <eigencoder/augmentation/augmented.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <vector>

using namespace eigencoder;

namespace augmented_test {
namespace {

constexpr Shape shape{4, 5, 3};
using Image3 = std::vector<float>;

// Distinct values.
Image3 numbered() {
  Image3 image(static_cast<std::size_t>(shape.size()));
  std::iota(image.begin(), image.end(), 0.0F);
  return image;
}

float at(const Image3& image, Index row, Index col, Index channel) {
  return image[static_cast<std::size_t>((row * shape.width + col) * shape.channels + channel)];
}

template <class Change>
Image3 changed(const Change& change, const Image3& image, std::uint32_t draw = 0) {
  Image3 out(image.size(), -1.0F);
  Random random(5, Purpose::augmentation, 0, 0, 0, draw);
  change.apply(image.data(), out.data(), shape, random);
  return out;
}

// The offsets that explain a shifted image, by the first channel of its pixels; each draw has one.
std::vector<std::pair<Index, Index>> offsets(const Image3& moved, Index most) {
  const Image3 image = numbered();
  std::vector<std::pair<Index, Index>> found;
  for (Index down = -most; down <= most; ++down)
    for (Index right = -most; right <= most; ++right) {
      bool explains = true;
      for (Index row = 0; row < shape.height; ++row)
        for (Index col = 0; col < shape.width; ++col)
          for (Index channel = 0; channel < shape.channels; ++channel) {
            const Index from_row = std::min(std::max<Index>(row - down, 0), shape.height - 1);
            const Index from_col = std::min(std::max<Index>(col - right, 0), shape.width - 1);
            explains = explains && at(moved, row, col, channel) == at(image, from_row, from_col, channel);
          }
      if (explains) found.emplace_back(down, right);
    }
  return found;
}

}  // namespace

TEST_CASE("a certain flip mirrors the columns and is its own inverse") {
  const HorizontalFlip flip{.probability = 1};
  const Image3 image = numbered(), mirrored = changed(flip, image);
  for (Index row = 0; row < shape.height; ++row)
    for (Index col = 0; col < shape.width; ++col)
      for (Index channel = 0; channel < shape.channels; ++channel)
        CHECK(at(mirrored, row, col, channel) == at(image, row, shape.width - 1 - col, channel));
  CHECK(changed(flip, mirrored) == image);
}

TEST_CASE("a certain vertical flip mirrors the rows and is its own inverse") {
  const VerticalFlip flip{.probability = 1};
  const Image3 image = numbered(), mirrored = changed(flip, image);
  for (Index row = 0; row < shape.height; ++row)
    for (Index col = 0; col < shape.width; ++col)
      for (Index channel = 0; channel < shape.channels; ++channel)
        CHECK(at(mirrored, row, col, channel) == at(image, shape.height - 1 - row, col, channel));
  CHECK(changed(flip, mirrored) == image);
}

TEMPLATE_TEST_CASE("images are flipped with the given probability, never at 0", "", HorizontalFlip,
                   VerticalFlip) {
  const Image3 image = numbered();
  constexpr int draws = 10000;
  constexpr double p = 0.3;
  int flips = 0;
  for (std::uint32_t draw = 0; draw < draws; ++draw) {
    REQUIRE(changed(TestType{.probability = 0}, image, draw) == image);
    const Image3 out = changed(TestType{.probability = p}, image, draw);
    if (out == image) continue;
    REQUIRE(out == changed(TestType{.probability = 1}, image));
    ++flips;
  }
  CHECK(std::abs(flips - p * draws) <= 5 * std::sqrt(p * (1 - p) * draws));
}

TEST_CASE("a shift by nothing is the identity") {
  for (std::uint32_t draw = 0; draw < 20; ++draw)
    CHECK(changed(Shift{.pixels = 0}, numbered(), draw) == numbered());
}

TEST_CASE("a shift moves whole pixels and repeats the edge, all offsets equally likely") {
  constexpr Index pixels = 1;
  constexpr int draws = 9000;
  std::map<std::pair<Index, Index>, int> counts;
  for (std::uint32_t draw = 0; draw < draws; ++draw) {
    const auto explained = offsets(changed(Shift{.pixels = pixels}, numbered(), draw), pixels);
    REQUIRE(explained.size() == 1);
    ++counts[explained.front()];
  }
  REQUIRE(counts.size() == 9);
  const double p = 1.0 / 9;
  for (const auto& [offset, count] : counts)
    CHECK(std::abs(count - p * draws) <= 5 * std::sqrt(p * (1 - p) * draws));
}

TEST_CASE("a shift beyond the image leaves values of the image") {
  const Image3 image = numbered();
  const std::set<float> known(image.begin(), image.end());
  for (std::uint32_t draw = 0; draw < 50; ++draw)
    for (const float value : changed(Shift{.pixels = 100}, image, draw)) CHECK(known.count(value) == 1);
}

TEST_CASE("changes follow each other in the order written, from one stream of numbers") {
  const Augmented both{HorizontalFlip{.probability = 0.5}, Shift{.pixels = 2}};
  const Image3 image = numbered();
  std::set<Image3> seen;
  for (std::uint32_t draw = 0; draw < 200; ++draw) {
    Random one(5, Purpose::augmentation, 0, 0, 0, draw), same = one;
    Image3 flipped(image.size()), expected(image.size()), out(image.size()), scratch(image.size());
    HorizontalFlip{.probability = 0.5}.apply(image.data(), flipped.data(), shape, one);
    Shift{.pixels = 2}.apply(flipped.data(), expected.data(), shape, one);
    both.apply(image.data(), out.data(), scratch.data(), shape, same);
    REQUIRE(out == expected);
    seen.insert(out);
  }
  CHECK(seen.size() > 20);
}

TEST_CASE("any number of changes writes to the target and leaves the sample unchanged") {
  Image3 image = numbered();
  for (float& value : image) value /= 60;
  const auto check = [&](const auto& augmented, const Image3& expected) {
    Image3 out(image.size(), -1.0F), scratch = out, from = image;
    Random random(5, Purpose::augmentation);
    augmented.apply(from.data(), out.data(), scratch.data(), shape, random);
    CHECK(out == expected);
    CHECK(from == image);
  };
  const HorizontalFlip across{.probability = 1};
  const VerticalFlip down{.probability = 1};
  const Image3 flipped = changed(across, image), both = changed(down, flipped);
  check(Augmented{across}, flipped);
  check(Augmented{across, down}, both);
  check(Augmented{across, across, across}, flipped);
  check(Augmented{across, down, Shift{.pixels = 0}, Crop{.smallest = 1}}, both);
  check(Augmented{down, across, Rotation{.degrees = 0}, Brightness{.amount = 0}, Saturation{.amount = 0}}, both);
}

TEMPLATE_TEST_CASE("draws do not depend on the pixels, and repeat under the same key", "",
                   HorizontalFlip, VerticalFlip, Shift, Crop, Rotation, Brightness, Saturation, Hue) {
  const Image3 image = numbered(), other(image.size(), 0.5F);
  for (std::uint32_t draw = 0; draw < 50; ++draw) {
    Random one(5, Purpose::augmentation, 0, 0, 0, draw), two = one;
    Image3 out(image.size());
    TestType{}.apply(image.data(), out.data(), shape, one);
    CHECK(out == changed(TestType{}, image, draw));
    TestType{}.apply(other.data(), out.data(), shape, two);
    CHECK(one.next() == two.next());
  }
}

TEST_CASE("without changes a sample is copied") {
  const Image3 image = numbered();
  Image3 out(image.size()), scratch(image.size());
  Random random(1, Purpose::augmentation);
  Augmented<>{}.apply(image.data(), out.data(), scratch.data(), shape, random);
  CHECK(out == image);
}

TEST_CASE("augmentation refuses options outside their ranges") {
  CHECK_THROWS_AS((HorizontalFlip{.probability = -0.1}.validate()), OptionError);
  CHECK_THROWS_AS((HorizontalFlip{.probability = 1.1}.validate()), OptionError);
  CHECK_THROWS_AS((HorizontalFlip{.probability = std::nan("")}.validate()), OptionError);
  for (const Index pixels : {Index{-1}, (Index{1} << 20) + 1})
    CHECK(says(thrown<OptionError>([&] { Shift{.pixels = pixels}.validate(); }), {"Shift.pixels", "[0, 1048576]"}));
  CHECK_THROWS_AS((Augmented{HorizontalFlip{}, Shift{.pixels = -1}}.validate()), OptionError);
  CHECK_NOTHROW((Augmented{HorizontalFlip{}, Shift{}}.validate()));
}

TEST_CASE("augmentation needs images") {
  CHECK(Augmented<Shift>{}.diagnose(shape).ok());
  CHECK_FALSE(Augmented<Shift>{}.diagnose(Shape::flat(60)).ok());
}

TEST_CASE("augmentation reports what its changes need") {
  constexpr Augmented<Shift, Hue, Saturation> augmented;
  static_assert(augmented.diagnose({40, 40, 3}).ok());
  static_assert(augmented.diagnose({Dynamic, Dynamic, Dynamic}).ok());
  static_assert(!augmented.diagnose({40, 40, 1}).ok());
  CHECK(augmented.diagnose({40, 40, 1}).sentence() ==
        "eigencoder: a policy must suit the model. Hue: got an image of 1 channel, expected three channels");
  CHECK(augmented.diagnose(Shape::flat(3)).who.view() == "Augmented");
}

}  // namespace augmented_test
