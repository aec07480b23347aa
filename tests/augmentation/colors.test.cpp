// Brightness, saturation and hue.
#include <eigencoder/augmentation/augmented.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

using namespace eigencoder;

namespace colors_test {
namespace {

constexpr Shape shape{9, 10, 3};  // more pixels than a run

template <class Scalar, class Change>
std::vector<Scalar> changed(const Change& change, const std::vector<Scalar>& image, std::uint32_t draw = 0,
                            Shape of = shape) {
  std::vector<Scalar> out(image.size(), Scalar{-1});
  Random random(5, Purpose::augmentation, 0, 0, 0, draw);
  change.apply(image.data(), out.data(), of, random);
  return out;
}

// Values in [0, 1], 0 and 1 among them.
template <class Scalar = float>
std::vector<Scalar> noise() {
  std::vector<Scalar> image(static_cast<std::size_t>(shape.size()));
  Random random(3, Purpose::user);
  for (Scalar& value : image) value = static_cast<Scalar>(std::clamp(1.4F * random.uniform_float() - 0.2F, 0.0F, 1.0F));
  return image;
}

std::vector<float> grays() {
  std::vector<float> image = noise();
  for (std::size_t i = 0; i < image.size(); i += 3) image[i + 1] = image[i + 2] = image[i];
  image[0] = image[1] = image[2] = 1;
  image[3] = image[4] = image[5] = 0;
  return image;
}

std::array<double, 3> turned(std::array<double, 3> color, double degrees) {
  detail::rotate_hue(color[0], color[1], color[2], degrees / 60);
  return color;
}

// Draws of a uniform number in [-most, most], within 5 standard errors of its first moments.
void check_uniform(const std::vector<double>& draws, double most) {
  double sum = 0, squares = 0;
  for (const double draw : draws) {
    REQUIRE(std::abs(draw) <= most * (1 + 1e-9));
    sum += draw;
    squares += draw * draw;
  }
  const auto n = static_cast<double>(draws.size());
  CHECK(std::abs(sum / n) <= 5 * most / std::sqrt(3 * n));
  CHECK(std::abs(squares / n - most * most / 3) <= 5 * most * most * std::sqrt(4.0 / 45 / n));
}

}  // namespace

TEST_CASE("a change of color by nothing is the identity") {
  const std::vector<float> image = noise();
  for (std::uint32_t draw = 0; draw < 10; ++draw) {
    CHECK(changed(Brightness{.amount = 0}, image, draw) == image);
    CHECK(changed(Saturation{.amount = 0}, image, draw) == image);
    const std::vector<float> out = changed(Hue{.degrees = 0}, image, draw);
    for (std::size_t i = 0; i < image.size(); ++i) CHECK(out[i] == Approx(image[i]).margin(1e-6));
  }
}

TEST_CASE("gray, white and black have neither hue nor saturation, exactly") {
  const std::vector<float> image = grays();
  for (std::uint32_t draw = 0; draw < 100; ++draw) {
    CHECK(changed(Hue{.degrees = 180}, image, draw) == image);
    CHECK(changed(Saturation{.amount = 1}, image, draw) == image);
  }
}

TEMPLATE_TEST_CASE("changes of color keep the range of [0, 1]", "", float, double) {
  const auto image = noise<TestType>();
  for (std::uint32_t draw = 0; draw < 100; ++draw)
    for (const auto& out : {changed(Hue{.degrees = 180}, image, draw), changed(Saturation{.amount = 1}, image, draw),
                            changed(Brightness{.amount = 1}, image, draw)}) {
      bool in_range = true;
      for (const TestType value : out) in_range = in_range && value >= 0 && value <= 1;
      CHECK(in_range);
    }
}

TEST_CASE("hue turns the pure colors into each other") {
  using Color = std::array<double, 3>;
  // Six corners of the circle, 60 degrees apart.
  const Color wheel[] = {{1, 0, 0}, {1, 1, 0}, {0, 1, 0}, {0, 1, 1}, {0, 0, 1}, {1, 0, 1}};
  for (int i = 0; i < 6; ++i)
    for (int steps = -3; steps <= 3; ++steps) CHECK(turned(wheel[i], 60.0 * steps) == wheel[(i + steps + 6) % 6]);
  CHECK(turned({1, 0, 0}, 30) == Color{1, 0.5, 0});  // orange
}

TEST_CASE("turns of hue add up, and the way back gives the color back") {
  Random random(4, Purpose::user);
  for (int i = 0; i < 2000; ++i) {
    const std::array<double, 3> color{random.uniform(), random.uniform(), random.uniform()};
    const double a = 360 * random.uniform() - 180, b = (a > 0 ? -180 : 180) * random.uniform();
    const auto there = turned(color, a), back = turned(there, -a), further = turned(there, b);
    const auto at_once = turned(color, a + b);
    for (std::size_t c = 0; c < 3; ++c) {
      CHECK(back[c] == Approx(color[c]).margin(1e-12));
      CHECK(further[c] == Approx(at_once[c]).margin(1e-12));
    }
    // Value and saturation stay.
    CHECK(std::max({there[0], there[1], there[2]}) == std::max({color[0], color[1], color[2]}));
    CHECK(std::min({there[0], there[1], there[2]}) == Approx(std::min({color[0], color[1], color[2]})).margin(1e-12));
  }
}

TEST_CASE("a third of the circle turns the channels around") {
  Random random(4, Purpose::user);
  for (int i = 0; i < 200; ++i) {
    const std::array<double, 3> color{random.uniform(), random.uniform(), random.uniform()};
    const auto out = turned(color, 120);
    for (std::size_t c = 0; c < 3; ++c) CHECK(out[(c + 1) % 3] == Approx(color[c]).margin(1e-12));
  }
}

TEST_CASE("hue turns all pixels by one angle, uniform in its range") {
  constexpr double degrees = 50;
  std::vector<double> angles;
  // Yellow turned by less than 60 degrees: red falls on the way to green, or green on the way to red.
  std::vector<double> yellow(static_cast<std::size_t>(shape.size()), 1.0);
  for (std::size_t i = 2; i < yellow.size(); i += 3) yellow[i] = 0;
  for (std::uint32_t draw = 0; draw < 4000; ++draw) {
    const std::vector<double> out = changed(Hue{.degrees = degrees}, yellow, draw);
    for (std::size_t i = 3; i < out.size(); i += 3)
      REQUIRE((out[i] == out[0] && out[i + 1] == out[1] && out[i + 2] == out[2]));
    angles.push_back(60 * (out[1] - out[0]));
  }
  check_uniform(angles, degrees);
}

TEST_CASE("brightness is one factor, uniform around 1, cut at white") {
  constexpr double amount = 0.4;
  const std::vector<double> image = noise<double>(), dim(image.size(), 0.5);
  std::vector<double> factors;
  for (std::uint32_t draw = 0; draw < 4000; ++draw) {
    const double factor = 2 * changed(Brightness{.amount = amount}, dim, draw).front();
    factors.push_back(factor - 1);
    if (draw >= 20) continue;
    const std::vector<double> out = changed(Brightness{.amount = amount}, image, draw);
    for (std::size_t i = 0; i < image.size(); ++i) CHECK(out[i] == Approx(std::min(factor * image[i], 1.0)));
  }
  check_uniform(factors, amount);
}

TEST_CASE("saturation is one factor on the difference from the luma, uniform around 1") {
  constexpr double amount = 0.4;
  std::vector<double> muted = noise<double>();
  for (double& value : muted) value = 0.4 + 0.2 * value;  // nothing to cut
  const auto luma = [](const double* color) { return 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]; };
  std::vector<double> factors;
  for (std::uint32_t draw = 0; draw < 4000; ++draw) {
    const std::vector<double> out = changed(Saturation{.amount = amount}, muted, draw);
    const double factor = (out[1] - out[0]) / (muted[1] - muted[0]);
    factors.push_back(factor - 1);
    if (draw >= 20) continue;
    for (std::size_t i = 0; i < muted.size(); i += 3) {
      CHECK(luma(&out[i]) == Approx(luma(&muted[i])));
      for (std::size_t c = 0; c < 3; ++c)
        CHECK(out[i + c] - luma(&out[i]) == Approx(factor * (muted[i + c] - luma(&muted[i]))).margin(1e-12));
    }
  }
  check_uniform(factors, amount);
}

