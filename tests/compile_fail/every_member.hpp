#pragma once

#include <eigencoder/eigencoder.hpp>

/// A policy but for the members of what it does.
struct IdlePolicy {
  static constexpr std::string_view kind = "Smooth";
  static constexpr eigencoder::Index at_layer = -1;
  void validate() const {}
};

/// Calls every member of a model. A legal one must compile; an illegal one must bring no error but its own.
template <class Model>
void every_member(Model model) {
  using namespace eigencoder;
  using Scalar = typename Model::Scalar;

  const MatrixX<Scalar> samples = MatrixX<Scalar>::Zero(model.input_shape().size(), 1000);
  model.initialize(7);
  model.fit(samples, Adam{.learning_rate = 1e-3}, {.epochs = 20, .batch_size = 32, .seed = 7});
  model.fit(samples, samples, Sgd{});
  const Model copy = model;
  const MatrixX<Scalar> codes = copy.encode(samples);
  const MatrixX<Scalar> decoded = copy.decode(codes);
  const MatrixX<Scalar> reconstructed = copy.reconstruct(samples);
  const MatrixX<Scalar> hidden = copy.activation(samples, copy.layer_count() - 1);

  Workspace<Scalar> workspace;
  const View<Scalar> view = copy.encode(samples, workspace);
  const View<Scalar> seen = copy.decode(view, workspace);
  const View<Scalar> both = copy.reconstruct(samples, workspace);

  const Evaluation evaluation = copy.evaluate(samples);
  const Evaluation of_pairs = copy.evaluate(samples, decoded);
  std::vector<Scalar> gradient(model.parameters().size());
  const double objective = copy.gradient(samples, samples, gradient);

  if constexpr (!Model::legal) {  // of legal ones only those with a prior have all of these
    const MatrixX<Scalar> drawn = copy.sample(3), between = copy.interpolate(samples, samples, 4);
    const MatrixX<Scalar> along = copy.traverse(codes, 0);
    const Posterior<Scalar> posterior = copy.posterior(samples);
    const std::vector<double> likelihoods = copy.log_likelihood(samples);
    static_cast<void>(drawn), static_cast<void>(between), static_cast<void>(along), static_cast<void>(posterior);
  }

  const Index counts = copy.parameter_count() + copy.code_size() + copy.input_shape().size();
  const auto& loss = copy.loss();
  const auto sizes = model.statistics().size() + copy.parameters().size() + copy.statistics().size() +
                     copy.layout().blocks().size() + copy.epochs().size() + copy.summary().size();
  static_cast<void>(reconstructed), static_cast<void>(hidden), static_cast<void>(seen), static_cast<void>(both);
  static_cast<void>(evaluation), static_cast<void>(of_pairs), static_cast<void>(objective);
  static_cast<void>(counts), static_cast<void>(loss), static_cast<void>(sizes);
}

/// A legal model and samples for it, for the programs that are wrong in a call.
using LegalModel =
    eigencoder::Autoencoder<eigencoder::Encoder<eigencoder::Input<784>, eigencoder::Dense<32>, eigencoder::Relu>,
                            eigencoder::Decoder<eigencoder::Mirror>, eigencoder::Bernoulli>;
inline const eigencoder::MatrixX<float> samples = eigencoder::MatrixX<float>::Zero(784, 1000);
