#pragma once

#include <eigencoder/detail/network/fit_run.hpp>
#include <eigencoder/detail/network/inference.hpp>
#include <string>

namespace eigencoder::detail {

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
    static double gradient(Anything, Anything, Anything, Anything, Anything, Anything, Anything) { return 0; }
    Loop loop;
  };

  Shape input;
  NoLoss loss;
  Validation validation;
  ParameterLayout layout{1};

  void initialize(Anything, Anything) const {}
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
