#include <eigencoder/corruption/block_erasure.hpp>
#include <eigencoder/corruption/erased_mask.hpp>
#include <eigencoder/corruption/noise.hpp>

#include <cmath>

#include "support/catch.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace erased_mask_test {
namespace {

constexpr Shape shape{7, 6, 3};
constexpr ErasureFill fills[] = {ErasureFill::value, ErasureFill::noise, ErasureFill::image_mean};

BlockErasure blocks(ErasureFill fill) { return {.height = 2, .width = 3, .blocks = 3, .value = 0.5, .fill = fill}; }

// Values in (1, 2), which no fill but the mean writes.
template <class Scalar = float>
MatrixX<Scalar> samples(Index count = 40) {
  MatrixX<Scalar> x(shape.size(), count);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = 1 + static_cast<Scalar>(i * i % 101 + 1) / Scalar(128);
  return x;
}

}  // namespace

TEMPLATE_TEST_CASE("the mask is 1 exactly where values were erased", "", float, double) {
  const auto check = [](const auto& corruption) {
    const MatrixX<TestType> x = samples<TestType>(), y = corrupted(x, shape, corruption, 5);
    const MatrixX<TestType> mask = erased_mask<TestType>(x.cols(), shape, corruption, 5);
    REQUIRE((mask.rows() == x.rows() && mask.cols() == x.cols()));
    for (Index i = 0; i < x.size(); ++i) REQUIRE(mask.data()[i] == (x.data()[i] == y.data()[i] ? 0 : 1));
    CHECK(mask != erased_mask<TestType>(x.cols(), shape, corruption, 6));
  };
  for (const ErasureFill fill : fills) check(blocks(fill));
  check(Masking{.rate = 0.4});
  check(Masking{.rate = 0.4, .whole_pixels = true});
}

TEST_CASE("a value that is replaced by an equal one is erased too") {
  const MatrixX<float> constant = MatrixX<float>::Constant(shape.size(), 20, 0.5F);
  const MatrixX<float> mask = erased_mask(20, shape, blocks(ErasureFill::value), 3);
  CHECK(corrupted(constant, shape, blocks(ErasureFill::value), 3) == constant);
  CHECK(mask.sum() > 20 * 6 * 3);
  CHECK(mask == erased_mask(20, shape, blocks(ErasureFill::image_mean), 3));
}

TEST_CASE("noise is uniform, and a draw for each value") {
  const MatrixX<double> x = samples<double>(2000), y = corrupted(x, shape, blocks(ErasureFill::noise), 5);
  const MatrixX<double> mask = erased_mask<double>(2000, shape, blocks(ErasureFill::noise), 5);
  double count = 0, sum = 0, squares = 0, neighbors = 0, pairs = 0;
  for (Index j = 0; j < y.cols(); ++j)
    for (Index i = 0; i < y.rows(); ++i) {
      if (mask(i, j) == 0) continue;
      REQUIRE((y(i, j) >= 0 && y(i, j) < 1));
      ++count;
      sum += y(i, j);
      squares += y(i, j) * y(i, j);
      if (i == 0 || mask(i - 1, j) == 0) continue;
      ++pairs;
      neighbors += (y(i, j) - 0.5) * (y(i - 1, j) - 0.5);
    }
  CHECK(std::abs(sum / count - 0.5) < 5 * std::sqrt(1.0 / 12 / count));
  CHECK(std::abs(squares / count - 1.0 / 3) < 5 * std::sqrt(4.0 / 45 / count));
  CHECK(std::abs(neighbors / pairs) < 5.0 / 12 / std::sqrt(pairs));
}

TEST_CASE("the image's mean is that of each channel before anything was erased") {
  const MatrixX<double> x = samples<double>(), y = corrupted(x, shape, blocks(ErasureFill::image_mean), 5);
  const MatrixX<double> mask = erased_mask<double>(x.cols(), shape, blocks(ErasureFill::image_mean), 5);
  for (Index j = 0; j < x.cols(); ++j) {
    double mean[3] = {};
    for (Index i = 0; i < x.rows(); ++i) mean[i % 3] += x(i, j) / 42;
    for (Index i = 0; i < x.rows(); ++i)
      if (mask(i, j) == 1) REQUIRE(y(i, j) == Approx(mean[i % 3]).epsilon(1e-14));
  }
}

TEST_CASE("known pixels are copied bit for bit") {
  const BlockErasure hole = blocks(ErasureFill::value);
  const MatrixX<float> x = samples(), holed = corrupted(x, shape, hole), mask = erased_mask(x.cols(), shape, hole);
  const MatrixX<float> made = MatrixX<float>::Constant(x.rows(), x.cols(), 7);
  const MatrixX<float> filled = copy_known(made, holed, mask);
  for (Index i = 0; i < x.size(); ++i) REQUIRE(filled.data()[i] == (mask.data()[i] == 0 ? x.data()[i] : 7));
  CHECK(copy_known(made, x, mask) == filled);
  CHECK(copy_known(x, holed, mask) == x);
  const Dataset<float> data{.samples = holed, .shape = shape};
  CHECK(copy_known(View<float>(made), data, mask.leftCols(x.cols())) == filled);
}

TEST_CASE("masks and sets that do not fit are refused") {
  static_assert(Erases<BlockErasure> && Erases<Masking> && !Erases<GaussianNoise>);
  const BlockErasure hole = blocks(ErasureFill::value);
  CHECK_THROWS_AS(erased_mask(3, Shape{4, Dynamic, 1}, hole), ShapeError);
  CHECK_THROWS_AS(erased_mask(0, shape, hole), DataError);
  CHECK_THROWS_AS(erased_mask(-1, shape, hole), DataError);
  CHECK_THROWS_AS(erased_mask(3, Shape::flat(9), hole), CompositionError);
  CHECK_THROWS_AS(erased_mask(3, shape, BlockErasure{.height = 0}), OptionError);
  CHECK_THROWS_AS(erased_mask(3, shape, BlockErasure{.fill = static_cast<ErasureFill>(5)}), OptionError);
  const MatrixX<float> x = samples(4), fewer = samples(3);
  CHECK(says(thrown<ShapeError>([&] { copy_known(x, fewer, x); }), {"copy_known: got 126 x 3 values", "126 x 4"}));
  CHECK(says(thrown<ShapeError>([&] { copy_known(x, x, fewer); }), {"copy_known: got 126 x 3 values", "126 x 4"}));
}

}  // namespace erased_mask_test
