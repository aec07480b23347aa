// Crop and rotation: what they show of an image is read off images that hold their own coordinates.
#include <eigencoder/augmentation/augmented.hpp>
#include <eigencoder/data/resize.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

using namespace eigencoder;

namespace resampling_test {
namespace {

template <class Scalar, class Change>
std::vector<Scalar> changed(const Change& change, const std::vector<Scalar>& image, Shape shape,
                            std::uint32_t draw = 0) {
  std::vector<Scalar> out(image.size(), Scalar{-1});
  Random random(5, Purpose::augmentation, 0, 0, 0, draw);
  change.apply(image.data(), out.data(), shape, random);
  return out;
}

template <class Scalar = float>
std::vector<Scalar> noise(Shape shape) {
  std::vector<Scalar> image(static_cast<std::size_t>(shape.size()));
  Random random(3, Purpose::user);
  for (Scalar& value : image) value = random.uniform_float();
  return image;
}

// Each pixel holds its row and its column.
std::vector<double> coordinates(Shape shape) {
  std::vector<double> image;
  for (Index row = 0; row < shape.height; ++row)
    for (Index col = 0; col < shape.width; ++col) {
      image.push_back(static_cast<double>(row));
      image.push_back(static_cast<double>(col));
    }
  return image;
}

// Row and column of the source that a pixel shows. Bilinear interpolation is exact on them, but held at the edges.
std::array<double, 2> shown(const std::vector<double>& image, Shape shape, Index row, Index col) {
  const auto at = static_cast<std::size_t>(2 * (row * shape.width + col));
  return {image[at], image[at + 1]};
}

bool inside(const std::array<double, 2>& point, Shape shape) {
  return point[0] > 0 && point[0] < static_cast<double>(shape.height - 1) && point[1] > 0 &&
         point[1] < static_cast<double>(shape.width - 1);
}

// The mean of n draws, uniform in [low, high], lies within 5 standard errors, and so does their mean square.
struct Moments {
  double sum = 0, squares = 0;
  int n = 0;
  void add(double value) {
    sum += value;
    squares += value * value;
    ++n;
  }
  void check_uniform_around_0(double most) const {
    CHECK(std::abs(sum / n) <= 5 * most / std::sqrt(3.0 * n));
    CHECK(std::abs(squares / n - most * most / 3) <= 5 * most * most * std::sqrt(4.0 / 45 / n));
  }
};

}  // namespace

TEMPLATE_TEST_CASE("a window of the whole image and a turn by nothing are the identity", "", float,
                   double) {
  for (const Shape shape : {Shape{7, 9, 3}, Shape{8, 6, 1}, Shape{5, 1, 2}, Shape{1, 70, 4}, Shape{130, 3, 3}}) {
    const auto image = noise<TestType>(shape);
    for (std::uint32_t draw = 0; draw < 10; ++draw) {
      CHECK(changed(Crop{.smallest = 1, .largest = 1}, image, shape, draw) == image);
      CHECK(changed(Rotation{.degrees = 0}, image, shape, draw) == image);
    }
  }
}

TEMPLATE_TEST_CASE("an image of one color stays exactly as it is", "", float, double) {
  constexpr Shape shape{9, 8, 3};
  for (const double color : {1.0, 0.7, 0.0}) {
    const std::vector<TestType> image(static_cast<std::size_t>(shape.size()), static_cast<TestType>(color));
    for (std::uint32_t draw = 0; draw < 50; ++draw) {
      CHECK(changed(Crop{.smallest = 0.3, .largest = 1.7}, image, shape, draw) == image);
      CHECK(changed(Rotation{.degrees = 180}, image, shape, draw) == image);
    }
  }
}

TEMPLATE_TEST_CASE("resampled values keep the range of [0, 1]", "", float, double) {
  constexpr Shape shape{9, 70, 3};
  std::vector<TestType> image = noise<TestType>(shape);
  for (std::size_t i = 0; i < image.size(); i += 2) image[i] = i % 4 == 0 ? 1 : 0;
  for (std::uint32_t draw = 0; draw < 100; ++draw)
    for (const auto& out : {changed(Crop{.smallest = 0.3, .largest = 1.7}, image, shape, draw),
                            changed(Rotation{.degrees = 180}, image, shape, draw)}) {
      bool in_range = true;
      for (const TestType value : out) in_range = in_range && value >= 0 && value <= 1;
      CHECK(in_range);
    }
}

TEST_CASE("a rotation turns every pixel about the center by one angle, uniform in its range") {
  constexpr Shape shape{13, 80, 2};
  constexpr double degrees = 30, middle_row = 6, middle_col = 39.5;
  const std::vector<double> image = coordinates(shape);
  Moments angles;
  for (std::uint32_t draw = 0; draw < 4000; ++draw) {
    const std::vector<double> out = changed(Rotation{.degrees = degrees}, image, shape, draw);
    const auto turn = [&](Index row, Index col) {
      const auto [y, x] = shown(out, shape, row, col);
      const double from = std::atan2(y - middle_row, x - middle_col);
      return from - std::atan2(static_cast<double>(row) - middle_row, static_cast<double>(col) - middle_col);
    };
    const double angle = turn(6, 45);
    REQUIRE(std::abs(angle) <= degrees * std::numbers::pi / 180 * (1 + 1e-12));
    angles.add(angle);
    if (draw >= 20) continue;
    int seen = 0;
    for (Index row = 0; row < shape.height; ++row)
      for (Index col = 0; col < shape.width; ++col) {
        const auto point = shown(out, shape, row, col);
        if (!inside(point, shape)) continue;
        const double y = static_cast<double>(row) - middle_row, x = static_cast<double>(col) - middle_col;
        CHECK(std::hypot(point[0] - middle_row, point[1] - middle_col) == Approx(std::hypot(y, x)));
        CHECK(std::abs(std::sin(turn(row, col) - angle)) < 1e-9);
        ++seen;
      }
    CHECK(seen > 200);
  }
  angles.check_uniform_around_0(degrees * std::numbers::pi / 180);
}

TEST_CASE("a crop shows a window of one fraction, anywhere within the image") {
  constexpr Shape shape{30, 20, 2};
  constexpr double smallest = 0.5, largest = 0.9;
  const std::vector<double> image = coordinates(shape);
  Moments fractions, rows, cols;
  for (std::uint32_t draw = 0; draw < 4000; ++draw) {
    const std::vector<double> out = changed(Crop{.smallest = smallest, .largest = largest}, image, shape, draw);
    // From two inner pixels: the fraction, and the window's corner (half a target pixel above the first center).
    const auto first = shown(out, shape, 5, 5), second = shown(out, shape, 20, 15);
    const double fraction = (second[0] - first[0]) / 15;
    REQUIRE((second[1] - first[1]) / 10 == Approx(fraction));  // the aspect is kept
    REQUIRE(fraction >= smallest * (1 - 1e-12));
    REQUIRE(fraction <= largest * (1 + 1e-12));
    const double top = (first[0] + 0.5 - 5.5 * fraction) / (30 * (1 - fraction));
    const double left = (first[1] + 0.5 - 5.5 * fraction) / (20 * (1 - fraction));
    REQUIRE(std::abs(top - 0.5) <= 0.5 + 1e-9);
    REQUIRE(std::abs(left - 0.5) <= 0.5 + 1e-9);
    fractions.add(fraction - 0.5 * (smallest + largest));
    rows.add(top - 0.5);
    cols.add(left - 0.5);
  }
  fractions.check_uniform_around_0(0.5 * (largest - smallest));
  rows.check_uniform_around_0(0.5);
  cols.check_uniform_around_0(0.5);
}

TEST_CASE("a fraction above 1 shows the whole image smaller, its edge around it") {
  constexpr Shape shape{24, 40, 2};
  const std::vector<double> image = coordinates(shape);
  for (std::uint32_t draw = 0; draw < 100; ++draw) {
    const std::vector<double> out = changed(Crop{.smallest = 2, .largest = 2}, image, shape, draw);
    int height = 0;
    for (Index row = 0; row < shape.height; ++row) {
      const auto point = shown(out, shape, row, 20);
      CHECK((point[0] >= 0 && point[0] <= 23));
      height += point[0] > 0 && point[0] < 23 ? 1 : 0;
    }
    CHECK(height >= 11);  // 23 rows between the first center and the last, two at a time
    CHECK(height <= 12);
  }
}

TEST_CASE("resampling sees pixels where resizing sees them") {
  constexpr Shape shape{6, 70, 3}, twice{12, 140, 3};
  const std::vector<double> image = noise<double>(shape);
  const VectorX<double> all = Eigen::Map<const VectorX<double>>(image.data(), shape.size());
  const VectorX<double> large = resize_image(all, shape, twice);
  // Centers of the doubled image lie at -1/4, 1/4, 3/4, ...: its quarters are four affine maps.
  for (const Index top : {0, 6})
    for (const Index left : {0, 70}) {
      std::vector<double> out(image.size());
      detail::resample(image.data(), out.data(), shape, true,
                       {.start = 0.5 * static_cast<double>(top) - 0.25, .down = 0.5},
                       {.start = 0.5 * static_cast<double>(left) - 0.25, .right = 0.5});
      for (Index row = 0; row < shape.height; ++row)
        for (Index i = 0; i < shape.width * 3; ++i)
          CHECK(out[static_cast<std::size_t>(row * shape.width * 3 + i)] ==
                Approx(large[((top + row) * twice.width + left) * 3 + i]));
    }
}

TEST_CASE("the nearest pixel is the one that the linear map comes closest to") {
  constexpr Shape shape{9, 14, 2};
  const std::vector<double> image = coordinates(shape);
  const auto check = [&](auto change) {
    for (std::uint32_t draw = 0; draw < 20; ++draw) {
      const auto between = changed(change, image, shape, draw);
      auto crisp = change;
      crisp.interpolation = InterpolationMode::nearest;
      const auto nearest = changed(crisp, image, shape, draw);
      for (std::size_t i = 0; i < nearest.size(); ++i) {
        CHECK(nearest[i] == std::floor(nearest[i]));
        CHECK(std::abs(nearest[i] - between[i]) <= 0.5 + 1e-9);
      }
    }
  };
  check(Crop{.smallest = 0.5, .largest = 1.5});
  check(Rotation{.degrees = 60});
}

TEST_CASE("an image is cropped or turned with its probability, and else stays as it is") {
  constexpr Shape shape{7, 8, 3};
  const std::vector<float> image = noise(shape);
  const auto share_changed = [&](const auto& change) {
    constexpr std::uint32_t draws = 2000;
    int count = 0;
    for (std::uint32_t draw = 0; draw < draws; ++draw) count += changed(change, image, shape, draw) != image;
    return count / static_cast<double>(draws);
  };
  const double five_errors = 5 * std::sqrt(0.3 * 0.7 / 2000);
  for (const auto interpolation : {InterpolationMode::bilinear, InterpolationMode::nearest}) {
    const Crop crop{.smallest = 0.3, .largest = 0.5, .probability = 0.3, .interpolation = interpolation};
    CHECK(std::abs(share_changed(crop) - 0.3) < five_errors);
    CHECK(share_changed(Crop{.smallest = 0.3, .largest = 0.5, .probability = 0, .interpolation = interpolation}) == 0);
  }
  CHECK(std::abs(share_changed(Rotation{.degrees = 90, .probability = 0.3}) - 0.3) < five_errors);
  CHECK(share_changed(Rotation{.degrees = 90, .probability = 0}) == 0);
  CHECK_THROWS_AS(Crop{.probability = 1.1}.validate(), OptionError);
  CHECK_THROWS_AS(Rotation{.probability = -0.1}.validate(), OptionError);
}

TEST_CASE("an image of many channels is resampled as its channels are") {
  constexpr Shape all{9, 11, 5}, one{9, 11, 1};
  const std::vector<float> image = noise(all);
  for (std::uint32_t draw = 0; draw < 5; ++draw) {
    const std::vector<float> out = changed(Rotation{.degrees = 40}, image, all, draw);
    for (std::size_t channel = 0; channel < 5; ++channel) {
      std::vector<float> single;
      for (std::size_t i = channel; i < image.size(); i += 5) single.push_back(image[i]);
      const std::vector<float> expected = changed(Rotation{.degrees = 40}, single, one, draw);
      for (std::size_t i = 0; i < expected.size(); ++i) CHECK(out[5 * i + channel] == Approx(expected[i]).margin(1e-6));
    }
  }
}

TEST_CASE("crop and rotation refuse options outside their ranges") {
  for (const Crop crop : {Crop{.smallest = 0}, Crop{.smallest = 0.9, .largest = 0.8}, Crop{.largest = 2.1},
                          Crop{.smallest = std::numeric_limits<double>::quiet_NaN()}})
    CHECK(says(thrown<OptionError>([&] { crop.validate(); }), {"Crop.smallest", "Crop.largest", "(0, 2]"}));
  for (const double degrees : {-1.0, 181.0, std::numeric_limits<double>::quiet_NaN()})
    CHECK(says(thrown<OptionError>([&] { Rotation{.degrees = degrees}.validate(); }), {"Rotation.degrees", "180"}));
  CHECK_NOTHROW(Crop{}.validate());
  CHECK_NOTHROW(Rotation{}.validate());
}

}  // namespace resampling_test
