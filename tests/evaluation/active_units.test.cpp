#include <eigencoder/evaluation/codes.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/top_k.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/optimizers/sgd.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"

using namespace eigencoder;

namespace {

// The code is the input where that is positive.
auto positive_part() {
  Autoencoder<Encoder<Input<4>, Dense<4, WithoutBias>, Relu>, Decoder<Dense<4>>, SquaredError> model;
  for (Index i = 0; i < 16; ++i) model.parameters()[static_cast<std::size_t>(i)] = i % 5 == 0 ? 1.0F : 0.0F;
  return model;
}

}  // namespace

TEST_CASE("the number of samples on which each unit is active, by hand", "[active units]") {
  const MatrixX<float> x =
      (MatrixX<float>(4, 3) << 1, 2, 3, -1, 0, 0, 0, 0.5F, -1, -1, -2, -3).finished();
  const auto model = positive_part();
  CHECK(activation_counts(model, x) == std::vector<Index>{3, 0, 1, 0});
  CHECK(dead_units(model, x) == std::vector<Index>{1, 3});
  CHECK(mean_active_units(model, x) == Approx(4.0 / 3));
  CHECK(activation_counts(model, x.leftCols(1)) == std::vector<Index>{1, 0, 0, 0});
}

TEST_CASE("k units are active on each sample of a TopK code", "[active units]") {
  Autoencoder<Encoder<Input<20>, Dense<40>, TopK<5>>, Decoder<Dense<20>>, SquaredError, Precision<double>> model;
  const MatrixX<double> x = laws::samples(20, 600, false);
  CHECK(mean_active_units(model, x) == 5);
  Index sum = 0, dead = 0;
  for (const Index count : activation_counts(model, x)) {
    sum += count;
    dead += count == 0;
  }
  CHECK(sum == 5 * 600);
  CHECK(static_cast<Index>(dead_units(model, x).size()) == dead);

  // In a training that changes nothing, the same units are dead by the layer's own counts.
  model.fit(x, Sgd{.learning_rate = 0}, {.epochs = 1, .batch_size = 50});
  std::vector<Index> silent;
  for (std::size_t i = 0; i < 40; ++i)
    if (model.statistics()[i] >= 600) silent.push_back(static_cast<Index>(i));
  CHECK(dead_units(model, x) == silent);
  CHECK_FALSE(silent.empty());
}

TEST_CASE("samples that do not suit the model are refused", "[active units]") {
  const auto model = positive_part();
  const MatrixX<float> none(4, 0), wide = MatrixX<float>::Zero(5, 2);
  CHECK_THROWS_AS(activation_counts(model, none), DataError);
  CHECK_THROWS_AS(dead_units(model, wide), ShapeError);
  CHECK_THROWS_AS(mean_active_units(model, none), DataError);
}
