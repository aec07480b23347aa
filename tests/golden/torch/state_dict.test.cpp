// libtorch, filled from a model's file by names alone, computes what the model does; a file of libtorch's loads here.

#include <eigencoder/eigencoder.hpp>
#include <eigencoder/io.hpp>

#include <cmath>
#include <cstring>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "stacks.hpp"

namespace {

using namespace eigencoder;

constexpr Index count = 16;

/// Between channel-last, which the library has, and channel-first, which libtorch has.
std::vector<float> channel_first(const MatrixX<float>& samples, Shape shape) {
  std::vector<float> values;
  for (Index j = 0; j < samples.cols(); ++j)
    for (Index c = 0; c < shape.channels; ++c)
      for (Index p = 0; p < shape.height * shape.width; ++p) values.push_back(samples(p * shape.channels + c, j));
  return values;
}

double relative_error(const std::vector<float>& values, const std::vector<float>& expected) {
  REQUIRE(values.size() == expected.size());
  double square = 0, norm = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double difference = double{values[i]} - double{expected[i]};
    square += difference * difference;
    norm += double{expected[i]} * double{expected[i]};
  }
  return std::sqrt(square / norm);
}

template <class Model>
void compare(const Model& model, const MatrixX<float>& x, const stacks::Outputs& torch, Shape code) {
  CHECK(relative_error(channel_first(model.encode(x), code), torch.codes) < 1e-6);
  CHECK(relative_error(channel_first(model.reconstruct(x), model.input_shape()), torch.reconstructions) < 1e-6);
}

template <class Number>
std::vector<std::uint8_t> bytes_as(const std::vector<float>& values) {
  const std::vector<Number> numbers(values.begin(), values.end());
  std::vector<std::uint8_t> bytes(numbers.size() * sizeof(Number));
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

template <class Model>
void both_ways(const std::string& stack, Shape code) {
  const TemporaryFolder folder;
  const std::string path = folder / "model.safetensors";
  Model model;
  Random random(2, Purpose::user);
  MatrixX<float> x(model.input_shape().size(), count);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(random.normal());
  const std::vector<float> samples = channel_first(x, model.input_shape());

  model.fit(x, Adam{}, {.epochs = 3, .batch_size = 4});
  save(model, path);
  std::vector<stacks::Tensor> tensors;
  const auto file = detail::read_safetensors(path);
  for (const auto& info : file.tensors) {
    stacks::Tensor& tensor =
        tensors.emplace_back(stacks::Tensor{info.name, {info.shape.begin(), info.shape.end()}, {}, false});
    const auto bytes = file.payload(info);
    if (info.type == detail::DType::I64) {
      REQUIRE(bytes.size() == sizeof(std::int64_t));
      std::int64_t batches;
      std::memcpy(&batches, bytes.data(), sizeof batches);
      CHECK(batches == 12);  // 3 epochs of 4 batches
      tensor.values = {static_cast<float>(batches)};
      tensor.integers = true;
    } else {
      tensor.values.resize(bytes.size() / sizeof(float));
      std::memcpy(tensor.values.data(), bytes.data(), bytes.size());
    }
  }
  compare(model, x, stacks::run(stack, tensors, samples), code);

  const stacks::Drawn drawn = stacks::draw(stack, samples);
  std::vector<detail::OwnedTensor> theirs;
  for (const stacks::Tensor& tensor : drawn.tensors) {
    if (tensor.integers) CHECK(tensor.values == std::vector<float>{stacks::drawn_batches});
    theirs.push_back({tensor.name,
                      tensor.integers ? detail::DType::I64 : detail::DType::F32,
                      {tensor.shape.begin(), tensor.shape.end()},
                      tensor.integers ? bytes_as<std::int64_t>(tensor.values) : bytes_as<float>(tensor.values)});
  }
  detail::write_safetensors(path, theirs, {{"format", "pt"}});
  load(model, path);
  compare(model, x, drawn.outputs, code);
}

}  // namespace

TEST_CASE("libtorch and the library read each other's dense models") {
  both_ways<Autoencoder<Encoder<Input<6>, Dense<5>, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError>>("dense",
                                                                                                     Shape::flat(3));
}

TEST_CASE("and tied ones") {
  both_ways<Autoencoder<Encoder<Input<6>, Dense<5>, Tanh, Dense<3>>, Decoder<TiedMirror>, SquaredError>>(
      "tied", Shape::flat(3));
}

TEST_CASE("and convolutions to a dense code and back") {
  both_ways<Autoencoder<
      Encoder<Image<6, 5, 2>, Conv2d<4, 3, Stride<2>, Padding<1>>, Relu, Reshape<1, 1, 36>, Dense<7>>,
      Decoder<Dense<36>, Relu, Reshape<3, 3, 4>, ConvTranspose2d<2, 3, Stride<2>, Padding<1>, OutputPadding<1, 0>>>,
      SquaredError>>("conv to dense to conv", Shape::flat(7));
}

TEST_CASE("and grouped convolutions, mirrored") {
  both_ways<Autoencoder<Encoder<Image<6, 8, 4>, Conv2d<6, 3, Stride<2>, Padding<1>, Groups<2>>, Relu,
                                Conv2d<6, 3, Stride<2>, Padding<1>, Groups<6>>>,
                        Decoder<Mirror>, SquaredError>>("grouped", {2, 2, 6});
}

TEST_CASE("and batch normalization on both sides of a flattening") {
  both_ways<Autoencoder<Encoder<Image<6, 5, 2>, Conv2d<4, 3, Stride<2>, Padding<1>>, BatchNorm, Relu, Reshape<1, 1, 36>,
                                BatchNorm, Tanh, Dense<7>>,
                        Decoder<Dense<36>, BatchNorm, Tanh, Reshape<3, 3, 4>, BatchNorm,
                                ConvTranspose2d<2, 3, Stride<2>, Padding<1>, OutputPadding<1, 0>>>,
                        SquaredError>>("batch-normalized", Shape::flat(7));
}
