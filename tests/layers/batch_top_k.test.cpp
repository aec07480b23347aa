#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/top_k.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/testing.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/custom_layer_fixture.hpp"

#include <cmath>

using namespace eigencoder;

namespace batch_top_k_test {
namespace {

// With the batch as one sample, the k largest of the batch are the k largest of the sample.
MatrixX<double> largest_of_all(const MatrixX<double>& x, Index k) {
  Fixture<TopK<>> fixture(TopK{k}, Shape::flat(x.size()), 1);
  return fixture.forward(x.reshaped()).reshaped(x.rows(), x.cols());
}

Fixture<BatchTopK<>> fixture_of(BatchTopK<> layer, Shape shape, Index batch) {
  Fixture<BatchTopK<>> fixture(layer, shape, batch);
  fixture.variance.assign(fixture.variance.size(), 0);  // holds the threshold and its weight
  return fixture;
}

}  // namespace

TEST_CASE("in training the largest values of the batch stay, k a sample on the mean") {
  for (const Shape shape : {Shape::flat(20), Shape{3, 4, 5}})
    for (const Index k : {Index{1}, Index{6}, shape.size()}) {
      auto fixture = fixture_of(BatchTopK{k}, shape, 11);
      const MatrixX<double> x = centered(shape.size(), 11), y = fixture.forward(x);
      CHECK(y == largest_of_all(x, 11 * k));
      CHECK((y.array() != 0).count() == 11 * k);
      const MatrixX<double> dy = centered(shape.size(), 11, 2);
      Collected none;
      CHECK(fixture.backward(x, dy, none) == MatrixX<double>((y.array() != 0).select(dy, 0.0)));
    }
}

TEST_CASE("samples differ in how many values they keep; of equal values the first sample's stay") {
  auto fixture = fixture_of(BatchTopK{2}, Shape::flat(3), 3);
  const MatrixX<double> x = (MatrixX<double>(3, 3) << 9, 1, 4, 8, 4, 4, 7, 0, 4).finished();
  const MatrixX<double> kept = (MatrixX<double>(3, 3) << 9, 0, 4, 8, 4, 4, 7, 0, 0).finished();
  CHECK(fixture.forward(x) == kept);
}

TEST_CASE("in inference the running mean of the smallest kept values is the threshold") {
  constexpr double momentum = 0.3;
  auto fixture = fixture_of(BatchTopK{4, momentum}, Shape::flat(15), 6);
  double sum = 0, weight = 0;
  for (std::uint64_t batch = 1; batch <= 4; ++batch) {
    const MatrixX<double> x = centered(15, 6, batch), y = fixture.forward(x);
    double smallest = HUGE_VAL;
    for (const double value : y.reshaped())
      if (value != 0) smallest = std::min(smallest, value);
    sum = (1 - momentum) * sum + momentum * smallest;
    weight = (1 - momentum) * weight + momentum;
    CHECK(fixture.variance[0] == Approx(sum / weight));

    fixture.training = false;
    const MatrixX<double> z = centered(15, 6, 99);
    const double threshold = fixture.variance[0];
    CHECK(fixture.forward(z) == MatrixX<double>((z.array() >= threshold).select(z, 0.0)));
    if (batch == 1) CHECK(fixture.forward(x) == y);  // one batch: its own smallest value
    fixture.training = true;
  }
}

TEST_CASE("it couples the batch, but a batch of one is legal") {
  STATIC_REQUIRE(BatchTopK<3>::couples_batch);
  STATIC_REQUIRE(!detail::needs_batch<BatchTopK<3>>);
  STATIC_REQUIRE(detail::needs_batch<BatchNorm>);
  STATIC_REQUIRE(!detail::needs_batch<TopK<3>>);
  auto fixture = fixture_of(BatchTopK{3}, Shape::flat(10), 1);
  const MatrixX<double> x = centered(10, 1);
  CHECK(fixture.forward(x) == largest_of_all(x, 3));
}

TEST_CASE("a model with a code of k values a sample: its gradient, and its name") {
  Autoencoder<Encoder<Input<20>, Dense<40>, BatchTopK<5>>, Decoder<Dense<20>>, SquaredError, Precision<double>> model;
  CHECK(gradient_error(model, centered(20, 7)).worst <= 1e-7);
  CHECK(BatchTopK<5>{}.name().view() == "BatchTopK<5>");
  CHECK(BatchTopK{5}.name().view() == "BatchTopK{5}");
  CHECK(BatchTopK<5>{0.5}.momentum == 0.5);
}

TEST_CASE("a momentum outside (0, 1] is refused") {
  for (const double momentum : {0.0, -1.0, 1.5, std::nan("")})
    CHECK_THROWS_AS((BatchTopK{5, momentum}.validate()), OptionError);
  CHECK_NOTHROW((BatchTopK{5, 1.0}.validate()));
}

}  // namespace batch_top_k_test
