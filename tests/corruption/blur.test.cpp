#include <eigencoder/corruption/blur.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "corruption/damage.hpp"
#include "support/catch.hpp"

using namespace eigencoder;

namespace blur_test {
namespace {

using Values = std::vector<double>;

constexpr Blur fixed(double stddev) { return {.min_stddev = stddev, .max_stddev = stddev}; }

// One sum over the whole filter, with the pixels at the border repeated.
Values reference(const Values& image, Shape shape, double stddev) {
  const auto radius = static_cast<Index>(std::ceil(3 * stddev));
  const auto weight = [&](Index k) { return std::exp(-static_cast<double>(k * k) / (2 * stddev * stddev)); };
  double sum = 0;
  for (Index k = -radius; k <= radius; ++k) sum += weight(k);
  const auto at = [&](Index y, Index x, Index c) {
    const Index row = std::clamp<Index>(y, 0, shape.height - 1), col = std::clamp<Index>(x, 0, shape.width - 1);
    return static_cast<std::size_t>((row * shape.width + col) * shape.channels + c);
  };
  Values out(image.size());
  for (Index y = 0; y < shape.height; ++y)
    for (Index x = 0; x < shape.width; ++x)
      for (Index c = 0; c < shape.channels; ++c)
        for (Index down = -radius; down <= radius; ++down)
          for (Index right = -radius; right <= radius; ++right)
            out[at(y, x, c)] += weight(down) * weight(right) / (sum * sum) * image[at(y + down, x + right, c)];
  return out;
}

// The blurred image of a single 1 in the middle of 21 x 21 zeros.
Values spread(const Blur& blur, std::uint32_t sample = 0) {
  Values image(21 * 21, 0);
  image[10 * 21 + 10] = 1;
  return damage::damaged(blur, image, {21, 21, 1}, sample);
}

}  // namespace

TEST_CASE("a blur is the two-dimensional Gaussian filter, with borders repeated") {
  const auto check = [](Shape shape, double stddev) {
    INFO(shape.text().view() << ", standard deviation " << stddev);
    const Values image = damage::image(shape);
    CHECK(damage::distance(damage::damaged(fixed(stddev), image, shape), reference(image, shape, stddev)) < 1e-14);
  };
  for (const double stddev : {0.2, 0.7, 1.5, 3.0})
    for (const Shape shape : {Shape{9, 8, 3}, Shape{1, 12, 2}, Shape{12, 1, 1}, Shape{3, 2, 100}}) check(shape, stddev);
  check({3, 4, 2}, 32);      // wider than the image
  check({170, 40, 1}, 0.5);  // more lines than the window on the stack holds
  check({1, 3000, 3}, 0.5);
  check({230, 1, 30}, 8);
}

TEST_CASE("a point spreads as the density of its distance says") {
  const double stddev = 1.3, step = std::exp(-1 / (2 * stddev * stddev));
  const Values blurred = spread(fixed(stddev));
  const double center = blurred[10 * 21 + 10];
  double sum = 0;
  for (const double value : blurred) sum += value;
  CHECK(sum == Approx(1).epsilon(1e-14));
  CHECK(blurred[10 * 21 + 11] / center == Approx(step).epsilon(1e-13));
  CHECK(blurred[9 * 21 + 11] / center == Approx(step * step).epsilon(1e-13));
  CHECK(blurred[10 * 21 + 8] / center == Approx(std::pow(step, 4)).epsilon(1e-13));
  CHECK(blurred[10 * 21 + 14] / center == Approx(std::pow(step, 16)).epsilon(1e-12));
  CHECK(blurred[10 * 21 + 15] == 0);  // beyond ceil(3 1.3) = 4 pixels
}

TEST_CASE("the standard deviation is uniform between its bounds, and each sample's own") {
  constexpr int samples = 2000;
  const Blur blur{.min_stddev = 0.5, .max_stddev = 2};
  double sum = 0, squares = 0;
  for (int j = 0; j < samples; ++j) {
    const Values blurred = spread(blur, static_cast<std::uint32_t>(j));
    const double stddev = std::sqrt(-0.5 / std::log(blurred[10 * 21 + 11] / blurred[10 * 21 + 10]));
    REQUIRE((stddev > 0.5 - 1e-12 && stddev < 2 + 1e-12));
    const double uniform = (stddev - 0.5) / 1.5;
    sum += uniform;
    squares += uniform * uniform;
  }
  CHECK(std::abs(sum / samples - 0.5) < 5 * std::sqrt(1.0 / 12 / samples));
  CHECK(std::abs(squares / samples - 1.0 / 3) < 5 * std::sqrt(4.0 / 45 / samples));
}

TEST_CASE("a standard deviation of 0 and constant images change nothing") {
  constexpr Shape shape{5, 6, 3};
  const Values image = damage::image(shape), constant(image.size(), 0.3);
  CHECK(damage::damaged(fixed(0), image, shape) == image);
  CHECK(damage::damaged(fixed(1.7), constant, shape) == constant);
}

TEST_CASE("standard deviations that do not exist, and inputs that are no images") {
  static_assert(Corruption<Blur>);
  static_assert(Blur{}.diagnose({Dynamic, 4, 1}).ok() && !Blur{}.diagnose(Shape::flat(9)).ok());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {nan, -0.1, 32.5, std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_AS((Blur{.min_stddev = 0, .max_stddev = bad}.validate()), OptionError);
    CHECK_THROWS_AS((Blur{.min_stddev = bad, .max_stddev = 2}.validate()), OptionError);
  }
  CHECK_THROWS_AS((Blur{.min_stddev = 2, .max_stddev = 1}.validate()), OptionError);
  CHECK_NOTHROW(fixed(0).validate());
  CHECK_NOTHROW(fixed(32).validate());
}

}  // namespace blur_test
