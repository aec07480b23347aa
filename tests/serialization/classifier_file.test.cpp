// A classifier goes to files as the autoencoder that it is.
#include <eigencoder/classification.hpp>
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/io.hpp>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "serialization/loading.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace classifier_file_test {
namespace {

using namespace eigencoder;
using Small = Classifier<Encoder<Input<6>, Dense<5>, BatchNorm, Tanh>, Classes<3>>;
const std::vector<int> labels{0, 1, 2, 0, 1, 2, 0, 1};

}  // namespace

TEST_CASE("a classifier is saved and loaded, to the last bit") {
  const TemporaryFolder folder;
  Small classifier, other;
  classifier.fit(random_samples(6), labels, Adam{}, {.epochs = 3, .batch_size = 4});
  save(classifier, folder / "m");
  load(other, folder / "m");
  CHECK(same_values(classifier, other));
  CHECK(other.predict(random_samples(6)) == classifier.predict(random_samples(6)));

  Autoencoder<Encoder<Input<6>, Dense<5>, BatchNorm, Tanh>, Decoder<Dense<3>>, Categorical, Target<Input<3>>> model;
  load(model, folder / "m");
  CHECK(model.reconstruct(random_samples(6)) == classifier.probabilities(random_samples(6)));
}

TEST_CASE("a classifier continues from a checkpoint to the same bits") {
  const TemporaryFolder folder;
  const FitOptions<float> options{.epochs = 4, .batch_size = 4};
  Small whole, stopped, resumed;
  whole.fit(random_samples(6), labels, Adam{}, options);
  FitOptions<float> two = options;
  two.observer = [&](const EpochReport& report) {
    if (report.epoch == 2) save_checkpoint(stopped, folder / "c");
  };
  stopped.fit(random_samples(6), labels, Adam{}, two);
  load_checkpoint(resumed, folder / "c");
  resumed.fit(random_samples(6), labels, Adam{}, options);
  CHECK(same_values(whole, resumed));
}

TEST_CASE("a frozen classifier continues from a checkpoint to the same bits") {
  using Frozen0 = Classifier<Encoder<Input<6>, Dense<5>, BatchNorm, Tanh>, Classes<3>, Frozen<FirstLayers>>;
  const TemporaryFolder folder;
  const FitOptions<float> options{.epochs = 4, .batch_size = 4};
  const Frozen<FirstLayers> two_layers{.count = 2};
  Frozen0 whole{two_layers}, stopped{two_layers}, resumed{two_layers};
  whole.fit(random_samples(6), labels, Adam{}, options);
  FitOptions<float> two = options;
  two.observer = [&](const EpochReport& report) {
    if (report.epoch == 2) save_checkpoint(stopped, folder / "c");
  };
  stopped.fit(random_samples(6), labels, Adam{}, two);
  load_checkpoint(resumed, folder / "c");
  resumed.fit(random_samples(6), labels, Adam{}, options);
  CHECK(same_values(whole, resumed));
}

TEST_CASE("the line that converts a pickle takes the state_dict of a checkpoint, and tensors alone") {
  const TemporaryFolder folder;
  std::ofstream(folder / "model.pth", std::ios::binary) << std::string("PK\3\4\0\0\10\10\0\0\0\0\0\0\0\0data.pkl", 24);
  Small classifier;
  const std::string message = thrown<FileError>([&] { load_layers(classifier, folder / "model.pth"); });
  CHECK(says(message, {"d.get('state_dict', d).items() if torch.is_tensor(v)"}));
}

}  // namespace classifier_file_test
