#include <eigencoder/eigencoder.hpp>
#include <eigencoder/io.hpp>

#include <cmath>
#include <cstring>
#include <limits>

#include "support/catch.hpp"
#include "support/counted_memory.hpp"
#include "support/malformed.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace {

using namespace eigencoder;
using detail::DType;
using detail::OwnedTensor;

/// Other values everywhere, the padding aside.
template <class Model>
void scatter(Model& model, std::uint64_t seed = 5) {
  Random random(seed, Purpose::user);
  const auto draw = [&](auto values, Index offset, Index size) {
    for (Index i = offset; i < offset + size; ++i)
      values[static_cast<std::size_t>(i)] = static_cast<typename Model::Scalar>(0.1 + random.uniform());
  };
  for (const auto& block : model.layout().blocks()) draw(model.parameters(), block.offset, block.size());
  for (const auto& block : model.layout().statistics_blocks()) draw(model.statistics(), block.offset, block.size);
}

/// Every bit of what a model holds, and of what it goes on from.
template <class Model>
std::string bits_of(const Model& model) {
  const auto& state = detail::ModelAccess::state(model);
  std::string bits;
  const auto add = [&](const auto* values, std::size_t count) {
    bits.append(reinterpret_cast<const char*>(values), count * sizeof *values);
  };
  add(state.parameters.data(), static_cast<std::size_t>(state.parameters.size()));
  add(state.statistics.data(), static_cast<std::size_t>(state.statistics.size()));
  bits += state.optimizer.type;
  add(&state.optimizer.steps, 1);
  for (const auto& array : state.optimizer.arrays) add(array.data(), static_cast<std::size_t>(array.size()));
  add(&state.steps, 1);
  for (const auto& epoch : state.epochs) add(&epoch.train_loss, 1);
  add(&state.progress.batches, 1);
  add(&state.progress.best_loss, 1);
  return bits;
}

template <class Scalar, class Model>
bool same_values(const Model& a, const Model& b) {
  const auto same = [](std::span<const Scalar> x, std::span<const Scalar> y) {
    return x.size() == y.size() && (x.empty() || std::memcmp(x.data(), y.data(), x.size_bytes()) == 0);
  };
  return same(a.parameters(), b.parameters()) && same(a.statistics(), b.statistics());
}

/// What is saved and loaded is the same to the last bit; saved again, the file is.
template <class Model>
void round_trip(const Model& prototype) {
  using Scalar = typename Model::Scalar;
  const TemporaryFolder folder;
  Model model = prototype, other = prototype;
  scatter(model);
  save(model, folder / "a");
  other.initialize(17);
  const Scalar* place = other.parameters().data();
  load(other, folder / "a");
  CHECK(same_values<Scalar>(model, other));
  CHECK(other.parameters().data() == place);
  save(other, folder / "b");
  CHECK(bytes_of(folder / "a") == bytes_of(folder / "b"));
}

template <class... Policies>
using Small =
    Autoencoder<Encoder<Input<6>, Dense<5>, BatchNorm, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError, Policies...>;

MatrixX<float> some_samples(Index size, Index count = 8) {
  Random random(3, Purpose::user);
  MatrixX<float> x(size, count);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(random.normal());
  return x;
}

/// A file with these tensors alone, as PyTorch would save it.
void put_tensors(const std::string& path, const std::vector<OwnedTensor>& tensors, const Metadata& metadata = {}) {
  detail::write_safetensors(path, detail::to_write(tensors), metadata);
}
OwnedTensor& named(std::vector<OwnedTensor>& tensors, std::string_view name) {
  for (OwnedTensor& tensor : tensors)
    if (tensor.name == name) return tensor;
  throw std::logic_error("no such tensor");
}
void drop(std::vector<OwnedTensor>& tensors, std::string_view name) {
  std::erase_if(tensors, [&](const OwnedTensor& tensor) { return tensor.name == name; });
}

/// Loads a file that must be refused, into a trained model that must stay as it is; the message.
template <class Model>
std::string refused(Model& model, const std::string& path, const LoadOptions& options = {}) {
  const std::string before = bits_of(model);
  const std::string message = thrown<FileError>([&] { load(model, path, options); });
  CHECK(says(message, {"cannot ", path}));
  CHECK((bits_of(model) == before));
  return message;
}

