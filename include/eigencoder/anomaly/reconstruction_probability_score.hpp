#pragma once

#include <array>
#include <cstdint>
#include <eigencoder/anomaly/likelihood_score.hpp>
#include <eigencoder/anomaly/score.hpp>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/pointwise_layer.hpp>
#include <string_view>

namespace eigencoder {

/// The reconstruction probability as a score: the mean of -log p(x | z) over codes z that are drawn from the posterior
/// of a variational model of a loss in nats. Unlike the likelihood it does not ask how probable the code is. Every
/// sample gets the same random numbers. It has no contributions. A call allocates memory.
/// Source: An & Cho, "Variational autoencoder based anomaly detection using reconstruction probability" (2015).
struct ReconstructionProbabilityScore {
  static constexpr std::string_view name = "reconstruction_probability";  ///< see `AnomalyScore`
  static constexpr bool may_be_negative = true;                           ///< see `AnomalyScore`

  Index draws = 20;        ///< codes drawn for each sample, at least 1
  std::uint64_t seed = 0;  ///< of the draws

  /// See `ModelScore`.
  void validate() const { detail::require_at_least("ReconstructionProbabilityScore.draws", 1, draws); }

  /// See `ModelScore`.
  std::array<Setting, 2> settings() const {
    return {{{"draws", static_cast<double>(draws)}, {"seed", static_cast<double>(seed)}}};
  }

  /// See `ModelScore`.
  template <class Model>
  requires requires(const Model& model, View<typename Model::Scalar> samples) { model.posterior(samples); }
  void evaluate(const Model& model, View<typename Model::Scalar> samples, double* scores) const {
    LikelihoodScore{.estimate = LikelihoodEstimate::reconstruction, .draws = draws, .seed = seed}.evaluate(
        model, samples, scores);
  }
};

}  // namespace eigencoder
