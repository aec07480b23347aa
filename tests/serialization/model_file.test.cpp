// What save writes, load reads into a model of the same architecture, to the last bit.
#include <eigencoder/eigencoder.hpp>
#include <eigencoder/io.hpp>

#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "serialization/loading.hpp"
#include "support/catch.hpp"
#include "support/counted_memory.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;
using detail::DType;
using detail::write_safetensors;

namespace {

/// A saved and loaded model is the same to the last bit, and so is its file when saved again.
template <class Model>
void round_trip(const Model& prototype) {
  using Scalar = typename Model::Scalar;
  const TemporaryFolder folder;
  Model model = prototype, other = prototype;
  randomize(model);
  save(model, folder / "a");
  other.initialize(17);
  const Scalar* address = other.parameters().data();
  load(other, folder / "a");
  CHECK(same_values(model, other));
  CHECK(other.parameters().data() == address);
  save(other, folder / "b");
  CHECK(bytes_of(folder / "a") == bytes_of(folder / "b"));
}

}  // namespace

TEMPLATE_TEST_CASE("a file restores every bit, for every layer with parameters", "", float, double) {
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
             Decoder<Dense<24>, LayerNorm, Reshape<3, 2, 4>, MaxUnpool2d<AtLayer<3>>, SkipConcatenate<AtLayer<2>>,
                     Conv2d<4, 1>>,
             SquaredError, P>{});
  round_trip(
      Autoencoder<Encoder<Picture, Conv2d<4, 2, Stride<2>>>, Decoder<Mirror>, SquaredError, P, VectorQuantized<7>>{});
  round_trip(Autoencoder<Encoder<Picture, Conv2d<3, 3, Same>, Tanh>, Decoder<Upsample<2>, Conv2d<5, 1>>, Categorical, P,
                         Target<Image<12, 8, 5>>>{});
  round_trip(Autoencoder<Encoder<Input<8>, Dense<6>>, Decoder<Reshape<1, 3, 2>, Conv2d<4, 1>, Dense<8>>, SquaredError,
                         P, VectorQuantized<7>>{});
}

TEST_CASE("sizes by type and by value give the same file") {
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
  write_safetensors(folder / "p", detail::model_contents(Model{}, {}).tensors);
  CHECK(says(thrown<FileError>([&] { read_architecture(folder / "p"); }),
             {folder / "p", "has no architecture metadata"}));
}

TEST_CASE("the architecture spells AtLayer<1> as At<1>, as files have it from the beginning") {
  using Model = Autoencoder<Encoder<Image<4, 4, 1>, Conv2d<2, 1>, MaxPool2d<2>, Dense<3>>,
                            Decoder<Dense<8>, Reshape<2, 2, 2>, SkipAdd<AtLayer<1>>, MaxUnpool2d<AtLayer<1>>,
                                    SkipConcatenate<AtLayer<0>>, Conv2d<1, 1>>,
                            SquaredError>;
  const std::string stored =
      "input: 4x4x1\n"
      "encoder.0: Conv2d<2, 1> -> 4x4x2\n"
      "encoder.1: MaxPool2d<2> -> 2x2x2\n"
      "encoder.2: Dense<3> -> 3\n"
      "decoder.0: Dense<8> -> 8\n"
      "decoder.1: Reshape<2, 2, 2> -> 2x2x2\n"
      "decoder.2: SkipAdd<At<1>> -> 2x2x2\n"
      "decoder.3: MaxUnpool2d<At<1>> -> 4x4x2\n"
      "decoder.4: SkipConcatenate<At<0>> -> 4x4x4\n"
      "decoder.5: Conv2d<1, 1> -> 4x4x1\n"
      "loss: SquaredError\n";
  const TemporaryFolder folder;
  Model source, model;
  randomize(source);
  save(source, folder / "m");
  CHECK(read_architecture(folder / "m") == stored);
  write_safetensors(folder / "old", detail::model_contents(source, {}).tensors,
                    {{"eigencoder.version", "0.1.0"}, {"eigencoder.format", "2"}, {"eigencoder.architecture", stored}});
  load(model, folder / "old");
  CHECK(same_values(model, source));
}

TEST_CASE("metadata and a scaling are restored with the model") {
  const TemporaryFolder folder;
  Small<> model;
  const Metadata mine{{"trained by", "me"}, {"note", "\u00fcber \"alles\"\n"}};
  const auto x = random_samples(6, 20);
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

  SECTION("the scaling of images is channel-first, as in PyTorch") {
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

TEST_CASE("load clears the training state, and the next fit is that of a new model") {
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
  const auto x = random_samples(6);
  fresh.fit(x, Adam{}, {.epochs = 1, .batch_size = 4});
  other.fit(x, Adam{}, {.epochs = 1, .batch_size = 4});
  CHECK((bits_of(fresh) == bits_of(other)));
}

TEST_CASE("num_batches_tracked is the number of training steps") {
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
  model.fit(random_samples(6), Adam{}, {.epochs = 1, .batch_size = 4, .observer = observe});
  CHECK(says(message, {"cannot be loaded into while it is being trained"}));
  Small<> copy;
  load(copy, folder / "epoch");
  CHECK(same_values(copy, model));
}

TEST_CASE("a checkpoint loads as the model in it") {
  const TemporaryFolder folder;
  auto model = trained<Small<>>();
  Small<> source;
  randomize(source);
  auto tensors = detail::model_contents(source, {}).tensors;
  tensors.push_back({"training.optimizer.0", DType::F32, {1}, std::vector<std::uint8_t>(4, 0xFF)});
  auto metadata = detail::model_metadata(detail::model_schema(source), {{"mine", "yes"}});
  write_safetensors(folder / "c", tensors, metadata);
  // Without "training.format", the file is no checkpoint.
  CHECK(says(load_error(model, folder / "c"), {"'training.optimizer.0' is not one of the model's"}));
  metadata.emplace_back("training.format", "3");
  write_safetensors(folder / "c", tensors, metadata);
  CHECK(load(model, folder / "c").metadata == Metadata{{"mine", "yes"}});
  CHECK(same_values(model, source));
}

TEST_CASE("loading takes at most twice the file and 1 MiB") {
  const TemporaryFolder folder;
  const auto within = [&](auto& model, const auto& options) {
    save(model, folder / "m", options);
    const std::size_t memory = memory_of([&] { load(model, folder / "m"); });
    CHECK(memory <= 2 * std::filesystem::file_size(folder / "m") + (std::size_t{1} << 20));
#ifdef EIGENCODER_COUNTS_MEMORY
    CHECK(memory > std::filesystem::file_size(folder / "m"));  // memory is counted
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
