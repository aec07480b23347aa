// Inference of trained models, against closed forms and between its functions.
#include "support/toy_models.hpp"
#include "support/catch.hpp"

#include <cmath>

using namespace eigencoder;

namespace {

using Matrix = MatrixX<double>;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class Loss = SquaredError>
using Small = Autoencoder<Encoder<Input<6>, Dense<5>, Tanh, Dense<2>, Sigmoid>, Decoder<Mirror>, Loss,
                          Precision<double>>;

template <class Loss = SquaredError>
Small<Loss> trained() {
  Small<Loss> model;
  model.fit(laws::samples(6, 40, true), Adam{.learning_rate = 0.05}, {.epochs = 20});
  return model;
}

template <class Model>
RowMajor weight(const Model& model, Index layer) {
  for (const auto& block : model.layout().blocks())
    if (block.layer == layer && block.kind == ParameterKind::weight)
      return Eigen::Map<const RowMajor>(model.parameters().data() + block.offset, block.rows, block.cols);
  return {};
}
template <class Model>
VectorX<double> bias(const Model& model, Index layer) {
  for (const auto& block : model.layout().blocks())
    if (block.layer == layer && block.kind == ParameterKind::bias)
      return Eigen::Map<const VectorX<double>>(model.parameters().data() + block.offset, block.rows);
  return {};
}

Matrix sigmoid(const Matrix& z) { return (1 + (-z.array()).exp()).inverse(); }
Matrix softmax(const Matrix& z) {
  const Matrix e = z.array().exp();
  return e.array().rowwise() / e.colwise().sum().array();
}

}  // namespace

TEST_CASE("every layer computes what its formula says") {
  const auto model = trained();
  const Matrix x = laws::samples(6, 9, false);
  const auto check = [&](Index layer, const Matrix& expected) {
    CHECK(model.activation(x, layer).isApprox(expected, 1e-12));
    return expected;
  };
  const Matrix z1 = check(0, (weight(model, 0) * x).colwise() + bias(model, 0));
  const Matrix y1 = check(1, z1.array().tanh());
  const Matrix z2 = check(2, (weight(model, 2) * y1).colwise() + bias(model, 2));
  const Matrix code = check(3, sigmoid(z2));
  // Mirrored weights are stored like the encoder's: 2 x 5, then 5 x 6.
  const Matrix z3 = check(4, (weight(model, 4).transpose() * code).colwise() + bias(model, 4));
  const Matrix y3 = check(5, z3.array().tanh());
  check(6, (weight(model, 6).transpose() * y3).colwise() + bias(model, 6));
  CHECK(model.layer_count() == 7);
}

TEST_CASE("encode, decode, reconstruct and activation agree") {
  const auto model = trained();
  const Matrix x = laws::samples(6, 700, false);  // several batches
  const Matrix codes = model.encode(x), values = model.reconstruct(x);
  CHECK(codes.rows() == model.code_size());
  CHECK(codes == model.activation(x, 3));
  CHECK(values.isApprox(model.decode(codes), 1e-14));
  CHECK(values == model.activation(x, 6));
  for (const Index j : {0, 1, 255, 256, 511, 512, 699}) {
    CHECK(model.encode(x.col(j)).isApprox(codes.col(j), 1e-14));
    CHECK(model.reconstruct(x.col(j)).isApprox(values.col(j), 1e-14));
  }
}

TEST_CASE("decode and reconstruct return the loss's mean, activation the argument of the loss") {
  const Matrix x = laws::samples(6, 30);
  const auto binary = trained<Bernoulli>();
  CHECK(binary.reconstruct(x).isApprox(sigmoid(binary.activation(x, 6)), 1e-13));
  CHECK(binary.decode(binary.encode(x)).isApprox(binary.reconstruct(x), 1e-13));
  const auto choice = trained<Categorical>();
  CHECK(choice.reconstruct(x).isApprox(softmax(choice.activation(x, 6)), 1e-13));
  CHECK(choice.decode(choice.encode(x)).isApprox(choice.reconstruct(x), 1e-13));
  const auto plain = trained<Huber>();
  CHECK(plain.reconstruct(x) == plain.activation(x, 6));
}

