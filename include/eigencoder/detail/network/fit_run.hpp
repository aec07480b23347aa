#pragma once

#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/network/training_step.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/training/training_loop.hpp>
#include <eigencoder/extend/pass.hpp>

namespace eigencoder::detail {

/// One call of `fit`: the training step of a network in a training loop, and the guard that keeps the model in place
/// meanwhile.
template <class Network>
class FitRun {
  using Scalar = typename Network::Scalar;

 public:
  [[gnu::cold]] FitRun(ModelGuard& guard, const Network& network, TrainingState<Scalar>& state,
                       const AnyOptimizer<Scalar>& optimizer, const FitOptions<Scalar>& options)
      : in_training_(guard), step_(network, state, &state.statistics), loop(step_, state, optimizer, options) {}

  /// The objective on one batch and its gradient, laid out as the parameters; see `Autoencoder::gradient`.
  static double gradient(const Network& network, const TrainingState<Scalar>& state, View<Scalar> inputs,
                         View<Scalar> targets, std::span<Scalar> gradients, std::uint64_t seed, std::uint64_t step) {
    network.validation.check_samples(inputs, targets, "gradient: inputs", "gradient: targets");
    if (static_cast<Index>(gradients.size()) != network.layout.parameters())
      throw ShapeError(
          message({"gradient: the gradient must be as long as parameters(), ", network.layout.parameters()}));
    const GradientRules<Scalar> rules{network.layout, state.parameters.data(), gradients.data(),
                                      network.policies.decay(network.layout), network.early_blocks()};
    rules.begin_step();
    StoringSink<Scalar> sink(rules);
    Workspace<Scalar> workspace;
    const auto indices = iota(inputs.cols());
    const Pass<Scalar> pass{workspace, inputs.cols(), true, seed, step, indices.data()};
    std::vector<double> sums(Network::Policies::term_count);
    double objective =
        TrainingStep<Network>(network, state, nullptr).run(pass, Batch<Scalar>{inputs, targets}, sums.data(), sink);
    objective /= static_cast<double>(inputs.cols());
    for (const Term& term : network.terms(state, sums.data(), inputs.cols()))
      objective += term.at_end ? term.value : 0;
    return objective;
  }

 private:
  ModelGuard::Scope in_training_;
  TrainingStep<Network> step_;

 public:
  TrainingLoop<Scalar> loop;
};

}  // namespace eigencoder::detail
