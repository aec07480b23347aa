#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/categorical.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <limits>

using namespace eigencoder;

namespace {

MatrixX<float> halves(Index rows, Index cols) { return MatrixX<float>::Constant(rows, cols, 0.5F); }

}  // namespace

TEST_CASE("samples of another height are refused with both sizes, an empty set by name") {
  const MatrixX<float> x = halves(4, 9);
  CHECK_NOTHROW(detail::check_rows(View<float>(x), 4, "fit: inputs"));
  CHECK(says(thrown<ShapeError>([&] { detail::check_rows(View<float>(x), 5, "fit: inputs"); }),
             {"fit: inputs", "4 x 9", "5 values"}));
  CHECK(says(thrown<DataError>([&] { detail::check_rows(View<float>(), 5, "fit: inputs"); }),
             {"fit: inputs", "no samples"}));
  CHECK(says(thrown<DataError>([&] { detail::check_rows(View<float>(x.leftCols(0)), 4, "fit: inputs"); }),
             {"fit: inputs", "no samples"}));
}

TEMPLATE_TEST_CASE("NaN and infinity are found wherever they are and named with their position", "",
                   float, double) {
  using Limits = std::numeric_limits<TestType>;
  const MatrixX<TestType> clean = MatrixX<TestType>::Constant(5, 3, Limits::max());
  CHECK_NOTHROW(detail::check_finite(View<TestType>(clean), "encode"));
  for (const TestType bad : {Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity()})
    for (Index j = 0; j < 3; ++j)
      for (Index i = 0; i < 5; ++i) {
        MatrixX<TestType> x = clean;
        x(i, j) = bad;
        CHECK(says(thrown<DataError>([&] { detail::check_finite(View<TestType>(x), "encode"); }),
                   {"encode", "sample " + std::to_string(j), "value " + std::to_string(i),
                    std::isnan(bad) ? "NaN" : "infinity"}));
      }
}

TEST_CASE("values between the columns of a view are not checked") {
  MatrixX<float> x = halves(4, 3);
  x.row(3).setConstant(std::numeric_limits<float>::quiet_NaN());
  CHECK_NOTHROW(detail::check_finite(View<float>(x.topRows(3)), "encode"));
}

TEST_CASE("a target outside the loss's range is named with loss, range and sample") {
  MatrixX<float> x = halves(2, 6);
  CHECK_NOTHROW(detail::check_range(View<float>(x), Bernoulli{}, 2, "fit: targets"));
  CHECK_NOTHROW(detail::check_range(View<float>(x), Categorical{}, 2, "fit: targets"));
  x(1, 4) = 1.01F;
  CHECK(says(thrown<DataError>([&] { detail::check_range(View<float>(x), Bernoulli{}, 2, "fit: targets"); }),
             {"fit: targets", "sample 4", "Bernoulli", "[0, 1]"}));
  x(1, 4) = 0.4F;
  CHECK_NOTHROW(detail::check_range(View<float>(x), Bernoulli{}, 2, "fit: targets"));
  CHECK_THROWS_AS(detail::check_range(View<float>(x), Categorical{}, 2, "fit: targets"), DataError);
}
