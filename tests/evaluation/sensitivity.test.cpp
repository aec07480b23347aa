#include <cmath>
#include <eigencoder/evaluation/sensitivity.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"

using namespace eigencoder;

namespace sensitivity_test {
namespace {

constexpr Index values = 200, units = 7;  // more values than one pass differentiates by, and no multiple

template <class... Policies>
using Linear = Autoencoder<Encoder<Input<values>, Dense<units>>, Decoder<Dense<values>>, SquaredError, Policies...>;
template <class... Policies>
using Curved =
    Autoencoder<Encoder<Input<values>, Dense<units>, Sigmoid>, Decoder<Dense<values>>, SquaredError, Policies...>;

/// The weight of the first layer, which lies row by row.
template <class Model>
MatrixX<double> weight(const Model& model) {
  MatrixX<double> w(units, values);
  for (Index i = 0; i < w.size(); ++i)
    w(i / values, i % values) = static_cast<double>(model.parameters()[static_cast<std::size_t>(i)]);
  return w;
}

/// d sigmoid(W x + b) / dx = h (1 - h) W.
template <class Model>
MatrixX<double> closed_form(const Model& model, View<typename Model::Scalar> sample) {
  const VectorX<double> h = model.encode(sample).template cast<double>();
  return (h.array() * (1 - h.array())).matrix().asDiagonal() * weight(model);
}

template <class Scalar, class Model>
double worst(const Model& model, double step = difference_step<Scalar>) {
  const MatrixX<Scalar> x = laws::samples<Scalar>(values, 3, false);
  double error = 0;
  for (Index j = 0; j < x.cols(); ++j)
    error = std::fmax(error, (jacobian(model, x.col(j), step) - closed_form(model, x.col(j))).cwiseAbs().maxCoeff());
  return error;
}

}  // namespace

TEST_CASE("the Jacobian of a linear code is its weight, for any sample and step") {
  const Linear<Precision<double>> model;
  const MatrixX<double> x = 1000 * laws::samples(values, 2, false);
  for (const double step : {1e-3, 1.0, 50.0})
    CHECK((jacobian(model, x.col(1), step) - weight(model)).cwiseAbs().maxCoeff() < 1e-9);
  CHECK(sensitivity(model, x) == Approx(weight(model).norm()).epsilon(1e-9));
}

TEST_CASE("the Jacobian of a layer of sigmoids is its closed form, also in float") {
  CHECK(worst<double>(Curved<Precision<double>>{}) < 1e-9);
  CHECK(worst<float>(Curved<>{}) < 1e-4);
}

TEST_CASE("the error of the differences falls as the square of the step") {
  const Curved<Precision<double>> model;
  CHECK(worst<double>(model, 0.2) / worst<double>(model, 0.1) == Approx(4).epsilon(0.05));
}

TEST_CASE("sensitivity is the mean norm, in units of the code's deviations where these are given") {
  const Curved<Precision<double>> model;
  const MatrixX<double> x = laws::samples(values, 40, false), codes = model.encode(x);
  const VectorX<double> stddevs = code_stddevs(model, x);
  double plain = 0, relative = 0;
  for (Index i = 0; i < units; ++i) {
    double sum = 0, squares = 0;
    for (Index j = 0; j < 40; ++j) {
      sum += codes(i, j);
      squares += codes(i, j) * codes(i, j);
    }
    CHECK(stddevs[i] == Approx(std::sqrt(squares / 40 - sum / 40 * sum / 40)).epsilon(1e-6));
  }
  for (Index j = 0; j < 3; ++j) {
    const MatrixX<double> derivatives = closed_form(model, x.col(j));
    plain += derivatives.norm() / 3;
    relative += (stddevs.cwiseInverse().asDiagonal() * derivatives).norm() / 3;
  }
  CHECK(sensitivity(model, x.leftCols(3)) == Approx(plain).epsilon(1e-7));
  CHECK(sensitivity(model, x.leftCols(3), stddevs) == Approx(relative).epsilon(1e-7));
}

TEST_CASE("relative sensitivity does not depend on the scale of the code, and leaves out constant values") {
  Linear<Precision<double>> model;
  const MatrixX<double> x = laws::samples(values, 20, false);
  const double before = sensitivity(model, x.leftCols(2), code_stddevs(model, x));
  for (Index i = 0; i < units * values; ++i)
    model.parameters()[static_cast<std::size_t>(i)] *= 1 + static_cast<double>(i / values);
  CHECK(sensitivity(model, x.leftCols(2), code_stddevs(model, x)) == Approx(before).epsilon(1e-7));

  VectorX<double> stddevs = VectorX<double>::Ones(units);
  stddevs[2] = 0;
  const MatrixX<double> derivatives = relative_jacobian(model, x.col(0), stddevs);
  CHECK(derivatives.row(2).norm() == 0);
  CHECK((derivatives.row(3) - weight(model).row(3)).norm() < 1e-7);
}

TEST_CASE("samples, steps and deviations that do not suit the model are refused") {
  const Linear<> model;
  const MatrixX<float> x = MatrixX<float>::Zero(values, 2), short_one = MatrixX<float>::Zero(values - 1, 1);
  CHECK_THROWS_AS(jacobian(model, x), ShapeError);
  CHECK_THROWS_AS(jacobian(model, short_one), ShapeError);
  CHECK_THROWS_AS(jacobian(model, x.col(0), 0), OptionError);
  CHECK_THROWS_AS(jacobian(model, x.col(0), std::nan("")), OptionError);
  CHECK_THROWS_AS(code_stddevs(model, short_one), ShapeError);
  CHECK_THROWS_AS(relative_jacobian(model, x.col(0), VectorX<double>::Ones(3)), ShapeError);
  CHECK_THROWS_AS(sensitivity(model, x.leftCols(0)), DataError);
}

}  // namespace sensitivity_test
