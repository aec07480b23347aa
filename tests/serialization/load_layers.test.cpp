// Layers taken over from a file of another model.
#include <eigencoder/classification.hpp>
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/io.hpp>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "serialization/loading.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace load_layers_test {
namespace {

using namespace eigencoder;
using detail::OwnedTensor;
using Tensors = std::vector<OwnedTensor>;
using RenameList = std::vector<std::pair<std::string, std::string>>;

/// Another decoder and loss than those of the file's model, `Small`.
using Other = Classifier<Encoder<Input<6>, Dense<5>, BatchNorm, Tanh, Dense<3>>, Classes<4>>;

Small<> source() {
  Small<> model;
  randomize(model);
  return model;
}
Tensors tensors() {
  const Small<> model = source();
  return detail::write_state_dict(detail::model_schema(model), detail::ModelAccess::state(model));
}

/// Checks which layers are taken from these tensors; the values of the others must stay.
LoadedLayers load_from(Other& model, const Tensors& file, const LoadLayersOptions& options = {}) {
  const TemporaryFolder folder;
  detail::write_safetensors(folder / "m", file);
  const Other before = model;
  const LoadedLayers loaded = load_layers(model, folder / "m", options);
  const Small<> from = source();
  for (const ParameterBlock& block : model.layout().blocks()) {
    const auto of = [&](const auto& any) {
      return any.parameters().subspan(static_cast<std::size_t>(block.offset), static_cast<std::size_t>(block.size()));
    };
    const std::string label = block.layer < 4 ? "encoder." + std::to_string(block.layer) : "decoder.0";
    const bool taken = std::ranges::find(loaded.taken, label) != loaded.taken.end();
    INFO(label);
    if (taken)
      CHECK(std::ranges::equal(of(model), of(from)));  // the encoders' blocks lie at the same offsets
    else
      CHECK(std::ranges::equal(of(model), of(before)));
  }
  return loaded;
}

/// The error of a file that must be refused; the model stays as it is.
std::string error_from(const Tensors& file, const LoadLayersOptions& options = {}) {
  const TemporaryFolder folder;
  detail::write_safetensors(folder / "m", file);
  Other model = [] {
    Other made;
    made.fit(random_samples(6), std::vector<int>{0, 1, 2, 3, 0, 1, 2, 3}, Adam{}, {.epochs = 2, .batch_size = 4});
    return made;
  }();
  const std::string before = bits_of(model);
  const std::string message = thrown<FileError>([&] { load_layers(model, folder / "m", options); });
  CHECK((bits_of(model) == before));
  return message;
}

}  // namespace

TEST_CASE("layers of a saved model that fit are taken, the others named") {
  const TemporaryFolder folder;
  save(source(), folder / "m");
  Other model;
  const LoadedLayers loaded = load_layers(model, folder / "m");
  CHECK(loaded.taken == std::vector<std::string>{"encoder.0", "encoder.1", "encoder.3"});
  REQUIRE(loaded.kept.size() == 1);
  CHECK(loaded.kept[0].first == "decoder.0");
  CHECK(says(loaded.kept[0].second, {"'decoder.0.weight' is 5x3", "4x3"}));
  CHECK(says(loaded.unused.front(), {"decoder."}));
  const MatrixX<float> x = random_samples(6);
  CHECK(model.encode(x) == source().encode(x));
}

TEST_CASE("a file of another program: missing, extra and misshapen tensors") {
  Other model;
  Tensors file = tensors();
  CHECK(load_from(model, file).taken.size() == 3);

  drop(file, "encoder.3.bias");
  named(file, "encoder.0.weight").shape = {6, 5};
  file.push_back({"head.weight", detail::DType::F32, {1}, std::vector<std::uint8_t>(4)});
  Other next;
  const LoadedLayers loaded = load_from(next, file);
  CHECK(loaded.taken == std::vector<std::string>{"encoder.1"});
  REQUIRE(loaded.kept.size() == 3);
  CHECK(says(loaded.kept[0].second, {"'encoder.0.weight' is 6x5", "5x6"}));
  CHECK(says(loaded.kept[1].second, {"no tensor 'encoder.3.bias'"}));
  CHECK(std::ranges::find(loaded.unused, "head.weight") != loaded.unused.end());
  CHECK(std::ranges::find(loaded.unused, "encoder.3.weight") != loaded.unused.end());
}

TEST_CASE("tensors are renamed, with a prefix too") {
  Tensors file = tensors();
  for (OwnedTensor& tensor : file)
    tensor.name = "module." + (tensor.name.starts_with("encoder.") ? tensor.name.substr(8) : tensor.name);
  Other model;
  const LoadedLayers loaded = load_from(
      model, file, {.prefix = "module.", .rename = {{"0", "encoder.0"}, {"1", "encoder.1"}, {"3", "encoder.3"}}});
  CHECK(loaded.taken.size() == 3);
  CHECK(says(error_from(file), {"no layer of the model fits", "encoder.0", "no tensor 'encoder.0.weight'"}));
  CHECK(says(error_from(file, {.prefix = "module.", .rename = {{"0", "encoder.0"}, {"1", "encoder.0"}}}),
             {"two of its tensors", "'module.encoder.0.weight'"}));
}

