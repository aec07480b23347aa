// The cases of missing.test.cpp: unknown values are 0 as inputs, and a mask takes them out of the loss.
#include "cases.hpp"

#include <cmath>

namespace golden {
namespace {

Tensor mask() { return (torch::rand({samples, values}, torch::kFloat64) > 0.3).to(torch::kFloat64); }

Model mlp(std::int64_t inputs = values) {
  Model m;
  m.encoder = {m.dense(inputs, 5), tanh_layer, m.dense(5, 3)};
  m.decoder = {m.mirrored(3, 5), tanh_layer, m.mirrored(5, values)};
  return m;
}

/// Inputs and targets with gaps of their own.
Training with_gaps(const Tensor& input_mask, const Tensor& target_mask) {
  Training training;
  training.input_mask = input_mask;
  training.target_mask = target_mask;
  training.feed = [=](const Tensor& x) { return x * input_mask; };
  return training;
}

Tensor binary_entropy(const Tensor& y, const Tensor& t) {
  return F::binary_cross_entropy_with_logits(
      y, t, F::BinaryCrossEntropyWithLogitsFuncOptions().reduction(torch::kNone));
}

/// Columns 0 to 2 are a distribution, 3 and 4 normal with learned variances, 5 is binary.
void write_blocks(Fixture& fixture) {
  Tensor known = mask();
  for (const int k : {1, 2}) known.select(1, k).copy_(known.select(1, 0));
  Training training = with_gaps(mask(), known);
  training.targets = torch::cat({torch::softmax(torch::randn({samples, 3}, torch::kFloat64), 1),
                                 normal({samples, 2}, 0, 1), rounded(torch::rand({samples, 1}, torch::kFloat64))},
                                1);
  Model model = mlp();
  const Tensor log_variance = model.parameter({2}, 0, 0.4);
  training.loss.sum = [=](const Tensor& y, const Tensor& t) {
    const auto columns = [](const Tensor& x, int from, int to) { return x.slice(1, from, to); };
    const Tensor words = -(columns(t, 0, 3) * torch::log_softmax(columns(y, 0, 3), 1)).sum(1) * known.select(1, 0);
    const Tensor difference = columns(y, 3, 5) - columns(t, 3, 5);
    const Tensor numbers =
        (difference.square() / log_variance.exp() + log_variance + std::log(2 * 3.141592653589793)) / 2 * columns(known, 3, 5);
    const Tensor flags = binary_entropy(columns(y, 5, 6), columns(t, 5, 6)) * columns(known, 5, 6);
    return 0.5 * words.sum() + 2 * numbers.sum() + flags.sum();
  };
  training.loss.mean = [](const Tensor& y) {
    return torch::cat({torch::softmax(y.slice(1, 0, 3), 1), y.slice(1, 3, 5), torch::sigmoid(y.slice(1, 5, 6))}, 1);
  };
  write_case(fixture, "blocks", model, training);
}

}  // namespace

void write_missing(Fixture fixture) {
  torch::manual_seed(4);
  Training training = with_gaps(mask(), mask());
  training.loss.sum = [known = training.target_mask](const Tensor& y, const Tensor& t) {
    return ((y - t).square() * known).sum();
  };
  write_case(fixture, "squared_error", mlp(), training);

  training.feed = [known = training.input_mask](const Tensor& x) { return torch::cat({x * known, known}, 1); };
  write_case(fixture, "mask_as_input", mlp(2 * values), training);

  Training binary = with_gaps(mask(), mask());
  binary.targets = rounded(torch::rand({samples, values}, torch::kFloat64));
  binary.loss.sum = [known = binary.target_mask](const Tensor& y, const Tensor& t) {
    return (binary_entropy(y, t) * known).sum();
  };
  binary.loss.mean = [](const Tensor& y) { return torch::sigmoid(y); };
  write_case(fixture, "bernoulli", mlp(), binary);

  write_blocks(fixture);
}

}  // namespace golden
