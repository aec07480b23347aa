#pragma once

#include <torch/torch.h>

#include "../workload.hpp"

namespace benchmark {

/// The steps as a sequence of libtorch's modules, for samples of size `at`.
inline torch::nn::Sequential network(Size at, const std::vector<Step>& steps) {
  namespace nn = torch::nn;
  nn::Sequential net;
  for (const Step& step : steps) switch (step.kind) {
      case Step::Kind::conv:
        net->push_back(nn::Conv2d(nn::Conv2dOptions(at.channels, step.channels, step.kernel)
                                      .stride(step.stride)
                                      .padding(step.padding)));
        at = {(at.height + 2 * step.padding - step.kernel) / step.stride + 1,
              (at.width + 2 * step.padding - step.kernel) / step.stride + 1, step.channels};
        break;
      case Step::Kind::conv_transpose:
        net->push_back(nn::ConvTranspose2d(nn::ConvTranspose2dOptions(at.channels, step.channels, step.kernel)
                                               .stride(step.stride)
                                               .padding(step.padding)));
        at = {(at.height - 1) * step.stride + step.kernel - 2 * step.padding,
              (at.width - 1) * step.stride + step.kernel - 2 * step.padding, step.channels};
        break;
      case Step::Kind::max_pool:
        net->push_back(nn::MaxPool2d(nn::MaxPool2dOptions(step.kernel)));
        at = {at.height / step.kernel, at.width / step.kernel, at.channels};
        break;
      case Step::Kind::upsample: {
        const auto factor = static_cast<double>(step.kernel);
        net->push_back(nn::Upsample(
            nn::UpsampleOptions().scale_factor(std::vector<double>{factor, factor}).mode(torch::kNearest)));
        at = {at.height * step.kernel, at.width * step.kernel, at.channels};
        break;
      }
      case Step::Kind::dense:
        if (at.height * at.width > 1) net->push_back(nn::Flatten());
        net->push_back(nn::Linear(at.values(), step.channels));
        at = {1, 1, step.channels};
        break;
      case Step::Kind::reshape:
        at = {step.height, step.width, step.channels};
        net->push_back(nn::Unflatten(nn::UnflattenOptions(1, {at.channels, at.height, at.width})));
        break;
      case Step::Kind::relu: net->push_back(nn::ReLU(nn::ReLUOptions(true))); break;
      case Step::Kind::sigmoid: net->push_back(nn::Sigmoid()); break;
    }
  return net;
}

}  // namespace benchmark
