// Greedy pretraining of restricted Boltzmann machines: which machine stands for which layer, and where its parameters
// go.
#include <eigencoder/pretraining/pretrain.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include "support/thrown.hpp"
#include "support/toy_models.hpp"

using namespace eigencoder;

namespace pretrain_rbms_test {
namespace {

const GreedyRbms how{.optimizer = Sgd{.learning_rate = 0.05, .momentum = 0.5},
                     .weight_decay = 1e-3,
                     .layers = {{.fit = {.epochs = 2, .batch_size = 10, .seed = 4}}}};
const WeightDecay<> decay{1e-3};

/// A block of a layer as a matrix, its bias as a column.
template <class Model>
MatrixX<float> block(const Model& model, Index layer, ParameterKind kind) {
  for (const ParameterBlock& found : model.layout().blocks())
    if (found.layer == layer && found.kind == kind)
      return Eigen::Map<const Eigen::Matrix<float, Dynamic, Dynamic, Eigen::RowMajor>>(
          model.parameters().data() + found.offset, found.rows, found.cols);
  return {};
}

/// Trains a machine as layer k of `how` is trained.
template <class Machine>
Machine trained(Machine rbm, const MatrixX<float>& samples, std::uint64_t k) {
  FitOptions<float> options = how.layers[0].fit;
  options.seed += k;
  rbm.initialize(options.seed);
  rbm.fit(samples, how.optimizer, options);
  return rbm;
}

/// Checks that two layers of a model have the parameters of a machine; a tied decoder has no weight.
void check_layers(const auto& model, Index encoder, Index decoder, const auto& rbm, bool transposed = false) {
  INFO("layers " << encoder << " and " << decoder);
  CHECK(block(model, encoder, ParameterKind::weight) == rbm.weights());
  CHECK(block(model, encoder, ParameterKind::bias) == rbm.hidden_bias());
  CHECK(block(model, decoder, ParameterKind::bias) == rbm.visible_bias());
  const MatrixX<float> weights = block(model, decoder, ParameterKind::weight);
  if (weights.size() == 0) return;
  if (transposed) CHECK(weights.transpose() == rbm.weights());
  else CHECK(weights == rbm.weights());
}

TEST_CASE("a logistic network with a linear code is pretrained as Bernoulli machines below a Gaussian one") {
  const MatrixX<float> samples = unit_samples(8, 40);
  Autoencoder model{Encoder{Input{8}, Dense{7}, Sigmoid{}, Dense{5}, Sigmoid{}, Dense{3}}, Mirror{}, Bernoulli{}};
  pretrain(model, samples, how);
  const auto first = trained(Rbm{BernoulliUnits{8}, BernoulliUnits{7}, ContrastiveDivergence{}, decay}, samples, 0);
  const MatrixX<float> codes = first.encode(samples);
  const auto second = trained(Rbm{BernoulliUnits{7}, BernoulliUnits{5}, ContrastiveDivergence{}, decay}, codes, 1);
  const auto third = trained(Rbm{BernoulliUnits{5}, GaussianUnits{3}, ContrastiveDivergence{}, decay},
                             second.encode(codes), 2);
  check_layers(model, 0, 9, first);
  check_layers(model, 2, 7, second);
  check_layers(model, 4, 5, third);
  const MatrixX<float> expected = first.decode(second.decode(third.decode(third.encode(second.encode(codes)))));
  CHECK(model.reconstruct(samples).isApprox(expected, 1e-5F));
}

TEST_CASE("rectified units, Gaussian visible units, tied and listed decoders are pretrained") {
  const MatrixX<float> samples = laws::samples<float>(6, 40, true, 3);
  const Rbm machine{GaussianUnits{6}, RectifiedUnits{4}, ContrastiveDivergence{}, decay};
  const auto first = trained(machine, samples, 0);

  Autoencoder tied{Encoder{Input{6}, Dense{4}, Relu{}, Dense{2}}, TiedMirror{}, SquaredError{}};
  pretrain(tied, samples, how);
  check_layers(tied, 0, 5, first);

  using Listed = Autoencoder<Encoder<Input<6>, Dense<4>, Relu, Dense<2>>, Decoder<Dense<4>, Relu, Dense<6>>,
                             SquaredError>;
  Listed listed;
  pretrain(listed, samples, how);
  check_layers(listed, 0, 5, first, true);
  // The codes are those of the model, by its Relu.
  const auto second = trained(Rbm{GaussianUnits{4}, GaussianUnits{2}, ContrastiveDivergence{}, decay},
                              listed.activation(samples, 1), 1);
  check_layers(listed, 2, 3, second, true);
}

TEST_CASE("persistent chains and doubles pretrain too, to the same bits for any number of threads") {
  const MatrixX<double> samples = unit_samples(20, 80).cast<double>();
  const auto pretrained = [&](int count) {
    set_threads(count);
    Autoencoder model{Encoder{Input{20}, Dense{30}, Sigmoid{}, Dense{4}}, Mirror{}, Bernoulli{}, Precision<double>{}};
    pretrain(model, samples,
             GreedyRbms{.sampling = PersistentContrastiveDivergence{.chains = 10},
                        .layers = std::vector<LayerOptions<double>>{{.fit = {.epochs = 2}, .learning_rate = 1e-2}}});
    return bits(model);
  };
  const auto one = pretrained(1);
  for (const int count : {2, 3, 8}) CHECK((pretrained(count) == one));
  set_threads(0);
}

TEST_CASE("the objective is lower after pretraining with machines") {
  const MatrixX<float> bits_of_four = unit_samples(4, 200, 4).array().round().matrix();
  const MatrixX<float> samples = bits_of_four.replicate(3, 1);  // each value three times
  Autoencoder model{Encoder{Input{12}, Dense{40}, Sigmoid{}, Dense{11}}, Mirror{}, Bernoulli{}};
  const double before = model.evaluate(samples).loss;
  pretrain(model, samples, GreedyRbms{.optimizer = Adam{.learning_rate = 3e-2}, .layers = {{.fit = {.epochs = 60}}}});
  const double after = model.evaluate(samples).loss;
  CHECK(after < before);
  CHECK(after < 0.05 * 12 * std::log(2.0));  // a twentieth of what a model that ignores its input reaches
}

TEST_CASE("decoders with an activation at their end are pretrained, mirrored and listed") {
  const MatrixX<float> samples = unit_samples(8, 40);
  const auto first = trained(Rbm{BernoulliUnits{8}, BernoulliUnits{5}, ContrastiveDivergence{}, decay}, samples, 0);
  const auto second = trained(Rbm{BernoulliUnits{5}, BernoulliUnits{3}, ContrastiveDivergence{}, decay},
                              first.encode(samples), 1);
  const auto expected = first.decode(second.decode(second.encode(first.encode(samples))));
  const auto pretrained = [&](auto model, bool listed) {
    pretrain(model, samples, how);
    check_layers(model, 0, 6, first, listed);
    check_layers(model, 2, 4, second, listed);
    CHECK(model.reconstruct(samples).isApprox(expected, 1e-5F));
  };
  const Encoder encoder{Input{8}, Dense{5}, Sigmoid{}, Dense{3}, Sigmoid{}};
  pretrained(Autoencoder{encoder, Decoder{Mirror{}, Sigmoid{}}, SquaredError{}}, false);
  pretrained(Autoencoder{encoder, Decoder{Dense{5}, Sigmoid{}, Dense{8}, Sigmoid{}}, SquaredError{}}, true);
}

TEST_CASE("options of machines out of range are refused, and the model stays as it was") {
  const MatrixX<float> samples = unit_samples(8, 40);
  Autoencoder model{Encoder{Input{8}, Dense{7}, Sigmoid{}, Dense{3}}, Mirror{}, Bernoulli{}};
  const auto before = bits(model);
  CHECK(says(thrown<OptionError>([&] { pretrain(model, samples, GreedyRbms{.weight_decay = -1}); }),
             {"GreedyRbms.weight_decay"}));
  CHECK(says(thrown<OptionError>([&] {
               pretrain(model, samples, GreedyRbms{.sampling = ContrastiveDivergence{.steps = 0}});
             }), {"ContrastiveDivergence.steps"}));
  for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
    GreedyRbms trimmed{.layers = std::vector<LayerOptions<float>>(2)};
    trimmed.layers[k].fit.trim = 0.1;
    CHECK(says(thrown<OptionError>([&] { pretrain(model, samples, trimmed); }), {"FitOptions.trim"}));
  }
  CHECK((bits(model) == before));
}

}  // namespace
}  // namespace pretrain_rbms_test
