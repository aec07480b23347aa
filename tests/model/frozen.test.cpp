// Layers that training leaves as they are.
#include <eigencoder/bottleneck/variational.hpp>
#include <eigencoder/bottleneck/vector_quantized.hpp>
#include <eigencoder/corruption/denoising.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/layer_norm.hpp>
#include <eigencoder/layers/skip_connection.hpp>
#include <eigencoder/layers/top_k.hpp>
#include <eigencoder/losses/gaussian.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/model/frozen.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include <eigencoder/optimizers/sgd.hpp>
#include <eigencoder/penalties/contractive.hpp>
#include <eigencoder/penalties/sparse.hpp>
#include <eigencoder/penalties/weight_decay.hpp>
#include <eigencoder/testing.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "laws/samples.hpp"
#include "support/catch.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace frozen_test {
namespace {

using laws::samples;

template <class Model>
void unsettle(Model& model) {
  model.initialize(2);
  Random random(5, Purpose::user);
  for (auto& value : model.parameters()) value += static_cast<typename Model::Scalar>(0.3 * random.normal());
}

/// Whether the layers that `is_frozen(layer)` names kept their bits, and whether the parameters of all others moved.
struct Kept {
  bool frozen = true, others_moved = true;
};
template <class Model, class IsFrozen>
Kept compare(const Model& before, const Model& after, const IsFrozen& is_frozen) {
  Kept kept;
  for (const ParameterBlock& block : before.layout().blocks()) {
    const auto of = [&](const Model& model) {
      return model.parameters().subspan(static_cast<std::size_t>(block.offset), static_cast<std::size_t>(block.size()));
    };
    const bool equal = std::ranges::equal(of(before), of(after));
    (is_frozen(block.layer) ? kept.frozen : kept.others_moved) &= equal == is_frozen(block.layer);
  }
  for (const StatisticsBlock& block : before.layout().statistics_blocks()) {
    const auto of = [&](const Model& model) {
      return model.statistics().subspan(static_cast<std::size_t>(block.offset), static_cast<std::size_t>(block.size));
    };
    if (is_frozen(block.layer)) kept.frozen &= std::ranges::equal(of(before), of(after));
  }
  return kept;
}

/// Trains with every way to update, and checks the bits of each.
template <class Model, class IsFrozen>
void check_bits(Model model, const IsFrozen& is_frozen) {
  const MatrixX<float> x = samples<float>(model.input_shape().size(), 23, false);
  unsettle(model);
  model.fit(x, Adam{}, {.epochs = 1, .batch_size = 5});  // the learning layers' statistics leave their beginning
  for (const bool fused : {true, false})
    for (const bool clipped : {false, true}) {
      const Model before = model;
      FitOptions<float> options{.epochs = 2, .batch_size = 5, .fuse_updates = fused};
      if (clipped) options.clip_norm = 0.5;
      model.fit(x, AdamW{.learning_rate = 1e-2, .weight_decay = 0.1}, options);
      const Kept kept = compare(before, model, is_frozen);
      INFO((fused ? "fused" : "unfused") << (clipped ? ", clipped" : ""));
      CHECK(kept.frozen);
      CHECK(kept.others_moved);
    }
}

using Plain = Encoder<Input<7>, Dense<6>, Tanh, Dense<5>, Tanh, Dense<3>>;
using Normalized = Encoder<Input<7>, Dense<6>, BatchNorm, Tanh, Dense<6>, LayerNorm, BatchTopK<3>>;
using Double = Precision<double>;

}  // namespace

