// What `pretrain` refuses, what it leaves of a model then, and where a failure in a later layer leaves it; streams.
#include <eigencoder/pretraining/pretrain.hpp>

#include "support/catch.hpp"

#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include <eigencoder/data/stream.hpp>
#include "support/sources.hpp"
#include "support/thrown.hpp"
#include "support/toy_models.hpp"

using namespace eigencoder;

namespace pretrain_failures_test {
namespace {

using Layers = std::vector<LayerOptions<float>>;

auto toy() {
  return Autoencoder{Encoder{Input{6}, Dense{5}, Tanh{}, Dense{4}, Tanh{}, Dense{2}}, Mirror{}, SquaredError{}};
}
const MatrixX<float> samples = unit_samples(6, 40);
const LayerOptions<float> two_epochs{.fit = {.epochs = 2, .batch_size = 10, .seed = 1}};

/// The message of E from pretraining a trained model, which must stay as it was.
template <class E>
std::string refused(const auto& data, const auto& how) {
  auto model = toy();
  model.fit(samples, Adam{}, {.epochs = 1});
  const auto before = bits(model);
  const std::string message = thrown<E>([&] { pretrain(model, data, how); });
  CHECK((bits(model) == before));
  CHECK(model.epochs().size() == 1);
  return message;
}

TEST_CASE("options out of range are refused, and the model stays as it was") {
  const auto with = [](Layers layers) { return GreedyAutoencoders{.layers = std::move(layers)}; };
  CHECK(says(refused<OptionError>(samples, with({{}, {}})), {"2 entries", "3 layers"}));
  CHECK(says(refused<OptionError>(samples, with({})), {"0 entries"}));
  CHECK(says(refused<OptionError>(samples, with({{}, {}, {.fit = {.epochs = 0}}})), {"FitOptions.epochs"}));
  CHECK(says(refused<OptionError>(samples, with({{.learning_rate = -1.0}})), {"Adam.learning_rate"}));
  CHECK(says(refused<OptionError>(samples, GreedyAutoencoders{.corruption = Masking{.rate = 2}}), {"Masking.rate"}));
  CHECK(says(refused<OptionError>(samples, GreedyAutoencoders{.optimizer = Adam{.beta1 = 1}}), {"Adam.beta1"}));
  CHECK(says(refused<OptionError>(samples, with({{.fit = {.validation = samples, .validation_targets = samples}}})),
             {"validation_targets"}));
  CHECK(says(refused<ShapeError>(samples, with({{.fit = {.validation = unit_samples(5, 3)}}})), {"validation", "6"}));
  CHECK(says(refused<ShapeError>(samples, with({{.fit = {.sample_weights = std::vector<double>(3, 1.0)}}})),
             {"sample_weights", "3 for 40"}));
}

TEST_CASE("what a later layer cannot learn with is refused before the first one learns") {
  Layers layers{two_epochs, two_epochs, two_epochs};
  const auto second = [&](const FitOptions<float>& fit) {
    layers[1].fit = fit;
    return GreedyAutoencoders{.layers = layers};
  };
  CHECK(says(refused<DataError>(samples, second({.validation_split = 0.001})),
             {"pretrain: FitOptions.validation_split", "40"}));
  CHECK(says(refused<DataError>(samples, second({.validation_split = 0.999})),
             {"pretrain: FitOptions.validation_split", "40"}));
  auto streamed = toy();
  const auto drawn = bits(streamed);
  CHECK(says(thrown<OptionError>([&] {
               pretrain(streamed, Stream{InOrder{samples}}, second({.validation_split = 0.5}));
             }), {"pretrain: FitOptions.validation_split"}));
  CHECK((bits(streamed) == drawn));

  Autoencoder normalized{Encoder{Input{6}, Dense{5}, Tanh{}, Dense{4}, BatchNorm{}, Tanh{}, Dense{2}}, Mirror{},
                         SquaredError{}};
  const auto before = bits(normalized);
  CHECK(says(thrown<DataError>([&] { pretrain(normalized, samples, second({.batch_size = 1})); }), {"BatchNorm"}));
  CHECK((bits(normalized) == before));
}

TEST_CASE("bad samples are refused, and the model stays as it was") {
  const GreedyAutoencoders how{.layers = {two_epochs}};
  CHECK(says(refused<ShapeError>(unit_samples(7, 4), how), {"pretrain: samples", "6"}));
  CHECK(says(refused<DataError>(MatrixX<float>(6, 0), how), {"pretrain: samples"}));
  MatrixX<float> bad = samples;
  bad(2, 3) = std::numeric_limits<float>::quiet_NaN();
  CHECK(says(refused<DataError>(bad, how), {"pretrain: samples", "3"}));
  auto moved = toy();
  const auto taken = std::move(moved);
  CHECK(says(thrown<OptionError>([&] { pretrain(moved, samples, how); }), {"moved from"}));
}

TEST_CASE("sizes by value of a decoder that does not undo the encoder's are refused") {
  Autoencoder model{Encoder{Input{6}, Dense{5}, Tanh{}, Dense{2}}, Decoder{Dense{4}, Tanh{}, Dense{6}}, SquaredError{}};
  const auto before = bits(model);
  CHECK(says(thrown<CompositionError>([&] { pretrain(model, samples, GreedyAutoencoders{}); }),
             {"undoes each layer", "an output of 4", "5 values"}));
  CHECK((bits(model) == before));
}

TEST_CASE("a failure in the second layer leaves the first pretrained and the second at its last epoch") {
  auto model = toy();
  const auto before = model;
  Index begun = 0;
  struct Fails {
    Index* begun;
    void on_begin() { ++*begun; }
    void operator()(const EpochReport& report) const {
      if (*begun == 2 && report.epoch == 2) throw std::runtime_error("enough");
    }
  };
  GreedyAutoencoders how{.layers = {two_epochs, two_epochs, two_epochs}};
  how.layers[1].fit.epochs = 3;
  auto watched = how;
  for (auto& layer : watched.layers) layer.fit.observer = Fails{&begun};
  CHECK(says(thrown<ObserverError>([&] { pretrain(model, samples, watched); }), {"epoch 2", "enough"}));

  // The same by hand: three epochs of the schedule-free second layer are cut after the second.
  auto expected = before;
  how.layers[1].fit.max_steps = 8;
  how.layers[2].fit.max_steps = 1;
  how.layers[2].learning_rate = 0;
  pretrain(expected, samples, how);
  CHECK((bits(model) == bits(expected)));
  CHECK(model.epochs().empty());
}

TEST_CASE("an observer cannot train or replace the model that is being pretrained") {
  const auto with = [](auto observer) {
    LayerOptions<float> layer = two_epochs;
    layer.fit.observer = observer;
    return GreedyAutoencoders{.layers = {layer}};
  };
  auto model = toy();
  CHECK(says(thrown<ObserverError>([&] {
               pretrain(model, samples, with([&](const EpochReport&) { model.fit(samples, Adam{}); }));
             }), {"trained"}));
  CHECK(says(thrown<ObserverError>([&] {
               pretrain(model, samples, with([&](const EpochReport&) { model = toy(); }));
             }), {"assigned to"}));
  CHECK(says(thrown<OptionError>([&] {
               pretrain(model, samples, with([&](const EpochReport&) { const auto taken = std::move(model); }));
             }), {"moved"}));
}

TEST_CASE("a stop ends a layer, and the next begins") {
  LayerOptions<float> layer = two_epochs;
  layer.fit.observer = [](const EpochReport&) { return Signal::stop; };
  auto model = toy();
  const auto histories = pretrain(model, samples, GreedyAutoencoders{.layers = {layer}});
  CHECK(histories.size() == 3);
  for (const History& history : histories) CHECK((history.epochs.size() == 1 && history.stopped_early));
}

TEST_CASE("validation sets are encoded for each layer") {
  const MatrixX<float> held_out = unit_samples(6, 12, 5);
  Layers layers{two_epochs, two_epochs};
  for (LayerOptions<float>& layer : layers) layer.fit.validation = held_out;
  Autoencoder model{Encoder{Input{6}, Dense{5}, BatchNorm{}, Tanh{}, Dense{3}}, Mirror{}, SquaredError{}};
  const auto histories = pretrain(model, samples, GreedyAutoencoders{.layers = layers});

  // What the second layer makes of the first one's codes, by the running statistics: the model without its first layer.
  const MatrixX<float> codes = model.activation(held_out, 2);
  const MatrixX<float> decoded = model.activation(held_out, model.layer_count() - 2);
  CHECK(histories[1].epochs[1].validation_loss ==
        Approx((decoded - codes).squaredNorm() / static_cast<float>(codes.cols())).epsilon(1e-5));
  CHECK(histories[0].epochs[1].validation_loss > 0);
}

TEST_CASE("a stream is pretrained on as the same data in memory") {
  const GreedyAutoencoders how{.layers = {two_epochs}};
  auto in_memory = toy(), streamed = toy(), in_order = toy();
  pretrain(in_memory, samples, how);
  pretrain(streamed, Stream{AnyOrder{samples}}, how);
  // Codes of a batch may be summed in another order than those of many samples.
  for (std::size_t i = 0; i < in_memory.parameters().size(); ++i)
    REQUIRE(streamed.parameters()[i] == Approx(in_memory.parameters()[i]).margin(1e-4));
  const auto before = bits(in_order);
  pretrain(in_order, Stream{InOrder{samples}}, how);
  CHECK((bits(in_order) != before));

  auto failing = toy();
  const auto whole = bits(failing);
  CHECK_THROWS_AS(pretrain(failing, Stream{AnyOrder{.values = samples, .fails_at = 0}}, how), std::runtime_error);
  CHECK((bits(failing) == whole));
}

TEST_CASE("targets of a loader are not used") {
  const GreedyAutoencoders how{.layers = {two_epochs}};
  auto with_targets = toy(), without = toy();
  pretrain(with_targets, Stream(AnyOrder{samples}, AnyOrder{unit_samples(6, 40, 9)}), how);
  pretrain(without, Stream(AnyOrder{samples}), how);
  CHECK((bits(with_targets) == bits(without)));
}

TEST_CASE("models of doubles and of unknown values are pretrained") {
  Autoencoder doubles{Encoder{Input{6}, Dense{5}, Tanh{}, Dense{2}}, Mirror{}, SquaredError{}, Precision<double>{}};
  const auto before = bits(doubles);
  pretrain(doubles, samples.cast<double>().eval(),
           GreedyAutoencoders{.layers = std::vector<LayerOptions<double>>{{.fit = {.epochs = 1}}}});
  CHECK((bits(doubles) != before));

  MatrixX<float> gaps = samples;
  gaps(1, 2) = std::numeric_limits<float>::quiet_NaN();
  Autoencoder unknown{Encoder{Input{6}, Dense{5}, Tanh{}, Dense{2}}, Mirror{}, SquaredError{},
                      MissingValues<MaskAsInput>{.drop_rate = 0.1}};
  const auto unlearned = bits(unknown);
  pretrain(unknown, gaps, GreedyAutoencoders{.layers = {two_epochs}});
  CHECK((bits(unknown) != unlearned));
}

TEST_CASE("policies of the whole do not disturb pretraining") {
  using Model = Autoencoder<Encoder<Input<6>, Dense<5>, Tanh, Dense<3>>, Decoder<Mirror>, Bernoulli, Variational<>,
                            Denoising<GaussianNoise>, WeightDecay<>>;
  Model model, plain;
  pretrain(model, samples, GreedyAutoencoders{.layers = {two_epochs}});
  CHECK(model.log_likelihood(samples, 2).size() == 40);
  // The block of log-variances, the bottleneck's own, stays as it is drawn.
  const ParameterBlock& drawn = model.layout().blocks()[8];
  CHECK(drawn.layer == 2);
  for (Index i = 0; i < drawn.size(); ++i)
    REQUIRE(model.parameters()[static_cast<std::size_t>(drawn.offset + i)] ==
            plain.parameters()[static_cast<std::size_t>(drawn.offset + i)]);
}

}  // namespace
}  // namespace pretrain_failures_test
