#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <eigencoder/generation.hpp>
#include <eigencoder/io/line_plot.hpp>
#include <numeric>
#include <string>
#include <vector>
#include "options.hpp"
#include "report.hpp"

/// @file
/// What the programs tell of a variational autoencoder.
namespace examples {

inline double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The evidence lower bound in nats a sample: the log likelihood as it is estimated from one code of each.
template <class Model>
double evidence_lower_bound(const Model& model, eigencoder::View<float> samples, std::uint64_t seed) {
  return mean(model.log_likelihood(samples, 1, seed));
}

/// What each value of the code tells of a sample: its KL divergence from the prior in nats, a mean over the samples.
inline std::vector<double> divergences(const eigencoder::Posterior<float>& posterior) {
  std::vector<double> nats;
  for (eigencoder::Index i = 0; i < posterior.mean.rows(); ++i) {
    const auto m = posterior.mean.row(i).cast<double>().array();
    const auto l = posterior.log_variance.row(i).cast<double>().array();
    nats.push_back((l.exp() + m * m - 1 - l).mean() / 2);
  }
  return nats;
}

/// The values of the code by their divergence, the largest first.
inline std::vector<eigencoder::Index> by_divergence(const std::vector<double>& nats) {
  std::vector<eigencoder::Index> order(nats.size());
  std::iota(order.begin(), order.end(), eigencoder::Index{0});
  std::sort(order.begin(), order.end(), [&](eigencoder::Index a, eigencoder::Index b) {
    const double of_a = nats[static_cast<std::size_t>(a)], of_b = nats[static_cast<std::size_t>(b)];
    return of_a > of_b || (of_a == of_b && a < b);
  });
  return order;
}

/// How many values of the code depend on the sample: the variance of their mean is above 0.01.
/// Source: Burda, Grosse & Salakhutdinov, "Importance weighted autoencoders" (2016), section 5.2.
inline eigencoder::Index active_units(const eigencoder::Posterior<float>& posterior) {
  eigencoder::Index active = 0;
  for (eigencoder::Index i = 0; i < posterior.mean.rows(); ++i) {
    const auto m = posterior.mean.row(i).cast<double>().array();
    active += (m - m.mean()).square().mean() > 0.01;
  }
  return active;
}

/// Where the standard normal distribution reaches the share `p`, 0 < p < 1: bisection, as the library has no inverse.
inline double normal_quantile(double p) {
  double low = -40, high = 40;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(-middle / std::sqrt(2)) / 2 < p ? low : high) = middle;
  }
  return low;
}

/// Enters and prints how probable the held-out samples are to the model, and what their codes hold.
template <class Model>
void describe_likelihood(Report& report, const Model& model, eigencoder::View<float> held_out, std::uint64_t seed) {
  const auto posterior = model.posterior(held_out);
  const std::vector<double> nats = divergences(posterior);
  const double bound = evidence_lower_bound(model, held_out, seed), kl = std::accumulate(nats.begin(), nats.end(), 0.0);
  const eigencoder::Index active = active_units(posterior);
  report.more.push_back({"test_elbo", bound});
  report.more.push_back({"test_kl", kl});
  report.more.push_back({"active_units", static_cast<double>(active)});
  std::printf("\nHeld-out evidence lower bound: %.2f nats an image, of which the KL divergence takes %.2f.\n"
              "%td of the %td values of the code are active.\n", bound, kl, active, posterior.mean.rows());
}

/// Writes `codes.svg`: where the codes of samples lie, colored by the samples' labels, 0 to 9; of more than two values
/// the two that tell most.
inline void write_codes(const Options& options, const std::vector<int>& labels,
                        const eigencoder::Posterior<float>& posterior) {
  using eigencoder::Index, eigencoder::Series;
  std::vector<Index> axes = by_divergence(divergences(posterior));
  std::sort(axes.begin(), axes.begin() + 2);
  std::vector<Series> clouds(10);
  for (std::size_t digit = 0; digit < 10; ++digit) clouds[digit].name = std::to_string(digit);
  for (Index j = 0; j < posterior.mean.cols(); ++j) {
    Series& cloud = clouds.at(static_cast<std::size_t>(labels[static_cast<std::size_t>(j)]));
    cloud.x.push_back(posterior.mean(axes[0], j));
    cloud.y.push_back(posterior.mean(axes[1], j));
  }
  const auto label = [](Index axis) { return "value " + std::to_string(axis + 1) + " of the code"; };
  write_svg(options.result("codes.svg"), clouds,
            {.title = "Codes of held-out samples",
             .x_label = label(axes[0]),
             .y_label = label(axes[1]),
             .points = true,
             .height = 660});
}

}  // namespace examples
