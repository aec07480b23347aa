// Checkpoints that are truncated, or have flipped bits or forged values: loading fails and leaves the model unchanged,
// or gives the original values.
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/serialization/model_file.hpp>

#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/counted_memory.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace malformed_checkpoint_test {
namespace {

using Model = Autoencoder<Encoder<Input<5>, Dense<3>, BatchNorm>, Decoder<Mirror>, SquaredError, Sparse<L1>>;

MatrixX<float> data() { return MatrixX<float>::Constant(5, 12, 0.5F) + 0.1F * MatrixX<float>::Identity(5, 12); }
const FitOptions<float> options{.epochs = 4, .batch_size = 5, .early_stopping = EarlyStopping{}};

/// The bytes of a checkpoint in the middle of the second epoch, also written to "c".
std::vector<std::uint8_t> checkpoint(const TemporaryFolder& folder) {
  Model model;
  struct Write {
    const Model* model;
    std::string path;
    void on_batch(const BatchReport& r) {
      if (r.epoch == 2 && r.batch == 2) save_checkpoint(*model, path);
    }
    void operator()(const EpochReport&) {}
  };
  FitOptions<float> watched = options;
  watched.observer = Write{&model, folder / "c"};
  model.fit(data(), Adam{}, watched);
  return bytes_of(folder / "c");
}

/// Everything that a checkpoint of the model would hold.
std::string everything(const Model& model) {
  auto tensors = detail::model_contents(model, {}).tensors;
  Metadata metadata;
  detail::write_training(detail::ModelAccess::state(model), detail::term_list(model), tensors, metadata);
  std::string all;
  for (const auto& tensor : tensors) all.append(tensor.name).append(tensor.bytes.begin(), tensor.bytes.end());
  for (const auto& [key, value] : metadata) all += key + value;
  return all;
}

}  // namespace

TEST_CASE("a truncated checkpoint is refused, and one with a flipped bit refused or read unchanged") {
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> whole = checkpoint(folder);
  Model original;
  load_checkpoint(original, folder / "c");
  const auto expected = everything(original);
  const auto fresh = everything(Model());

  const auto try_out = [&](std::span<const std::uint8_t> bytes) {
    folder.put("x", bytes);
    Model model;
    try {
      load_checkpoint(model, folder / "x");
    } catch (const FileError&) {
      return everything(model) == fresh ? 0 : 2;  // refused, and unchanged
    }
    return everything(model) == expected ? 1 : 3;
  };
  int answers[4] = {};
  for (std::size_t n = 0; n < whole.size(); n += n < 512 ? 1 : 7) ++answers[try_out(std::span(whole).first(n))];
  CHECK((answers[1] == 0 && answers[2] == 0 && answers[3] == 0));
  std::uint64_t header = 0;
  std::memcpy(&header, whole.data(), sizeof header);
  for (std::size_t bit = 0; bit < 8 * (8 + header); ++bit) {
    std::vector<std::uint8_t> flipped = whole;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1U << bit % 8));
    const int answer = try_out(flipped);
    ++answers[answer];
    INFO("bit " << bit);
    CHECK(answer <= 1);
  }
  CHECK(answers[0] > 1000);
}

TEST_CASE("loading a checkpoint takes at most twice the file and 1 MiB") {
  using Wide = Autoencoder<Encoder<Input<500>, Dense<600>>, Decoder<Mirror>, SquaredError>;
  const TemporaryFolder folder;
  Wide model;
  FitOptions<float> watched{.epochs = 1, .early_stopping = EarlyStopping{}};
  watched.observer = [&](const EpochReport&) { save_checkpoint(model, folder / "c"); };
  model.fit(MatrixX<float>::Random(500, 4).eval(), Adam{}, watched);
  const auto size = bytes_of(folder / "c").size();
  const auto taken = memory_of([&] { load_checkpoint(model, folder / "c"); });
  if (taken > 0) CHECK(taken > size);  // sanitizers prevent counting
  CHECK(taken <= 2 * size + (std::size_t{1} << 20));
}