TEST_CASE("brightness takes any number of channels") {
  const std::vector<float> image = noise();
  CHECK(changed(Brightness{.amount = 0.5}, image, 3, {9, 30, 1}) == changed(Brightness{.amount = 0.5}, image, 3));
}

TEST_CASE("hue and saturation need three channels") {
  for (const Index channels : {Index{3}, Index{Dynamic}}) {
    CHECK(Hue{}.diagnose({40, 40, channels}).ok());
    CHECK(Saturation{}.diagnose({40, 40, channels}).ok());
  }
  CHECK(Hue{}.diagnose({Dynamic, Dynamic, 1}).sentence() ==
        "eigencoder: a policy must suit the model. Hue: got an image of 1 channel, expected three channels");
  CHECK(Saturation{}.diagnose({8, 8, 4}).sentence() ==
        "eigencoder: a policy must suit the model. Saturation: got an image of 4 channels, expected three channels");
}

TEST_CASE("changes of color refuse options outside their ranges") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double amount : {-0.1, 1.1, nan}) {
    CHECK(says(thrown<OptionError>([&] { Brightness{.amount = amount}.validate(); }), {"Brightness.amount", "[0, 1]"}));
    CHECK(says(thrown<OptionError>([&] { Saturation{.amount = amount}.validate(); }), {"Saturation.amount", "[0, 1]"}));
  }
  for (const double degrees : {-1.0, 181.0, nan})
    CHECK(says(thrown<OptionError>([&] { Hue{.degrees = degrees}.validate(); }), {"Hue.degrees", "[0, 180]"}));
  CHECK_NOTHROW(Augmented<Brightness, Saturation, Hue>{}.validate());
}

}  // namespace colors_test
