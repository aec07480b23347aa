// A pretraining that was interrupted continues from its checkpoints to the same bits, wherever it stopped.
#include <eigencoder/pretraining/checkpoints.hpp>

#include "support/catch.hpp"

#include <fstream>
#include <stdexcept>
#include <string>

#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"
#include "support/toy_models.hpp"

using namespace eigencoder;

namespace pretrain_checkpoints_test {
namespace {

auto toy() {
  return Autoencoder{Encoder{Input{6}, Dense{5}, BatchNorm{}, Tanh{}, Dense{3}}, Mirror{}, SquaredError{}};
}

/// Stops everything at a batch, counted over all layers.
struct Interruption {
  int* batches_left;
  void operator()(const EpochReport&) const {}
  void on_batch(const BatchReport&) const {
    if (--*batches_left < 0) throw std::runtime_error("power cut");
  }
};

GreedyAutoencoders<Masking, Adam> how(const Observer& observer = {}) {
  return {.layers = {{.fit = {.epochs = 2, .batch_size = 10, .seed = 2, .observer = observer}}}};
}

TEST_CASE("pretraining resumes at each of its steps to the same bits") {
  const MatrixX<float> samples = unit_samples(6, 50);
  auto whole = toy();
  const auto histories = pretrain(whole, samples, how());
  for (int stop = 0; stop <= 20; ++stop) {
    INFO("after batch " << stop);
    const TemporaryFolder folder;
    auto model = toy();
    int left = stop;
    const auto run = [&](const Observer& observer) {
      return pretrain(model, samples, how(observer), folder.path(), {.every_steps = 1});
    };
    if (stop < 20) CHECK(says(thrown<ObserverError>([&] { run(Interruption{&left}); }), {"power cut"}));
    else run({});
    model = toy();
    const auto resumed = run({});
    CHECK((bits(model) == bits(whole)));
    for (std::size_t k = 0; k < 2; ++k)
      for (std::size_t i = 0; i < 2; ++i) CHECK(same(resumed[k].epochs.at(i), histories[k].epochs[i]));
  }
}

TEST_CASE("pretraining of machines resumes to the same bits") {
  const MatrixX<float> samples = unit_samples(6, 50);
  const auto model_of = [] {
    return Autoencoder{Encoder{Input{6}, Dense{5}, Sigmoid{}, Dense{3}}, Mirror{}, Bernoulli{}};
  };
  const auto machines = [](const Observer& observer) {
    return GreedyRbms{.sampling = PersistentContrastiveDivergence{.chains = 7},
                      .layers = {{.fit = {.epochs = 2, .batch_size = 10, .seed = 2, .observer = observer}}}};
  };
  auto whole = model_of();
  pretrain(whole, samples, machines({}));
  for (const int stop : {1, 7, 10, 14}) {
    INFO("after batch " << stop);
    const TemporaryFolder folder;
    auto model = model_of();
    int left = stop;
    const auto run = [&](const Observer& observer) {
      pretrain(model, samples, machines(observer), folder.path(), {.every_steps = 1});
    };
    CHECK(says(thrown<ObserverError>([&] { run(Interruption{&left}); }), {"power cut"}));
    model = model_of();
    run({});
    CHECK((bits(model) == bits(whole)));
  }
}

TEST_CASE("checkpoints of another pretraining are refused") {
  const MatrixX<float> samples = unit_samples(6, 50);
  const TemporaryFolder folder;
  auto model = toy();
  pretrain(model, samples, how(), folder.path());
  auto other = how();
  other.layers[0].fit.batch_size = 5;
  model = toy();
  CHECK(says(thrown<OptionError>([&] { pretrain(model, samples, other, folder.path()); }), {"batch_size"}));
  CHECK(says(thrown<OptionError>([&] { pretrain(model, samples, how(), folder.path(), {.keep = 0}); }),
             {"keep"}));
}

TEST_CASE("a refused checkpoint leaves the model as it was") {
  const MatrixX<float> samples = unit_samples(6, 50);
  const TemporaryFolder folder;
  auto model = toy();
  pretrain(model, samples, how(), folder.path());
  auto other = how();
  other.layers[0].fit.batch_size = 5;
  model = toy();
  model.fit(samples, Adam{}, {.epochs = 1});
  const auto before = bits(model);
  CHECK_THROWS_AS(pretrain(model, samples, other, folder.path()), OptionError);
  CHECK((bits(model) == before));
  CHECK(model.epochs().size() == 1);
}

TEST_CASE("a layer that an observer stopped is done, and the next one resumes on its codes") {
  const MatrixX<float> samples = unit_samples(6, 50);
  const auto stopping = [] {
    auto stopped = how([](const EpochReport& report) { return report.epoch == 2 ? Signal::stop : Signal::proceed; });
    stopped.layers[0].fit.epochs = 4;
    stopped.layers.push_back(how().layers[0]);
    return stopped;
  };
  auto whole = toy();
  pretrain(whole, samples, stopping());
  const TemporaryFolder folder;
  auto model = toy();
  int left = 7;
  auto interrupted = stopping();
  interrupted.layers[1].fit.observer = Interruption{&left};
  CHECK_THROWS_AS(pretrain(model, samples, interrupted, folder.path()), ObserverError);
  auto unstopped = stopping();
  unstopped.layers[0].fit.observer = {};  // would train on
  model = toy();
  const auto histories = pretrain(model, samples, unstopped, folder.path());
  CHECK((bits(model) == bits(whole)));
  CHECK((histories[0].epochs.size() == 2 && histories[0].ended_by_budget));
}

TEST_CASE("a layer that ends elsewhere than before is refused, and so is a damaged note of its end") {
  const MatrixX<float> samples = unit_samples(6, 50);
  const TemporaryFolder folder;
  auto stopped = how([](const EpochReport& report) { return report.epoch == 3 ? Signal::stop : Signal::proceed; });
  stopped.layers[0].fit.epochs = 4;
  const CheckpointOptions every_second{.every_epochs = 2};
  auto model = toy();
  pretrain(model, samples, stopped, folder.path(), every_second);
  stopped.layers[0].fit.observer = {};
  model = toy();
  CHECK(says(thrown<OptionError>([&] { pretrain(model, samples, stopped, folder.path(), every_second); }),
             {"layer 1", "after 15 steps", "now after 20"}));
  std::ofstream(folder.path() + "/layer-1/ended") << "many";
  CHECK(says(thrown<FileError>([&] { pretrain(model, samples, stopped, folder.path()); }), {"ended", "steps"}));
}

}  // namespace
}  // namespace pretrain_checkpoints_test
