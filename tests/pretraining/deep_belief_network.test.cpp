// Stacked machines: their greedy training, their codes, and the autoencoder that they unroll to.
#include <eigencoder/pretraining/deep_belief_network.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <eigencoder/data/stream.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include "support/sources.hpp"
#include "support/thrown.hpp"
#include "support/toy_models.hpp"

using namespace eigencoder;

namespace deep_belief_network_test {
namespace {

using Layers = std::vector<LayerOptions<float>>;
const Layers two_epochs{{.fit = {.epochs = 2, .batch_size = 10, .seed = 6}}};

auto logistic() {
  return DeepBeliefNetwork{Rbm{BernoulliUnits{8}, BernoulliUnits{7}}, Rbm{BernoulliUnits{7}, BernoulliUnits{5}},
                           Rbm{BernoulliUnits{5}, GaussianUnits{3}}};
}
std::vector<float> values(const auto& network) {
  std::vector<float> all;
  const auto add = [&](const auto& rbm) { all.insert(all.end(), rbm.parameters().begin(), rbm.parameters().end()); };
  add(network.template rbm<0>()), add(network.template rbm<1>()), add(network.template rbm<2>());
  return all;
}

TEST_CASE("each machine learns from the codes of those below it") {
  const MatrixX<float> samples = unit_samples(8, 40);
  auto network = logistic();
  const auto histories = network.fit(samples, Adam{.learning_rate = 1e-2}, two_epochs);
  CHECK(histories.size() == 3);
  auto expected = logistic();
  FitOptions<float> options = two_epochs[0].fit;
  MatrixX<float> codes = samples;
  const auto train = [&](auto& rbm) {
    rbm.fit(codes, Adam{.learning_rate = 1e-2}, options);
    codes = rbm.encode(codes);
    ++options.seed;
  };
  train(expected.rbm<0>()), train(expected.rbm<1>()), train(expected.rbm<2>());
  CHECK(values(network) == values(expected));
  CHECK(network.encode(samples) == codes);
}

TEST_CASE("the unrolled autoencoder computes the network's codes and reconstructions") {
  const MatrixX<float> samples = unit_samples(8, 40);
  auto network = logistic();
  network.fit(samples, Adam{.learning_rate = 2e-2}, two_epochs);
  auto model = network.unroll();
  CHECK(model.encode(samples).isApprox(network.encode(samples), 1e-5F));
  CHECK(model.reconstruct(samples).isApprox(network.reconstruct(samples), 1e-5F));
  CHECK(model.reconstruct(samples).isApprox(
      network.rbm<0>().decode(network.rbm<1>().decode(network.rbm<2>().decode(network.encode(samples)))), 1e-5F));
  CHECK(model.layer_count() == 10);
  const double before = model.evaluate(samples).loss;
  model.fit(samples, Adam{}, {.epochs = 10});
  CHECK(model.evaluate(samples).loss < before);
}

TEST_CASE("learned variances are part of the unrolled weights") {
  const MatrixX<double> samples = 3 * laws::samples<double>(6, 60, true, 2);
  DeepBeliefNetwork network{
      Rbm{GaussianUnits{6, true}, BernoulliUnits{5}, Precision<double>{}},
      Rbm{BernoulliUnits{5}, GaussianUnits{2}, Precision<double>{}}};
  network.fit(samples, Adam{.learning_rate = 5e-2}, {{.fit = {.epochs = 5, .batch_size = 10}}});
  CHECK(network.rbm<0>().log_variance().cwiseAbs().maxCoeff() > 0.1);
  const auto model = network.unroll();
  CHECK(model.encode(samples).isApprox(network.encode(samples), 1e-12));
  CHECK(model.reconstruct(samples).isApprox(network.reconstruct(samples), 1e-12));
}

TEST_CASE("rectified units unroll to Relu, with their machine's weights") {
  DeepBeliefNetwork network{Rbm{GaussianUnits{6}, RectifiedUnits{5}}, Rbm{GaussianUnits{5}, RectifiedUnits{3}}};
  float value = 0;
  const auto fill = [&](auto& rbm) {
    for (float& p : rbm.parameters()) p = std::sin(value += 1);
  };
  fill(network.rbm<0>()), fill(network.rbm<1>());
  const auto model = network.unroll();
  CHECK(model.layer_count() == 7);
  const auto& first = network.rbm<0>();
  const auto& second = network.rbm<1>();
  const MatrixX<float> samples = laws::samples<float>(6, 3, true, 2);
  const MatrixX<float> hidden = ((first.weights() * samples).colwise() + first.hidden_bias()).cwiseMax(0.F);
  const MatrixX<float> codes = ((second.weights() * hidden).colwise() + second.hidden_bias()).cwiseMax(0.F);
  const MatrixX<float> back = ((second.weights().transpose() * codes).colwise() + second.visible_bias()).cwiseMax(0.F);
  CHECK(model.activation(samples, 1).isApprox(hidden, 1e-5F));
  CHECK(model.encode(samples).isApprox(codes, 1e-5F));
  CHECK(model.reconstruct(samples).isApprox(
      ((first.weights().transpose() * back).colwise() + first.visible_bias()).eval(), 1e-5F));
}

TEST_CASE("a network generates samples, the same ones for any number of threads") {
  auto network = logistic();
  network.fit(unit_samples(8, 40), Adam{}, two_epochs);
  const MatrixX<float> drawn = network.sample(9, {.steps = 5, .seed = 1});
  CHECK((drawn.rows() == 8 && drawn.cols() == 9));
  CHECK((drawn.minCoeff() > 0 && drawn.maxCoeff() < 1));
  set_threads(1);
  CHECK(network.sample(9, {.steps = 5, .seed = 1}) == drawn);
  set_threads(0);
}

TEST_CASE("training gives the same bits for any number of threads, and learns from streams") {
  const MatrixX<float> samples = unit_samples(8, 40);
  const auto trained = [&](int count) {
    set_threads(count);
    auto network = logistic();
    network.fit(samples, Adam{}, two_epochs);
    return values(network);
  };
  const auto one = trained(1);
  for (const int count : {2, 3, 8}) CHECK(trained(count) == one);
  set_threads(0);
  auto streamed = logistic();
  streamed.fit(Stream{AnyOrder{samples}}, Adam{}, two_epochs);
  const auto found = values(streamed);
  for (std::size_t i = 0; i < one.size(); ++i) REQUIRE(found[i] == Approx(one[i]).margin(1e-4));
}

TEST_CASE("an observer cannot change any machine of a network in training") {
  const MatrixX<float> samples = unit_samples(8, 40);
  auto network = logistic();
  const auto other = logistic();
  Layers layers(3, two_epochs[0]);
  const auto refused_in = [&](std::size_t k, auto act) {
    layers[k].fit.observer = [act](const EpochReport&) { act(); };
    CHECK(says(thrown<ObserverError>([&] { network.fit(samples, Adam{}, layers); }), {"while it is being trained"}));
    layers[k].fit.observer = {};
  };
  for (const std::size_t k : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
    INFO("machine " << k);
    refused_in(k, [&] { network.rbm<0>().initialize(1); });
    refused_in(k, [&] { network.rbm<1>().fit(unit_samples(7, 4), Adam{}); });
    refused_in(k, [&] { network.rbm<2>().initialize(1); });
    refused_in(k, [&] { network = other; });
  }
  network.fit(samples, Adam{}, two_epochs);  // nothing stays locked
}

TEST_CASE("bad input is refused, and all machines stay as they were") {
  const MatrixX<float> samples = unit_samples(8, 40);
  auto network = logistic();
  const auto before = values(network);
  CHECK(says(thrown<OptionError>([&] { network.fit(samples, Adam{}, {{}, {}}); }), {"2 entries", "3 layers"}));
  CHECK(says(thrown<OptionError>([&] { network.fit(samples, Adam{.beta1 = 2}); }), {"Adam.beta1"}));
  CHECK_THROWS_AS(network.fit(unit_samples(7, 4), Adam{}), ShapeError);
  CHECK_THROWS_AS(network.fit(MatrixX<float>(8, 0), Adam{}), DataError);
  MatrixX<float> bad = samples;
  bad(3, 4) = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_AS(network.fit(bad, Adam{}), DataError);
  Layers layers(3, two_epochs[0]);
  layers[1].fit.validation = bad;
  CHECK(says(thrown<DataError>([&] { network.fit(samples, Adam{}, layers); }), {"validation", "NaN"}));
  layers[1].fit.validation = {};
  layers[2].fit.trim = 0.1;
  CHECK(says(thrown<OptionError>([&] { network.fit(samples, Adam{}, layers); }), {"FitOptions.trim"}));
  CHECK(values(network) == before);
  CHECK_THROWS_AS(network.encode(bad), DataError);
  CHECK_THROWS_AS(network.decode(samples), ShapeError);
  CHECK(says(thrown<CompositionError>([&] {
               DeepBeliefNetwork{Rbm{BernoulliUnits{8}, BernoulliUnits{7}}, Rbm{BernoulliUnits{6}, BernoulliUnits{5}}};
             }), {"machine 1 has 6 visible units on 7"}));
}

}  // namespace
}  // namespace deep_belief_network_test
