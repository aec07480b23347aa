#pragma once

#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/loss.hpp>

namespace eigencoder::detail {

/// Whether codes can be drawn from a prior, and judged by a likelihood.
template <bool Legal, class LossType, class... Policies>
struct Generates {
  template <class P>
  static constexpr bool has_prior = requires { requires P::has_prior; };

  static constexpr Diagnosis prior =
      !Legal || (has_prior<Policies> || ...)
          ? Diagnosis{}
          : Diagnosis{Rule::has_prior, "this model", "no prior", "Variational<> or ImportanceWeighted"};
  struct Samples {
    static constexpr Diagnosis diagnosis = prior;
  };
  struct Judges {
    static constexpr Diagnosis diagnosis = [] {
      if constexpr (Legal && !Likelihood<LossType>)
        if (prior.ok())
          return Diagnosis{Rule::has_prior, part_name(LossType{}), "no likelihood", "Bernoulli, Categorical or Gaussian"};
      return prior;
    }();
  };
};

}  // namespace eigencoder::detail
