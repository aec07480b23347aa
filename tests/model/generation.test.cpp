// Samples from drawn and interpolated codes: against decode and encode, and against closed forms.
#include <eigencoder/eigencoder.hpp>

#include <Eigen/LU>
#include <cmath>

#include "support/catch.hpp"
#include "laws/samples.hpp"

using namespace eigencoder;

namespace generation_test {
namespace {

using Matrix = MatrixX<double>;
template <class Loss, class... Policies>
using Model = Autoencoder<Encoder<Input<5>, Dense<6>, Tanh, Dense<2>>, Decoder<Dense<5>>, Loss, Precision<double>,
                          Policies...>;

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

TEST_CASE("samples are decoded from standard normal codes, the same for a seed") {
  // The decoder is the identity, so samples are codes.
  Model<SquaredError, Variational<>> model;
  for (double& value : model.parameters()) value = 0;
  for (const auto& block : model.layout().blocks())
    if (block.layer == 3 && block.kind == ParameterKind::weight)
      for (Index i = 0; i < 2; ++i) model.parameters()[static_cast<std::size_t>(block.offset + i * block.cols + i)] = 1;
  constexpr Index n = 20000;
  const Matrix drawn = model.sample(n, 3);
  REQUIRE(drawn.rows() == 5);
  REQUIRE(drawn.cols() == n);
  for (Index i = 0; i < 2; ++i) {
    CHECK(std::abs(drawn.row(i).mean()) < 5 / std::sqrt(double{n}));
    CHECK(std::abs(drawn.row(i).squaredNorm() / n - 1) < 5 * std::sqrt(2.0 / n));
  }
  CHECK(std::abs(drawn.row(0).dot(drawn.row(1)) / n) < 5 / std::sqrt(double{n}));
  CHECK(drawn.leftCols(10) == model.sample(10, 3));
  CHECK(drawn.leftCols(10) != model.sample(10, 4));
  CHECK(model.sample(0).cols() == 0);
  CHECK_THROWS_AS(model.sample(-1), OptionError);
}

TEST_CASE("an interpolation goes from one reconstruction to the other, a traversal along one value of the code") {
  const Model<Bernoulli> model;
  const Matrix x = laws::samples(5, 4, false);
  const Matrix way = model.interpolate(x.col(0), x.col(1), 5), ends = model.reconstruct(x.leftCols(2));
  CHECK(way.col(0).isApprox(ends.col(0), 1e-12));
  CHECK(way.col(4).isApprox(ends.col(1), 1e-12));
  const Matrix codes = model.encode(x);
  CHECK(way.col(2).isApprox(model.decode(Matrix((codes.col(0) + codes.col(1)) / 2)).col(0), 1e-12));

  const Matrix along = model.traverse(codes.col(2), 1, 3, -1, 2);
  Matrix expected = codes.col(2).replicate(1, 3);
  expected.row(1) << -1, 0.5, 2;
  CHECK(along.isApprox(model.decode(expected), 1e-12));

  CHECK_THROWS_AS(model.interpolate(x.col(0), x.col(1), 1), OptionError);
  CHECK_THROWS_AS(model.interpolate(x.leftCols(2), x.col(1), 3), ShapeError);
  CHECK_THROWS_AS(model.traverse(codes.col(0), 2), OptionError);
  CHECK_THROWS_AS(model.traverse(codes.col(0), -1), OptionError);
  CHECK_THROWS_AS(model.traverse(x.col(0), 0), ShapeError);
}

TEST_CASE("the log likelihood of a linear Gaussian model is that of its marginal") {
  // x = W z + noise of variance v is normal with covariance W W^T + v I: the estimate approaches its log density.
  Model<Gaussian, Variational<>> model{Gaussian{.variance = 0.5}};
  const Matrix x = laws::samples(5, 6, false);
  Matrix w(5, 2);
  for (const auto& block : model.layout().blocks())
    for (Index i = 0; i < block.size(); ++i) {
      double& value = model.parameters()[static_cast<std::size_t>(block.offset + i)];
      if (block.layer != 3) continue;
      if (block.kind == ParameterKind::bias) value = 0;
      else w(i / 2, i % 2) = value;
    }
  const Matrix covariance = w * w.transpose() + 0.5 * Matrix::Identity(5, 5);
  const auto estimate = model.log_likelihood(x, 20000, 1);
  const double logarithm = std::log(covariance.determinant());
  for (Index j = 0; j < 6; ++j) {
    const double square = x.col(j).dot(covariance.inverse() * x.col(j));
    const double exact = -0.5 * (square + logarithm + 5 * std::log(2 * 3.14159265358979323846));
    CHECK(estimate[static_cast<std::size_t>(j)] == Approx(exact).margin(0.05));
  }
  CHECK(mean(model.log_likelihood(x, 1, 1)) < mean(estimate));  // the bound is lower
  CHECK_THROWS_AS(model.log_likelihood(x, 0), OptionError);
}

}  // namespace generation_test