template <class Model>
Model trained() {
  Model model;
  model.fit(some_samples(model.input_shape().size()), Adam{}, {.epochs = 2, .batch_size = 4});
  return model;
}

}  // namespace

TEMPLATE_TEST_CASE("a file brings back every bit, of every layer that learns", "", float, double) {
  using P = Precision<TestType>;
  using Picture = Image<6, 4, 4>;
  round_trip(Autoencoder<Encoder<Input<6>, Dense<5>, BatchNorm, Tanh, Dense<3, WithoutBias>>, Decoder<Mirror>,
                         Bernoulli, P>{});
  round_trip(Autoencoder<Encoder<Input<6>, Dense<5>, LayerNorm, Elu, Dense<3>>, Decoder<TiedMirror>, LearnedGaussian, P,
                         Variational<>>{});
  round_trip(
      Autoencoder<Encoder<Picture, Conv2d<6, 3, Stride<2>, Same, Groups<2>>, LayerNorm2d, Relu, Dense<5>, JumpRelu>,
                  Decoder<Mirror>, SquaredError, P>{});
  round_trip(Autoencoder<Encoder<Picture, Conv2d<6, 3, KernelWidth<1>, Dilation<2>>, Dense<8>, TopK<3>>,
                         Decoder<TiedMirror>, SquaredError, P>{});
  round_trip(Autoencoder<
             Encoder<Picture, ConvTranspose2d<3, 2, Stride<2>>, Reshape<1, 1, 288>, BatchNorm, Dense<8>, BatchTopK<3>>,
             Decoder<Mirror>, SquaredError, P>{});
  round_trip(Autoencoder<
             Encoder<Picture, Residual<Conv2d<4, 3, Same>, BatchNorm>, MaxPool2d<2>, Dense<6>>,
             Decoder<Dense<24>, LayerNorm, Reshape<3, 2, 4>, MaxUnpool2d<AtLayer<3>>, SkipConcatenate<AtLayer<2>>, Conv2d<4, 1>>,
             SquaredError, P>{});
  round_trip(
      Autoencoder<Encoder<Picture, Conv2d<4, 2, Stride<2>>>, Decoder<Mirror>, SquaredError, P, VectorQuantized<7>>{});
  round_trip(Autoencoder<Encoder<Input<8>, Dense<6>>, Decoder<Reshape<1, 3, 2>, Conv2d<4, 1>, Dense<8>>, SquaredError,
                         P, VectorQuantized<7>>{});
}

TEST_CASE("sizes by type and by value give one file") {
  const TemporaryFolder folder;
  const auto same = [&](const auto& by_type, const auto& by_value) {
    save(by_type, folder / "type");
    save(by_value, folder / "value");
    CHECK(bytes_of(folder / "type") == bytes_of(folder / "value"));
  };
  same(Autoencoder<Encoder<Input<6>, Dense<5>, LeakyRelu, Dense<3>>, Decoder<Mirror>, SquaredError>{},
       Autoencoder{Encoder{Input{6}, Dense{5}, LeakyRelu{}, Dense{3}}, Mirror{}, SquaredError{}});
  same(Autoencoder<Encoder<Image<6, 4, 4>, Conv2d<6, 3, Stride<2>, Padding<1>, Groups<2>>, MaxPool2d<2>,
                           Reshape<1, 1, 6>, TopK<2>>,
                   Decoder<Mirror>, SquaredError>{},
       Autoencoder{Encoder{Image{6, 4, 4}, Conv2d{6, 3, Stride{2}, Padding{1}, Groups{2}}, MaxPool2d{2},
                           Reshape{1, 1, 6}, TopK{2}},
                   Mirror{}, SquaredError{}});
}

