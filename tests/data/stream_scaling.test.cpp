// Scalings of data that are streamed.
#include <eigencoder/data/stream_scaling.hpp>
#include <eigencoder/eigencoder.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/toy_models.hpp"
#include "support/catch.hpp"
#include "support/sources.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace stream_scaling_test {
namespace {

/// More than a batch of samples, far from 0 and in very different units; the third value is constant.
MatrixX<float> measured() {
  MatrixX<float> x = unit_samples(4, 700);
  for (Index j = 0; j < x.cols(); ++j) {
    x(0, j) = 1e4F + x(0, j);
    x(1, j) *= 1e-20F;
    x(2, j) = 3.7F;
    x(3, j) *= 1e30F;
  }
  return x;
}

bool close(const Scaling<float>& a, const Scaling<float>& b) {
  bool all = a.scale.size() == b.scale.size();
  for (std::size_t i = 0; all && i < a.scale.size(); ++i)
    all = std::abs(a.scale[i] / b.scale[i] - 1) < 1e-6F && std::abs(a.offset[i] - b.offset[i]) <= 1e-6F * a.scale[i] +
                                                               1e-7F * std::abs(b.offset[i]);
  return all;
}

}  // namespace

TEMPLATE_TEST_CASE("a scaling learned from a stream is that of the same samples in memory", "", AnyOrder,
                   InOrder) {
  const MatrixX<float> x = measured();
  Stream stream{TestType{x}, {.shuffle_window = 64}};
  CHECK(min_max_scaling(stream) == min_max_scaling(x));
  CHECK(min_max_scaling(stream, -1, 2) == min_max_scaling(x, -1, 2));
  const Scaling<float> standard = standard_scaling(stream);
  CHECK(close(standard, standard_scaling(x)));
  CHECK(standard.scale[2] == 1);
  CHECK(standard.offset[2] == 3.7F);
}

TEMPLATE_TEST_CASE("a scaled source gives the samples that the scaling gives", "", AnyOrder, InOrder) {
  const MatrixX<float> x = measured(), scaled = standard_scaling(x).transform(x);
  const FitOptions<float> options{.epochs = 2, .batch_size = 50};
  const Autoencoder<Encoder<Input<4>, Dense<2>>, Decoder<Mirror>, SquaredError> fresh;
  auto of_plain = fresh, of_scaled = fresh;
  Stream plain{TestType{scaled}, {.shuffle_window = 64}},
      stream{Scaled{TestType{x}, standard_scaling(x)}, {.shuffle_window = 64}};
  of_plain.fit(plain, Adam{}, options);
  of_scaled.fit(stream, Adam{}, options);
  CHECK(std::ranges::equal(of_plain.parameters(), of_scaled.parameters()));
  CHECK_FALSE(std::ranges::equal(of_plain.parameters(), fresh.parameters()));
}

TEST_CASE("a scaling of a stream's known values is that of the same samples in memory") {
  MatrixX<float> x = measured();
  for (Index j = 0; j < x.cols(); ++j) x(j % 4, j) = std::numeric_limits<float>::quiet_NaN();
  Stream stream{AnyOrder{x}};
  CHECK(min_max_scaling(stream, 0, 1, Unknown::skipped) == min_max_scaling(x, 0, 1, Unknown::skipped));
  CHECK(robust_scaling(stream, Unknown::skipped) == robust_scaling(x, Unknown::skipped));
  const QuantileScalingOptions options{.quantiles = 20, .unknown = Unknown::skipped};
  CHECK(quantile_scaling(stream, options) == quantile_scaling(x, options));
  const Scaling<float> found = standard_scaling(stream, Unknown::skipped);
  const Scaling<float> expected = standard_scaling(x, Unknown::skipped);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(found.scale[i] == Approx(expected.scale[i]).epsilon(1e-5));
    CHECK(found.offset[i] == Approx(expected.offset[i]).epsilon(1e-5));
  }
  x.row(1).setConstant(std::numeric_limits<float>::quiet_NaN());
  Stream empty_value{AnyOrder{x}};
  CHECK(says(thrown<DataError>([&] { standard_scaling(empty_value, Unknown::skipped); }),
             {"value 1 is unknown in all samples"}));
}

TEST_CASE("a value that is rarely known in a long stream is scaled by what is known of it") {
  MatrixX<float> x = MatrixX<float>::Constant(2, 70000, 1);
  for (Index j = 0; j < x.cols(); ++j) {
    x(0, j) = static_cast<float>(j % 101);
    if (j != 69000) x(1, j) = std::numeric_limits<float>::quiet_NaN();
  }
  Stream stream{AnyOrder{x}};
  const Scaling<float> found = robust_scaling(stream, Unknown::skipped);
  CHECK(found.offset[0] == Approx(50).margin(2));
  CHECK(found.offset[1] == 1);
}

TEST_CASE("a scaling of no samples, of NaN, or of other samples is refused") {
  MatrixX<float> x = measured();
  CHECK(says(thrown<ShapeError>([&] { Scaled(AnyOrder{x}, Scaling<float>{{0}, {1}}); }), {"of 1 values", "have 4"}));
  x(1, 300) = std::numeric_limits<float>::quiet_NaN();
  Stream stream{AnyOrder{x}}, empty{AnyOrder{MatrixX<float>(4, 0)}};
  CHECK(says(thrown<DataError>([&] { standard_scaling(stream); }),
             {"the source: sample 300 holds NaN at value 1; with Unknown::skipped"}));
  CHECK(says(thrown<DataError>([&] { min_max_scaling(stream); }), {"the source: sample 300 holds NaN"}));
  CHECK(says(thrown<DataError>([&] { standard_scaling(empty); }), {"no samples"}));
  CHECK(says(thrown<DataError>([&] { min_max_scaling(empty); }), {"no samples"}));
}

}  // namespace stream_scaling_test