TEST_CASE("evaluate is the mean loss of a sample and the squared error of a value") {
  const Matrix x = laws::samples(6, 300), t = laws::samples(6, 300, true, 2);
  const double n = 300;

  const auto plain = trained();
  const Evaluation of_itself = plain.evaluate(x);
  CHECK(of_itself.samples == 300);
  CHECK(of_itself.loss == Approx((plain.reconstruct(x) - x).squaredNorm() / n));
  CHECK(of_itself.mse == Approx(of_itself.loss / 6));
  CHECK(of_itself.psnr == Approx(10 * std::log10(1 / of_itself.mse)));
  CHECK(of_itself.mse == Approx(mean_squared_error(x, plain.reconstruct(x))));
  CHECK(plain.evaluate(x, t).loss == Approx((plain.reconstruct(x) - t).squaredNorm() / n));
  CHECK(plain.evaluate(x, x).loss == of_itself.loss);

  const auto binary = trained<Bernoulli>();
  const Eigen::ArrayXXd p = binary.reconstruct(x).array();
  CHECK(binary.evaluate(x, t).loss ==
        Approx(-(t.array() * p.log() + (1 - t.array()) * (1 - p).log()).sum() / n));
  CHECK(binary.evaluate(x, t).mse == Approx((p - t.array()).square().sum() / n / 6));

  const auto choice = trained<Categorical>();
  CHECK(choice.evaluate(x, t).loss == Approx(-(t.array() * choice.reconstruct(x).array().log()).sum() / n));
}

TEST_CASE("blocks of larger matrices are samples like matrices") {
  const auto model = trained();
  Matrix large = Matrix::Constant(10, 20, std::nan(""));
  large.block(2, 3, 6, 12) = laws::samples(6, 12);
  const auto block = large.block(2, 3, 6, 12);
  const Matrix own = block;
  CHECK(model.encode(block) == model.encode(own));
  CHECK(model.reconstruct(block) == model.reconstruct(own));
  CHECK(model.evaluate(block).loss == model.evaluate(own).loss);
  Workspace<double> workspace;
  const View<double> in_workspace = model.encode(block, workspace);
  CHECK(Eigen::Map<const Matrix>(in_workspace.data(), 2, 12) == model.encode(own));

  auto one = trained(), other = trained();
  one.fit(block, Adam{}, {.epochs = 2, .batch_size = 5, .validation = large.block(2, 5, 6, 4)});
  const Matrix validation = large.block(2, 5, 6, 4);
  other.fit(own, Adam{}, {.epochs = 2, .batch_size = 5, .validation = validation});
  CHECK(bits(one) == bits(other));
  CHECK(same(one.epochs().back(), other.epochs().back()));
}

TEST_CASE("functions with a workspace give the same as those without") {
  const auto model = trained<Bernoulli>();
  Workspace<double> workspace;
  for (const Index n : {7, 200, 1, 64}) {
    const Matrix x = laws::samples(6, n);
    const auto check = [](View<double> got, const Matrix& expected) {
      REQUIRE(got.rows() == expected.rows());
      REQUIRE(got.cols() == expected.cols());
      CHECK(Eigen::Map<const Matrix, 0, Eigen::OuterStride<>>(
                got.data(), got.rows(), got.cols(), Eigen::OuterStride<>(got.stride())) == expected);
    };
    check(model.encode(x, workspace), model.encode(x));
    check(model.reconstruct(x, workspace), model.reconstruct(x));
    const Matrix codes = model.encode(x);
    check(model.decode(codes, workspace), model.decode(codes));
  }
}

TEST_CASE("a workspace that was moved from serves as a new one") {
  const MatrixX<float> x = unit_samples(40, 30);
  const Busy model;
  const MatrixX<float> expected = model.encode(x);
  Workspace<float> workspace;
  CHECK(model.encode(x, workspace).matrix() == expected);
  Workspace<float> taken = std::move(workspace);
  CHECK(model.encode(x, taken).matrix() == expected);
  CHECK(model.encode(x, workspace).matrix() == expected);
}

TEST_CASE("a result in a workspace may be the next argument with that workspace") {
  const Matrix x = laws::samples(6, 30), y = laws::samples(12, 30);
  const auto model = trained();
  const Autoencoder<Encoder<Input<12>, Dense<12>>, Decoder<Mirror>, SquaredError, Precision<double>> flat;
  Workspace<double> workspace;
  for (int i = 0; i < 2; ++i) {
    const View<double> there = model.decode(model.encode(x, workspace), workspace);
    CHECK(Eigen::Map<const Matrix>(there.data(), 6, 30) == model.decode(model.encode(x)));
    const View<double> twice = flat.encode(flat.encode(y, workspace), workspace);
    CHECK(Eigen::Map<const Matrix>(twice.data(), 12, 30) == flat.encode(flat.encode(y)));
  }
}

TEST_CASE("a whole set in one workspace gives the same as batches of it") {
  const auto model = trained();
  const Matrix x = laws::samples(6, 700);
  Workspace<double> workspace;
  const View<double> codes = model.encode(x, workspace);
  CHECK(Eigen::Map<const Matrix>(codes.data(), 2, 700).isApprox(model.encode(x), 1e-14));
}

