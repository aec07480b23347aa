#pragma once

#include <eigencoder/detail/network/inference.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/network/training_step.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/training/training_loop.hpp>
#include <eigencoder/extend/pass.hpp>
#include <string>

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
                         View<Scalar> targets, std::span<Scalar> gradients, std::uint64_t seed, std::uint64_t step,
                         std::span<const double> sample_weights) {
    network.validation.check_samples(inputs, targets, "gradient: inputs", "gradient: targets");
    if (!sample_weights.empty()) check_sample_weights(sample_weights, inputs.cols(), "gradient: sample_weights");
    if (static_cast<Index>(gradients.size()) != network.layout.parameters())
      throw ShapeError(
          message({"gradient: the gradient must be as long as parameters(), ", network.layout.parameters()}));
    const GradientRules<Scalar> rules{network.layout, state.parameters.data(), gradients.data(),
                                      network.policies.decay(network.layout), network.early_blocks()};
    rules.begin_step();
    for (const ParameterBlock& block : network.layout.blocks())
      if (block.frozen) std::fill_n(gradients.data() + block.offset, block.size(), Scalar(0));
    StoringSink<Scalar> sink(rules);
    Workspace<Scalar> workspace;
    const auto indices = iota(inputs.cols());
    const Pass<Scalar> pass{workspace, inputs.cols(), true, seed, step, indices.data()};
    std::vector<double> sums(network.term_count());
    const SampleWeighting weighting{sample_weights.empty() ? nullptr : sample_weights.data()};
    double objective = TrainingStep<Network>(network, state, nullptr)
                           .run(pass, Batch<Scalar>{inputs, targets}, weighting, sums.data(), sink);
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

/// The null object for an illegal composition: it has the members of `Network`, `Inference` and `FitRun` that an
/// `Autoencoder` uses, so that the compiler reports the broken rule and nothing else. None of them ever runs.
template <class Scalar, class LossType>
struct NullNetwork {
  /// A parameter that takes any argument.
  struct Anything {
    template <class... Arguments>
    constexpr Anything(Arguments&&...) {}
  };
  struct Validation {
    void check_samples(Anything, Anything, Anything) const {}
    void check_inputs(Anything, Anything) const {}
  };
  struct NoLoss {
    operator const LossType&() const { throw CompositionError("eigencoder: an illegal composition has no loss"); }
  };
  struct Inference {
    Inference(const NullNetwork&, const ModelState<Scalar>&, Workspace<Scalar>&) {}
    View<Scalar> run(Anything, Anything, Anything, Anything) const { return {}; }
    MatrixX<Scalar> run_all(Anything, Anything, Anything, Anything) const { return {}; }
    MatrixX<Scalar> run_all(Anything, Anything) const { return {}; }
    Evaluation evaluate(Anything, Anything) const { return {}; }
    void posterior(Anything, Anything, Anything) const {}
  };
  struct FitRun {
    struct Loop {
      History run(Anything) const { return {}; }
    };
    FitRun(Anything, Anything, Anything, Anything, Anything) {}
    static double gradient(Anything, Anything, Anything, Anything, Anything, Anything, Anything, Anything) { return 0; }
    Loop loop;
  };

  Shape input, target;
  NoLoss loss;
  Validation validation;
  ParameterLayout layout{1};

  void initialize(Anything, Anything) const {}
  void set(Anything) const {}
  void check_layer_input(Anything, Anything, Anything) const {}
  Index code_size() const { return 0; }
  std::string summary() const { return {}; }
};

/// The classes behind an `Autoencoder`: the network, what runs it and what trains it; null objects for an
/// illegal composition.
template <bool Legal, class Scalar, class Layers, class LossType, class... Policies>
struct ModelClasses {
  using Network = NullNetwork<Scalar, LossType>;
  using Inference = typename Network::Inference;
  using FitRun = typename Network::FitRun;
};
template <class Scalar, class Layers, class LossType, class... Policies>
struct ModelClasses<true, Scalar, Layers, LossType, Policies...> {
  using Network = detail::Network<Scalar, Layers, LossType, Policies...>;
  using Inference = detail::Inference<Network>;
  using FitRun = detail::FitRun<Network>;
};

}  // namespace eigencoder::detail
