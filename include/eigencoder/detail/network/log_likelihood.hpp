#pragma once

#include <cmath>
#include <eigencoder/bottleneck/gaussian_posterior.hpp>
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/network/batch_loss.hpp>
#include <eigencoder/detail/network/inference.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <limits>
#include <vector>

namespace eigencoder::detail {

/// Estimates the log likelihood of each sample in nats from `draws` codes of its posterior, whose means and log
/// variances are given: the logarithm of the mean of p(x | z) p(z) / q(z | x) (Burda et al. 2016, eq. 8).
template <class Scalar, class Network>
[[gnu::cold]] std::vector<double> log_likelihood(const Network& network, const ModelState<Scalar>& state,
                                                 View<Scalar> samples, View<Scalar> mean, View<Scalar> log_variance,
                                                 Index draws, std::uint64_t seed) {
  const Index n = mean.rows(), columns = samples.cols() * draws;
  const auto& loss = network.loss_at(network.view(state));
  const Shape input = network.input;
  Workspace<Scalar> workspace;
  const Inference<Network> inference(network, state, workspace);
  std::vector<double> log_weights(static_cast<std::size_t>(inference_batch));
  // For each sample the largest logarithm of a weight so far, and the sum of the weights in units of that weight.
  std::vector<double> largest(static_cast<std::size_t>(samples.cols()), -std::numeric_limits<double>::infinity());
  std::vector<double> sum(largest.size());
  for (Index first = 0; first < columns; first += inference_batch) {
    const Pass<Scalar> pass{workspace, (std::min)(inference_batch, columns - first)};
    Scalar* codes = workspace.inputs(n * pass.batch);
    parallel_for(pass.batch, pass.team(n * pass.batch * 64), [&](Index c, int) {
      const Index j = (first + c) / draws, draw = (first + c) % draws;
      Random random(seed, Purpose::sampling, 1, 0, static_cast<std::uint32_t>(j), static_cast<std::uint32_t>(draw));
      const Scalar *m = mean.column(j), *l = log_variance.column(j);
      Scalar* z = codes + c * n;
      GaussianPosterior::draw_code(m, l, random, z, n);
      log_weights[static_cast<std::size_t>(c)] = GaussianPosterior::log_prior_over_posterior(z, m, l, n);
    });
    const Scalar* outputs = inference.forward(pass, codes, Network::encoder_depth, Network::layer_count);
    double* losses = workspace.losses(pass.batch);
    sum_losses(pass, losses, input.size(), [&](Index c, int) {
      return loss.value_and_gradient(outputs + c * input.size(), samples.column((first + c) / draws),
                          static_cast<Scalar*>(nullptr), input.size(), input.channels, 1);
    });
    for (Index c = 0; c < pass.batch; ++c) {
      const auto j = static_cast<std::size_t>((first + c) / draws);
      const double weight = log_weights[static_cast<std::size_t>(c)] - losses[c];
      const double before = largest[j];
      largest[j] = (std::max)(before, weight);
      sum[j] = sum[j] * std::exp(before - largest[j]) + std::exp(weight - largest[j]);
    }
  }
  for (std::size_t j = 0; j < largest.size(); ++j) largest[j] += std::log(sum[j] / static_cast<double>(draws));
  return largest;
}

}  // namespace eigencoder::detail