TEST_CASE("the architecture is text, a line for each part") {
  using Model = Autoencoder<Encoder<Image<6, 4, 1>, Conv2d<4, 3, Stride<2>, Same, WithoutBias>, LeakyRelu,
                                    Dense<3, WithoutBias>>,
                            Decoder<Mirror>, Bernoulli, Variational<>, WeightDecay<>>;
  const TemporaryFolder folder;
  save(Model{Encoder<Image<6, 4, 1>, Conv2d<4, 3, Stride<2>, Same, WithoutBias>, LeakyRelu, Dense<3, WithoutBias>>{
           {}, {}, LeakyRelu{.negative_slope = 0.2}, {}}},
       folder / "m");
  CHECK(read_architecture(folder / "m") ==
        "input: 6x4x1\n"
        "encoder.0: Conv2d<4, 3, Stride<2>, Same, WithoutBias> -> 3x2x4\n"
        "encoder.1: LeakyRelu(negative_slope = 0.2) -> 3x2x4\n"
        "encoder.2: Dense<3> without bias -> 3\n"
        "bottleneck: Gaussian posterior\n"
        "decoder.0: Mirrored(Dense<3>) without bias -> 3x2x4\n"
        "decoder.1: LeakyRelu(negative_slope = 0.2) -> 3x2x4\n"
        "decoder.2: Mirrored(Conv2d<4, 3, Stride<2>, Same, WithoutBias>) -> 6x4x1\n"
        "loss: Bernoulli\n");
  put_tensors(folder / "p", detail::model_tensors(Model{}));
  CHECK(says(thrown<FileError>([&] { read_architecture(folder / "p"); }),
             {folder / "p", "does not tell the architecture"}));
}

TEST_CASE("metadata and a scaling come back with the model") {
  const TemporaryFolder folder;
  Small<> model;
  const Metadata mine{{"trained by", "me"}, {"note", "\u00fcber \"alles\"\n"}};
  const auto x = some_samples(6, 20);
  const Scaling<float> scaling = standard_scaling(View<float>(x));
  save(model, folder / "m", {.metadata = mine, .scaling = scaling});
  const auto loaded = load(model, folder / "m");
  REQUIRE(loaded.find("trained by") != nullptr);
  CHECK(*loaded.find("trained by") == "me");
  CHECK(loaded.find("trained") == nullptr);
  CHECK(loaded.metadata == mine);
  REQUIRE(loaded.scaling);
  CHECK(*loaded.scaling == scaling);

  save(model, folder / "n");
  const auto plain = load(model, folder / "n");
  CHECK(plain.metadata.empty());
  CHECK(!plain.scaling);

  SECTION("that of images is channel-first, as they are in PyTorch") {
    Autoencoder<Encoder<Image<2, 3, 2>, Dense<2>>, Decoder<Mirror>, SquaredError> images;
    Scaling<float> of_images{std::vector<float>(12), std::vector<float>(12, 2)};
    for (std::size_t i = 0; i < 12; ++i) of_images.offset[i] = static_cast<float>(i);
    save(images, folder / "i", {.scaling = of_images});
    const auto file = detail::read_safetensors(folder / "i");
    CHECK(file.find("scaling.offset")->shape == std::vector<std::uint64_t>{2, 2, 3});
    float values[12];
    std::memcpy(values, file.payload(*file.find("scaling.offset")).data(), sizeof values);
    for (std::size_t c = 0; c < 2; ++c)
      for (std::size_t p = 0; p < 6; ++p) CHECK(values[c * 6 + p] == static_cast<float>(p * 2 + c));
    CHECK(*load(images, folder / "i").scaling == of_images);
  }
  SECTION("reserved keys and other sizes are refused, and nothing is written") {
    const auto refuses = [&](const Metadata& metadata) {
      return thrown<OptionError>([&] { save(model, folder / "x", {.metadata = metadata}); });
    };
    CHECK(says(refuses({{"eigencoder.mine", ""}}), {"'eigencoder.mine'", "reserved"}));
    CHECK(says(refuses({{"training.mine", ""}}), {"'training.mine'", "reserved"}));
    CHECK(says(refuses({{"a", ""}, {"a", ""}}), {"'a'", "twice"}));
    const Scaling<float> short_one{{1, 2}, {1, 2}};
    CHECK(says(thrown<ShapeError>([&] { save(model, folder / "x", {.scaling = short_one}); }),
               {"has 2 values", "have 6"}));
    CHECK(!std::filesystem::exists(folder / "x"));
  }
}

TEST_CASE("a load forgets the training so far, and the next fit is that of a fresh model") {
  const TemporaryFolder folder;
  auto model = trained<Small<>>();
  save(model, folder / "m");
  auto other = trained<Small<>>();
  load(other, folder / "m");
  CHECK(other.epochs().empty());
  CHECK(detail::ModelAccess::state(other).steps == 0);
  CHECK(detail::ModelAccess::state(other).optimizer.arrays.empty());
  Small<> fresh;
  load(fresh, folder / "m");
  const auto x = some_samples(6);
  fresh.fit(x, Adam{}, {.epochs = 1, .batch_size = 4});
  other.fit(x, Adam{}, {.epochs = 1, .batch_size = 4});
  CHECK((bits_of(fresh) == bits_of(other)));
}

