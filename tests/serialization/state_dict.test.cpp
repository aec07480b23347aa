// A model's file, evaluated by PyTorch's definitions of the layers (channel_first.hpp), gives the model's results.

#include <eigencoder/eigencoder.hpp>
#include <eigencoder/io.hpp>

#include "support/catch.hpp"
#include "support/channel_first.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace eigencoder;
namespace cf = channel_first;
using Double = Precision<double>;

/// Gives every parameter and statistic a different value; variances are positive.
template <class Model>
void scatter(Model& model, std::uint64_t seed = 5) {
  Random random(seed, Purpose::user);
  for (auto* values :
       {&detail::ModelAccess::state(model, "changed").parameters, &detail::ModelAccess::state(model, "").statistics})
    for (auto& value : values->span()) value = 0;
  for (const auto& block : model.layout().blocks())
    for (auto& value :
         model.parameters().subspan(static_cast<std::size_t>(block.offset), static_cast<std::size_t>(block.size())))
      value = static_cast<typename Model::Scalar>(0.4 * random.normal());
  for (const auto& block : model.layout().statistics_blocks())
    for (auto& value :
         model.statistics().subspan(static_cast<std::size_t>(block.offset), static_cast<std::size_t>(block.size)))
      value = static_cast<typename Model::Scalar>(0.5 + random.uniform());
}

MatrixX<double> samples_of(Index size, Index count = 3) {
  Random random(9, Purpose::user);
  MatrixX<double> x(size, count);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = random.normal();
  return x;
}

/// Compares the model's codes and reconstructions with those of `encode` and `decode` on the model's file.
template <class Model, class Encode, class Decode>
void require_same(Model& model, const Encode& encode, const Decode& decode) {
  scatter(model);
  const TemporaryFolder folder;
  save(model, folder / "m.safetensors");
  const auto tensors = cf::Tensors::of(folder / "m.safetensors", double{});
  const Shape in = model.input_shape();
  const MatrixX<double> x = samples_of(in.size());
  const MatrixX<double> codes = model.encode(x), y = model.activation(x, Model::layer_count() - 1);
  const auto size = [](Index n) { return static_cast<std::size_t>(n); };
  for (Index j = 0; j < x.cols(); ++j) {
    const auto sample = cf::from_channel_last(x.col(j).data(), size(in.height), size(in.width), size(in.channels));
    const cf::Sample code = encode(tensors, sample);
    REQUIRE(static_cast<Index>(code.values.size()) == codes.rows());
    const auto expected_code = cf::from_channel_last(codes.col(j).data(), code.height, code.width, code.channels);
    for (std::size_t i = 0; i < code.values.size(); ++i)
      CHECK(code.values[i] == Approx(expected_code.values[i]).epsilon(1e-9).margin(1e-9));
    const cf::Sample out = decode(tensors, code);
    const auto expected = cf::from_channel_last(y.col(j).data(), size(in.height), size(in.width), size(in.channels));
    REQUIRE(out.values.size() == expected.values.size());
    for (std::size_t i = 0; i < out.values.size(); ++i)
      CHECK(out.values[i] == Approx(expected.values[i]).epsilon(1e-9).margin(1e-9));
  }
}

std::vector<std::string> names_of(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& tensor : detail::read_safetensors(path).tensors) names.push_back(tensor.name);
  return names;
}

}  // namespace

TEST_CASE("a dense model's tensors are those of PyTorch's linear layers") {
  Autoencoder<Encoder<Input<6>, Dense<5>, Tanh, Dense<3>>, Decoder<Dense<4>, Tanh, Dense<6>>, SquaredError, Double>
      model;
  require_same(
      model,
      [](const auto& t, const cf::Sample& x) {
        return cf::linear(t, "encoder.2", cf::tanh(cf::linear(t, "encoder.0", x)));
      },
      [](const auto& t, const cf::Sample& z) {
        return cf::linear(t, "decoder.2", cf::tanh(cf::linear(t, "decoder.0", z)));
      });
}

TEST_CASE("so are those of a mirror, and of a tied mirror, whose weight is written twice") {
  const auto encode = [](const auto& t, const cf::Sample& x) {
    return cf::linear(t, "encoder.2", cf::tanh(cf::linear(t, "encoder.0", x)));
  };
  const auto decode = [](const auto& t, const cf::Sample& z) {
    return cf::linear(t, "decoder.2", cf::tanh(cf::linear(t, "decoder.0", z)));
  };
  using E = Encoder<Input<6>, Dense<5>, Tanh, Dense<3>>;
  Autoencoder<E, Decoder<Mirror>, SquaredError, Double> mirrored;
  require_same(mirrored, encode, decode);
  Autoencoder<E, Decoder<TiedMirror>, SquaredError, Double> tied;
  require_same(tied, encode, decode);
}

