#include "stacks.hpp"

#include <torch/torch.h>

#include <map>
#include <stdexcept>

namespace stacks {
namespace {

namespace nn = torch::nn;
using Sizes = std::vector<std::int64_t>;

/// What `load_state_dict` would have: `encoder.0.weight` and so on.
struct Stack : nn::Module {
  nn::Sequential encoder, decoder;
  Sizes sample;  ///< channels x height x width, or one number
  bool tied = false;

  Stack(nn::Sequential e, nn::Sequential d, Sizes of_sample) : encoder(e), decoder(d), sample(std::move(of_sample)) {
    register_module("encoder", encoder);
    register_module("decoder", decoder);
  }
  torch::Tensor batch(const std::vector<float>& values) const {
    Sizes sizes = sample;
    sizes.insert(sizes.begin(), -1);
    return torch::tensor(values).view(sizes);
  }
  /// All that a state_dict holds.
  std::map<std::string, torch::Tensor> state() const {
    std::map<std::string, torch::Tensor> all;
    for (const auto& entry : named_parameters()) all[entry.key()] = entry.value();
    for (const auto& entry : named_buffers()) all[entry.key()] = entry.value();
    return all;
  }
};

nn::Conv2d conv(int in, int out, int groups) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).stride(2).padding(1).groups(groups));
}
nn::ConvTranspose2d transposed(int in, int out, int groups, int rows, int columns) {
  return nn::ConvTranspose2d(
      nn::ConvTranspose2dOptions(in, out, 3).stride(2).padding(1).output_padding({rows, columns}).groups(groups));
}
nn::Unflatten unflatten(Sizes image) { return nn::Unflatten(nn::UnflattenOptions(1, std::move(image))); }

Stack make(const std::string& name) {
  using S = nn::Sequential;
  if (name == "dense" || name == "tied") {
    Stack stack(S(nn::Linear(6, 5), nn::Tanh(), nn::Linear(5, 3)), S(nn::Linear(3, 5), nn::Tanh(), nn::Linear(5, 6)),
                {6});
    stack.tied = name == "tied";
    return stack;
  }
  if (name == "conv to dense to conv")
    return {S(conv(2, 4, 1), nn::ReLU(), nn::Flatten(), nn::Linear(36, 7)),
            S(nn::Linear(7, 36), nn::ReLU(), unflatten({4, 3, 3}), transposed(4, 2, 1, 1, 0)),
            {2, 6, 5}};
  if (name == "grouped")
    return {S(conv(4, 6, 2), nn::ReLU(), conv(6, 6, 6)),
            S(transposed(6, 6, 6, 0, 1), nn::ReLU(), transposed(6, 4, 2, 1, 1)),
            {4, 6, 8}};
  if (name == "batch-normalized")
    return {S(conv(2, 4, 1), nn::BatchNorm2d(4), nn::ReLU(), nn::Flatten(), nn::BatchNorm1d(36), nn::Tanh(),
              nn::Linear(36, 7)),
            S(nn::Linear(7, 36), nn::BatchNorm1d(36), nn::Tanh(), unflatten({4, 3, 3}), nn::BatchNorm2d(4),
              transposed(4, 2, 1, 1, 0)),
            {2, 6, 5}};
  throw std::runtime_error("no stack " + name);
}

std::vector<float> flat(const torch::Tensor& tensor) {
  const torch::Tensor values = tensor.contiguous().to(torch::kFloat);
  return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
}

torch::ScalarType type_of(const Tensor& tensor) { return tensor.integers ? torch::kLong : torch::kFloat; }

Outputs outputs_of(Stack& stack, const std::vector<float>& samples) {
  stack.eval();
  const torch::Tensor codes = stack.encoder->forward(stack.batch(samples));
  return {flat(codes), flat(stack.decoder->forward(codes))};
}

}  // namespace

Outputs run(const std::string& name, const std::vector<Tensor>& tensors, const std::vector<float>& samples) {
  torch::NoGradGuard no_gradients;
  Stack stack = make(name);
  auto state = stack.state();
  for (const Tensor& tensor : tensors) {
    const auto at = state.find(tensor.name);
    if (at == state.end()) throw std::runtime_error("the stack has no " + tensor.name);
    if (at->second.sizes() != torch::IntArrayRef(tensor.shape))
      throw std::runtime_error("another shape: " + tensor.name);
    if (at->second.scalar_type() != type_of(tensor)) throw std::runtime_error("another type: " + tensor.name);
    at->second.copy_(torch::tensor(tensor.values).view(tensor.shape));
    state.erase(at);
  }
  if (!state.empty()) throw std::runtime_error("the file has no " + state.begin()->first);
  return outputs_of(stack, samples);
}

Drawn draw(const std::string& name, const std::vector<float>& samples) {
  torch::NoGradGuard no_gradients;
  torch::manual_seed(1);
  Stack stack = make(name);
  if (stack.tied) {
    auto state = stack.state();
    state.at("decoder.2.weight").copy_(state.at("encoder.0.weight").t());
    state.at("decoder.0.weight").copy_(state.at("encoder.2.weight").t());
  }
  const torch::Tensor batch = stack.batch(samples);
  for (int i = 0; i < drawn_batches; ++i) stack.decoder->forward(stack.encoder->forward(batch * (1 + i) + i));
  Drawn drawn;
  for (const auto& [key, value] : stack.state())
    drawn.tensors.push_back({key, value.sizes().vec(), flat(value), value.scalar_type() == torch::kLong});
  drawn.outputs = outputs_of(stack, samples);
  return drawn;
}

}  // namespace stacks