TEST_CASE("num_batches_tracked tells the steps of training") {
  const TemporaryFolder folder;
  const auto model = trained<Small<>>();  // 2 epochs of 2 batches
  save(model, folder / "m");
  const auto file = detail::read_safetensors(folder / "m");
  std::int64_t batches = -1;
  std::memcpy(&batches, file.payload(*file.find("encoder.1.num_batches_tracked")).data(), sizeof batches);
  CHECK(batches == 4);
}

TEST_CASE("a model in training is not loaded into") {
  const TemporaryFolder folder;
  Small<> model;
  save(model, folder / "m");
  std::string message;
  const auto observe = [&](const EpochReport&) {
    message = thrown<OptionError>([&] { load(model, folder / "m"); });
    save(model, folder / "epoch");
  };
  model.fit(some_samples(6), Adam{}, {.epochs = 1, .batch_size = 4, .observer = observe});
  CHECK(says(message, {"cannot be loaded into while it is being trained"}));
  Small<> copy;
  load(copy, folder / "epoch");
  CHECK(same_values<float>(copy, model));
}

TEST_CASE("a file of another architecture names the first difference") {
  const TemporaryFolder folder;
  auto model = trained<Small<>>();
  const auto refused_of = [&](const auto& other) {
    save(other, folder / "o");
    return refused(model, folder / "o");
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
             {"its tensor 'encoder.0.weight' is F64, the model wants F32 (LoadOptions::convert converts it, a model with "
              "Precision<double> takes it as it is)"}));
  Small<Sparse<L1>> penalized;  // what changes only training is none of the architecture
  save(penalized, folder / "o");
  load(model, folder / "o");
  CHECK(says(thrown<FileError>([&] { load(model, folder / "none"); }), {folder / "none"}));
}

TEST_CASE("a file from PyTorch needs the layers' tensors alone, and names the first that does not fit") {
  const TemporaryFolder folder;
  using Model = Autoencoder<Encoder<Input<6>, Dense<5>, BatchNorm, TopK<4>, Dense<4>, BatchTopK<2>>, Decoder<Mirror>,
                            LearnedGaussian>;
  Model source;
  scatter(source);
  auto model = trained<Model>();
  auto tensors = detail::model_tensors(source);
  std::erase_if(tensors, [](const OwnedTensor& t) {
    return t.name.find("num_batches") != t.name.npos || t.name.find("fired") != t.name.npos ||
           t.name.find("threshold") != t.name.npos || t.name == "loss.log_variance";
  });
  const std::string path = folder / "p";
  SECTION("what it would not write begins anew") {
    put_tensors(path, tensors, {{"format", "pt"}});
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
    put_tensors(path, tensors);
    CHECK(says(refused(model, path), {"it has no tensor 'encoder.1.running_var', which the model wants (5)"}));
  }
  SECTION("another shape") {
    named(tensors, "encoder.0.weight").shape = {6, 5};
    put_tensors(path, tensors);
    CHECK(says(refused(model, path), {"its tensor 'encoder.0.weight' is 6x5, the model wants 5x6"}));
  }
  SECTION("another type") {
    named(tensors, "encoder.0.bias").type = DType::I64;
    named(tensors, "encoder.0.bias").bytes.resize(40);
    put_tensors(path, tensors);
    CHECK(says(refused(model, path), {"its tensor 'encoder.0.bias' is I64, the model wants F32"}));
  }
  SECTION("an unknown one") {
    tensors.push_back({"encoder.9.weight", DType::F32, {1}, std::vector<std::uint8_t>(4)});
    put_tensors(path, tensors);
    CHECK(says(refused(model, path), {"its tensor 'encoder.9.weight' is none of the model's"}));
  }
  SECTION("a file of ours has to have them all") {
    put_tensors(path, tensors, detail::model_metadata(source));
    CHECK(says(refused(model, path),
               {"it has no tensor 'encoder.1.num_batches_tracked', which the model wants (a single value)"}));
  }
}

