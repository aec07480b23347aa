#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/detail/pretraining/annealed_chains.hpp>
#include <eigencoder/detail/pretraining/partition_inputs.hpp>
#include <eigencoder/extend/view.hpp>
#include <vector>

namespace eigencoder::detail {

/// A mean of weights, by logarithms.
struct LogMean {
  double value, standard_error, lower, upper;  ///< as those of `LogPartition`
};

/// The logarithm of the mean of the weights with these logarithms.
[[gnu::cold]] inline LogMean log_mean(const std::vector<double>& logs) {
  const double largest = *std::max_element(logs.begin(), logs.end());
  const auto n = static_cast<double>(logs.size());
  double mean = 0, square = 0;
  for (const double log : logs) mean += std::exp(log - largest) / n;
  for (const double log : logs) square += std::pow(std::exp(log - largest) - mean, 2);
  const double error = logs.size() > 1 ? std::sqrt(square / (n - 1) / n) / mean : 0.0, value = largest + std::log(mean);
  return {value, error, value + std::log((std::max)(0.0, 1 - 3 * error)), value + std::log1p(3 * error)};
}

/// The results of chains that began at samples.
struct AnnealedSamples {
  std::vector<double> log_probabilities;  ///< an estimate for each sample
  std::vector<double> log_unnormalized;   ///< the same but for the partition function, exactly

  /// The logarithm of the estimate of 1 / Z from each sample.
  std::vector<double> log_inverse_partitions() const {
    std::vector<double> logs(log_probabilities.size());
    for (std::size_t j = 0; j < logs.size(); ++j) logs[j] = log_probabilities[j] - log_unnormalized[j];
    return logs;
  }
};

/// Anneals chains from samples to the base model.
/// @throws ShapeError, DataError, OptionError for samples, parameters or options that are none
template <class Machine, class Scalar, class Options>
[[gnu::cold]] AnnealedSamples anneal_samples(const Machine& machine, View<Scalar> samples, const Options& options,
                                             const char* what) {
  require_at_least("ReverseAnnealingOptions.temperatures", 1, options.temperatures);
  require_at_least("ReverseAnnealingOptions.chains", 1, options.chains);
  require_countable(options.chains, what);
  const auto energy = energy_of<Scalar>(machine, what);
  const auto base = base_bias(energy, options.base_means, what);
  check_samples(energy, samples, what);
  const auto logs = reverse_log_weights(energy, base, samples, options.chains, options.temperatures, options.seed);
  AnnealedSamples found{{}, log_unnormalized(energy, samples)};
  for (auto first = logs.begin(); first != logs.end(); first += options.chains)
    found.log_probabilities.push_back(log_mean({first, first + options.chains}).value);
  return found;
}

}  // namespace eigencoder::detail
