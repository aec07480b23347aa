#pragma once

#include <eigencoder/eigencoder.hpp>
#include <limits>
#include <utility>

#include "stopwatch.hpp"
#include "workload.hpp"

namespace benchmark {

/// Our side of a workload, as users call it.
template <class Model>
class Ours final : public Contender {
 public:
  Ours(Model model, const Data& data) : model_(std::move(model)), data_(data) {}

  std::int64_t parameters() const override { return model_.parameter_count(); }
  std::string tune(double) override { return "one setting"; }
  double loss() override { return model_.evaluate(samples(0, data_.batch)).loss; }

  /// The first epoch of `fit` warms up.
  double train(double seconds) override {
    Stopwatch watch;
    double epochs = -1, passed = 0;
    const auto observer = [&](const eigencoder::EpochReport&) {
      if (++epochs == 0) watch = {};
      passed = watch.seconds();
      return epochs > 0 && passed >= seconds ? eigencoder::Signal::stop : eigencoder::Signal::go_on;
    };
    model_.fit(samples(0, data_.samples()), eigencoder::Adam{},
               {.epochs = std::numeric_limits<eigencoder::Index>::max(), .batch_size = data_.batch,
                .observer = observer});
    return epochs * static_cast<double>(data_.samples()) / passed;
  }

  double infer(double seconds) override {
    return rate(static_cast<double>(data_.samples()), seconds, [&] {
      for (std::int64_t i = 0; i < Data::batches; ++i)
        model_.reconstruct(samples(i * data_.batch, data_.batch), workspace_);
    });
  }

 private:
  eigencoder::View<float> samples(std::int64_t first, std::int64_t count) const {
    return {data_.values.data() + first * data_.size.values(), data_.size.values(), count};
  }

  Model model_;
  const Data& data_;
  eigencoder::Workspace<float> workspace_;
};

/// What a workload says for its member `ours`, given a function that builds the model.
template <class Build>
auto ours(Build build) {
  return [build](const Data& data) -> std::unique_ptr<Contender> {
    return std::make_unique<Ours<decltype(build())>>(build(), data);
  };
}

}  // namespace benchmark
