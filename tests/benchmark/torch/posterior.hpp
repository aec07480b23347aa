#pragma once

#include <torch/torch.h>

namespace benchmark {

/// The head of a variational autoencoder: means and log variances from one layer; in training codes are drawn by
/// reparameterization, otherwise the mean is the code.
struct PosteriorImpl : torch::nn::Module {
  PosteriorImpl(std::int64_t width, std::int64_t code)
      : both(register_module("both", torch::nn::Linear(width, 2 * code))) {}

  torch::Tensor forward(const torch::Tensor& x) {
    const auto parts = both->forward(x).chunk(2, 1);
    mean = parts[0];
    log_variance = parts[1];
    return is_training() ? mean + torch::randn_like(mean) * (log_variance / 2).exp() : mean;
  }

  /// From N(0, I), in nats, summed over the last batch.
  torch::Tensor divergence() const { return (log_variance.exp() + mean * mean - 1 - log_variance).sum() / 2; }

  torch::nn::Linear both;
  torch::Tensor mean, log_variance;
};
TORCH_MODULE(Posterior);

}  // namespace benchmark
