#pragma once

#include <eigencoder/detail/network/network.hpp>
#include <eigencoder/detail/training/training_loop.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder::detail {

/// A network and what it has learned, as the training loop sees them.
template <class Scalar, class Network>
class TrainableNetwork final : public Trainable<Scalar> {
 public:
  TrainableNetwork(const Network& network, TrainingState<Scalar>& state) : network_(network), state_(state) {}

  Batch<Scalar> fetch(BatchLoader<Scalar>& loader, std::span<const std::uint32_t> places,
                        std::span<const std::uint32_t> next) const override {
    return network_.fetch(loader, places, next);
  }
  double learn(const Pass<Scalar>& pass, const Batch<Scalar>& batch, double* sums,
               GradientSink<Scalar>& sink) override {
    return network_.learn(pass, state_, batch, state_.statistics.data(), sums, sink);
  }
  double evaluate(Workspace<Scalar>& workspace, BatchLoader<Scalar>& loader, std::span<const std::uint32_t> places) override {
    return network_.evaluate(workspace, state_, loader, places).objective();
  }
  std::vector<Term> terms(const double* sums, Index seen) const override { return network_.terms(state_, sums, seen); }
  std::size_t term_count() const override { return Network::Set::term_count; }

 private:
  const Network& network_;
  TrainingState<Scalar>& state_;
};

/// The objective on one batch that was checked, and its gradient, laid out as the parameters; see
/// `Autoencoder::gradient`.
template <class Scalar, class Network>
double gradient(const Network& network, const TrainingState<Scalar>& state, View<Scalar> inputs, View<Scalar> targets,
                std::span<Scalar> gradients, std::uint64_t seed, std::uint64_t step) {
  if (static_cast<Index>(gradients.size()) != network.layout.parameters())
    throw ShapeError(
        message({"gradient: the gradient must be as long as parameters(), ", network.layout.parameters()}));
  const GradientRules<Scalar> rules{network.layout, state.parameters.data(), gradients.data(),
                                    network.policies.decay(network.layout), network.early()};
  StoringSink<Scalar> sink(rules);
  Workspace<Scalar> workspace;
  const auto places = iota(inputs.cols());
  const Pass<Scalar> pass{workspace, inputs.cols(), true, seed, step, places.data()};
  std::vector<double> sums(Network::Set::term_count);
  double sum = network.learn(pass, state, Batch<Scalar>{inputs, targets}, nullptr, sums.data(), sink);
  sum /= static_cast<double>(inputs.cols());
  for (const Term& term : network.terms(state, sums.data(), inputs.cols())) sum += term.at_end ? term.value : 0;
  return sum;
}

/// Trains a network on samples that may still have to be checked; see `Autoencoder::fit`.
template <class Scalar, class Network>
[[gnu::cold]] History train(const Network& network, TrainingState<Scalar>& state, BatchLoader<Scalar>& loader,
                            const AnyOptimizer<Scalar>& optimizer, const FitOptions<Scalar>& options) {
  options.validate();
  network.check_samples(loader, "fit: inputs", "fit: targets");
  if (options.validation_split > 0 && loader.shuffle_window() > 0)
    throw OptionError("eigencoder: FitOptions.validation_split: a source that is read from first to last cannot be split; "
                      "give FitOptions.validation");
  View<Scalar> wanted;
  if (options.has_validation()) {
    wanted = options.wanted_of_validation(loader.has_targets());
    network.check_samples(options.validation.view(), wanted, "fit: validation inputs", "fit: validation targets");
  }
  InMemoryLoader<Scalar> validation(options.validation.view(), wanted);
  const auto early = network.early();
  const bool stores = !options.fuse_updates || options.clip_norm || network.stack.shares_weights() ||
                      std::find(early.begin(), early.end(), true) != early.end();
  Buffer<Scalar> gradients(stores ? network.layout.parameters() : 0);
  TrainableNetwork<Scalar, Network> learner(network, state);
  const GradientRules<Scalar> rules{network.layout, state.parameters.data(), gradients.data(),
                                    network.policies.decay(network.layout), early, options.clip_value.value_or(0)};
  Trainer<Scalar> trainer(learner, state, rules, optimizer, options, Network::couples_batch());
  const auto parts = trainer.cut(loader.size());
  network.check_batch((std::min)(options.batch_size, static_cast<Index>(parts.train.size())));
  return trainer.run(loader, options.has_validation() ? &validation : nullptr, parts);
}

}  // namespace eigencoder::detail
