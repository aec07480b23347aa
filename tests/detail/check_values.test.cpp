#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/network/input_validation.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/categorical.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <limits>
#include <type_traits>

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
  const auto check = [&](const auto& loss) {
    const Shape shape = Shape::flat(2);
    const detail::InputValidation<float, std::remove_cvref_t<decltype(loss)>, false, false> validation(shape, shape,
                                                                                                       loss);
    validation.check_samples(x, x, "fit: inputs", "fit: targets");
  };
  CHECK_NOTHROW(check(Bernoulli{}));
  CHECK_NOTHROW(check(Categorical{}));
  x(1, 4) = 1.01F;
  CHECK(says(thrown<DataError>([&] { check(Bernoulli{}); }), {"fit: targets", "sample 4", "Bernoulli", "[0, 1]"}));
  x(1, 4) = 0.4F;
  CHECK_NOTHROW(check(Bernoulli{}));
  CHECK_THROWS_AS(check(Categorical{}), DataError);
}

TEST_CASE("unknown values are legal where they may be, if others of the sample are known and each value once") {
  constexpr float unknown = std::numeric_limits<float>::quiet_NaN();
  MatrixX<float> x = halves(3, 4);
  x(0, 1) = x(2, 3) = unknown;
  CHECK_NOTHROW(detail::check_known(View<float>(x), "fit"));
  CHECK_NOTHROW(detail::check_known_values(View<float>(x), "fit"));
  x.row(1).setConstant(unknown);
  CHECK_NOTHROW(detail::check_known(View<float>(x), "fit"));
  CHECK(says(thrown<DataError>([&] { detail::check_known_values(View<float>(x), "fit"); }),
             {"fit: value 1 is unknown in all samples"}));
  x.col(2).setConstant(unknown);
  CHECK(says(thrown<DataError>([&] { detail::check_known(View<float>(x), "fit"); }),
             {"fit: sample 2 has no known value"}));
  x(0, 1) = -std::numeric_limits<float>::infinity();
  CHECK(says(thrown<DataError>([&] { detail::check_known(View<float>(x), "fit"); }),
             {"fit: sample 1 holds infinity at value 0"}));
}