TEST_CASE("tensors of another type are converted unless that is refused") {
  Tensors file = tensors();
  OwnedTensor& weight = named(file, "encoder.0.weight");
  std::vector<std::uint8_t> wide;
  for (std::size_t i = 0; i < weight.bytes.size() / 4; ++i) {
    const double value = detail::value_at<double>(weight.type, weight.bytes.data(), i);
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&value);
    wide.insert(wide.end(), bytes, bytes + sizeof value);
  }
  weight.bytes = wide;
  weight.type = detail::DType::F64;
  Other model, strict;
  CHECK(load_from(model, file).taken.size() == 3);
  const LoadedLayers loaded = load_from(strict, file, {.convert = false});
  CHECK(loaded.taken == std::vector<std::string>{"encoder.1", "encoder.3"});
  CHECK(says(loaded.kept[0].second, {"F64", "F32"}));
}

TEST_CASE("a tied layer is taken with the layer whose weight it shares") {
  using Tied = Autoencoder<Encoder<Input<6>, Dense<5>, Tanh>, Decoder<TiedMirror>, SquaredError>;
  const TemporaryFolder folder;
  Tied from, to;
  randomize(from);
  save(from, folder / "m");
  CHECK(load_layers(to, folder / "m").taken == std::vector<std::string>{"encoder.0", "decoder.0"});
  CHECK(same_values(from, to));
}

TEST_CASE("a tied layer is kept where the file's copy of its weight is missing or differs") {
  using Tied = Autoencoder<Encoder<Input<6>, Dense<5>, Tanh>, Decoder<TiedMirror>, SquaredError>;
  using Untied = Autoencoder<Encoder<Input<6>, Dense<5>, Tanh>, Decoder<Mirror>, SquaredError>;
  const TemporaryFolder folder;
  Untied from;
  randomize(from);
  Tensors file = detail::write_state_dict(detail::model_schema(from), detail::ModelAccess::state(from));
  for (const bool missing : {false, true}) {
    if (missing) drop(file, "decoder.0.weight");
    detail::write_safetensors(folder / "m", file);
    Tied to;
    const LoadedLayers loaded = load_layers(to, folder / "m");
    CHECK(loaded.taken == std::vector<std::string>{"encoder.0"});
    REQUIRE(loaded.kept.size() == 1);
    CHECK(says(loaded.kept[0].second, {"that of encoder.0", "'decoder.0.weight'", missing ? "no tensor" : "differs"}));
    const MatrixX<float> x = random_samples(6);
    CHECK(to.encode(x) == from.encode(x));
  }
}

TEST_CASE("a layer of the file with further tensors is kept") {
  const auto check_kept = []<class To>(const Tensors& file, To to, const char* layer, const char* tensor) {
    const TemporaryFolder at;
    detail::write_safetensors(at / "m", file);
    const LoadedLayers loaded = load_layers(to, at / "m");
    REQUIRE(!loaded.kept.empty());
    CHECK(loaded.kept[0].first == layer);
    CHECK(says(loaded.kept[0].second, {tensor}));
    CHECK(std::ranges::find(loaded.unused, tensor) != loaded.unused.end());
  };
  using NoBias =
      Autoencoder<Encoder<Input<6>, Dense<5, WithoutBias>, BatchNorm, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError>;
  using OtherNorm = Autoencoder<Encoder<Input<6>, Dense<5>, LayerNorm, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError>;
  check_kept(tensors(), NoBias{}, "encoder.0", "encoder.0.bias");
  check_kept(tensors(), OtherNorm{}, "encoder.1", "encoder.1.running_mean");
}

