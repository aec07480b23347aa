#pragma once

#include <eigencoder/eigencoder.hpp>
#include <limits>
#include <memory>
#include <utility>

#include "stopwatch.hpp"
#include "workload.hpp"

namespace benchmark {

/// Our side of a workload, as users call it.
template <class Model>
class Ours final : public Contender {
 public:
  Ours(Model model, Descent descent, const Data& data) : model_(std::move(model)), descent_(descent), data_(data) {}

  std::int64_t parameters() const override { return model_.parameter_count(); }
  std::string tune(double) override { return "one setting"; }
  double loss() override { return model_.evaluate(samples(0, data_.batch)).loss; }

  double train(double seconds) override {
    if (descent_.kind == Descent::Kind::adam)
      return fit(eigencoder::Adam{.learning_rate = descent_.learning_rate}, seconds);
    return fit(eigencoder::RmsProp{.learning_rate = descent_.learning_rate}, seconds);
  }

  double infer(double seconds) override {
    eigencoder::Workspace<float> workspace;
    std::int64_t next = 0;
    return rate(static_cast<double>(data_.batch), seconds, [&] {
      model_.reconstruct(samples(next++ % data_.batches * data_.batch, data_.batch), workspace);
    });
  }

  double latency(double seconds) override {
    eigencoder::Workspace<float> workspace;
    const auto sample = samples(0, 1);
    return median_time(seconds, [&] { model_.reconstruct(sample, workspace); });
  }

 private:
  /// The first epoch warms up.
  template <class Optimizer>
  double fit(const Optimizer& optimizer, double seconds) {
    Stopwatch watch;
    double epochs = -1, passed = 0;
    const auto observer = [&](const eigencoder::EpochReport&) {
      if (++epochs == 0) watch = {};
      passed = watch.seconds();
      return epochs > 0 && passed >= seconds ? eigencoder::Signal::stop : eigencoder::Signal::proceed;
    };
    model_.fit(samples(0, data_.samples()), optimizer,
               {.epochs = std::numeric_limits<eigencoder::Index>::max(), .batch_size = data_.batch,
                .shuffle = false, .observer = observer});
    return epochs * static_cast<double>(data_.samples()) / passed;
  }

  eigencoder::View<float> samples(std::int64_t first, std::int64_t count) const {
    return {data_.sample(first), data_.size.values(), count};
  }

  Model model_;
  Descent descent_;
  const Data& data_;
};

/// What a workload says for its member `ours`, given the model's type.
template <class Model>
std::unique_ptr<Contender> ours(const Workload& workload, const Data& data) {
  return std::make_unique<Ours<Model>>(Model{}, workload.descent, data);
}

}  // namespace benchmark