TEST_CASE("training changes no bit of what is frozen, and all the rest") {
  const auto whole = [](Index depth) { return [=](Index layer) { return layer < depth; }; };
  const auto one = [](Index frozen) { return [=](Index layer) { return layer == frozen; }; };
  check_bits(Autoencoder<Plain, Decoder<Mirror>, SquaredError, Frozen<WholeEncoder>>(), whole(5));
  check_bits(Autoencoder<Plain, Decoder<Mirror>, SquaredError, Frozen<AtLayer<0>>, WeightDecay<>>(), one(0));
  check_bits(Autoencoder<Plain, Decoder<Mirror>, SquaredError, Frozen<AtLayer<2>>, WeightDecay<AtLayer<2>>>(), one(2));
  check_bits(Autoencoder<Plain, Decoder<Mirror>, SquaredError, Frozen<AtLayer<5>>>(), one(5));
  check_bits(Autoencoder<Normalized, Decoder<Dense<6>, BatchNorm, Relu, Dense<7>>, SquaredError, Frozen<>>(), whole(6));
  check_bits(Autoencoder<Normalized, Decoder<Dense<7>>, SquaredError, Frozen<AtLayer<1>>>(), one(1));
  check_bits(Autoencoder<Normalized, Decoder<Dense<7>>, SquaredError, Frozen<AtLayer<5>>>(), one(5));
  check_bits(Autoencoder<Plain, Decoder<TiedMirror>, SquaredError, Frozen<WholeEncoder>>(), whole(5));
  check_bits(Autoencoder<Plain, Decoder<Mirror>, SquaredError, Frozen<>, Contractive<>, Sparse<L1>>(), whole(5));
  check_bits(Autoencoder<Plain, Decoder<Mirror>, SquaredError, Frozen<AtLayer<0>>, Contractive<>>(), one(0));
  check_bits(Autoencoder<Plain, Decoder<Mirror>, SquaredError, Frozen<>, Variational<>>(), whole(5));
  check_bits(Autoencoder<Plain, Decoder<Mirror>, SquaredError, Frozen<AtLayer<4>>, Variational<>>(), one(4));
  check_bits(Autoencoder<Plain, Decoder<Mirror>, SquaredError, Frozen<>, VectorQuantized<5>>(), whole(5));
  check_bits(Autoencoder<Plain, Decoder<Mirror>, LearnedGaussian, Frozen<WholeEncoder>>(),
             [](Index layer) { return layer < 5; });
}

TEST_CASE("the first layers are frozen by value, and thaw") {
  Autoencoder model{Encoder{Input{7}, Dense{6}, Tanh{}, Dense{5}, Tanh{}, Dense{3}}, Mirror{}, SquaredError{},
                    Frozen<FirstLayers>{.count = 3}};
  for (const Index count : {3, 1, 0}) {
    model.set(Frozen<FirstLayers>{.count = count});
    const auto before = model;
    model.fit(samples<float>(7, 20, false), Adam{}, {.epochs = 1, .batch_size = 4});
    const Kept kept = compare(before, model, [=](Index layer) { return layer < count; });
    INFO(count << " frozen");
    CHECK(kept.frozen);
    CHECK(kept.others_moved);
  }
}

TEST_CASE("nothing learns where all layers are frozen") {
  Autoencoder<Plain, Decoder<Mirror>, SquaredError, Frozen<FirstLayers>> model{Frozen<FirstLayers>{.count = 10}};
  const auto before = model;
  model.fit(samples<float>(7, 20, false), Adam{}, {.epochs = 1, .batch_size = 4});
  CHECK(std::ranges::equal(before.parameters(), model.parameters()));
}

TEST_CASE("layers that thaw learn as with a new optimizer") {
  const MatrixX<float> x = samples<float>(7, 20, false);
  const FitOptions<float> options{.epochs = 2, .batch_size = 4};
  Autoencoder<Plain, Decoder<Mirror>, SquaredError, Frozen<>> model;
  model.fit(x, Adam{}, options);
  Autoencoder<Plain, Decoder<Mirror>, SquaredError, Frozen<>> thawed{Frozen<>{.frozen = false}};
  std::ranges::copy(model.parameters(), thawed.parameters().begin());
  model.set(Frozen<>{.frozen = false});
  FitOptions<float> same_order = options;
  same_order.shuffle = false;
  model.fit(x, Adam{}, same_order);
  thawed.fit(x, Adam{}, same_order);
  CHECK(std::ranges::equal(model.parameters(), thawed.parameters()));
}

TEST_CASE("the gradient of what learns is that without anything frozen, that of the rest is zero") {
  const MatrixX<double> x = samples(7, 9, false);
  const auto gradient = [&](auto&& model) {
    unsettle(model);
    std::vector<double> found(model.parameters().size(), 7);
    model.gradient(x, x, found, 1, 2);
    return found;
  };
  const auto expected = gradient(Autoencoder<Plain, Decoder<Mirror>, SquaredError, Double, Denoising<Masking>,
                                             Contractive<>, Variational<>>());
  Autoencoder<Plain, Decoder<Mirror>, SquaredError, Double, Denoising<Masking>, Contractive<>, Variational<>,
              Frozen<AtLayer<0>>, Frozen<AtLayer<4>>>
      model;
  const auto found = gradient(model);
  for (const ParameterBlock& block : model.layout().blocks()) {
    const bool frozen = block.layer == 0 || block.layer == 4;
    CHECK(block.frozen == frozen);
    for (auto i = static_cast<std::size_t>(block.offset); i < static_cast<std::size_t>(block.offset + block.size()); ++i)
      CHECK(found[i] == (frozen ? 0 : expected[i]));
  }
}

