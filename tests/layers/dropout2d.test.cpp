#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/testing.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/dropout2d.hpp>
#include <eigencoder/losses/squared_error.hpp>
#include <eigencoder/optimizers/sgd.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/custom_layer_fixture.hpp"

#include <algorithm>
#include <cmath>

using namespace eigencoder;

namespace {

constexpr Shape shape{3, 4, 20};

// Far from 0, so that only what dropped is 0.
MatrixX<double> samples(Index cols) { return laws::samples(shape.size(), cols, false).array() + 1; }

}  // namespace

TEST_CASE("whole channels of a sample drop, the rate's share of them, and the rest is scaled", "[dropout 2d]") {
  constexpr Index batch = 1500;
  const MatrixX<double> x = samples(batch);
  for (const double rate : {0.0, 0.2, 0.5, 0.9}) {
    Fixture<Dropout2d> fixture(Dropout2d{.rate = rate}, shape, batch);
    const MatrixX<double> y = fixture.forward(x);
    double dropped = 0, pairs = 0;
    for (Index j = 0; j < batch; ++j)
      for (Index c = 0; c < shape.channels; ++c) {
        const bool drops = y(c, j) == 0;
        dropped += drops;
        if (c > 0) pairs += drops && y(c - 1, j) == 0;
        double off = 0;
        for (Index i = c; i < shape.size(); i += shape.channels)
          off = std::max(off, std::abs(y(i, j) - (drops ? 0 : x(i, j) / (1 - rate))));
        REQUIRE(off <= 1e-12);
      }
    const double total = static_cast<double>(shape.channels * batch);
    CHECK(std::abs(dropped - rate * total) <= 5 * std::sqrt(rate * (1 - rate) * total));
    // Neighboring channels drop independently; pairs that overlap add at most twice the variance more.
    const double both = rate * rate, neighbors = static_cast<double>((shape.channels - 1) * batch);
    CHECK(std::abs(pairs - both * neighbors) <= 5 * std::sqrt(3 * both * (1 - both) * neighbors));
  }
}

TEST_CASE("on a flat vector it is dropout", "[dropout 2d]") {
  const MatrixX<double> x = samples(8), dy = laws::samples(shape.size(), 8, false, 2);
  Fixture<Dropout> one(Dropout{.rate = 0.3}, Shape::flat(shape.size()), 8);
  Fixture<Dropout2d> two(Dropout2d{.rate = 0.3}, Shape::flat(shape.size()), 8);
  CHECK(one.forward(x) == two.forward(x));
  Collected none;
  CHECK(one.backward(x, dy, none) == two.backward(x, dy, none));
}

TEST_CASE("the gradient passes where the channel did, by the same factor", "[dropout 2d]") {
  const MatrixX<double> x = samples(8), dy = laws::samples(shape.size(), 8, false, 2);
  Fixture<Dropout2d> fixture(Dropout2d{.rate = 0.4}, shape, 8);
  const MatrixX<double> y = fixture.forward(x);
  Collected none;
  const MatrixX<double> dx = fixture.backward(x, dy, none);
  CHECK(dx.isApprox(dy.cwiseProduct(y).cwiseQuotient(x)));
  CHECK(dx.array().isFinite().all());
}

TEST_CASE("which channels drop belongs to the sample, wherever in a batch it stands", "[dropout 2d]") {
  const MatrixX<double> x = samples(6);
  Fixture<Dropout2d> fixture(Dropout2d{}, shape, 6);
  fixture.step = 9;
  const MatrixX<double> y = fixture.forward(x);
  fixture.places = {5, 4, 3, 2, 1, 0};
  CHECK(fixture.forward(x.rowwise().reverse()) == y.rowwise().reverse());
  fixture.places = {3};
  CHECK(fixture.forward(x.col(3)) == y.col(3));
}

TEST_CASE("another sample, step or seed drops other channels", "[dropout 2d]") {
  const MatrixX<double> x = MatrixX<double>::Ones(128, 2);  // two positions of 64 channels
  Fixture<Dropout2d> fixture(Dropout2d{}, Shape{2, 1, 64}, 2);
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

TEST_CASE("in inference no channel drops", "[dropout 2d]") {
  const MatrixX<double> x = samples(5);
  Fixture<Dropout2d> fixture(Dropout2d{.rate = 0.9}, shape, 5);
  fixture.training = false;
  CHECK(fixture.forward(x) == x);
}

TEST_CASE("gradients through dropped channels agree with central differences", "[dropout 2d]") {
  using Model = Autoencoder<Encoder<Image<5, 4, 3>, Conv2d<4, 3>, Tanh, Dropout2d, Dense<3>>,
                            Decoder<Dense<7>, Tanh, Dropout2d, Dense<60>>, SquaredError, Precision<double>>;
  for (const Index batch : {1, 2, 5}) {
    Model model;
    model.initialize(2);
    const MatrixX<double> x = laws::samples(60, batch, false);
    CHECK(gradient_error(model, x, 1, 2).worst <= 1e-7);
  }
}

TEST_CASE("dropped channels are the same with any team", "[dropout 2d]") {
  using Model = Autoencoder<Encoder<Image<12, 12, 24>, Dropout2d, Dense<3>>, Decoder<Dense<3456>>, SquaredError>;
  const MatrixX<float> x = laws::samples<float>(12 * 12 * 24, 150, false);
  const auto trained = [&](int team) {
    set_threads(team);
    Model model;
    model.fit(x, Sgd{.learning_rate = 1e-2}, {.epochs = 2, .batch_size = 75, .seed = 1});
    set_threads(0);
    return std::vector<float>(model.parameters().begin(), model.parameters().end());
  };
  const auto one = trained(1);
  for (const int team : {2, 3, 8}) {
    INFO(team << " threads");
    CHECK((trained(team) == one));
  }
}

TEST_CASE("a rate of channels outside [0, 1) is refused", "[dropout 2d]") {
  for (const double rate : {-0.1, 1.0, 2.0, std::nan("")})
    CHECK_THROWS_AS(Dropout2d{.rate = rate}.validate(), OptionError);
  CHECK_NOTHROW(Dropout2d{.rate = 0}.validate());
}
