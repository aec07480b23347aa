// libtorch's side: float, the same threads, no gradients in inference, and the faster of its two layouts of
// images, chosen for training and for inference apart.
#include <algorithm>

#include "../stopwatch.hpp"
#include "network.hpp"

namespace benchmark {
namespace {

/// A model whose images lie in one of the layouts.
class Candidate {
 public:
  Candidate(const Workload& workload, const Data& data, torch::MemoryFormat layout)
      : network_((torch::manual_seed(1), network(workload.size, workload.steps))),  // all alike
        optimizer_(network_->parameters()) {
    for (auto& weight : network_->parameters())
      if (weight.dim() == 4) weight.set_data(weight.data().contiguous(layout));
    const Size size = data.size;
    for (std::int64_t i = 0; i < Data::batches; ++i) {
      const torch::Tensor samples = torch::from_blob(const_cast<float*>(data.of_batch(i)),  // it is only read
                                                     {data.batch, size.height, size.width, size.channels});
      if (size.height * size.width == 1) batches_.push_back(samples.flatten(1).clone());
      else batches_.push_back(samples.permute({0, 3, 1, 2}).clone(layout));
    }
  }

  std::int64_t parameters() const {
    std::int64_t count = 0;
    for (const auto& weight : network_->parameters()) count += weight.numel();
    return count;
  }

  double loss() {
    const c10::InferenceMode inference;
    return error(batches_.front()).item<double>();
  }

  double train(double seconds) {
    network_->train();
    return rate(samples(), seconds, [&] {
      for (const auto& batch : batches_) {
        network_->zero_grad(true);
        error(batch).backward();
        optimizer_.step();
      }
    });
  }

  double infer(double seconds) {
    const c10::InferenceMode inference;
    network_->eval();
    return rate(samples(), seconds, [&] {
      for (const auto& batch : batches_) network_->forward(batch);
    });
  }

 private:
  double samples() const { return static_cast<double>(Data::batches * batches_.front().size(0)); }

  torch::Tensor error(const torch::Tensor& batch) {
    return torch::mse_loss(network_->forward(batch), batch, torch::Reduction::Sum) / batch.size(0);
  }

  torch::nn::Sequential network_;
  torch::optim::Adam optimizer_;
  std::vector<torch::Tensor> batches_;
};

class Torch final : public Contender {
 public:
  Torch(const Workload& workload, const Data& data)
      : planar_(workload, data, torch::MemoryFormat::Contiguous),
        channels_last_(workload, data, torch::MemoryFormat::ChannelsLast),
        images_(data.size.height * data.size.width > 1) {}

  std::int64_t parameters() const override { return planar_.parameters(); }
  double loss() override { return trained_->loss(); }
  double train(double seconds) override { return trained_->train(seconds); }
  double infer(double seconds) override { return inferred_->infer(seconds); }

  std::string tune(double seconds) override {
    const std::string version = "libtorch " TORCH_VERSION ": ";
    if (!images_) return version + "one setting";
    trained_ = faster(&Candidate::train, seconds);
    inferred_ = faster(&Candidate::infer, seconds);
    return version + "training " + layout(trained_) + ", inference " + layout(inferred_);
  }

 private:
  /// The better of two turns each.
  Candidate* faster(double (Candidate::*run)(double), double seconds) {
    double planar = 0, channels_last = 0;
    for (int turn = 0; turn < 2; ++turn) {
      planar = std::max(planar, (planar_.*run)(seconds));
      channels_last = std::max(channels_last, (channels_last_.*run)(seconds));
    }
    return channels_last > planar ? &channels_last_ : &planar_;
  }
  std::string layout(const Candidate* of) const { return of == &planar_ ? "planar" : "channels-last"; }

  Candidate planar_, channels_last_;
  bool images_;
  Candidate* trained_ = &planar_;
  Candidate* inferred_ = &planar_;
};

}  // namespace

std::unique_ptr<Contender> torch_contender(const Workload& workload, const Data& data, int threads) {
  torch::set_num_threads(threads);
  return std::make_unique<Torch>(workload, data);
}

}  // namespace benchmark
