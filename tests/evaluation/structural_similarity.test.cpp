#include <eigencoder/evaluation/structural_similarity.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <eigencoder/corruption/corrupted.hpp>
#include <eigencoder/corruption/noise.hpp>
#include <limits>

using namespace eigencoder;

namespace structural_similarity_test {
namespace {

constexpr double c1 = 0.01 * 0.01, c2 = 0.03 * 0.03;

template <class Scalar = double>
MatrixX<Scalar> images(Shape shape, Index count, std::uint32_t seed = 1) {
  MatrixX<Scalar> x(shape.size(), count);
  Random random(seed, Purpose::user);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<Scalar>(random.uniform_float());
  return x;
}

// The paper's equations 13 to 17, one window after the other, moments around the means.
double reference(const double* x, const double* y, Shape shape) {
  double weights[11][11], total = 0, sum = 0;
  for (int row = 0; row < 11; ++row)
    for (int col = 0; col < 11; ++col)
      total += weights[row][col] = std::exp(-((row - 5) * (row - 5) + (col - 5) * (col - 5)) / (2 * 1.5 * 1.5));
  Index windows = 0;
  for (Index c = 0; c < shape.channels; ++c)
    for (Index top = 0; top + 11 <= shape.height; ++top)
      for (Index left = 0; left + 11 <= shape.width; ++left, ++windows) {
        const auto mean_of = [&](const auto& term) {
          double mean = 0;
          for (Index row = 0; row < 11; ++row)
            for (Index col = 0; col < 11; ++col)
              mean += weights[row][col] / total * term(((top + row) * shape.width + left + col) * shape.channels + c);
          return mean;
        };
        const double mean_x = mean_of([&](Index i) { return x[i]; }), mean_y = mean_of([&](Index i) { return y[i]; });
        const double var_x = mean_of([&](Index i) { return (x[i] - mean_x) * (x[i] - mean_x); });
        const double var_y = mean_of([&](Index i) { return (y[i] - mean_y) * (y[i] - mean_y); });
        const double covariance = mean_of([&](Index i) { return (x[i] - mean_x) * (y[i] - mean_y); });
        sum += (2 * mean_x * mean_y + c1) * (2 * covariance + c2) /
               ((mean_x * mean_x + mean_y * mean_y + c1) * (var_x + var_y + c2));
      }
  return sum / static_cast<double>(windows);
}

}  // namespace

TEST_CASE("the similarity is the mean of the paper's index over windows and channels") {
  for (const Shape shape : {Shape{11, 11, 1}, Shape{12, 11, 2}, Shape{11, 20, 1}, Shape{25, 14, 3}}) {
    INFO(shape.text().view());
    const MatrixX<double> x = images(shape, 3), noise = images(shape, 3, 2), y = 0.7 * x + 0.3 * noise;
    const std::vector<double> similarities = structural_similarities(x, y, shape);
    double sum = 0;
    for (Index j = 0; j < 3; ++j) {
      const double expected = reference(x.col(j).data(), y.col(j).data(), shape);
      CHECK(similarities[static_cast<std::size_t>(j)] == Approx(expected).epsilon(1e-12));
      sum += expected / 3;
    }
    CHECK(structural_similarity(x, y, shape) == Approx(sum).epsilon(1e-12));
  }
}

TEST_CASE("values derived by hand") {
  constexpr Shape shape{16, 13, 2};
  const auto constant = [&](double value) { return MatrixX<double>::Constant(shape.size(), 1, value).eval(); };
  // No variance: the luminance alone.
  const double expected = (2 * 0.3 * 0.8 + c1) / (0.09 + 0.64 + c1);
  CHECK(structural_similarity(constant(0.3), constant(0.8), shape) == Approx(expected).epsilon(1e-11));
  CHECK(structural_similarity(constant(0), constant(1), shape) == Approx(c1 / (1 + c1)).epsilon(1e-11));
  // One window, and in its center a point on black: its mean is the center's weight.
  MatrixX<double> point = MatrixX<double>::Zero(121, 1), black = point;
  point(60) = 1;
  double sum = 1;
  for (int k = 1; k <= 5; ++k) sum += 2 * std::exp(-k * k / 4.5);
  const double mean = 1 / (sum * sum), variance = mean - mean * mean;
  CHECK(structural_similarity(point, black, {11, 11, 1}) ==
        Approx(c1 / (mean * mean + c1) * c2 / (variance + c2)).epsilon(1e-12));
  // Against its negative around a mean of 0 a structure is the opposite.
  MatrixX<double> checkered(shape.size(), 1);
  for (Index i = 0; i < checkered.size(); ++i) checkered(i) = (i / 2 / 13 + i / 2 % 13) % 2 == 0 ? 100 : -100;
  CHECK(structural_similarity(checkered, (-checkered).eval(), shape) == Approx(-1).epsilon(1e-6));
}

TEST_CASE("equal images have exactly 1, and images can be exchanged, bit for bit") {
  constexpr Shape shape{20, 17, 3};
  const MatrixX<float> x = images<float>(shape, 20), y = images<float>(shape, 20, 2);
  for (const double similarity : structural_similarities(x, x, shape)) CHECK(similarity == 1);
  CHECK(structural_similarities(x, y, shape) == structural_similarities(y, x, shape));
  for (const double similarity : structural_similarities(x, y, shape)) CHECK((similarity > -1 && similarity < 1));
}

TEST_CASE("the similarity falls as noise grows") {
  constexpr Shape shape{24, 24, 1};
  MatrixX<double> x(shape.size(), 10);
  for (Index j = 0; j < 10; ++j)
    for (Index i = 0; i < shape.size(); ++i)
      x(i, j) = 0.5 + 0.4 * std::sin(0.3 * static_cast<double>(i / 24 + j) + 0.2 * static_cast<double>(i % 24));
  double last = 1;
  for (const double stddev : {0.01, 0.05, 0.1, 0.2, 0.4, 0.8}) {
    const auto similarities = structural_similarities(x, corrupted(x, shape, GaussianNoise{.stddev = stddev}), shape);
    CHECK(*std::max_element(similarities.begin(), similarities.end()) < last);
    last = *std::min_element(similarities.begin(), similarities.end());
  }
  CHECK(last < 0.2);
}

TEST_CASE("a larger peak is another unit") {
  constexpr Shape shape{15, 12, 3};
  const MatrixX<double> x = images(shape, 2), y = images(shape, 2, 2), bytes = 255 * x, others = 255 * y;
  CHECK(structural_similarity(bytes, others, shape, 255) == Approx(structural_similarity(x, y, shape)).epsilon(1e-12));
  CHECK(structural_similarity(x, y, shape, 2) > structural_similarity(x, y, shape));
}

TEST_CASE("the number of threads, the type of a set and its other samples change nothing") {
  constexpr Shape shape{14, 16, 3};
  const MatrixX<float> x = images<float>(shape, 50), y = images<float>(shape, 50, 2);
  set_threads(1);
  const std::vector<double> expected = structural_similarities(x, y, shape);
  set_threads(3);
  CHECK(structural_similarities(x, y, shape) == expected);
  set_threads(0);
  const Dataset<float> data{.samples = x, .shape = shape};
  CHECK(structural_similarities(data, View<float>(y), shape) == expected);
  CHECK(structural_similarities(x.rightCols(1), y.rightCols(1), shape)[0] == expected.back());
}

TEST_CASE("images that cannot be compared are refused") {
  constexpr Shape shape{12, 11, 1};
  const MatrixX<double> x = images(shape, 3);
  const auto message = [&](const MatrixX<double>& first, const MatrixX<double>& second, Shape image) {
    return thrown<ShapeError>([&] { structural_similarity(first, second, image); });
  };
  CHECK(says(message(x, x, {11, 10, 1}), {"at least 11 x 11 pixels, got 11x10x1"}));
  CHECK(says(message(x, x, Shape::flat(132)), {"at least 11 x 11 pixels, got 132"}));
  CHECK(says(message(x, x, {12, Dynamic, 1}), {"at least 11 x 11 pixels"}));
  CHECK(says(message(x, x, {13, 11, 1}), {"the first images: got 132 x 3", "expected 143"}));
  CHECK(says(message(x, x.topRows(131).eval(), shape), {"the second images: got 131 x 3"}));
  CHECK(says(message(x, x.leftCols(2).eval(), shape), {"3 images and 2 images"}));
  const MatrixX<double> none(132, 0);
  CHECK_THROWS_AS(structural_similarity(none, none, shape), DataError);
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    MatrixX<double> broken = x;
    broken(7, 2) = bad;
    CHECK(says(thrown<DataError>([&] { structural_similarity(broken, x, shape); }), {"first", "sample 2", "value 7"}));
    CHECK(says(thrown<DataError>([&] { structural_similarity(x, broken, shape); }), {"second", "sample 2", "value 7"}));
    CHECK_THROWS_AS(structural_similarity(x, x, shape, bad), DataError);
  }
  CHECK_THROWS_AS(structural_similarity(x, x, shape, 0), DataError);
}

}  // namespace structural_similarity_test