TEST_CASE("NaN and infinity are refused by name, unless asked for") {
  const TemporaryFolder folder;
  auto model = trained<Small<>>();
  Small<> sick;
  const auto& block = sick.layout().blocks()[4];
  sick.parameters()[static_cast<std::size_t>(block.offset + 2)] = std::numeric_limits<float>::quiet_NaN();
  save(sick, folder / "nan");
  CHECK(says(refused(model, folder / "nan"), {"its tensor 'encoder.3.weight' holds NaN or infinity, at value 2"}));
  Small<> worse;
  worse.statistics()[1] = std::numeric_limits<float>::infinity();
  save(worse, folder / "inf");
  CHECK(says(refused(model, folder / "inf"), {"'encoder.1.running_mean' holds NaN or infinity, at value 1"}));
  load(model, folder / "nan", {.allow_non_finite = true});
  CHECK(same_values<float>(model, sick));
}

TEST_CASE("tied weights have to be equal, and of a foreign file one is enough") {
  const TemporaryFolder folder;
  using Model = Autoencoder<Encoder<Input<6>, Dense<5>, Tanh, Dense<3>>, Decoder<TiedMirror>, SquaredError>;
  auto model = trained<Model>();
  Model source;
  scatter(source);
  auto tensors = detail::model_tensors(source);
  auto changed = tensors;
  named(changed, "decoder.2.weight").bytes[1] ^= 1;
  put_tensors(folder / "p", changed);
  CHECK(says(refused(model, folder / "p"),
             {"'encoder.0.weight' and 'decoder.2.weight' are one weight of the model, but differ"}));
  for (const char* one : {"encoder.0.weight", "decoder.2.weight"}) {
    auto fewer = tensors;
    drop(fewer, one);
    put_tensors(folder / "p", fewer);
    auto copy = model;
    load(copy, folder / "p");
    CHECK(same_values<float>(copy, source));
  }
  drop(tensors, "encoder.0.weight");
  drop(tensors, "decoder.2.weight");
  put_tensors(folder / "p", tensors);
  CHECK(says(refused(model, folder / "p"), {"it has no tensor 'encoder.0.weight'"}));
}

TEST_CASE("a codebook alone is a codebook, and one that does not follow from its statistics is refused") {
  const TemporaryFolder folder;
  using Model = Autoencoder<Encoder<Input<6>, Dense<4>>, Decoder<Mirror>, SquaredError, VectorQuantized<5>>;
  Model source;
  scatter(source);
  auto model = trained<Model>();
  auto tensors = detail::model_tensors(source);
  SECTION("alone") {
    drop(tensors, "bottleneck.counts");
    drop(tensors, "bottleneck.sums");
    put_tensors(folder / "p", tensors);
    load(model, folder / "p");
    CHECK((codebook(model) - codebook(source)).cwiseAbs().maxCoeff() < 1e-5F);
  }
  SECTION("half of the statistics") {
    drop(tensors, "bottleneck.sums");
    put_tensors(folder / "p", tensors);
    CHECK(says(refused(model, folder / "p"), {"it has no tensor 'bottleneck.sums'"}));
  }
  SECTION("another") {
    float value;
    auto& bytes = named(tensors, "bottleneck.codebook").bytes;
    std::memcpy(&value, &bytes[8], sizeof value);
    value *= 1.01F;
    std::memcpy(&bytes[8], &value, sizeof value);
    put_tensors(folder / "p", tensors);
    CHECK(says(refused(model, folder / "p"), {"'bottleneck.codebook' is not that of"}));
  }
}

TEST_CASE("a checkpoint loads as the model in it") {
  const TemporaryFolder folder;
  auto model = trained<Small<>>();
  Small<> source;
  scatter(source);
  auto tensors = detail::model_tensors(source);
  tensors.push_back({"training.optimizer.0", DType::F32, {1}, std::vector<std::uint8_t>(4, 0xFF)});
  auto metadata = detail::model_metadata(source, {{"mine", "yes"}});
  put_tensors(folder / "c", tensors, metadata);
  CHECK(says(refused(model, folder / "c"), {"'training.optimizer.0' is none of the model's"}));  // no checkpoint
  metadata.emplace_back("training.format", "3");
  put_tensors(folder / "c", tensors, metadata);
  CHECK(load(model, folder / "c").metadata == Metadata{{"mine", "yes"}});
  CHECK(same_values<float>(model, source));
}

