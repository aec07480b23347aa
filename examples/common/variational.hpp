#pragma once

#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/model/generation.hpp>
#include <vector>
#include "options.hpp"
#include "report.hpp"

/// @file
/// Figures and plots of variational autoencoders.
namespace examples {

double mean(const std::vector<double>& values);

/// The evidence lower bound in nats a sample: the log likelihood as it is estimated from one code of each.
template <class Model>
double evidence_lower_bound(const Model& model, eigencoder::View<float> samples, std::uint64_t seed) {
  return mean(model.log_likelihood(samples, 1, seed));
}

/// The KL divergence of each value of the code from the prior in nats, a mean over the samples.
std::vector<double> divergences(const eigencoder::Posterior<float>& posterior);

/// The values of the code by their divergence, the largest first.
std::vector<eigencoder::Index> by_divergence(const std::vector<double>& nats);

/// How many values of the code depend on the sample: the variance of their mean is above 0.01.
/// Source: Burda, Grosse & Salakhutdinov, "Importance weighted autoencoders" (2016), section 5.2.
eigencoder::Index active_units(const eigencoder::Posterior<float>& posterior);

/// Where the standard normal distribution reaches the share `p`, 0 < p < 1: bisection, as the library has no inverse.
double normal_quantile(double p);

/// Reports and prints the evidence lower bound of held-out samples, and the divergences of their codes.
void describe_likelihood(Report& report, double bound, const eigencoder::Posterior<float>& posterior);

/// The same, computed from the model.
template <class Model>
void describe_likelihood(Report& report, const Model& model, eigencoder::View<float> held_out, std::uint64_t seed) {
  describe_likelihood(report, evidence_lower_bound(model, held_out, seed), model.posterior(held_out));
}

/// Writes `codes.svg`: where the codes of samples lie, colored by the samples' labels, 0 to 9; of more than two values
/// the two with the largest divergence.
void write_codes(const Options& options, const std::vector<int>& labels,
                 const eigencoder::Posterior<float>& posterior);

}  // namespace examples
