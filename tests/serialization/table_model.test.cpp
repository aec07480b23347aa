// A model of a table with gaps: it fills them, and comes back from its file with its encoder.
#include "support/catch.hpp"

#include <eigencoder/eigencoder.hpp>
#include <eigencoder/evaluation/impute.hpp>
#include <eigencoder/io.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "data/toy_tables.hpp"
#include "support/temporary_folder.hpp"

using namespace eigencoder;

namespace table_model_test {
namespace {

/// Four animals with their sounds, weights and dates of birth in a season of their own.
Table animals(std::uint64_t seed, Index rows) {
  const std::vector<std::string> names{"cat", "cow", "dog", "hen"}, sounds{"meow", "moo", "woof", "cluck"},
      seasons{"2020-01-", "2020-04-", "2020-07-", "2020-10-"};
  Random random(seed, Purpose::user);
  std::vector<std::string> animal, sound, born;
  std::vector<double> weight;
  for (Index i = 0; i < rows; ++i) {
    const std::uint32_t kind = random.below(4);
    animal.push_back(names[kind]);
    sound.push_back(random.below(10) == 0 ? "" : sounds[kind]);
    weight.push_back(random.below(10) == 0 ? missing_number : std::exp(kind + 0.1 * random.normal()));
    born.push_back(seasons[kind] + std::to_string(10 + random.below(19)));
  }
  Table table;
  table.add("animal", animal);
  table.add("sound", sound);
  table.add("weight", weight);
  table.add("born", born);
  return table;
}

auto model_of(const TableEncoder& encoder) {
  return Autoencoder{Encoder{Input{encoder.value_count()}, Dense{24}, Tanh{}, Dense{6}}, Mirror{}, encoder.blocks(),
                     MissingValues<>{.drop_rate = 0.3, .groups = encoder.column_sizes()}};
}

}  // namespace

TEST_CASE("a model of a table fills its gaps with the right words, and so does it from its file") {
  const Table training = animals(1, 500);
  const TableEncoder encoder(training, {.columns = {{"weight", ColumnKind::number, NumberScaling::logarithmic}}});
  auto model = model_of(encoder);
  const auto history = model.fit(encoder.transform(training), Adam{.learning_rate = 5e-3}, {.epochs = 25, .seed = 1});
  CHECK(history.epochs.back().terms[1].name == "sound");

  const Table truth = animals(2, 100);
  Table gaps = truth;
  for (const char* name : {"animal", "sound"})
    for (std::string& word : gaps.words(name)) word.clear();
  for (double& weight : gaps.numbers("weight")) weight = missing_number;
  const MatrixX<float> samples = encoder.transform(gaps);
  const Table filled = encoder.inverse_transform(impute(model, samples));
  CHECK(filled.column("born") == truth.column("born"));
  int right = 0;
  for (std::size_t i = 0; i < 100; ++i)
    right += filled.column("animal").words()[i] == truth.column("animal").words()[i] ? 1 : 0;
  CHECK(right > 90);  // the most frequent word is right in about 25

  const TemporaryFolder folder;
  save(model, folder / "animals.safetensors", {.metadata = {{"table", to_text(encoder)}}});
  const ModelMetadata saved = read_metadata(folder / "animals.safetensors");  // before there is a model
  REQUIRE(saved.find("table") != nullptr);
  CHECK(saved.metadata.size() == 1);
  CHECK(*load(model, folder / "animals.safetensors").find("table") == *saved.find("table"));
  CHECK_THROWS_AS(read_metadata(folder / "no.safetensors"), FileError);
  const TableEncoder again = table_encoder_from_text(*saved.find("table"));
  auto fresh = model_of(again);
  load(fresh, folder / "animals.safetensors");
  CHECK(impute(fresh, again.transform(gaps)).isApprox(impute(model, samples), 0));

  // A word that the encoder does not know is a value that the model has never seen.
  Table strange = truth;
  strange.words("animal")[0] = "unicorn";
  const std::vector<double> known = sample_losses(fresh, again.transform(truth)),
                            unknown = sample_losses(fresh, again.transform(strange));
  CHECK(unknown[0] > known[0] + 2);
  CHECK(unknown[1] == known[1]);
}

}  // namespace table_model_test
