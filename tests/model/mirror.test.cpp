// Mirrored decoders: the order of the layers, their sizes and their weights.
#include "support/toy_models.hpp"
#include "support/catch.hpp"

#include <string>

using namespace eigencoder;

namespace mirror_test {
namespace {

// The names of the layers, as the summary lists them.
template <class Model>
std::vector<std::string> layers(const Model& model) {
  const std::string table = model.summary();
  std::vector<std::string> names;
  for (std::size_t begin = 0, end = 0; begin < table.size(); begin = end + 1) {
    end = table.find('\n', begin);
    const std::string line = table.substr(begin, end - begin);
    const std::string number = std::to_string(names.size()) + "  ";
    const std::size_t at = line.find_first_not_of(' ');
    if (line.compare(at, number.size(), number) != 0) continue;
    const std::size_t name = at + number.size();
    names.push_back(line.substr(name, line.find("  ", name) - name));
  }
  return names;
}

using Names = std::vector<std::string>;
template <class M, class... After>
using Model =
    Autoencoder<Encoder<Input<31>, Dense<17>, BatchNorm, Tanh, Dense<9, WithoutBias>, Dense<5>, Sigmoid>,
                Decoder<M, After...>, SquaredError, Precision<double>>;

}  // namespace

TEST_CASE("a mirror reverses blocks, each in its own order, without the layers after the code's linear layer") {
  CHECK(layers(Model<Mirror>()) == Names{"Dense<17>", "BatchNorm", "Tanh", "Dense<9>", "Dense<5>", "Sigmoid",
                                         "Mirrored(Dense<5>)", "Mirrored(Dense<9>)", "BatchNorm", "Tanh",
                                         "Mirrored(Dense<17>)"});
  CHECK(layers(Autoencoder<Encoder<Input<4>, Sigmoid, Dense<3>>, Decoder<Mirror>, SquaredError>()) ==
        Names{"Sigmoid", "Dense<3>", "Mirrored(Dense<3>)"});
}

TEST_CASE("layers may follow a mirror") {
  const auto names = layers(Model<TiedMirror, Sigmoid>());
  CHECK(names.size() == 12);
  CHECK(names.back() == "Sigmoid");
  CHECK(names[10] == "Tied(Dense<17>)");
  const auto x = laws::samples(31, 3, false);
  const Model<TiedMirror, Sigmoid> model;
  const MatrixX<double> out = (1 + (-model.activation(x, 10).array()).exp()).inverse();
  CHECK(model.reconstruct(x).isApprox(out, 1e-13));
}

TEST_CASE("every mirrored layer returns the input size of its original") {
  const Model<Mirror> model;
  const auto x = laws::samples(31, 2, false);
  const std::vector<Index> sizes = {17, 17, 17, 9, 5, 5, 9, 17, 17, 17, 31};
  REQUIRE(model.layer_count() == static_cast<Index>(sizes.size()));
  for (std::size_t i = 0; i < sizes.size(); ++i)
    CHECK(model.activation(x, static_cast<Index>(i)).rows() == sizes[i]);
  CHECK(model.code_size() == 5);

  // The reconstruction of an image is an image: the loss uses its channels.
  const Autoencoder<Encoder<Image<5, 3, 2>, Dense<7>>, Decoder<Mirror>, Categorical, Precision<double>>
      of_images;
  const MatrixX<double> image = of_images.reconstruct(laws::samples(30, 4));
  for (Index j = 0; j < 4; ++j)
    for (Index pixel = 0; pixel < 15; ++pixel)
      CHECK(image(2 * pixel, j) + image(2 * pixel + 1, j) == Approx(1));
}

TEST_CASE("a mirror computes with the transposed weight") {
  Autoencoder<Encoder<Input<6>, Dense<4>>, Decoder<Mirror>, SquaredError, Precision<double>> model;
  Autoencoder<Encoder<Input<6>, Dense<4>>, Decoder<TiedMirror>, SquaredError, Precision<double>> tied;
  using Weight = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto weight = [](const auto& of, std::size_t block) {
    const auto& at = of.layout().blocks().at(block);
    return Eigen::Map<const Weight>(of.parameters().data() + at.offset, at.rows, at.cols);
  };
  const auto x = laws::samples(4, 3, false);
  CHECK(model.decode(x).isApprox(weight(model, 2).transpose() * x, 1e-13));
  CHECK(tied.decode(x).isApprox(weight(tied, 0).transpose() * x, 1e-13));
  CHECK_FALSE(weight(model, 0).isApprox(weight(model, 2)));
}

TEST_CASE("tied layers share their weights, have biases of their own and count once") {
  const Model<Mirror> own;
  const Model<TiedMirror> tied;
  const Index weights = 31 * 17 + 17 * 9 + 9 * 5, normalization = 2 * 2 * 17;
  const Index encoder_biases = 17 + 5, decoder_biases = 9 + 31;  // the mirror of a layer without bias has none
  CHECK(own.parameter_count() == 2 * weights + normalization + encoder_biases + decoder_biases);
  CHECK(tied.parameter_count() == weights + normalization + encoder_biases + decoder_biases);
  Index kinds[4] = {};
  for (const auto& block : tied.layout().blocks()) ++kinds[static_cast<int>(block.kind)];
  CHECK(kinds[static_cast<int>(ParameterKind::weight)] == 3);
  CHECK(kinds[static_cast<int>(ParameterKind::bias)] == 4);
  CHECK(tied.statistics().size() == own.statistics().size());
}

TEST_CASE("Mirror{}, Decoder{Mirror{}} and Decoder<Mirror> mean the same type") {
  const Encoder encoder{Input{6}, Dense{4}, Relu{}, Dense{2}};
  const Autoencoder by_mirror{encoder, Mirror{}, SquaredError{}};
  const Autoencoder by_decoder{encoder, Decoder{Mirror{}}, SquaredError{}};
  using E = Encoder<Input<>, Dense<>, Relu, Dense<>>;
  STATIC_REQUIRE(std::is_same_v<decltype(by_mirror), const Autoencoder<E, Decoder<Mirror>, SquaredError>>);
  STATIC_REQUIRE(std::is_same_v<decltype(by_mirror), decltype(by_decoder)>);
  CHECK(bits(by_mirror) == bits(by_decoder));
  const Autoencoder tied{encoder, TiedMirror{}, SquaredError{}, WeightDecay<>{.weight = 1}};
  STATIC_REQUIRE(
      std::is_same_v<decltype(tied), const Autoencoder<E, Decoder<TiedMirror>, SquaredError, WeightDecay<>>>);
}

TEST_CASE("the summary states shapes, parameters, the code and the loss") {
  const Autoencoder<Encoder<Input<60>, Dense<7>, Relu, Dense<2>>, Decoder<Mirror>, Huber> model;
  const std::string table = model.summary();
  for (const char* text : {"input", "Dense<7>", "Mirrored(Dense<7>)", "code of 2 values", "loss Huber", "427",
                           "16", "21", "480", "944 parameters"})
    CHECK(table.find(text) != std::string::npos);
  CHECK(model.parameter_count() == 427 + 16 + 21 + 480);
}

namespace {

// The output shape of a mirrored decoder for images of this shape.
template <class... L>
Shape mirrored_shape(Shape in, const L&... layers) {
  const auto stack =
      detail::assemble(Encoder{Image{in.height, in.width, in.channels}, layers...}, Decoder{Mirror{}});
  return stack.layer_info.back().out;
}

}  // namespace

TEST_CASE("a mirrored decoder returns every image size exactly, odd or even") {
  const auto check = [](Shape in, const auto& layer, const auto& next) {
    if (!layer.output(in).is_possible() || !next.output(layer.output(in)).is_possible()) return;
    INFO(layer.name().view() << " on " << in.text().view());
    CHECK(mirrored_shape(in, layer) == in);
    CHECK(mirrored_shape(in, layer, Relu{}, next) == in);
  };
  for (Index height = 1; height <= 13; ++height)
    for (Index width = 1; width <= 13; ++width)
      for (Index stride = 1; stride <= 3; ++stride) {
        const Shape in{height, width, 2};
        check(in, Conv2d{3, 3, Stride{stride}, Same{}}, Conv2d{4, 2, Stride{2}, Padding{1}});
        check(in, Conv2d{3, 3, Stride{stride}, Padding{0}}, MaxPool2d{2, Same{}});
        check(in, MaxPool2d{2, Stride{stride}}, AveragePool2d{2, Stride{1}});
        check(in, AveragePool2d{3, Stride{stride}, Padding{1}}, Conv2d{3, 3, Stride{2}, Same{}});
        check(in, ConvTranspose2d{3, 4, Stride{stride}, Padding{1}}, Conv2d{4, 3});
        check(in, Upsample{stride}, Dense{7});
      }
}

TEST_CASE("a mirror upsamples what was pooled, and mirrors residual stacks layer by layer") {
  using Images =
      Autoencoder<Encoder<Image<9, 7, 2>, Conv2d<4, 3, Same>, Relu, MaxPool2d<2>,
                          Residual<Conv2d<6, 3, Same>, Tanh, Conv2d<4, 1>>, BatchNorm, AveragePool2d<2>, Dense<5>>,
                  Decoder<Mirror>, SquaredError>;
  CHECK(layers(Images()) == Names{"Conv2d<4, 3, Same>", "Relu", "MaxPool2d<2>", "Conv2d<6, 3, Same>", "Tanh",
                                  "Conv2d<4, 1>", "Residual sum", "BatchNorm", "AveragePool2d<2>", "Dense<5>",
                                  "Mirrored(Dense<5>)", "UpsampleTo{4, 3}", "BatchNorm", "Mirrored(Conv2d<4, 1>)",
                                  "Tanh", "Mirrored(Conv2d<6, 3, Same>)", "Residual sum", "UpsampleTo{9, 7}", "Relu",
                                  "Mirrored(Conv2d<4, 3, Same>)"});
}

TEST_CASE("dense layers and convolutions alternate") {
  using Turns = Autoencoder<Encoder<Input<30>, Dense<24>, Tanh, Reshape<4, 3, 2>, Conv2d<5, 3, Same>, Relu, Dense<9>,
                                    Gelu, Reshape<3, 3, 1>, Conv2d<2, 2>>,
                            Decoder<TiedMirror>, SquaredError, Precision<double>>;
  Turns model;
  const auto x = laws::samples(30, 4, false);
  CHECK(model.reconstruct(x).rows() == 30);
  CHECK(model.code_size() == 8);
  const auto history = model.fit(x, Adam{.learning_rate = 0.01}, {.epochs = 60});
  CHECK(history.epochs.back().train_loss < 0.5 * history.epochs.front().train_loss);
}

TEST_CASE("tied convolutions share their weights, have biases of their own and count once") {
  using E = Encoder<Image<9, 8, 3>, Conv2d<6, 3, Stride<2>, Same>, Relu, Conv2d<4, 3, WithoutBias>>;
  const Autoencoder<E, Decoder<Mirror>, SquaredError> own;
  const Autoencoder<E, Decoder<TiedMirror>, SquaredError> tied;
  const Index weights = 9 * 3 * 6 + 9 * 6 * 4;
  CHECK(own.parameter_count() == 2 * weights + 6 + 3);
  CHECK(tied.parameter_count() == weights + 6 + 3);
}

}  // namespace mirror_test
