#pragma once

#include <torch/torch.h>

#include "../workload.hpp"
#include "posterior.hpp"

namespace benchmark {

/// libtorch's modules in a row, and the posterior among them where there is one.
struct Network {
  torch::nn::Sequential layers;
  Posterior posterior{nullptr};
};

/// The steps as modules, for samples of size `in`.
inline Network network(Size in, const std::vector<Step>& steps) {
  namespace nn = torch::nn;
  Network net;
  const auto vector = [&] {
    if (in.height * in.width > 1) net.layers->push_back(nn::Flatten());
  };
  for (const Step& step : steps) {
    switch (step.kind) {
      case Step::Kind::conv:
        net.layers->push_back(nn::Conv2d(nn::Conv2dOptions(in.channels, step.channels, step.kernel)
                                             .stride(step.stride)
                                             .padding(step.padding)));
        break;
      case Step::Kind::conv_transpose:
        net.layers->push_back(
            nn::ConvTranspose2d(nn::ConvTranspose2dOptions(in.channels, step.channels, step.kernel)
                                    .stride(step.stride)
                                    .padding(step.padding)));
        break;
      case Step::Kind::max_pool: net.layers->push_back(nn::MaxPool2d(nn::MaxPool2dOptions(step.kernel))); break;
      case Step::Kind::upsample: {
        const auto factor = static_cast<double>(step.kernel);
        net.layers->push_back(nn::Upsample(
            nn::UpsampleOptions().scale_factor(std::vector<double>{factor, factor}).mode(torch::kNearest)));
        break;
      }
      case Step::Kind::dense:
        vector();
        net.layers->push_back(nn::Linear(in.values(), step.channels));
        break;
      case Step::Kind::posterior:
        vector();
        net.posterior = Posterior(in.values(), step.channels);
        net.layers->push_back(net.posterior);
        break;
      case Step::Kind::reshape:
        net.layers->push_back(nn::Unflatten(nn::UnflattenOptions(1, {step.channels, step.height, step.width})));
        break;
      case Step::Kind::relu: net.layers->push_back(nn::ReLU(nn::ReLUOptions(true))); break;
      case Step::Kind::sigmoid: net.layers->push_back(nn::Sigmoid()); break;
    }
    in = step.out(in);
  }
  return net;
}

}  // namespace benchmark
