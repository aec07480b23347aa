#include <eigencoder/corruption/downscale.hpp>

#include <algorithm>
#include <cmath>

#include "corruption/damage.hpp"
#include "support/catch.hpp"

using namespace eigencoder;

namespace downscale_test {
namespace {

using Values = std::vector<double>;

// Keys' kernel in its two pieces (eq. 15), and the image between the means of squares, one sum over all of them.
double kernel(double x) {
  x = std::abs(x);
  return x <= 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}
Values reference(const Values& image, Shape shape, Index factor) {
  const Index rows = (shape.height + factor - 1) / factor, cols = (shape.width + factor - 1) / factor;
  const auto at = [&](Index y, Index x, Index c) {
    return static_cast<std::size_t>((y * shape.width + x) * shape.channels + c);
  };
  const auto mean = [&](Index k, Index j, Index c) {
    double sum = 0, count = 0;
    for (Index y = k * factor; y < std::min((k + 1) * factor, shape.height); ++y)
      for (Index x = j * factor; x < std::min((j + 1) * factor, shape.width); ++x, ++count) sum += image[at(y, x, c)];
    return sum / count;
  };
  Values out(image.size());
  for (Index y = 0; y < shape.height; ++y)
    for (Index x = 0; x < shape.width; ++x)
      for (Index c = 0; c < shape.channels; ++c) {
        const double row = (static_cast<double>(y) + 0.5) / static_cast<double>(factor) - 0.5;
        const double col = (static_cast<double>(x) + 0.5) / static_cast<double>(factor) - 0.5;
        for (Index k = -2; k < rows + 2; ++k)
          for (Index j = -2; j < cols + 2; ++j) {
            const double weight = kernel(row - static_cast<double>(k)) * kernel(col - static_cast<double>(j));
            if (weight == 0) continue;
            const Index top = std::clamp<Index>(k, 0, rows - 1), left = std::clamp<Index>(j, 0, cols - 1);
            out[at(y, x, c)] += weight * mean(top, left, c);
          }
      }
  return out;
}

}  // namespace

TEST_CASE("each square becomes its mean, squares at the edges are cut") {
  const Values image{1, 2, 3, 4, 10,   //
                     5, 6, 7, 8, 20,   //
                     9, 8, 7, 6, 30};  //
  const Values expected{3.5, 3.5, 5.5, 5.5, 15, 3.5, 3.5, 5.5, 5.5, 15, 8.5, 8.5, 6.5, 6.5, 30};
  const Downscale nearest{.factor = 2, .enlargement = Enlargement::nearest};
  CHECK(damage::damaged(nearest, image, {3, 5, 1}) == expected);
  Values two_channels, expected_twice;
  for (std::size_t i = 0; i < image.size(); ++i) {
    two_channels.insert(two_channels.end(), {image[i], -image[i]});
    expected_twice.insert(expected_twice.end(), {expected[i], -expected[i]});
  }
  CHECK(damage::damaged(nearest, two_channels, {3, 5, 2}) == expected_twice);
}

TEST_CASE("bicubic enlargement is cubic convolution between the squares' centers") {
  for (const Shape shape : {Shape{8, 8, 1}, Shape{9, 7, 3}, Shape{1, 10, 2}, Shape{10, 1, 1}, Shape{4, 5, 70}})
    for (const Index factor : {2, 3, 4, 6}) {
      INFO(shape.text().view() << ", factor " << factor);
      const Values image = damage::image(shape);
      const Values got = damage::damaged(Downscale{.factor = factor}, image, shape);
      CHECK(damage::distance(got, reference(image, shape, factor)) < 1e-14);
    }
}

TEST_CASE("a quadratic image gains the variance within a square, as Keys' kernel reproduces quadratics") {
  constexpr Shape shape{36, 24, 1};
  const auto quadratic = [](Index y, Index x) { return static_cast<double>(x * x + 2 * y * y + x * y + 3 * x + 1); };
  Values image;
  for (Index y = 0; y < shape.height; ++y)
    for (Index x = 0; x < shape.width; ++x) image.push_back(quadratic(y, x));
  for (const Index factor : {2, 3, 4}) {
    const Values got = damage::damaged(Downscale{.factor = factor}, image, shape);
    const double gain = 3 * static_cast<double>(factor * factor - 1) / 12;
    for (Index y = 2 * factor; y < shape.height - 2 * factor; ++y)
      for (Index x = 2 * factor; x < shape.width - 2 * factor; ++x)
        REQUIRE(got[static_cast<std::size_t>(y * shape.width + x)] == Approx(quadratic(y, x) + gain).epsilon(1e-13));
  }
}

TEST_CASE("a factor of 1 and constant images change nothing, a large factor leaves the mean") {
  constexpr Shape shape{6, 9, 3};
  const Values image = damage::image(shape), constant(image.size(), 0.3);
  for (const Enlargement enlargement : {Enlargement::nearest, Enlargement::bicubic}) {
    CHECK(damage::damaged(Downscale{.factor = 1, .enlargement = enlargement}, image, shape) == image);
    for (const Index factor : {2, 4, 7})
      CHECK(damage::damaged(Downscale{.factor = factor, .enlargement = enlargement}, constant, shape) == constant);
    const Values mean = damage::damaged(Downscale{.factor = 1000, .enlargement = enlargement}, image, shape);
    for (std::size_t c = 0; c < 3; ++c) {
      double sum = 0;
      for (std::size_t i = c; i < image.size(); i += 3) sum += image[i] / 54;
      for (std::size_t i = c; i < image.size(); i += 3) REQUIRE(mean[i] == Approx(sum).epsilon(1e-14));
    }
  }
}

TEST_CASE("what overshoots at edges is clamped on request") {
  constexpr Shape shape{8, 8, 1};
  Values edge(64, 0);
  for (std::size_t i = 0; i < 64; ++i) edge[i] = i % 8 < 4 ? 0 : 1;
  const Values free = damage::damaged(Downscale{}, edge, shape);
  Values expected = free;
  for (double& value : expected) value = std::clamp(value, 0.0, 1.0);
  CHECK(free != expected);
  CHECK(damage::damaged(Downscale{.clipped = true}, edge, shape) == expected);
}

TEST_CASE("float is enlarged as double is") {
  constexpr Shape shape{7, 10, 3};
  const Values exact = damage::damaged(Downscale{.factor = 3}, damage::image(shape), shape);
  const auto rounded = damage::damaged(Downscale{.factor = 3}, damage::image<float>(shape), shape);
  CHECK(damage::distance(exact, Values(rounded.begin(), rounded.end())) < 1e-6);
}

TEST_CASE("images alone have another size, of a factor that exists") {
  static_assert(Corruption<Downscale>);
  static_assert(Downscale{}.diagnose({Dynamic, Dynamic, Dynamic}).ok() && !Downscale{}.diagnose(Shape::flat(9)).ok());
  CHECK_THROWS_AS(Downscale{.factor = 0}.validate(), OptionError);
  CHECK_THROWS_AS(Downscale{.enlargement = static_cast<Enlargement>(7)}.validate(), OptionError);
  CHECK_NOTHROW(Downscale{.factor = 1}.validate());
}

}  // namespace downscale_test
