#pragma once

#include "../stopwatch.hpp"
#include "network.hpp"

namespace benchmark {

/// A model of libtorch's whose images lie in one of its layouts. Where that is the data's own (channels last, and all
/// vectors), it reads the data where they are.
class Candidate {
 public:
  Candidate(const Workload& workload, const Data& data, torch::MemoryFormat layout)
      : network_((torch::manual_seed(1), network(workload.size, workload.steps))),  // all alike
        loss_(workload.loss),
        optimizer_(optimizer(workload.descent)) {
    for (auto& weight : network_.layers->parameters())
      if (weight.dim() == 4) weight.set_data(weight.data().contiguous(layout));
    const Size size = data.size;
    for (std::int64_t i = 0; i < data.batches; ++i) {
      float* const values = const_cast<float*>(data.sample(i * data.batch));  // they are only read
      const torch::Tensor samples =
          torch::from_blob(values, {data.batch, size.height, size.width, size.channels});
      if (size.height * size.width == 1) batches_.push_back(samples.flatten(1));
      else batches_.push_back(samples.permute({0, 3, 1, 2}).contiguous(layout));
    }
  }

  std::int64_t parameters() const {
    std::int64_t count = 0;
    for (const auto& weight : network_.layers->parameters()) count += weight.numel();
    return count;
  }

  double loss() {
    const c10::InferenceMode inference;
    network_.layers->eval();
    return objective(batches_.front()).item<double>();
  }

  double train(double seconds) {
    network_.layers->train();
    return rate(batch_size(), seconds, [&] {
      optimizer_->zero_grad();
      objective(next()).backward();
      optimizer_->step();
    });
  }

  double infer(double seconds) {
    const c10::InferenceMode inference;
    network_.layers->eval();
    return rate(batch_size(), seconds, [&] { reconstruct(next()); });
  }

  double latency(double seconds) {
    const c10::InferenceMode inference;
    network_.layers->eval();
    const torch::Tensor sample = batches_.front().slice(0, 0, 1);
    return median_time(seconds, [&] { reconstruct(sample); });
  }

 private:
  std::unique_ptr<torch::optim::Optimizer> optimizer(const Descent& descent) const {
    namespace optim = torch::optim;
    const auto weights = network_.layers->parameters();
    if (descent.kind == Descent::Kind::adam) return std::make_unique<optim::Adam>(weights, descent.learning_rate);
    return std::make_unique<optim::RMSprop>(weights, descent.learning_rate);
  }

  double batch_size() const { return static_cast<double>(batches_.front().size(0)); }
  const torch::Tensor& next() { return batches_[next_++ % batches_.size()]; }

  torch::Tensor reconstruct(const torch::Tensor& batch) {
    torch::Tensor output = network_.layers->forward(batch);
    return loss_ == Loss::bernoulli ? output.sigmoid_() : output;
  }

  /// The mean over the samples.
  torch::Tensor objective(const torch::Tensor& batch) {
    namespace functional = torch::nn::functional;
    const torch::Tensor output = network_.layers->forward(batch);
    torch::Tensor sum =
        loss_ == Loss::squared_error
            ? functional::mse_loss(output, batch, functional::MSELossFuncOptions(torch::kSum))
            : functional::binary_cross_entropy_with_logits(
                  output, batch, functional::BinaryCrossEntropyWithLogitsFuncOptions().reduction(torch::kSum));
    if (!network_.posterior.is_empty()) sum = sum + network_.posterior->divergence();
    return sum / batch.size(0);
  }

  Network network_;
  Loss loss_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
  std::vector<torch::Tensor> batches_;
  std::size_t next_ = 0;  ///< batch, round and round
};

}  // namespace benchmark
