#pragma once

#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/pretraining/rbm_step.hpp>
#include <eigencoder/detail/training/training_loop.hpp>
#include <span>
#include <vector>

namespace eigencoder::detail {

/// One call of `Rbm::fit`: the step in a training loop, and the guard that keeps the machine in place meanwhile.
template <class Network>
class RbmFit {
  using Scalar = typename Network::Scalar;

 public:
  /// @throws OptionError for trimming, which has no meaning for a difference of two expectations
  [[gnu::cold]] RbmFit(ModelGuard& guard, const Network& network, TrainingState<Scalar>& state,
                       const AnyOptimizer<Scalar>& optimizer, const FitOptions<Scalar>& options)
      : in_training_(guard), step_(network, state, &state.statistics), loop(step_, state, optimizer, options) {
    if (options.trim != 0) throw OptionError("eigencoder: FitOptions.trim is not for an Rbm");
  }

  /// The reported loss of one batch and the gradient, laid out as the parameters; see `Rbm::gradient`.
  [[gnu::cold]] static double gradient(const Network& network, const TrainingState<Scalar>& state, View<Scalar> samples,
                                       std::span<Scalar> gradients, std::uint64_t seed, std::uint64_t step_number) {
    network.validation.check_samples(samples, samples, "gradient", "gradient");
    if (static_cast<Index>(gradients.size()) != network.layout.parameters())
      throw ShapeError(
          message({"gradient: the gradient must be as long as parameters(), ", network.layout.parameters()}));
    const RbmStep<Network> step(network, state, nullptr);
    const GradientRules<Scalar> rules{network.layout, state.parameters.data(), gradients.data(), step.decay(),
                                      step.early_blocks()};
    StoringSink<Scalar> sink(rules);
    Workspace<Scalar> workspace;
    const auto indices = iota(samples.cols());
    const Pass<Scalar> pass{workspace, samples.cols(), true, seed, step_number, indices.data()};
    std::vector<double> sums(network.term_count());
    double loss = step.run(pass, Batch<Scalar>{samples, samples}, {}, sums.data(), sink);
    loss /= static_cast<double>(samples.cols());
    for (const Term& term : step.terms(sums.data(), samples.cols())) loss += term.at_end ? term.value : 0;
    return loss;
  }

 private:
  ModelGuard::Scope in_training_;
  RbmStep<Network> step_;

 public:
  TrainingLoop<Scalar> loop;
};

}  // namespace eigencoder::detail
