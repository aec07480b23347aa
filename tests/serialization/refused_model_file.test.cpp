// Files that do not fit a model or are damaged: an error that names the cause, and the model stays as it was.
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/io.hpp>

#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "serialization/loading.hpp"
#include "support/catch.hpp"
#include "support/malformed.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;
using detail::DType;
using detail::OwnedTensor;
using detail::write_safetensors;

TEST_CASE("a file of another architecture names the first difference") {
  const TemporaryFolder folder;
  auto model = trained<Small<>>();
  const auto refused_of = [&](const auto& other) {
    save(other, folder / "o");
    return load_error(model, folder / "o");
  };
  using E = Encoder<Input<6>, Dense<5>, BatchNorm, Tanh, Dense<3>>;
  CHECK(says(refused_of(Autoencoder<Encoder<Input<7>, Dense<5>>, Decoder<Mirror>, SquaredError>{}),
             {"another architecture: the file has 'input: 7', the model 'input: 6'"}));
  CHECK(says(
      refused_of(Autoencoder<Encoder<Input<6>, Dense<4>, BatchNorm, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError>{}),
      {"the file has 'encoder.0: Dense<4> -> 4', the model 'encoder.0: Dense<5> -> 5'"}));
  CHECK(says(refused_of(Autoencoder<E, Decoder<Mirror>, SquaredError, Variational<>>{}),
             {"the file has 'bottleneck: Gaussian posterior', the model 'decoder.0: Mirrored(Dense<3>) -> 5'"}));
  CHECK(says(refused_of(Autoencoder<E, Decoder<Mirror>, Bernoulli>{}),
             {"the file has 'loss: Bernoulli', the model 'loss: SquaredError'"}));
  CHECK(says(
      refused_of(Autoencoder<Encoder<Input<6>, Dense<5>, BatchNorm, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError>{
          Encoder<Input<6>, Dense<5>, BatchNorm, Tanh, Dense<3>>{{}, {}, BatchNorm{.epsilon = 1e-3}, {}, {}}}),
      {"the file has 'encoder.1: BatchNorm(epsilon = 0.001) -> 5'", "'encoder.1: BatchNorm(epsilon = 1e-05) -> 5'"}));
  Small<Precision<double>> wider;
  CHECK(says(refused_of(wider),
             {"its tensor 'encoder.0.weight' is F64, the model has F32 (LoadOptions::convert converts it, a model "
              "with Precision<double> reads it unconverted)"}));
  Small<Sparse<L1>> penalized;  // a penalty changes training alone and is not in the architecture
  save(penalized, folder / "o");
  load(model, folder / "o");
  CHECK(says(thrown<FileError>([&] { load(model, folder / "none"); }), {folder / "none"}));
}

TEST_CASE("a file of PyTorch needs the layers' tensors alone; the first that does not fit is named") {
  const TemporaryFolder folder;
  using Model = Autoencoder<Encoder<Input<6>, Dense<5>, BatchNorm, TopK<4>, Dense<4>, BatchTopK<2>>, Decoder<Mirror>,
                            LearnedGaussian>;
  Model source;
  randomize(source);
  auto model = trained<Model>();
  auto tensors = detail::model_contents(source, {}).tensors;
  std::erase_if(tensors, [](const OwnedTensor& t) {
    return t.name.find("num_batches") != t.name.npos || t.name.find("fired") != t.name.npos ||
           t.name.find("threshold") != t.name.npos || t.name == "loss.log_variance";
  });
  const std::string path = folder / "p";
  SECTION("what PyTorch does not write gets its initial value") {
    write_safetensors(path, tensors, {{"format", "pt"}});
    CHECK(load(model, path).metadata == Metadata{{"format", "pt"}});
    Model fresh;
    const auto& state = detail::ModelAccess::state(model);
    for (const auto& block : model.layout().statistics_blocks())
      for (Index i = block.offset; i < block.offset + block.size; ++i) {
        const bool normalization = block.layer == 1 || block.layer == 6;
        CHECK(state.statistics.data()[i] == (normalization ? source : fresh).statistics()[static_cast<std::size_t>(i)]);
      }
    const Index loss = model.layout().blocks().back().offset;
    for (Index i = 0; i < loss; ++i)
      CHECK(state.parameters.data()[i] == source.parameters()[static_cast<std::size_t>(i)]);
    CHECK(state.parameters.data()[loss] == 0);
  }
  SECTION("a missing one") {
    drop(tensors, "encoder.1.running_var");
    drop(tensors, "decoder.0.bias");
    write_safetensors(path, tensors);
    CHECK(says(load_error(model, path), {"it has no tensor 'encoder.1.running_var', which the model needs (5)"}));
  }
  SECTION("another shape") {
    named(tensors, "encoder.0.weight").shape = {6, 5};
    write_safetensors(path, tensors);
    CHECK(says(load_error(model, path), {"its tensor 'encoder.0.weight' is 6x5, the model has 5x6"}));
  }
  SECTION("another type") {
    named(tensors, "encoder.0.bias").type = DType::I64;
    named(tensors, "encoder.0.bias").bytes.resize(40);
    write_safetensors(path, tensors);
    CHECK(says(load_error(model, path), {"its tensor 'encoder.0.bias' is I64, the model has F32"}));
  }
  SECTION("an unknown one") {
    tensors.push_back({"encoder.9.weight", DType::F32, {1}, std::vector<std::uint8_t>(4)});
    write_safetensors(path, tensors);
    CHECK(says(load_error(model, path), {"its tensor 'encoder.9.weight' is not one of the model's"}));
  }
  SECTION("a file of the library must have all tensors") {
    write_safetensors(path, tensors, detail::model_metadata(detail::model_schema(source)));
    CHECK(says(load_error(model, path),
               {"it has no tensor 'encoder.1.num_batches_tracked', which the model needs (a single value)"}));
  }
}

