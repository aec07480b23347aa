// Greedy pretraining of autoencoders: what goes into which block of the model, what is refused, and what a failure
// leaves.
#include <eigencoder/pretraining/pretrain.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <stdexcept>
#include <vector>

#include <eigencoder/data/stream.hpp>
#include "support/sources.hpp"
#include "support/thrown.hpp"
#include "support/toy_models.hpp"

using namespace eigencoder;

namespace pretrain_test {
namespace {

const GreedyAutoencoders quick{.corruption = Masking{.rate = 0.25},
                               .layers = {{.fit = {.epochs = 2, .batch_size = 16, .seed = 3}}}};

auto mirrored_model() {
  return Autoencoder{Encoder{Input{10}, Dense{8}, Sigmoid{}, Dense{6}, BatchNorm{}, Tanh{}, Dense{3}},
                     Mirror{}, Bernoulli{}, WeightDecay<>{1e-3}};
}

/// The values of the blocks of one layer of a model.
template <class Model>
std::vector<float> layer_values(const Model& model, Index layer) {
  std::vector<float> values;
  for (const ParameterBlock& block : model.layout().blocks())
    if (block.layer == layer)
      values.insert(values.end(), model.parameters().begin() + block.offset,
                    model.parameters().begin() + block.offset + block.size());
  for (const StatisticsBlock& block : model.layout().statistics_blocks())
    if (block.layer == layer)
      values.insert(values.end(), model.statistics().begin() + block.offset,
                    model.statistics().begin() + block.offset + block.size);
  return values;
}

/// Sets the values of a layer to those of another model's layer.
template <class To, class From>
void set_layer(To& to, Index layer, const From& from, Index from_layer) {
  const auto& blocks = from.layout().blocks();
  std::size_t i = 0;
  for (const ParameterBlock& block : to.layout().blocks()) {
    if (block.layer != layer) continue;
    while (blocks[i].layer != from_layer) ++i;
    std::copy_n(from.parameters().begin() + blocks[i++].offset, block.size(), to.parameters().begin() + block.offset);
  }
}

template <class Model>
void check_layer(const Model& model, Index layer, const auto& small, Index own) {
  INFO("layer " << layer);
  CHECK((layer_values(model, layer) == layer_values(small, own)));
}

TEST_CASE("each layer of a mirrored model learns as the autoencoder that its documentation describes") {
  const MatrixX<float> samples = unit_samples(10, 60);
  auto model = mirrored_model();
  model.initialize(5);
  const auto before = model;
  const std::vector<History> histories = pretrain(model, samples, quick);
  CHECK(histories.size() == 3);

  FitOptions<float> options = quick.layers[0].fit;
  // 10-8: the model's loss.
  Autoencoder first{Encoder{Input{10}, Dense{8}, Sigmoid{}}, Mirror{}, Bernoulli{}, Denoising{quick.corruption}};
  set_layer(first, 0, before, 0);
  set_layer(first, 2, before, 11);
  const History alone = first.fit(samples, Adam{}, options);
  CHECK(same(alone.epochs[1], histories[0].epochs[1]));
  check_layer(model, 0, first, 0);
  check_layer(model, 11, first, 2);
  // 8-6: the codes are of a Sigmoid, so the cross-entropy takes its place.
  Autoencoder second{Encoder{Input{8}, Dense{6}, BatchNorm{}, Tanh{}}, Mirror{}, Bernoulli{},
                     Denoising{quick.corruption}};
  set_layer(second, 0, before, 2);
  set_layer(second, 1, before, 3);
  set_layer(second, 3, before, 9);
  ++options.seed;
  second.fit(first.encode(samples), Adam{}, options);
  check_layer(model, 2, second, 0);
  check_layer(model, 3, second, 1);
  check_layer(model, 9, second, 3);
  // 6-3: the mirror brings back a normalization and a Tanh.
  Autoencoder third{Encoder{Input{6}, Dense{3}}, Decoder{Mirror{}, BatchNorm{}, Tanh{}}, SquaredError{},
                    Denoising{quick.corruption}};
  set_layer(third, 0, before, 5);
  set_layer(third, 1, before, 6);
  set_layer(third, 2, before, 7);
  ++options.seed;
  third.fit(second.encode(first.encode(samples)), Adam{}, options);
  check_layer(model, 5, third, 0);
  check_layer(model, 6, third, 1);
  check_layer(model, 7, third, 2);
  CHECK(model.layer_count() == 12);
  CHECK(model.epochs().empty());
}

TEST_CASE("tied weights are pretrained tied") {
  const MatrixX<float> samples = unit_samples(10, 60);
  Autoencoder model{Encoder{Input{10}, Dense{7}, Relu{}, Dense{3}}, TiedMirror{}, SquaredError{}};
  const auto before = model;
  pretrain(model, samples, quick);
  Autoencoder first{Encoder{Input{10}, Dense{7}, Relu{}}, TiedMirror{}, SquaredError{}, Denoising{quick.corruption}};
  set_layer(first, 0, before, 0);
  set_layer(first, 2, before, 5);
  first.fit(samples, Adam{}, quick.layers[0].fit);
  check_layer(model, 0, first, 0);
  check_layer(model, 5, first, 2);
}

TEST_CASE("a Sigmoid at the decoder's end stays under the model's loss, one above codes goes into the cross-entropy") {
  const MatrixX<float> samples = unit_samples(10, 60);
  const Encoder encoder{Input{10}, Dense{7}, Sigmoid{}, Dense{3}, Sigmoid{}};
  const auto compare = [&](auto model, auto first, auto second) {
    const auto before = model;
    pretrain(model, samples, quick);
    FitOptions<float> options = quick.layers[0].fit;
    set_layer(first, 0, before, 0);
    set_layer(first, 2, before, 6);
    first.fit(samples, Adam{}, options);
    check_layer(model, 0, first, 0);
    check_layer(model, 6, first, 2);
    set_layer(second, 0, before, 2);
    set_layer(second, 2, before, 4);
    ++options.seed;
    second.fit(first.encode(samples), Adam{}, options);
    check_layer(model, 2, second, 0);
    check_layer(model, 4, second, 2);
  };
  const Encoder below{Input{10}, Dense{7}, Sigmoid{}}, above{Input{7}, Dense{3}, Sigmoid{}};
  const Denoising noise{quick.corruption};
  compare(Autoencoder{encoder, Decoder{Mirror{}, Sigmoid{}}, SquaredError{}},
          Autoencoder{below, Decoder{Mirror{}, Sigmoid{}}, SquaredError{}, noise},
          Autoencoder{above, Mirror{}, Bernoulli{}, noise});
  compare(Autoencoder{encoder, Decoder{Dense{7}, Sigmoid{}, Dense{10}, Sigmoid{}}, SquaredError{}},
          Autoencoder{below, Decoder{Dense{10}, Sigmoid{}}, SquaredError{}, noise},
          Autoencoder{above, Decoder{Dense{7}}, Bernoulli{}, noise});
}

TEST_CASE("a decoder that is listed is pretrained, convolutions and pooling too") {
  const MatrixX<float> samples = unit_samples(64, 40);
  using Model = Autoencoder<Encoder<Image<8, 8, 1>, Conv2d<4, 3, Same>, Relu, MaxPool2d<2>, Conv2d<6, 3, Same>, Silu,
                                    Dense<5>>,
                            Decoder<Dense<96>, Reshape<4, 4, 6>, Silu, Conv2d<4, 3, Same>, Relu, Upsample<2>,
                                    Conv2d<1, 3, Same>>,
                            SquaredError>;
  Model model;
  const auto before = model;
  pretrain(model, samples, quick);
  for (const Index layer : {0, 3, 5, 6, 9, 12}) {
    INFO("layer " << layer);
    CHECK((layer_values(model, layer) != layer_values(before, layer)));
  }
  Autoencoder first{Encoder{Image{8, 8, 1}, Conv2d<4, 3, Same>{}, Relu{}, MaxPool2d<2>{}},
                    Decoder{Upsample<2>{}, Conv2d<1, 3, Same>{}}, SquaredError{}, Denoising{quick.corruption}};
  set_layer(first, 0, before, 0);
  set_layer(first, 4, before, 12);
  first.fit(samples, Adam{}, quick.layers[0].fit);
  check_layer(model, 0, first, 0);
  check_layer(model, 12, first, 4);
}

TEST_CASE("a mirrored convolutional model is pretrained") {
  const MatrixX<float> samples = unit_samples(64, 40);
  Autoencoder<Encoder<Image<8, 8, 1>, Conv2d<4, 3, Stride<2>, Same>, Relu, AveragePool2d<2>, Dense<5>>, Decoder<Mirror>,
              SquaredError> model;
  const auto before = model;
  pretrain(model, samples, quick);
  Autoencoder first{Encoder{Image{8, 8, 1}, Conv2d<4, 3, Stride<2>, Same>{}, Relu{}, AveragePool2d<2>{}}, Mirror{},
                    SquaredError{}, Denoising{quick.corruption}};
  set_layer(first, 0, before, 0);
  set_layer(first, 5, before, 7);
  first.fit(samples, Adam{}, quick.layers[0].fit);
  check_layer(model, 0, first, 0);
  check_layer(model, 7, first, 5);
}

TEST_CASE("the objective is lower after pretraining") {
  const MatrixX<float> samples = laws::samples<float>(10, 200, false, 4);
  Autoencoder model{Encoder{Input{10}, Dense{9}, Tanh{}, Dense{8}}, Mirror{}, SquaredError{}};
  const double before = model.evaluate(samples).loss;
  const auto histories = pretrain(model, samples,
                                  GreedyAutoencoders{.corruption = NoCorruption{},
                                                     .optimizer = Adam{.learning_rate = 1e-2},
                                                     .layers = {{.fit = {.epochs = 60}}}});
  for (const History& history : histories) CHECK(history.epochs.back().train_loss < history.epochs[0].train_loss / 2);
  CHECK(model.evaluate(samples).loss < before / 4);
}

TEST_CASE("pretraining gives the same bits for any number of threads") {
  const MatrixX<float> samples = unit_samples(40, 200);
  const auto trained = [&](int count) {
    set_threads(count);
    Busy model;
    Autoencoder wide{Encoder{Input{40}, Dense{300}, BatchNorm{}, Relu{}, Dropout{}, Dense{200}, Relu{}, Dense{8}},
                     Mirror{}, SquaredError{}};
    pretrain(wide, samples, GreedyAutoencoders{.layers = {{.fit = {.epochs = 1, .batch_size = 64}}}});
    pretrain(model, samples, quick);
    auto all = bits(wide);
    const auto more = bits(model);
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const auto one = trained(1);
  for (const int count : {2, 3, 8}) CHECK((trained(count) == one));
  set_threads(0);
}

}  // namespace
}  // namespace pretrain_test
