#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/network/inference.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <vector>

/// @file
/// What a variational model of a loss in nats says about the likelihood of each sample.
namespace eigencoder {

/// What `log_likelihoods` estimates from codes z of a sample's posterior q.
enum class LikelihoodEstimate {
  /// The log likelihood, as `log_likelihood` does: the logarithm of the mean of p(x | z) p(z) / q(z | x).
  /// Source: Burda, Grosse & Salakhutdinov, "Importance weighted autoencoders" (2016), eq. 8.
  importance_weighted,
  /// The evidence lower bound: the mean of log p(x | z) p(z) / q(z | x).
  /// Source: Kingma & Welling, "Auto-encoding variational Bayes" (2014), eq. 2.
  lower_bound,
  /// The expected log likelihood of the reconstruction, the mean of log p(x | z).
  /// Source: An & Cho, "Variational autoencoder based anomaly detection using reconstruction probability" (2015).
  reconstruction
};

/// How `log_likelihoods` estimates.
struct LikelihoodOptions {
  LikelihoodEstimate estimate = LikelihoodEstimate::importance_weighted;  ///< what is estimated
  Index draws = 200;                                                      ///< codes drawn for each sample, at least 1
  std::uint64_t seed = 0;                                                 ///< of the draws
  /// Give every sample the same random numbers, so that its estimate does not depend on its index. Else draws of
  /// different samples are independent.
  bool same_draws = false;
};

/// The estimate for each sample, in nats. Compiles for models that have a `log_likelihood`.
/// @throws ShapeError, DataError as `Autoencoder::log_likelihood` does, OptionError for less than one draw
template <class Model>
std::vector<double> log_likelihoods(const Model& model, View<typename Model::Scalar> samples,
                                    const LikelihoodOptions& options = {}) {
  detail::require_at_least("LikelihoodOptions.draws", 1, options.draws);
  if constexpr (Model::legal) {
    using Scalar = typename Model::Scalar;
    const auto& network = detail::ModelAccess::network(model);
    network.validation.check_samples(samples, samples, "log_likelihoods", "log_likelihoods");
    const auto q = model.posterior(samples);
    const auto& state = detail::ModelAccess::state(model);
    if (options.estimate == LikelihoodEstimate::importance_weighted)
      return detail::log_likelihood<Scalar>(network, state, samples, q.mean, q.log_variance, options.draws,
                                            options.seed, options.same_draws);
    const bool bound = options.estimate == LikelihoodEstimate::lower_bound;
    std::vector<double> sums(static_cast<std::size_t>(samples.cols()));
    detail::for_each_draw<Scalar>(
        network, state, samples, q.mean, q.log_variance, options.draws, options.seed, options.same_draws,
        [&](std::size_t j, double loss, double log_ratio) { sums[j] += (bound ? log_ratio : 0) - loss; });
    for (double& sum : sums) sum /= static_cast<double>(options.draws);
    return sums;
  } else {
    return {};
  }
}

}  // namespace eigencoder
