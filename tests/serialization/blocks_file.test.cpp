// Model files and checkpoints of models with `Blocks`.
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/io.hpp>

#include <string>
#include <vector>

#include "laws/samples.hpp"
#include "serialization/loading.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"
#include "support/toy_models.hpp"

namespace blocks_file_test {

using namespace eigencoder;

using Table = Autoencoder<Encoder<Input<7>, Dense<5>, Tanh, Dense<3>>, Decoder<Mirror>, Blocks>;

// Names as a table's header may have them: with quotes, a line end, and bytes that are no UTF-8.
const std::string odd_name = "a \"quoted\"\nname, \\ and \xFF";
Blocks table() {
  return {{{"price", 2, BlockLoss::gaussian}, {odd_name, 3, BlockLoss::categorical, 2},
           {"sold", 1, BlockLoss::bernoulli}, {"", 1, BlockLoss::gaussian}}};
}

/// The text of the error that loading the file into a model of other blocks throws.
std::string refusal(const std::string& path, const Blocks& blocks) {
  Table other{blocks};
  return thrown<FileError>([&] { load(other, path); });
}

TEST_CASE("a file of blocks holds their layout and the learned variances") {
  const TemporaryFolder folder;
  const MatrixX<float> x = laws::table_samples<float>(7, 30);
  Table model{table()}, other{table()};
  model.fit(x, Adam{.learning_rate = 1e-2}, {.epochs = 3});
  save(model, folder / "a");
  load(other, folder / "a");
  CHECK(same_values(model, other));
  CHECK(model.evaluate(x).loss == other.evaluate(x).loss);

  const auto contents = detail::model_contents(model, {});
  const auto& tensor = contents.tensors.back();
  CHECK(tensor.name == "loss.log_variance");
  CHECK(tensor.shape == std::vector<std::uint64_t>{3});
  const std::string text = read_architecture(folder / "a");
  CHECK(text.find("loss: Blocks\n"
                  "loss.0: gaussian of 2, 'price'\n"
                  "loss.1: categorical of 3, 'a \"quoted\"\\x0Aname, \\x5C and \\xFF'\n"
                  "loss.2: bernoulli of 1, 'sold'\n"
                  "loss.3: gaussian of 1, ''\n") != text.npos);
}

TEST_CASE("a file of other blocks is refused by the first that differs") {
  const TemporaryFolder folder;
  save(Table{table()}, folder / "a");
  Blocks other = table();
  other.blocks[2].name = "bought";
  CHECK(says(refusal(folder / "a", other), {"another architecture", "'loss.2: bernoulli of 1, 'sold''", "'bought'"}));
  other = table();
  other.blocks[2].loss = BlockLoss::squared_error;
  CHECK(says(refusal(folder / "a", other), {"another architecture", "loss.2: bernoulli of 1", "squared_error of 1"}));
  other = table();
  std::swap(other.blocks[0], other.blocks[1]);
  CHECK(says(refusal(folder / "a", other), {"another architecture", "loss.0: gaussian of 2", "categorical of 3"}));
  other = table();
  other.blocks[0].weight = 7;  // what changes training alone is not a part of it
  CHECK(refusal(folder / "a", other).empty());
}

TEST_CASE("blocks without a learned variance have no tensor for it") {
  const TemporaryFolder folder;
  Table model{Blocks{{{"a", 7, BlockLoss::squared_error}}}}, other = model;
  other.initialize(3);
  save(model, folder / "a");
  load(other, folder / "a");
  CHECK(same_values(model, other));
  for (const auto& tensor : detail::model_contents(model, {}).tensors) CHECK(tensor.name != "loss.log_variance");
}

TEST_CASE("training with blocks continues from a checkpoint bit for bit") {
  const TemporaryFolder folder;
  const MatrixX<float> x = laws::table_samples<float>(7, 30);
  Table whole{table()}, first{table()}, second{table()};
  const FitOptions<float> options{.epochs = 2, .batch_size = 8};
  whole.fit(x, Adam{}, {.epochs = 4, .batch_size = 8});
  first.fit(x, Adam{}, options);
  save_checkpoint(first, folder / "c");
  load_checkpoint(second, folder / "c");
  second.fit(x, Adam{}, options);
  CHECK(bits(whole) == bits(second));
  REQUIRE(second.epochs().size() == 4);
  for (std::size_t e = 0; e < 4; ++e) {
    const auto &ours = second.epochs()[e].terms, &theirs = whole.epochs()[e].terms;
    REQUIRE(ours.size() == 3);
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(ours[k].name == theirs[k].name);
      CHECK(ours[k].value == theirs[k].value);
    }
  }
  CHECK(second.epochs()[0].terms[1].name == odd_name);
  Blocks other = table();
  other.blocks[2].name = "";
  Table renamed{other};
  CHECK(says(thrown<FileError>([&] { load_checkpoint(renamed, folder / "c"); }), {"another architecture"}));
}

}  // namespace blocks_file_test
