#include <eigencoder/corruption/block_erasure.hpp>
#include <eigencoder/corruption/corrupted.hpp>
#include <eigencoder/corruption/denoising.hpp>
#include <eigencoder/corruption/noise.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <functional>
#include <limits>
#include <type_traits>

using namespace eigencoder;

namespace corrupted_test {
namespace {

constexpr Shape shape{4, 3, 2};
const Masking masking{.rate = 0.4};

template <class Scalar>
MatrixX<Scalar> samples(Index count = 50) {
  MatrixX<Scalar> x(shape.size(), count);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<Scalar>(i % 101 + 1) / Scalar(128);
  return x;
}

}  // namespace

TEMPLATE_TEST_CASE("each sample has the draws of its own key", "", float, double) {
  const MatrixX<TestType> x = samples<TestType>(), before = x;
  const auto check = [&](const auto& corruption, std::uint64_t seed) {
    MatrixX<TestType> expected = x;
    for (Index j = 0; j < x.cols(); ++j) {
      Random random(seed, Purpose::corruption, 1, 0, static_cast<std::uint32_t>(j));
      corrupt_with(corruption, expected.col(j).data(), shape, random);
    }
    const auto got = corrupted(x, shape, corruption, seed);
    static_assert(std::is_same_v<decltype(got), const MatrixX<TestType>>);
    CHECK(got == expected);
    CHECK(got != x);
    CHECK(x == before);
    CHECK(got != corrupted(x, shape, corruption, seed + 1));
  };
  check(masking, 0);
  check(GaussianNoise{}, 3);
  check(BlockErasure{.height = 2, .width = 2}, 3);
  check(Denoising{masking}, 3);
  CHECK(corrupted(x, shape, masking) == corrupted(x, shape, masking, 0));
}

TEST_CASE("samples of every type are corrupted in the same way") {
  const MatrixX<float> x = samples<float>(), expected = corrupted(x, shape, masking, 5);
  const Dataset<float> data{.samples = x, .shape = shape};
  MatrixX<float> wide(shape.size() + 3, x.cols());
  wide.setConstant(9);
  wide.topRows(shape.size()) = x;
  const VectorX<float> one = x.col(0);
  CHECK(corrupted(View<float>(x), shape, masking, 5) == expected);
  CHECK(corrupted(data, data.shape, masking, 5) == expected);
  CHECK(corrupted(wide.topRows(shape.size()), shape, masking, 5) == expected);
  CHECK(corrupted(Eigen::Map<const MatrixX<float>>(x.data(), x.rows(), x.cols()), shape, masking, 5) == expected);
  CHECK(corrupted(x.leftCols(7), shape, masking, 5) == expected.leftCols(7));
  CHECK(corrupted(one, shape, masking, 5) == expected.leftCols(1));
}

TEST_CASE("the number of threads changes nothing") {
  const MatrixX<float> x = samples<float>(100);
  set_threads(1);
  const MatrixX<float> expected = corrupted(x, shape, GaussianNoise{}, 5);
  set_threads(3);
  CHECK(corrupted(x, shape, GaussianNoise{}, 5) == expected);
  set_threads(0);
}

TEST_CASE("a lambda that captures and a function corrupt samples") {
  const MatrixX<float> x = samples<float>();
  const float factor = 0.5F;
  const auto halve = [factor](float* sample, Shape s, Random&) {
    for (Index i = 0; i < s.size(); ++i) sample[i] *= factor;
  };
  const std::function<void(float*, Shape, Random&)> function = halve;
  const MatrixX<float> expected = x / 2;
  CHECK(corrupted(x, shape, halve) == expected);
  CHECK(corrupted(x, shape, function) == expected);
}

TEST_CASE("arguments that cannot be corrupted are refused by name") {
  const MatrixX<float> x = samples<float>();
  MatrixX<float> bad = x;
  bad(3, 7) = std::numeric_limits<float>::quiet_NaN();
  const auto of = [](const auto& from, Shape as, const auto& corruption) {
    return [&from, as, &corruption] { corrupted(from, as, corruption); };
  };
  CHECK(says(thrown<DataError>(of(bad, shape, masking)), {"corrupted", "sample 7", "NaN at value 3"}));
  CHECK(says(thrown<DataError>(of(MatrixX<float>(24, 0), shape, masking)), {"corrupted", "no samples"}));
  CHECK(says(thrown<ShapeError>(of(x, Shape{4, 3, 1}, masking)), {"corrupted", "got 24 x 50", "expected 12"}));
  CHECK(says(thrown<ShapeError>(of(x, Shape{Dynamic, 3, 2}, masking)), {"corrupted", "?x3x2"}));
  CHECK(says(thrown<ShapeError>(of(x, Shape::none(), masking)), {"corrupted", "impossible"}));
  CHECK(says(thrown<OptionError>(of(x, shape, Masking{.rate = 2})), {"Masking.rate"}));
  CHECK(says(thrown<OptionError>(of(x, shape, std::function<void(float*, Shape, Random&)>())), {"empty function"}));
  CHECK(says(thrown<CompositionError>(of(x, Shape::flat(24), BlockErasure{})), {"BlockErasure", "24 values"}));
}

}  // namespace corrupted_test