TEST_CASE("layers of a library's file whose values have another order or meaning are kept") {
  const TemporaryFolder folder;
  const auto reason = [&]<class From, class To>(From from, To to, const RenameList& rename = {}) -> std::string {
    save(from, folder / "m");
    const LoadedLayers loaded = load_layers(to, folder / "m", {.rename = rename});
    return loaded.kept.empty() ? "" : loaded.kept[0].first + ": " + loaded.kept[0].second;
  };
  using Flat = Autoencoder<Encoder<Input<8>, Dense<4>, Dense<3>>, Decoder<Dense<8>>, SquaredError>;
  using Picture = Autoencoder<Encoder<Image<2, 2, 2>, Dense<4>, Dense<3>>, Decoder<Dense<8>>, SquaredError>;
  using Flattened =
      Autoencoder<Encoder<Image<2, 2, 2>, Reshape<1, 1, 8>, Dense<4>, Dense<3>>, Decoder<Dense<8>>, SquaredError>;
  CHECK(says(reason(Flat{}, Picture{}), {"encoder.0", "input has the order of 8", "2x2x2"}));
  CHECK(says(reason(Picture{}, Flat{}), {"encoder.0", "input has the order of 2x2x2"}));
  const RenameList shifted{{"encoder.1", "encoder.0"}, {"encoder.2", "encoder.1"}, {"encoder.0", "none"}};
  CHECK(says(reason(Flattened{}, Flat{}, shifted), {"encoder.0", "input has the order of 2x2x2"}));
  CHECK(reason(Flattened{}, Picture{}, shifted).empty());

  using Sample = Autoencoder<Encoder<Image<1, 1, 4>, LayerNorm, Dense<2>>, Decoder<Dense<4>>, SquaredError>;
  using Channels = Autoencoder<Encoder<Image<1, 1, 4>, LayerNorm2d, Dense<2>>, Decoder<Dense<4>>, SquaredError>;
  CHECK(says(reason(Sample{}, Channels{}), {"encoder.0", "it is LayerNorm in the file, LayerNorm2d in the model"}));

  using Forward = Autoencoder<Encoder<Image<3, 3, 2>, Conv2d<2, 1>, Dense<2>>, Decoder<Dense<18>>, SquaredError>;
  using Adjoint =
      Autoencoder<Encoder<Image<3, 3, 2>, ConvTranspose2d<2, 1>, Dense<2>>, Decoder<Dense<18>>, SquaredError>;
  CHECK(says(reason(Forward{}, Adjoint{}), {"encoder.0", "Conv2d<2, 1> in the file, ConvTranspose2d<2, 1>"}));
}

TEST_CASE("a library's file of another format is refused") {
  const TemporaryFolder folder;
  Metadata metadata = detail::model_metadata(detail::model_schema(source()));
  for (auto& [key, value] : metadata)
    if (key == "eigencoder.format") value = "99";
  detail::write_safetensors(folder / "m", tensors(), metadata);
  Other model;
  CHECK(says(thrown<FileError>([&] { load_layers(model, folder / "m"); }), {"format '99'"}));
}

TEST_CASE("a file that fits no layer, or holds values that no layer can have, changes nothing") {
  Tensors file = tensors();
  for (OwnedTensor& tensor : file) tensor.name = "net." + tensor.name;
  CHECK(says(error_from(file), {"no layer of the model fits"}));
  CHECK(says(error_from({}), {"no layer of the model fits"}));

  const auto with = [](const char* name, float value) {
    Tensors damaged = tensors();
    std::memcpy(named(damaged, name).bytes.data(), &value, sizeof value);
    return damaged;
  };
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(says(error_from(with("encoder.3.weight", nan)), {"'encoder.3.weight'", "NaN"}));
  CHECK(says(error_from(with("encoder.1.running_var", -1)), {"'encoder.1.running_var'", "at least 0"}));
}

TEST_CASE("damaged files and pickles are refused, and nothing changes") {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& content) {
    std::ofstream(folder / "model.pth", std::ios::binary) << content;
    Other model;
    const std::string before = bits_of(model);
    const std::string message = thrown<FileError>([&] { load_layers(model, folder / "model.pth"); });
    CHECK((bits_of(model) == before));
    return message;
  };
  using namespace std::string_literals;
  const auto archive = error_of("PK\3\4\0\0\10\10\0\0\0\0\0\0\0\0data.pkl"s);
  CHECK(says(archive, {"pickle of PyTorch", "python3 -c", "weights_only=True", "model.pth"}));
  CHECK(says(error_of("\x80\2\x8a\nl\xfc\x9c\x46\xf9 j\xa8P\x19."s), {"pickle of PyTorch"}));
  CHECK(says(error_of("\x80\2\0\0\0\0\0\0{}"s), {"its header claims 640 bytes"}));
  CHECK(says(error_of("short"), {"too short"}));
  CHECK_THROWS_AS(load_layers(*std::make_unique<Other>(), folder / "missing"), FileError);
}

TEST_CASE("what a bottleneck learned is no layer's") {
  using Coded =
      Autoencoder<Encoder<Input<6>, Dense<5>, Tanh, Dense<4>>, Decoder<Mirror>, SquaredError, VectorQuantized<8>>;
  const TemporaryFolder folder;
  Coded from, to;
  randomize(from);
  save(from, folder / "m");
  const std::vector<float> before(to.statistics().begin(), to.statistics().end());
  const LoadedLayers loaded = load_layers(to, folder / "m");
  CHECK(loaded.taken.size() == 4);
  CHECK(loaded.kept.empty());
  CHECK(loaded.unused.size() == 3);
  CHECK(std::ranges::equal(from.parameters(), to.parameters()));
  CHECK(std::ranges::equal(before, to.statistics()));
}

}  // namespace load_layers_test
