// Files of restricted Boltzmann machines.
#include "support/catch.hpp"

#include <eigencoder/optimizers/sgd.hpp>
#include <eigencoder/serialization/model_file.hpp>
#include <limits>

#include "pretraining/toy_rbms.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace rbm_file_test {
using namespace toy_rbms;

TEST_CASE("a file holds the parameters, the chains and the means of every machine") {
  each_rbm(
      [](auto machine) {
        const Matrix samples = samples_for(machine.visible(), 9, 6);
        machine.fit(samples, Sgd{.learning_rate = 0.01}, {.epochs = 1, .batch_size = 5});
        const TemporaryFolder folder;
        save(machine, folder / "rbm.safetensors", {.metadata = {{"of", "toys"}}});
        auto loaded = randomized(machine, 77);
        loaded.initialize(77);  // draws other chains
        for (const StatisticsBlock& block : machine.layout().statistics_blocks()) {
          const auto values = machine.statistics().subspan(static_cast<std::size_t>(block.offset)),
                     others = loaded.statistics().subspan(static_cast<std::size_t>(block.offset));
          REQUIRE(!std::equal(values.begin(), values.begin() + block.size, others.begin()));
        }
        const auto file = load(loaded, folder / "rbm.safetensors");
        CHECK(*file.find("of") == "toys");
        CHECK(std::equal(machine.parameters().begin(), machine.parameters().end(), loaded.parameters().begin()));
        CHECK(std::equal(machine.statistics().begin(), machine.statistics().end(), loaded.statistics().begin()));
        CHECK(loaded.epochs().empty());

        const Matrix more = samples_for(machine.visible(), 4, 8);  // goes into the means equally after either training
        machine.fit(more, Sgd{.learning_rate = 1e-300}, {.epochs = 1, .batch_size = 4, .shuffle = false});
        loaded.fit(more, Sgd{.learning_rate = 1e-300}, {.epochs = 1, .batch_size = 4, .shuffle = false});
        const StatisticsBlock& means = machine.layout().statistics_blocks()[1];
        for (Index i = means.offset; i < means.offset + means.size; ++i)
          CHECK(loaded.statistics()[static_cast<std::size_t>(i)] == machine.statistics()[static_cast<std::size_t>(i)]);
      },
      PersistentContrastiveDivergence{.chains = 6, .centered = true});
}

TEST_CASE("a file of another machine is refused, and the machine stays as it was") {
  const TemporaryFolder folder;
  const std::string path = folder / "rbm.safetensors";
  save(Rbm{BernoulliUnits{4}, BernoulliUnits{3}}, path);
  CHECK(read_architecture(path) == "input: 4\nencoder.0: Rbm<BernoulliUnits, BernoulliUnits> -> 3\nloss: Bernoulli\n");
  const auto refuses = [&](auto machine, std::initializer_list<std::string_view> words) {
    const std::vector<float> before(machine.parameters().begin(), machine.parameters().end());
    CHECK(says(thrown<FileError>([&] { load(machine, path); }), words));
    CHECK(std::equal(before.begin(), before.end(), machine.parameters().begin()));
  };
  refuses(Rbm{BernoulliUnits{5}, BernoulliUnits{3}}, {path, "input: 4", "input: 5"});
  refuses(Rbm{BernoulliUnits{4}, BernoulliUnits{2}}, {"-> 3", "-> 2"});
  refuses(Rbm{GaussianUnits{4}, BernoulliUnits{3}}, {"GaussianUnits"});
  refuses(Rbm{BernoulliUnits{4}, GaussianUnits{3}}, {"GaussianUnits"});
  refuses(Rbm{BernoulliUnits{4}, BernoulliUnits{3}, PersistentContrastiveDivergence{}}, {"chains"});
  std::filesystem::resize_file(path, 100);
  refuses(Rbm{BernoulliUnits{4}, BernoulliUnits{3}}, {path});
}

TEST_CASE("a file with values that a machine cannot have is refused") {
  const TemporaryFolder folder;
  const std::string path = folder / "rbm.safetensors";
  Rbm machine{BernoulliUnits{4}, BernoulliUnits{3}};
  machine.visible_bias()[2] = std::numeric_limits<float>::quiet_NaN();
  save(machine, path);
  Rbm loaded{BernoulliUnits{4}, BernoulliUnits{3}};
  CHECK(says(thrown<FileError>([&] { load(loaded, path); }), {"visible_bias", "NaN", "value 2"}));
}

}  // namespace rbm_file_test
