#pragma once

#include <array>
#include <cstdint>
#include <eigencoder/anomaly/score.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/evaluation/likelihood.hpp>
#include <eigencoder/extend/pointwise_layer.hpp>
#include <limits>
#include <string_view>

namespace eigencoder {

/// The negative log likelihood of a sample, or its bound, under a variational model of a loss in nats. Every sample
/// gets the same random numbers, so that its score is a function of the sample. It has no contributions: a likelihood
/// over draws of the code is not a sum over values. A sample with values that the loss does not take, such as one
/// outside of [0, 1] for `Bernoulli`, has the score infinity. A call allocates memory.
struct LikelihoodScore {
  static constexpr std::string_view name = "negative_log_likelihood";  ///< see `AnomalyScore`
  static constexpr bool may_be_negative = true;                        ///< see `AnomalyScore`

  /// What is estimated, of which the score is the negative. `lower_bound` gives the negative evidence lower bound.
  LikelihoodEstimate estimate = LikelihoodEstimate::importance_weighted;
  Index draws = 50;        ///< codes drawn for each sample, at least 1
  std::uint64_t seed = 0;  ///< of the draws

  /// See `ModelScore`.
  void validate() const { detail::require_at_least("LikelihoodScore.draws", 1, draws); }

  /// See `ModelScore`.
  std::array<Setting, 3> settings() const {
    return {{{"estimate", static_cast<double>(estimate)},
             {"draws", static_cast<double>(draws)},
             {"seed", static_cast<double>(seed)}}};
  }

  /// See `ModelScore`.
  template <class Model>
    requires requires(const Model& model, View<typename Model::Scalar> samples) { model.posterior(samples); }
  void evaluate(const Model& model, View<typename Model::Scalar> samples, double* scores) const {
    const LikelihoodOptions options{.estimate = estimate, .draws = draws, .seed = seed, .same_draws = true};
    for (Index j = 0; j < samples.cols(); ++j) {
      const bool possible = detail::ModelAccess::network(model).validation.is_in_range(samples.column(j));
      scores[j] = possible ? -log_likelihoods(model, samples.columns(j, 1), options).front()
                           : std::numeric_limits<double>::infinity();
    }
  }
};

}  // namespace eigencoder
