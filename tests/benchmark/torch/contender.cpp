// libtorch's side: float, the same threads, no gradients in inference, and the faster of its two layouts of
// images, chosen for training and for inference apart.
#include <algorithm>

#include "candidate.hpp"

namespace benchmark {
namespace {

class Torch final : public Contender {
 public:
  Torch(const Workload& workload, const Data& data)
      : workload_(workload),
        data_(data),
        trained_(std::make_shared<Candidate>(workload, data, torch::MemoryFormat::ChannelsLast)),
        inferred_(trained_) {}

  std::int64_t parameters() const override { return trained_->parameters(); }
  double loss() override { return trained_->loss(); }
  double train(double seconds) override { return trained_->train(seconds); }
  double infer(double seconds) override { return inferred_->infer(seconds); }
  double latency(double seconds) override { return inferred_->latency(seconds); }

  std::string tune(double seconds) override {
    if (data_.size.height * data_.size.width == 1) return "one setting";
    const auto channels_last = trained_;
    const auto planar = std::make_shared<Candidate>(workload_, data_, torch::MemoryFormat::Contiguous);
    const auto faster = [&](double (Candidate::*run)(double)) {  // by the better of two turns each
      double planar_rate = 0, channels_last_rate = 0;
      for (int turn = 0; turn < 2; ++turn) {
        planar_rate = std::max(planar_rate, (*planar.*run)(seconds));
        channels_last_rate = std::max(channels_last_rate, (*channels_last.*run)(seconds));
      }
      return channels_last_rate > planar_rate ? channels_last : planar;
    };
    trained_ = faster(&Candidate::train);
    inferred_ = faster(&Candidate::infer);
    const auto layout = [&](const auto& of) { return of == planar ? "planar" : "channels last"; };
    return std::string("training ") + layout(trained_) + ", inference " + layout(inferred_);
  }

 private:
  const Workload& workload_;
  const Data& data_;
  std::shared_ptr<Candidate> trained_, inferred_;
};

}  // namespace

std::unique_ptr<Contender> torch_contender(const Workload& workload, const Data& data, int threads) {
  torch::set_num_threads(threads);
  return std::make_unique<Torch>(workload, data);
}

}  // namespace benchmark