TEST_CASE("flattened and unflattened values are permuted between channel-last and channel-first") {
  // 6 x 5 x 2 -> 3 x 3 x 4 -> 36 -> 7 and back, with normalization before and after each Reshape.
  Autoencoder<Encoder<Image<6, 5, 2>, Conv2d<4, 3, Stride<2>, Padding<1>>, BatchNorm, Relu, Reshape<1, 1, 36>,
                      BatchNorm, Tanh, Dense<7>>,
              Decoder<Dense<36>, BatchNorm, Tanh, LayerNorm, Reshape<3, 3, 4>, BatchNorm,
                      ConvTranspose2d<2, 3, Stride<2>, Padding<1>, OutputPadding<1, 0>>>,
              SquaredError, Double>
      model;
  require_same(
      model,
      [](const auto& t, const cf::Sample& x) {
        const auto y = cf::relu(cf::batch_norm(t, "encoder.1", cf::conv2d(t, "encoder.0", x, {2, 1, 1})));
        return cf::linear(t, "encoder.6", cf::tanh(cf::batch_norm(t, "encoder.4", cf::flatten(y))));
      },
      [](const auto& t, const cf::Sample& z) {
        const auto y =
            cf::layer_norm(t, "decoder.3", cf::tanh(cf::batch_norm(t, "decoder.1", cf::linear(t, "decoder.0", z))));
        return cf::conv_transpose2d(t, "decoder.6", cf::batch_norm(t, "decoder.5", cf::unflatten(y, 4, 3, 3)),
                                    {2, 1, 1}, 6, 5);
      });
}

TEST_CASE("a dense layer flattens an image, its mirror unflattens it, and groups stay separate") {
  const auto encode = [](const auto& t, const cf::Sample& x) {
    const auto y = cf::relu(cf::conv2d(t, "encoder.0", x, {2, 1, 2}));
    return cf::linear(t, "encoder.2", y);
  };
  const auto decode = [](const auto& t, const cf::Sample& z) {
    const auto y = cf::relu(cf::unflatten(cf::linear(t, "decoder.0", z), 6, 3, 2));
    return cf::conv_transpose2d(t, "decoder.2", y, {2, 1, 2}, 6, 4);
  };
  using E = Encoder<Image<6, 4, 4>, Conv2d<6, 3, Stride<2>, Padding<1>, Groups<2>>, Relu, Dense<5>>;
  Autoencoder<E, Decoder<Mirror>, SquaredError, Double> mirrored;
  require_same(mirrored, encode, decode);
  Autoencoder<E, Decoder<TiedMirror>, SquaredError, Double> tied;
  require_same(tied, encode, decode);
}

TEST_CASE("a mirrored transposed convolution is a convolution") {
  Autoencoder<Encoder<Image<3, 2, 4>, ConvTranspose2d<6, 3, Stride<2>, Padding<1>, Groups<2>>>, Decoder<Mirror>,
              SquaredError, Double>
      model;
  require_same(
      model,
      [](const auto& t, const cf::Sample& x) {
        return cf::conv_transpose2d(t, "encoder.0", x, {2, 1, 2}, 5, 3);
      },
      [](const auto& t, const cf::Sample& z) {
        return cf::conv2d(t, "decoder.0", z, {2, 1, 2});
      });
}

TEST_CASE("a residual stack before an unflattening uses one order throughout") {
  Autoencoder<Encoder<Image<2, 3, 2>, Dense<4>>,
              Decoder<Dense<12>, Residual<Dense<12>, Tanh>, Reshape<2, 3, 2>, Conv2d<2, 1>>, SquaredError, Double>
      model;
  require_same(
      model, [](const auto& t, const cf::Sample& x) { return cf::linear(t, "encoder.0", x); },
      [](const auto& t, const cf::Sample& z) {
        cf::Sample x = cf::linear(t, "decoder.0", z);
        const cf::Sample y = cf::tanh(cf::linear(t, "decoder.1", x));
        for (std::size_t i = 0; i < x.values.size(); ++i) x.values[i] += y.values[i];
        return cf::conv2d(t, "decoder.5", cf::unflatten(x, 2, 2, 3), {});
      });
}

