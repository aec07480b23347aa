#pragma once

#include <cstdint>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/detail/pretraining/annealed_chains.hpp>
#include <eigencoder/detail/pretraining/annealed_estimates.hpp>
#include <eigencoder/detail/pretraining/exact_partition.hpp>
#include <eigencoder/detail/pretraining/partition_inputs.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <vector>

/// @file
/// The likelihood of data under a restricted Boltzmann machine. Its energy gives the probability of a sample but for a
/// factor, the partition function, which is exact for small machines and estimated for others. The functions take a
/// machine with Bernoulli units on at least one side; rectified units have no energy with a finite partition function.
namespace eigencoder {

/// How chains are annealed between a base model, which has no weights, and a machine.
struct AnnealingOptions {
  /// How many distributions follow the base model's, the machine's included, at least 1. Their inverse temperatures are
  /// spaced as in Salakhutdinov & Murray (2008), section 6. The more there are the less the estimates scatter: with too
  /// few they are wrong by many nats, and the standard error does not tell.
  Index temperatures = 10'000;
  Index chains = 100;      ///< how many independent chains, at least 2
  std::uint64_t seed = 0;  ///< of the chains
  /// The mean of each visible value under the base model: best those of the training samples. Those of Bernoulli units
  /// are limited to [0.01, 0.99]. Empty: the machine's visible biases are the base model's.
  VectorX<double> base_means = {};
};

/// How chains are annealed from samples to the base model.
struct ReverseAnnealingOptions {
  Index temperatures = 10'000;      ///< as those of `AnnealingOptions`
  Index chains = 1;                 ///< how many independent chains of each sample, at least 1
  std::uint64_t seed = 0;           ///< of the chains
  VectorX<double> base_means = {};  ///< as those of `AnnealingOptions`
};

/// The logarithm of a partition function in nats, as it is known.
struct LogPartition {
  double value = 0;  ///< the logarithm, or its estimate
  /// The standard error of the estimate, 0 for an exact value: that of the mean of the chains' weights over this mean
  /// (the delta method). Of estimates far from the truth it may be small.
  double standard_error = 0;
  double lower = 0;  ///< log(Z - 3 errors) with the estimate Z and its own error; minus infinity where that is below 0
  double upper = 0;  ///< log(Z + 3 errors); of reverse estimates, both are those of 1 / Z, negated and exchanged
};

/// The logarithm of the partition function, exactly: a sum over all states of a Bernoulli side of at most 20 units, the
/// smaller one. Of 20 units there are a million states: some seconds beside 500 units.
/// @throws OptionError where no Bernoulli side has so few units
/// @throws DataError for parameters that are not finite
template <class Machine>
LogPartition exact_log_partition(const Machine& machine) {
  detail::require_partition<Machine>();
  if constexpr (detail::has_partition<Machine>) {
    const auto energy = detail::energy_of<double>(machine, "exact_log_partition");
    detail::require_enumerable(energy);
    const double value = detail::exact_log_partition(energy);
    return {value, 0, value, value};
  } else {
    return {};
  }
}

/// Estimates the logarithm of the partition function by annealed importance sampling. The mean of the chains' weights
/// is an unbiased estimate of the partition function, so its logarithm is on average too low, and the likelihoods that
/// follow from it are too high.
/// Source: Salakhutdinov & Murray, "On the quantitative analysis of deep belief networks" (2008), sections 3 and 4.
/// @throws OptionError for less than one temperature or two chains, and for base means that are not finite or, of
///         Bernoulli units, outside [0, 1]
/// @throws ShapeError unless there are as many base means as visible units, or none
/// @throws DataError for parameters that are not finite
template <class Machine>
LogPartition log_partition(const Machine& machine, const AnnealingOptions& options = {}) {
  detail::require_partition<Machine>();
  if constexpr (detail::has_partition<Machine>) {
    using Scalar = typename Machine::Scalar;
    detail::require_at_least("AnnealingOptions.temperatures", 1, options.temperatures);
    detail::require_at_least("AnnealingOptions.chains", 2, options.chains);
    detail::require_countable(options.chains, "log_partition");
    const auto energy = detail::energy_of<Scalar>(machine, "log_partition");
    const auto base_bias = detail::base_bias(energy, options.base_means, "log_partition");
    const auto mean = detail::log_mean(
        detail::forward_log_weights(energy, base_bias, options.chains, options.temperatures, options.seed));
    return {mean.value, mean.standard_error, mean.lower, mean.upper};
  } else {
    return {};
  }
}

/// Estimates the logarithm of the partition function by chains that begin at samples and are annealed towards the base
/// model. For samples of the machine's own distribution the mean of the weights is an unbiased estimate of the
/// partition function's inverse, so the logarithm is on average too high: `log_partition` and this one bracket it.
/// Chains from other samples, such as data, tell less.
/// Source: Burda, Grosse & Salakhutdinov, "Accurate and conservative estimates of MRF log-likelihood using reverse
/// annealing" (2015), section 3.
/// @param samples  visible size x samples, at least two
/// @throws ShapeError, DataError as `log_likelihood` does, and for less than two samples
/// @throws OptionError as `log_partition` does
template <class Machine>
LogPartition reverse_log_partition(const Machine& machine, View<typename Machine::Scalar> samples,
                                   const ReverseAnnealingOptions& options = {}) {
  detail::require_partition<Machine>();
  if constexpr (detail::has_partition<Machine>) {
    if (samples.cols() == 1) throw DataError("eigencoder: reverse_log_partition: one sample has no standard error");
    const auto run = detail::anneal_samples(machine, samples, options, "reverse_log_partition");
    const auto mean = detail::log_mean(run.log_inverse_partitions());
    return {-mean.value, mean.standard_error, -mean.upper, -mean.lower};
  } else {
    return {};
  }
}

/// The log likelihood of each sample in nats, given the partition function: -F(v) - log Z, with the free energy F.
/// Densities are those of the values as they are, so that scaled data have another likelihood than the original ones.
/// @param samples    visible size x samples; 0 or 1 for Bernoulli units
/// @param partition  what `exact_log_partition` or `log_partition` returned for the same machine
/// @throws OptionError for a partition function whose logarithm is not finite
/// @throws ShapeError for samples of another size
/// @throws DataError for no samples, NaN or infinity, or other values than 0 and 1 for Bernoulli units, and for
///         parameters that are not finite
template <class Machine>
std::vector<double> log_likelihood(const Machine& machine, View<typename Machine::Scalar> samples,
                                   const LogPartition& partition) {
  detail::require_partition<Machine>();
  if constexpr (detail::has_partition<Machine>) {
    detail::require_finite("LogPartition.value", partition.value);
    const auto energy = detail::energy_of<typename Machine::Scalar>(machine, "log_likelihood", false);
    detail::check_samples(energy, samples, "log_likelihood");
    auto logs = detail::log_unnormalized(energy, samples);
    for (double& log : logs) log -= partition.value;
    return logs;
  } else {
    return {};
  }
}

/// Estimates the log likelihood of each sample in nats from chains that begin at the sample and are annealed towards
/// the base model (RAISE). On average it is a lower bound of the likelihood under the machine's annealed sampler: the
/// base model followed by one Gibbs step at each temperature. It approaches that of the machine itself as the
/// temperatures become more, and tends to err low; for few temperatures it may lie on either side. It needs no
/// partition function. Source: Burda, Grosse & Salakhutdinov, "Accurate and conservative estimates of MRF
/// log-likelihood using reverse annealing" (2015), section 3; of several chains the logarithm of their weights' mean.
/// @param samples  visible size x samples; 0 or 1 for Bernoulli units
/// @throws ShapeError, DataError as `log_likelihood` does
/// @throws OptionError as `log_partition` does, but that one chain is enough
template <class Machine>
std::vector<double> reverse_log_likelihood(const Machine& machine, View<typename Machine::Scalar> samples,
                                           const ReverseAnnealingOptions& options = {}) {
  detail::require_partition<Machine>();
  if constexpr (detail::has_partition<Machine>)
    return detail::anneal_samples(machine, samples, options, "reverse_log_likelihood").log_probabilities;
  else
    return {};
}

}  // namespace eigencoder
