// The counts of layers with `CountsFiring`.
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/dropout.hpp>
#include <eigencoder/layers/jump_relu.hpp>
#include <eigencoder/layers/top_k.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/optimizers/sgd.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/custom_layer_fixture.hpp"

#include <cstring>
#include <vector>

using namespace eigencoder;

namespace firing_test {
namespace {

template <class Code>
using Model = Autoencoder<Encoder<Input<3>, Dense<3, WithoutBias>, Code>, Decoder<Dense<3>>, SquaredError>;

// The identity as weights, so that the code is the input.
template <class M>
void pass_through(M& model) {
  for (Index i = 0; i < 9; ++i) model.parameters()[static_cast<std::size_t>(i)] = i % 4 == 0 ? 1.0F : 0.0F;
}

template <class M>
std::vector<float> counts(const M& model) {
  const auto& block = model.layout().statistics_block(0);
  const auto values = model.statistics().subspan(static_cast<std::size_t>(block.offset), 3);
  return {values.begin(), values.end()};
}

// Seven samples in batches of 3, 3 and 1, in their order; the largest values are those of units 0, 0 1, 1 1 1, 1.
MatrixX<float> samples() {
  MatrixX<float> x = MatrixX<float>::Constant(3, 7, -1);
  for (const Index j : {0, 1}) x(0, j) = 2;
  for (const Index j : {2, 3, 4, 5, 6}) x(1, j) = 2;
  return x;
}

template <class Code>
void check_by_hand() {
  Model<Code> model;
  pass_through(model);
  CHECK(counts(model) == std::vector<float>{0, 0, 0});
  const typename Model<Code>::Options options{.epochs = 1, .batch_size = 3, .shuffle = false};
  model.fit(samples(), Sgd{.learning_rate = 0}, options);
  // Unit 0 fired in the first batch, unit 1 in the last one, unit 2 never: dead, for the epoch has seven samples.
  CHECK(counts(model) == std::vector<float>{4, 0, 7});
  model.fit(samples(), Sgd{.learning_rate = 0}, options);
  CHECK(counts(model) == std::vector<float>{4, 0, 14});

  // Only training changes them.
  std::vector<float> unused(model.parameters().size());
  model.gradient(samples(), samples(), unused);
  static_cast<void>(model.encode(samples()));
  CHECK(counts(model) == std::vector<float>{4, 0, 14});

  // They stop at the last integer up to which floats represent all.
  for (float& value : model.statistics().first(3)) value = 16777214;
  model.fit(samples(), Sgd{.learning_rate = 0}, options);
  CHECK(counts(model) == std::vector<float>{4, 0, 16777216});
  model.fit(samples(), Sgd{.learning_rate = 0}, options);
  CHECK(counts(model) == std::vector<float>{4, 0, 16777216});
}

// Batches of 560000 values: from 2^19 on a team is called.
template <class Code>
std::vector<float> trained_statistics(int team) {
  set_threads(team);
  Autoencoder<Encoder<Input<50>, Dense<1400>, Code>, Decoder<Mirror>, SquaredError> model;
  model.fit(laws::samples<float>(50, 800, false), Sgd{.learning_rate = 1e-3}, {.epochs = 2, .batch_size = 400});
  set_threads(0);
  std::vector<float> all(model.statistics().begin(), model.statistics().end());
  all.insert(all.end(), model.parameters().begin(), model.parameters().end());
  return all;
}

}  // namespace

TEST_CASE("training samples since a unit last fired, by hand") {
  STATIC_REQUIRE(CountsFiring<TopK<1>>);
  STATIC_REQUIRE(CountsFiring<BatchTopK<1>>);
  STATIC_REQUIRE(CountsFiring<JumpRelu>);
  STATIC_REQUIRE(!CountsFiring<Dropout>);
  SECTION("top k") { check_by_hand<TopK<1>>(); }
  SECTION("jump relu") { check_by_hand<JumpRelu>(); }
}

TEST_CASE("where the samples of a batch share k, units are counted likewise") {
  Model<BatchTopK<1>> model;
  pass_through(model);
  model.fit(samples().leftCols(6), Sgd{.learning_rate = 0}, {.epochs = 1, .batch_size = 3, .shuffle = false});
  CHECK(counts(model) == std::vector<float>{3, 0, 6});
}

TEST_CASE("in an image each value is a unit") {
  Fixture<JumpRelu> fixture({.initial_threshold = 0.5}, Shape{2, 1, 2}, 2);
  fixture.scale = {0, 0};
  const MatrixX<double> x = (MatrixX<double>(4, 2) << 1, 0, 0, 0, 0, 1, 0, 0).finished();
  fixture.mean = {5, 5, 5, 5};
  fixture.forward(x);
  CHECK(fixture.mean == std::vector<double>{0, 7, 0, 7});
}

TEST_CASE("counts, thresholds and weights are the same bits with any number of threads") {
  const auto check = []<class Code>(Code) {
    const auto one = trained_statistics<Code>(1);
    for (const int team : {2, 3}) {
      const auto other = trained_statistics<Code>(team);
      CHECK(std::memcmp(one.data(), other.data(), one.size() * sizeof(float)) == 0);
    }
  };
  check(TopK<20>{});
  check(BatchTopK<20>{});
  check(JumpRelu{});
}

}  // namespace firing_test