TEST_CASE("NaN and infinity are refused by name, unless the options allow them") {
  const TemporaryFolder folder;
  auto model = trained<Small<>>();
  Small<> sick;
  const auto& block = sick.layout().blocks()[4];
  sick.parameters()[static_cast<std::size_t>(block.offset + 2)] = std::numeric_limits<float>::quiet_NaN();
  save(sick, folder / "nan");
  CHECK(says(load_error(model, folder / "nan"), {"its tensor 'encoder.3.weight' holds NaN or infinity, at value 2"}));
  Small<> worse;
  worse.statistics()[1] = std::numeric_limits<float>::infinity();
  save(worse, folder / "inf");
  CHECK(says(load_error(model, folder / "inf"), {"'encoder.1.running_mean' holds NaN or infinity, at value 1"}));
  load(model, folder / "nan", {.allow_non_finite = true});
  CHECK(same_values(model, sick));
}

TEST_CASE("tied weights must be equal, and one is enough in a file of another program") {
  const TemporaryFolder folder;
  using Model = Autoencoder<Encoder<Input<6>, Dense<5>, Tanh, Dense<3>>, Decoder<TiedMirror>, SquaredError>;
  auto model = trained<Model>();
  Model source;
  randomize(source);
  auto tensors = detail::model_contents(source, {}).tensors;
  auto changed = tensors;
  named(changed, "decoder.2.weight").bytes[1] ^= 1;
  write_safetensors(folder / "p", changed);
  CHECK(says(load_error(model, folder / "p"),
             {"'encoder.0.weight' and 'decoder.2.weight' are one weight of the model, but differ"}));
  for (const char* one : {"encoder.0.weight", "decoder.2.weight"}) {
    auto fewer = tensors;
    drop(fewer, one);
    write_safetensors(folder / "p", fewer);
    auto copy = model;
    load(copy, folder / "p");
    CHECK(same_values(copy, source));
  }
  drop(tensors, "encoder.0.weight");
  drop(tensors, "decoder.2.weight");
  write_safetensors(folder / "p", tensors);
  CHECK(says(load_error(model, folder / "p"), {"it has no tensor 'encoder.0.weight'"}));
}

TEST_CASE("a codebook without statistics is loaded, and one that differs from its statistics is refused") {
  const TemporaryFolder folder;
  using Model = Autoencoder<Encoder<Input<6>, Dense<4>>, Decoder<Mirror>, SquaredError, VectorQuantized<5>>;
  Model source;
  randomize(source);
  auto model = trained<Model>();
  auto tensors = detail::model_contents(source, {}).tensors;
  SECTION("alone") {
    drop(tensors, "bottleneck.counts");
    drop(tensors, "bottleneck.sums");
    write_safetensors(folder / "p", tensors);
    load(model, folder / "p");
    CHECK((codebook(model) - codebook(source)).cwiseAbs().maxCoeff() < 1e-5F);
  }
  SECTION("half of the statistics") {
    drop(tensors, "bottleneck.sums");
    write_safetensors(folder / "p", tensors);
    CHECK(says(load_error(model, folder / "p"), {"it has no tensor 'bottleneck.sums'"}));
  }
  SECTION("another") {
    float value;
    auto& bytes = named(tensors, "bottleneck.codebook").bytes;
    std::memcpy(&value, &bytes[8], sizeof value);
    value *= 1.01F;
    std::memcpy(&bytes[8], &value, sizeof value);
    write_safetensors(folder / "p", tensors);
    CHECK(says(load_error(model, folder / "p"), {"'bottleneck.codebook' is not that of"}));
  }
}

