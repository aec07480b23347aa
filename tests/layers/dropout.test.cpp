#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/dropout.hpp>
#include <eigencoder/losses/regression.hpp>

#include "support/catch.hpp"
#include "layers/custom_layer_fixture.hpp"
#include "layers/model_checks.hpp"

#include <algorithm>
#include <cmath>

using namespace eigencoder;

namespace dropout_test {
namespace {

constexpr Shape shape{3, 4, 20};

// Far from 0, so that only dropped values are 0.
MatrixX<double> samples(Index rows, Index cols) { return laws::samples(rows, cols, false).array() + 1; }

}  // namespace

TEST_CASE("dropout zeroes a share of the values, which is the rate, and scales the rest, so that the mean stays") {
  constexpr Index n = 100, batch = 500;
  const MatrixX<double> x = samples(n, batch);
  for (const double rate : {0.0, 0.2, 0.5, 0.9}) {
    Fixture<Dropout> fixture(Dropout{.rate = rate}, Shape::flat(n), batch);
    const MatrixX<double> y = fixture.forward(x);
    double dropped = 0;
    for (Index j = 0; j < batch; ++j)
      for (Index i = 0; i < n; ++i) {
        if (y(i, j) == 0)
          ++dropped;
        else
          REQUIRE(y(i, j) == Approx(x(i, j) / (1 - rate)));
      }
    const double total = static_cast<double>(n * batch);
    CHECK(std::abs(dropped - rate * total) <= 5 * std::sqrt(rate * (1 - rate) * total));
  }
}

TEST_CASE("dropout of channels drops whole channels of a sample, a share that is the rate, and scales the rest") {
  constexpr Index batch = 1500;
  const MatrixX<double> x = samples(shape.size(), batch);
  for (const double rate : {0.0, 0.2, 0.5, 0.9}) {
    Fixture<Dropout2d> fixture(Dropout2d{.rate = rate}, shape, batch);
    const MatrixX<double> y = fixture.forward(x);
    double dropped = 0, pairs = 0;
    for (Index j = 0; j < batch; ++j)
      for (Index c = 0; c < shape.channels; ++c) {
        const bool drops = y(c, j) == 0;
        dropped += drops;
        if (c > 0) pairs += drops && y(c - 1, j) == 0;
        double error = 0;
        for (Index i = c; i < shape.size(); i += shape.channels)
          error = std::max(error, std::abs(y(i, j) - (drops ? 0 : x(i, j) / (1 - rate))));
        REQUIRE(error <= 1e-12);
      }
    const double total = static_cast<double>(shape.channels * batch);
    CHECK(std::abs(dropped - rate * total) <= 5 * std::sqrt(rate * (1 - rate) * total));
    // Neighboring channels drop independently; pairs that overlap add at most twice the variance more.
    const double both = rate * rate, neighbors = static_cast<double>((shape.channels - 1) * batch);
    CHECK(std::abs(pairs - both * neighbors) <= 5 * std::sqrt(3 * both * (1 - both) * neighbors));
  }
}

TEST_CASE("on a flat vector dropout of channels is dropout") {
  const MatrixX<double> x = samples(shape.size(), 8), dy = laws::samples(shape.size(), 8, false, 2);
  Fixture<Dropout> values(Dropout{.rate = 0.3}, Shape::flat(shape.size()), 8);
  Fixture<Dropout2d> channels(Dropout2d{.rate = 0.3}, Shape::flat(shape.size()), 8);
  CHECK(values.forward(x) == channels.forward(x));
  CHECK(values.backward(x, dy) == channels.backward(x, dy));
}

TEMPLATE_TEST_CASE("the gradient passes where values did, by the same factor", "", Dropout, Dropout2d) {
  const MatrixX<double> x = samples(shape.size(), 8), dy = laws::samples(shape.size(), 8, false, 2);
  Fixture<TestType> fixture(TestType{.rate = 0.4}, shape, 8);
  const MatrixX<double> y = fixture.forward(x), dx = fixture.backward(x, dy);
  CHECK(dx.isApprox(dy.cwiseProduct(y).cwiseQuotient(x)));
  CHECK(dx.array().isFinite().all());
}

TEMPLATE_TEST_CASE("what drops depends on the sample, not on its index in the batch", "", Dropout, Dropout2d) {
  const MatrixX<double> x = samples(shape.size(), 6);
  Fixture<TestType> fixture(TestType{}, shape, 6);
  fixture.step = 9;
  const MatrixX<double> y = fixture.forward(x);
  fixture.samples = {5, 4, 3, 2, 1, 0};
  CHECK(fixture.forward(x.rowwise().reverse()) == y.rowwise().reverse());
  fixture.samples = {3};
  CHECK(fixture.forward(x.col(3)) == y.col(3));
}

TEMPLATE_TEST_CASE("in another sample, step or seed other values drop", "", Dropout, Dropout2d) {
  const MatrixX<double> x = MatrixX<double>::Ones(128, 2);  // two positions of 64 channels
  Fixture<TestType> fixture(TestType{}, Shape{2, 1, 64}, 2);
  const MatrixX<double> y = fixture.forward(x);
  CHECK(y.col(0) != y.col(1));
  fixture.step = 1;
  CHECK(fixture.forward(x) != y);
  fixture.step = 0;
  fixture.seed = 2;
  CHECK(fixture.forward(x) != y);
  fixture.seed = 1;
  CHECK(fixture.forward(x) == y);
}

TEMPLATE_TEST_CASE("in inference nothing drops", "", Dropout, Dropout2d) {
  const MatrixX<double> x = samples(shape.size(), 5);
  Fixture<TestType> fixture(TestType{.rate = 0.9}, shape, 5);
  fixture.training = false;
  CHECK(fixture.forward(x) == x);
}

TEST_CASE("gradients through dropped channels agree with central differences") {
  using Model = Autoencoder<Encoder<Image<5, 4, 3>, Conv2d<4, 3>, Tanh, Dropout2d, Dense<3>>,
                            Decoder<Dense<7>, Tanh, Dropout2d, Dense<60>>, SquaredError, Precision<double>>;
  for (const Index batch : {1, 2, 5}) {
    Model model;
    model.initialize(2);
    const MatrixX<double> x = laws::samples(60, batch, false);
    CHECK(gradient_error(model, x, 1, 2).worst <= 1e-7);
  }
}

TEST_CASE("dropped channels are the same on any number of threads") {
  check_same_bits_on_any_team<
      Autoencoder<Encoder<Image<12, 12, 24>, Dropout2d, Dense<3>>, Decoder<Dense<3456>>, SquaredError>>();
}

TEMPLATE_TEST_CASE("a rate outside [0, 1) is refused", "", Dropout, Dropout2d) {
  for (const double rate : {-0.1, 1.0, 2.0, std::nan("")})
    CHECK_THROWS_AS(TestType{.rate = rate}.validate(), OptionError);
  CHECK_NOTHROW(TestType{.rate = 0}.validate());
  CHECK(TestType{}.name().view() == (std::is_same_v<TestType, Dropout> ? "Dropout" : "Dropout2d"));
}

}  // namespace dropout_test
