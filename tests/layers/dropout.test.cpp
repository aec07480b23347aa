#include <eigencoder/layers/dropout.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/custom_layer_fixture.hpp"

#include <cmath>

using namespace eigencoder;

namespace {

// Far from 0, so that only what dropped is 0.
MatrixX<double> samples(Index rows, Index cols) { return laws::samples(rows, cols, false).array() + 1; }

}  // namespace

TEST_CASE("dropout zeroes the rate's share and scales the rest, so that the mean stays", "[dropout]") {
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

TEST_CASE("the gradient passes where the value did, by the same factor", "[dropout]") {
  const MatrixX<double> x = samples(30, 8), dy = samples(30, 8);
  Fixture<Dropout> fixture(Dropout{.rate = 0.4}, Shape::flat(30), 8);
  const MatrixX<double> y = fixture.forward(x);
  Collected none;
  const MatrixX<double> dx = fixture.backward(x, dy, none);
  for (Index j = 0; j < 8; ++j)
    for (Index i = 0; i < 30; ++i) CHECK(dx(i, j) == Approx(dy(i, j) * y(i, j) / x(i, j)));
}

TEST_CASE("what drops belongs to the sample, wherever in a batch it stands", "[dropout]") {
  const MatrixX<double> x = samples(40, 6);
  Fixture<Dropout> fixture(Dropout{}, Shape::flat(40), 6);
  fixture.step = 9;
  const MatrixX<double> y = fixture.forward(x);

  MatrixX<double> reversed = x.rowwise().reverse();
  fixture.places = {5, 4, 3, 2, 1, 0};
  CHECK(fixture.forward(reversed) == y.rowwise().reverse());
  fixture.places = {3};
  CHECK(fixture.forward(x.col(3)) == y.col(3));
}

TEST_CASE("another sample, step, seed or layer drops other values", "[dropout]") {
  const MatrixX<double> x = MatrixX<double>::Ones(64, 2);
  Fixture<Dropout> fixture(Dropout{}, Shape::flat(64), 2);
  const MatrixX<double> y = fixture.forward(x);
  CHECK(y.col(0) != y.col(1));
  fixture.step = 1;
  const MatrixX<double> later = fixture.forward(x);
  CHECK(later != y);
  fixture.step = 0;
  fixture.seed = 2;
  CHECK(fixture.forward(x) != y);
  fixture.seed = 1;
  CHECK(fixture.forward(x) == y);
}

TEST_CASE("in inference nothing drops", "[dropout]") {
  const MatrixX<double> x = samples(20, 5);
  Fixture<Dropout> fixture(Dropout{.rate = 0.9}, Shape::flat(20), 5);
  fixture.training = false;
  CHECK(fixture.forward(x) == x);
}

TEST_CASE("a rate outside [0, 1) is refused", "[dropout]") {
  for (const double rate : {-0.1, 1.0, 2.0, std::nan("")})
    CHECK_THROWS_AS(Dropout{.rate = rate}.validate(), OptionError);
  CHECK_NOTHROW(Dropout{.rate = 0}.validate());
}