TEST_CASE("a damaged scaling or another format is refused") {
  const TemporaryFolder folder;
  auto model = trained<Small<>>();
  auto tensors = detail::model_contents(model, {}).tensors;
  const std::vector<std::uint8_t> zeros(24);
  tensors.push_back({"scaling.offset", DType::F32, {6}, zeros});
  const std::string path = folder / "s";
  write_safetensors(path, tensors, detail::model_metadata(detail::model_schema(model)));
  CHECK(says(load_error(model, path), {"it has no tensor 'scaling.scale'"}));
  tensors.push_back({"scaling.scale", DType::F32, {6}, zeros});
  write_safetensors(path, tensors, detail::model_metadata(detail::model_schema(model)));
  CHECK(says(load_error(model, path), {"'scaling.scale' holds 0 at value 0, which must be another number than 0"}));
  tensors.back().shape = {2, 3};
  write_safetensors(path, tensors, detail::model_metadata(detail::model_schema(model)));
  CHECK(says(load_error(model, path), {"'scaling.scale' is 2x3, the model has 6"}));
  write_safetensors(path, detail::model_contents(model, {}).tensors, {{"eigencoder.format", "1"}});
  CHECK(says(load_error(model, path), {"it is of format '1', this library reads '2'"}));
}

TEST_CASE("a file with some of the library's metadata must have all; one without any is of another program") {
  const TemporaryFolder folder;
  Small<> source;
  randomize(source);
  auto model = trained<Small<>>();
  const Metadata all = detail::model_metadata(detail::model_schema(source), {{"mine", "yes"}});
  for (const char* key : {"eigencoder.version", "eigencoder.format", "eigencoder.architecture"}) {
    Metadata fewer = all;
    std::erase_if(fewer, [&](const auto& entry) { return entry.first == key; });
    write_safetensors(folder / "p", detail::model_contents(source, {}).tensors, fewer);
    CHECK(says(load_error(model, folder / "p"), {"have no '" + std::string(key) + "'", "damaged"}));
  }
  save(source, folder / "m");
  std::string bytes;
  for (const std::uint8_t byte : bytes_of(folder / "m")) bytes += static_cast<char>(byte);
  bytes.replace(bytes.find("eigencoder.checksum"), 10, "Eigencoder");
  folder.put("p", std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
  CHECK(says(load_error(model, folder / "p"), {"its checksum is missing, the file is damaged"}));
  write_safetensors(folder / "p", detail::model_contents(source, {}).tensors, {{"mine", "yes"}});
  CHECK(load(model, folder / "p").metadata == Metadata{{"mine", "yes"}});
  CHECK(same_values(model, source));
}

TEST_CASE("a truncated file is refused, and the model stays") {
  const TemporaryFolder folder;
  using Model = Autoencoder<Encoder<Input<3>, Dense<2>>, Decoder<Mirror>, SquaredError>;
  auto model = trained<Model>();
  save(Model{}, folder / "m");
  const auto bytes = bytes_of(folder / "m");
  const std::string before = bits_of(model);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string path = folder.put("cut", std::span(bytes).first(size));
    CHECK(says(thrown<FileError>([&] { load(model, path); }), {path}));
    CHECK(thrown<FileError>([&] { read_architecture(path); }) != "");
  }
  CHECK((bits_of(model) == before));
}

TEST_CASE("malformed files are refused with their cause, and the model stays") {
  const TemporaryFolder folder;
  auto model = trained<Small<>>();
  const std::string before = bits_of(model);
  for (const MalformedFile& malformed : malformed_safetensors()) {
    CAPTURE(malformed.name);
    const std::string path = folder.put("malformed", malformed.bytes);
    CHECK(says(thrown<FileError>([&] { load(model, path); }), {path, malformed.words}));
  }
  CHECK((bits_of(model) == before));
}

TEST_CASE("a flipped bit is an error, or leaves the identical model") {
  const TemporaryFolder folder;
  using Model = Autoencoder<Encoder<Input<3>, Dense<2>, BatchNorm>, Decoder<TiedMirror>, SquaredError>;
  Model source;
  randomize(source);
  const auto prototype = trained<Model>();
  const std::string before = bits_of(prototype);
  const Metadata mine{{"note", "free text, and \x1F, which a file may write in two ways"}};
  save(source, folder / "m", {.metadata = mine});
  auto bytes = bytes_of(folder / "m");
  const auto data = detail::read_safetensors(folder / "m").data;
  const std::string architecture = read_architecture(folder / "m");
  int refusals = 0, loads = 0;
  Model model = prototype;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    const std::string path = folder.put("flipped", bytes);
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    Loaded<float> loaded;
    if (thrown<FileError>([&] { loaded = load(model, path); }).empty()) {
      REQUIRE(bit / 8 < data);
      REQUIRE(same_values(model, source));
      REQUIRE(loaded.metadata == mine);
      REQUIRE(read_architecture(path) == architecture);
      model = prototype;
      ++loads;
    } else {
      REQUIRE((bits_of(model) == before));
      ++refusals;
    }
  }
  CHECK(refusals > 0);
  CHECK(loads > 0);
}