TEST_CASE("a damaged scaling or another format is refused") {
  const TemporaryFolder folder;
  auto model = trained<Small<>>();
  auto tensors = detail::model_tensors(model);
  const std::vector<std::uint8_t> zeros(24);
  tensors.push_back({"scaling.offset", DType::F32, {6}, zeros});
  const std::string path = folder / "s";
  put_tensors(path, tensors, detail::model_metadata(model));
  CHECK(says(refused(model, path), {"it has no tensor 'scaling.scale'"}));
  tensors.push_back({"scaling.scale", DType::F32, {6}, zeros});
  put_tensors(path, tensors, detail::model_metadata(model));
  CHECK(says(refused(model, path), {"'scaling.scale' holds 0 at value 0, which has to be another number than 0"}));
  tensors.back().shape = {2, 3};
  put_tensors(path, tensors, detail::model_metadata(model));
  CHECK(says(refused(model, path), {"'scaling.scale' is 2x3, the model wants 6"}));
  put_tensors(path, detail::model_tensors(model), {{"eigencoder.format", "1"}});
  CHECK(says(refused(model, path), {"it is of format '1', this library reads '2'"}));
}

TEST_CASE("a file with some of our metadata has all of them, and one without any is a file from elsewhere") {
  const TemporaryFolder folder;
  Small<> source;
  scatter(source);
  auto model = trained<Small<>>();
  const Metadata all = detail::model_metadata(source, {{"mine", "yes"}});
  for (const char* key : {"eigencoder.version", "eigencoder.format", "eigencoder.architecture"}) {
    Metadata fewer = all;
    std::erase_if(fewer, [&](const auto& entry) { return entry.first == key; });
    put_tensors(folder / "p", detail::model_tensors(source), fewer);
    CHECK(says(refused(model, folder / "p"), {"have no '" + std::string(key) + "'", "damaged"}));
  }
  save(source, folder / "m");
  std::string bytes;
  for (const std::uint8_t byte : bytes_of(folder / "m")) bytes += static_cast<char>(byte);
  bytes.replace(bytes.find("eigencoder.checksum"), 10, "Eigencoder");
  folder.put("p", std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
  CHECK(says(refused(model, folder / "p"), {"its checksum is missing, the file is damaged"}));
  put_tensors(folder / "p", detail::model_tensors(source), {{"mine", "yes"}});
  CHECK(load(model, folder / "p").metadata == Metadata{{"mine", "yes"}});
  CHECK(same_values<float>(model, source));
}

TEST_CASE("a file cut off anywhere is refused, and the model stays") {
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

TEST_CASE("hostile files are refused with their cause, and the model stays") {
  const TemporaryFolder folder;
  auto model = trained<Small<>>();
  const std::string before = bits_of(model);
  for (const HostileFile& hostile : hostile_safetensors()) {
    CAPTURE(hostile.name);
    const std::string path = folder.put("hostile", hostile.bytes);
    CHECK(says(thrown<FileError>([&] { load(model, path); }), {path, hostile.words}));
  }
  CHECK((bits_of(model) == before));
}

TEST_CASE("a flipped bit is an error, or leaves the identical model") {
  const TemporaryFolder folder;
  using Model = Autoencoder<Encoder<Input<3>, Dense<2>, BatchNorm>, Decoder<TiedMirror>, SquaredError>;
  Model source;
  scatter(source);
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
      REQUIRE(same_values<float>(model, source));
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

TEST_CASE("loading takes at most twice the file and 1 MiB") {
  const TemporaryFolder folder;
  const auto within = [&](auto& model, const auto& options) {
    save(model, folder / "m", options);
    const std::size_t memory = memory_of([&] { load(model, folder / "m"); });
    CHECK(memory <= 2 * std::filesystem::file_size(folder / "m") + (std::size_t{1} << 20));
#ifdef EIGENCODER_COUNTS_MEMORY
    CHECK(memory > std::filesystem::file_size(folder / "m"));  // it is counted
#endif
  };
  Small<> small;
  within(small, SaveOptions<>{});
  within(small, SaveOptions<>{.metadata = {{"long", std::string(60'000, 'x')}}});
  Autoencoder<Encoder<Input<3000>, Dense<500>>, Decoder<Mirror>, SquaredError> wide;
  within(wide, SaveOptions<>{.metadata = {{"long", std::string(300'000, 'x')}}});
  Autoencoder<Encoder<Image<40, 40, 1>, Dense<8>>, Decoder<Mirror>, SquaredError, VectorQuantized<16384>> quantized;
  within(quantized, SaveOptions<>{.scaling = Scaling<float>{std::vector<float>(1600), std::vector<float>(1600, 1)}});
}