TEST_CASE("forged values in a checkpoint are refused") {
  const TemporaryFolder folder;
  checkpoint(folder);
  const detail::SafetensorsFile file = detail::read_safetensors(folder / "c");
  // Writes the checkpoint with one tensor changed. Returns the error of loading it or of `fit`; empty if there is none.
  const auto refusal = [&](const std::string& name, const std::function<void(std::vector<std::uint8_t>&)>& change) {
    std::vector<detail::OwnedTensor> tensors;
    for (const auto& info : file.tensors) {
      const auto payload = file.payload(info);
      tensors.push_back({info.name, info.type, info.shape, {payload.begin(), payload.end()}});
      if (info.name == name) change(tensors.back().bytes);
    }
    detail::write_safetensors(folder / "x", tensors, file.metadata);
    Model model;
    try {
      load_checkpoint(model, folder / "x");
      model.fit(data(), Adam{}, options);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const auto put = [](std::size_t i, auto value) {
    return [=](std::vector<std::uint8_t>& bytes) {
      std::memcpy(bytes.data() + i * sizeof value, &value, sizeof value);
    };
  };
  CHECK(refusal("none", put(0, 0)).empty());  // it is valid unchanged
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  const auto possible_step = std::int64_t{1} << 50;
  for (std::size_t count = 0; count < 11; ++count)
    for (const std::int64_t value : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::max(), possible_step}) {
      INFO("count " << count << " = " << value);
      const std::string message = refusal("training.counts", put(count, value));
      const bool harmless = value == possible_step && count == 0;  // a step that a long run can reach
      CHECK(message.empty() == harmless);
    }
  for (std::size_t number = 0; number < 4; ++number) CHECK_FALSE(refusal("training.numbers", put(number, nan)).empty());
  for (const std::size_t flag : {5U, 7U}) CHECK_FALSE(refusal("training.flags", put(flag, std::int64_t{9})).empty());
  CHECK_FALSE(refusal("training.flags", put(4, std::int64_t{0})).empty());
  CHECK_FALSE(refusal("training.sums", put(0, nan)).empty());
  CHECK_FALSE(refusal("training.optimizer.1", put(3, std::numeric_limits<float>::infinity())).empty());
  CHECK_FALSE(refusal("training.best.parameters", put(3, std::numeric_limits<float>::quiet_NaN())).empty());
  CHECK_FALSE(refusal("training.history", put(0, nan)).empty());

  // One epoch of 3 batches and 2 batches of the second are complete; counts: steps, optimizer's steps, ...
  CHECK(says(refusal("training.counts", put(0, std::int64_t{2})), {"contradict each other"}));
  CHECK(says(refusal("training.counts", put(8, std::int64_t{0})), {"contradict each other"}));  // batch_size
  CHECK(says(refusal("training.counts", put(6, std::int64_t{0})), {"contradict each other"}));  // best_epoch
  CHECK(says(refusal("training.counts", put(10, std::int64_t{4})), {"contradict each other"}));  // steps before it
  CHECK(says(refusal("training.counts", put(9, std::int64_t{-7})), {"'training.counts' holds -7 at value 9"}));
  CHECK(says(refusal("training.numbers", put(1, -1e-3)), {"'training.numbers' holds -0.001 at value 1", "at least 0"}));
  CHECK(says(refusal("training.numbers", put(2, 0.0)), {"'training.numbers' holds 0 at value 2", "best epoch"}));
  CHECK(says(refusal("training.flags", put(1, std::int64_t{2})), {"'training.flags' holds 2 at value 1", "0 or 1"}));
  const auto infinity = std::numeric_limits<double>::infinity();
  CHECK(says(refusal("training.history", put(0, 0.0)),
             {"'training.history' holds 0 at value 0", "a number of epochs"}));
  CHECK(says(refusal("training.history", put(0, 2.5)), {"'training.history' holds 2.5 at value 0"}));
  CHECK(says(refusal("training.history", put(1, nan)), {"'training.history' holds nan at value 1", "finite loss"}));
  CHECK(says(refusal("training.history", put(2, infinity)), {"'training.history' holds inf at value 2"}));
  CHECK(says(refusal("training.history", put(3, -1.0)), {"'training.history' holds -1 at value 3", "learning rate"}));
  CHECK(says(refusal("training.history", put(4, nan)), {"'training.history' holds nan at value 4", "time"}));
  CHECK(says(refusal("training.history", put(5, nan)), {"'training.history' holds nan at value 5", "term"}));
  const auto variance = static_cast<std::size_t>(Model().layout().statistics_block(1).offset + 1);
  CHECK(says(refusal("training.best.statistics", put(variance, -2.0F)),
             {"'training.best.statistics' holds -2 at value " + std::to_string(variance), "at least 0"}));
  CHECK(says(refusal("encoder.1.running_var", put(2, -2.0F)), {"'encoder.1.running_var' holds -2 at value 2"}));

  CHECK(refusal("training.optimizer.0", put(3, -0.5F)).empty());  // a mean of gradients
  CHECK(says(refusal("training.optimizer.1", put(3, -0.5F)),      // a mean of their squares
             {"cannot resume from '" + (folder / "x"), "'training.optimizer.1' holds -0.5 at value 3",
              "at least 0 for Adam"}));
  Model model;
  load_checkpoint(model, folder / "x");
  const auto before = everything(model);
  for (int again = 0; again < 2; ++again) CHECK_THROWS_AS(model.fit(data(), Adam{}, options), FileError);
  CHECK(everything(model) == before);

  Model finished;  // after a completed run, the next one continues with the optimizer's values too
  finished.fit(data(), Adam{}, options);
  detail::ModelAccess::state(finished, "changed").optimizer.arrays[1].data()[3] = -0.5F;
  save_checkpoint(finished, folder / "f");
  load_checkpoint(model, folder / "f");
  CHECK(says(thrown<FileError>([&] { model.fit(data(), Adam{}, options); }), {folder / "f", "training.optimizer.1"}));
  CHECK_NOTHROW(model.fit(data(), AdamW{}, options));  // another optimizer starts anew
}

}  // namespace malformed_checkpoint_test