TEST_CASE("names count every layer of a half, and shapes are PyTorch's") {
  Autoencoder<Encoder<Image<4, 4, 3>, Conv2d<6, 3, Same, Groups<3>>, BatchNorm, Relu, TopK<5>, JumpRelu, LayerNorm,
                      LayerNorm2d, Dropout, BatchTopK<4>, Dense<2, WithoutBias>>,
              Decoder<Mirror>, LearnedGaussian, Variational<>>
      model;
  std::string text;
  for (const auto& tensor : detail::model_contents(model, {}).tensors) {
    text += tensor.name + (tensor.type == detail::DType::I64 ? " I64" : " F32");
    for (const auto size : tensor.shape) text += ' ' + std::to_string(size);
    text += '\n';
  }
  CHECK(text ==
        "encoder.0.weight F32 6 1 3 3\n"
        "encoder.0.bias F32 6\n"
        "encoder.1.weight F32 6\n"
        "encoder.1.bias F32 6\n"
        "encoder.1.running_mean F32 6\n"
        "encoder.1.running_var F32 6\n"
        "encoder.1.num_batches_tracked I64\n"
        "encoder.3.samples_since_fired F32 6 4 4\n"
        "encoder.4.log_threshold F32 6\n"
        "encoder.4.samples_since_fired F32 6 4 4\n"
        "encoder.5.weight F32 6 4 4\n"
        "encoder.5.bias F32 6 4 4\n"
        "encoder.6.weight F32 6\n"
        "encoder.6.bias F32 6\n"
        "encoder.8.samples_since_fired F32 6 4 4\n"
        "encoder.8.threshold F32 2\n"
        "encoder.9.weight F32 2 96\n"
        "decoder.0.weight F32 96 2\n"
        "decoder.1.weight F32 6\n"
        "decoder.1.bias F32 6\n"
        "decoder.1.running_mean F32 6\n"
        "decoder.1.running_var F32 6\n"
        "decoder.1.num_batches_tracked I64\n"
        "decoder.3.samples_since_fired F32 6 4 4\n"
        "decoder.4.log_threshold F32 6\n"
        "decoder.4.samples_since_fired F32 6 4 4\n"
        "decoder.5.weight F32 6 4 4\n"
        "decoder.5.bias F32 6 4 4\n"
        "decoder.6.weight F32 6\n"
        "decoder.6.bias F32 6\n"
        "decoder.8.samples_since_fired F32 6 4 4\n"
        "decoder.8.threshold F32 2\n"
        "decoder.9.weight F32 6 1 3 3\n"
        "decoder.9.bias F32 3\n"
        "bottleneck.log_variance.weight F32 2 96\n"
        "loss.log_variance F32\n");
}

TEST_CASE("a codebook is written beside the statistics that it is computed from") {
  Autoencoder<Encoder<Input<8>, Dense<6>>, Decoder<Mirror>, SquaredError, VectorQuantized<4>, Double> model(
      VectorQuantized<4>{.groups = 2});
  const TemporaryFolder folder;
  save(model, folder / "m");
  const auto tensors = cf::Tensors::of(folder / "m", double{});
  const MatrixX<double> book = codebook(model);
  const cf::Tensor& written = tensors("bottleneck.codebook");
  CHECK(written.shape == std::vector<std::size_t>{4, 3});
  CHECK(Eigen::Map<const Eigen::VectorXd>(written.values.data(), 12) ==
        Eigen::Map<const Eigen::VectorXd>(book.data(), 12));
  CHECK(tensors("bottleneck.counts").values == cf::Values(4, 1));
  CHECK(names_of(folder / "m").size() == 7);
}

namespace {
/// A layer of a user's own with two parameter blocks of one kind and no names for them.
struct TwoScales : Dropout {
  constexpr Text name() const { return "TwoScales"; }
  void declare(ParameterLayout& layout, Index position, Shape in) const {
    layout.add(ParameterKind::scale, position, in.channels, 1);
    layout.add(ParameterKind::scale, position, 2, 3);
    layout.add_statistics(position, 5, 0.5);
  }
};
}  // namespace

TEST_CASE("blocks of a user's own layer are named after their kind, each uniquely") {
  Autoencoder<Encoder<Input<4>, Dense<3>, TwoScales>, Decoder<Mirror>, SquaredError> model;
  const TemporaryFolder folder;
  save(model, folder / "m");
  CHECK(names_of(folder / "m") == std::vector<std::string>{"encoder.0.weight", "encoder.0.bias", "encoder.1.weight",
                                                           "encoder.1.weight_2", "encoder.1.statistics",
                                                           "decoder.0.weight", "decoder.0.bias"});
}