TEST_CASE("a decoder may begin with an activation or a normalization") {
  using First = Autoencoder<Encoder<Input<6>, Dense<4>>, Decoder<Tanh, Sigmoid, LayerNorm, Dense<6>>,
                            SquaredError, Precision<double>>;
  const First model;
  const Matrix x = laws::samples(6, 20);
  const Matrix codes = model.encode(x);
  CHECK(codes.isApprox(weight(model, 0) * x, 1e-13));
  CHECK(model.decode(codes).isApprox(model.reconstruct(x), 1e-13));
  CHECK(model.activation(x, 1).isApprox(codes.array().tanh().matrix(), 1e-13));
  CHECK(model.activation(x, 2).isApprox(sigmoid(model.activation(x, 1)), 1e-13));
  CHECK(model.activation(x, 0) == codes);
}

TEST_CASE("a code of two activations and an encoder that begins with one") {
  using Odd = Autoencoder<Encoder<Input<6>, Sigmoid, Dense<4>, Tanh, Softplus>, Decoder<Dense<6>, Tanh>,
                          SquaredError, Precision<double>>;
  Odd model;
  const Matrix x = laws::samples(6, 20);
  CHECK(model.activation(x, 0).isApprox(sigmoid(x), 1e-13));
  CHECK(model.activation(x, 1).isApprox(weight(model, 1) * sigmoid(x), 1e-13));
  const Matrix y = model.activation(x, 1).array().tanh();
  CHECK(model.encode(x).isApprox((1 + y.array().exp()).log().matrix(), 1e-12));
  CHECK(x == laws::samples(6, 20));  // the input is unchanged
  const auto history = model.fit(x, Adam{}, {.epochs = 50});
  CHECK(history.epochs.back().train_loss < history.epochs.front().train_loss);
}

namespace {

template <class E, class D>
using Images = Autoencoder<E, D, Bernoulli, Precision<double>>;

// All functions give the same values of a layer, for one sample and for many.
template <class Model>
void check_agreement() {
  Model model;
  const Index values = model.input_shape().size(), last = model.layer_count() - 1;
  const Matrix data = laws::samples(values, 24, false);
  model.fit(data, Adam{}, {.epochs = 2, .batch_size = 8});
  const Matrix x = laws::samples(values, 300, false, 2), before = x;  // several batches
  const Matrix code = model.encode(x), whole = model.reconstruct(x);
  CHECK(whole.isApprox(sigmoid(model.activation(x, last)), 1e-12));
  bool found = false;
  for (Index layer = 0; layer <= last; ++layer) {
    const Matrix all = model.activation(x, layer), alone = model.activation(x.col(299), layer);
    CHECK(alone.isApprox(all.col(299), 1e-12));
    found = found || (all.rows() == code.rows() && all == code);
  }
  CHECK(found);
  Workspace<double> workspace;
  CHECK(model.encode(x.leftCols(9), workspace).matrix().isApprox(code.leftCols(9), 1e-12));
  CHECK(model.reconstruct(x.leftCols(9), workspace).matrix().isApprox(whole.leftCols(9), 1e-12));
  CHECK(x == before);
}

}  // namespace

TEST_CASE("encode, reconstruct and activation agree for layers on images") {
  using Residuals = Images<Encoder<Image<9, 7, 2>, Residual<Conv2d<2, 3, Same>, BatchNorm, Gelu>, MaxPool2d<2>,
                                   Conv2d<4, 3, Same>, LayerNorm2d, Tanh, Dropout2d, Dense<5>>,
                           Decoder<Mirror>>;
  check_agreement<Residuals>();
  check_agreement<Images<Encoder<Image<9, 7, 2>, Conv2d<4, 3>, Tanh, Conv2d<6, 3>, Gelu>,
                         Decoder<SkipConcatenate<AtLayer<3>>, ConvTranspose2d<4, 3>, SkipAdd<AtLayer<1>>, Tanh,
                                 SkipConcatenate<AtLayer<0>>, ConvTranspose2d<2, 3>>>>();
  check_agreement<Images<Encoder<Image<9, 7, 2>, Conv2d<4, 3, Same>, Relu, MaxPool2d<2>, Conv2d<4, 1>, Tanh>,
                         Decoder<SkipAdd<AtLayer<2>>, MaxUnpool2d<AtLayer<2>>, Gelu, SkipAdd<AtLayer<0>>,
                                  Conv2d<2, 3, Same>>>>();

  const Residuals model;
  const Matrix x = laws::samples(126, 30, false);
  CHECK(model.decode(model.encode(x)).isApprox(model.reconstruct(x), 1e-13));
}

TEST_CASE("a decoder of residual stacks and skips to the code decodes a bare code") {
  const Images<Encoder<Image<6, 6, 2>, Conv2d<4, 3>, Tanh>,
               Decoder<Residual<Conv2d<4, 3, Same>, Gelu>, SkipConcatenate<AtLayer<1>>, ConvTranspose2d<2, 3>>> model;
  const Matrix x = laws::samples(72, 30, false), code = model.encode(x);
  CHECK(model.decode(code).isApprox(model.reconstruct(x), 1e-13));
  CHECK(model.decode(code.col(3)).isApprox(model.reconstruct(x).col(3), 1e-13));
}