TEST_CASE("gradients beside frozen layers that use running statistics") {
  const auto check = [](auto model) {
    const MatrixX<double> x = samples(model.input_shape().size(), 5, false);
    unsettle(model);
    for (double& value : model.statistics()) value = value * 1.5 + 0.1;
    CHECK(gradient_error(model, View<double>(x), 1, 2, laws::sample_weights).worst <= 1e-7);
    CHECK(gradient_error(model, View<double>(x), 1, 2).worst <= 1e-7);
  };
  check(Autoencoder<Normalized, Decoder<Dense<7>>, SquaredError, Double, Frozen<AtLayer<1>>>());
  check(Autoencoder<Normalized, Decoder<Dense<7>>, SquaredError, Double, Frozen<AtLayer<5>>>());
  check(Autoencoder<Normalized, Decoder<BatchNorm, Dense<7>>, SquaredError, Double, Frozen<>>());
  check(Autoencoder<Encoder<Image<4, 3, 2>, Conv2d<3, 2>, BatchNorm, Silu, Conv2d<2, 2>>, Decoder<Mirror>, SquaredError,
                    Double, Frozen<AtLayer<1>>>());
}

TEST_CASE("a decoder that reads a frozen encoder learns") {
  Autoencoder<Encoder<Image<4, 4, 1>, Conv2d<3, 3, Same>, Silu, Conv2d<2, 3, Same>>,
              Decoder<SkipConcatenate<AtLayer<0>>, Conv2d<3, 3, Same>, SkipAdd<AtLayer<1>>, Conv2d<1, 3, Same>>,
              SquaredError, Double, Frozen<>>
      model;
  unsettle(model);
  CHECK(gradient_error(model, View<double>(samples(16, 4, false)), 1, 2).worst <= 1e-7);
}

TEST_CASE("a frozen batch normalization trains as it infers, and learns from one sample") {
  using Model = Autoencoder<Encoder<Input<7>, Dense<6>, BatchNorm, Tanh>, Decoder<Dense<7>>, SquaredError, Double,
                            Frozen<WholeEncoder>>;
  Model model;
  unsettle(model);
  for (double& value : model.statistics()) value = value * 1.5 + 0.1;
  const MatrixX<double> x = samples(7, 9, false);
  std::vector<double> gradient(model.parameters().size());
  CHECK(model.gradient(x, x, gradient) == Approx(model.evaluate(x).loss).epsilon(1e-12));
  CHECK_NOTHROW(model.fit(x.leftCols(1), Adam{}, {.epochs = 1}));
}

TEST_CASE("reports leave the weight decay of frozen layers out") {
  Autoencoder<Plain, Decoder<Mirror>, SquaredError, WeightDecay<>, Frozen<FirstLayers>> model{
      WeightDecay<>{0.5}, Frozen<FirstLayers>{.count = 5}};
  double expected = 0;
  for (const ParameterBlock& block : model.layout().blocks())
    for (Index i = 0; block.kind == ParameterKind::weight && block.layer >= 5 && i < block.size(); ++i)
      expected += 0.25 * std::pow(double{model.parameters()[static_cast<std::size_t>(block.offset + i)]}, 2);
  const History history = model.fit(samples<float>(7, 20, false), Sgd{.learning_rate = 0}, {.epochs = 1});
  CHECK(history.epochs.back().terms.front().value == Approx(expected));
}

TEST_CASE("a number of frozen layers that the model does not have is refused, and changes nothing") {
  using Model = Autoencoder<Plain, Decoder<Mirror>, SquaredError, Frozen<FirstLayers>>;
  CHECK(says(thrown<OptionError>([] { Model{Frozen<FirstLayers>{.count = 11}}; }), {"Frozen.count", "got 11", "10"}));
  CHECK(says(thrown<OptionError>([] { Model{Frozen<FirstLayers>{.count = -1}}; }), {"Frozen.count", "at least 0"}));
  Model model{Frozen<FirstLayers>{.count = 1}};
  CHECK_THROWS_AS(model.set(Frozen<FirstLayers>{.count = 11}), OptionError);
  CHECK(model.layout().block(0).frozen);
  CHECK_FALSE(model.layout().block(2).frozen);
}

TEST_CASE("an observer cannot thaw layers") {
  Autoencoder<Plain, Decoder<Mirror>, SquaredError, Frozen<>> model;
  FitOptions<float> options{.epochs = 1};
  options.observer = [&](const EpochReport&) { model.set(Frozen<>{.frozen = false}); };
  CHECK_THROWS_AS(model.fit(samples<float>(7, 20, false), Adam{}, options), ObserverError);
}

}  // namespace frozen_test
