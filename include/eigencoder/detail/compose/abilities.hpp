#pragma once

#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/stack/stack.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/loss.hpp>

/// @file
/// What only some legal models can do. Each ability has the `diagnosis` of models that lack it; illegal models, whose
/// error is another, have all of them.
namespace eigencoder::detail {

/// Decoding bare codes: no layer of the decoder reads the encoder.
template <bool Legal, class Stack>
struct DecodesCodes {
  static constexpr Diagnosis diagnosis = [] {
    if constexpr (Legal) {
      constexpr std::size_t layer = Stack::StackTraits::first_skip_across_code();
      if constexpr (layer < Stack::size)
        return Diagnosis{Rule::decodes_alone, part_name(typename Stack::template LayerAt<layer>{}), "a bare code",
                         "a whole sample (call reconstruct)"};
    }
    return Diagnosis{};
  }();
};

/// Drawing codes: a policy gives them a prior.
template <bool Legal, class... Policies>
struct HasPrior {
  template <class P>
  static constexpr bool gives_prior = requires { requires P::has_prior; };

  static constexpr Diagnosis diagnosis =
      !Legal || (gives_prior<Policies> || ...)
          ? Diagnosis{}
          : Diagnosis{Rule::has_prior, "this model", "no prior", "Variational<> or ImportanceWeighted"};
};

/// Estimating the likelihood of samples: the codes have a prior, and the loss is a negative log likelihood.
template <bool Legal, class LossType, class... Policies>
struct HasLikelihood {
  static constexpr Diagnosis diagnosis = [] {
    constexpr Diagnosis prior = HasPrior<Legal, Policies...>::diagnosis;
    if constexpr (Legal && prior.ok() && !Likelihood<LossType>)
      return Diagnosis{Rule::has_prior, part_name(LossType{}), "no likelihood", "Bernoulli, Categorical or Gaussian"};
    else
      return prior;
  }();
};

}  // namespace eigencoder::detail
