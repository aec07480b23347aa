// Each recipe is the composition that its name says, and it learns.
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/model/recipes.hpp>

#include <type_traits>

#include "support/catch.hpp"
#include "laws/samples.hpp"

using namespace eigencoder;

namespace recipes_test {
namespace {

using Narrow = Encoder<Input<6>, Dense<5>, Tanh, Dense<3>>;
using Wide = Encoder<Input<6>, Dense<5>, Tanh, Dense<9>>;
using Plain = Autoencoder<Narrow, Decoder<Mirror>, SquaredError>;

template <class Model>
void learns() {
  const MatrixX<float> x = laws::samples(6, 40, true).template cast<float>();
  Model model;
  const double before = model.evaluate(x).mse;
  model.fit(x, Adam{.learning_rate = 0.02}, {.epochs = 60});
  CHECK(model.evaluate(x).mse < 0.9 * before);
}

}  // namespace

TEST_CASE("recipes are aliases of compositions") {
  STATIC_REQUIRE(std::is_same_v<DenoisingAutoencoder<Narrow>,
                                Autoencoder<Narrow, Decoder<Mirror>, SquaredError, Denoising<Masking>>>);
  STATIC_REQUIRE(std::is_same_v<DenoisingAutoencoder<Narrow, Decoder<Mirror>, Bernoulli, GaussianNoise, WeightDecay<>>,
                                Autoencoder<Narrow, Decoder<Mirror>, Bernoulli, Denoising<GaussianNoise>,
                                            WeightDecay<>>>);
  STATIC_REQUIRE(std::is_same_v<SparseAutoencoder<Narrow>,
                                Autoencoder<Narrow, Decoder<Mirror>, SquaredError, Sparse<L1>>>);
  STATIC_REQUIRE(std::is_same_v<KSparseAutoencoder<2, Wide>,
                                Autoencoder<Encoder<Input<6>, Dense<5>, Tanh, Dense<9>, TopK<2>>, Decoder<Mirror>,
                                            SquaredError>>);
  STATIC_REQUIRE(std::is_same_v<ContractiveAutoencoder<Narrow, Decoder<TiedMirror>>,
                                Autoencoder<Narrow, Decoder<TiedMirror>, SquaredError, Contractive<>>>);
  STATIC_REQUIRE(std::is_same_v<VariationalAutoencoder<Narrow>,
                                Autoencoder<Narrow, Decoder<Mirror>, Bernoulli, Variational<>>>);
  STATIC_REQUIRE(std::is_same_v<BetaVariationalAutoencoder<Narrow>, VariationalAutoencoder<Narrow>>);
  STATIC_REQUIRE(std::is_same_v<TiedAutoencoder<Narrow>, Autoencoder<Narrow, Decoder<TiedMirror>, SquaredError>>);
}

TEST_CASE("every recipe learns") {
  learns<TiedAutoencoder<Narrow>>();
  learns<DenoisingAutoencoder<Narrow>>();
  learns<SparseAutoencoder<Narrow>>();
  learns<KSparseAutoencoder<2, Wide>>();
  learns<ContractiveAutoencoder<Narrow>>();
  learns<VariationalAutoencoder<Narrow>>();
  learns<ImportanceWeightedAutoencoder<Narrow>>();
  learns<WassersteinAutoencoder<Narrow>>();
  learns<VectorQuantizedAutoencoder<8, Narrow>>();
}

}  // namespace recipes_test
