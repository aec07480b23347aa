#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/layer_norm.hpp>
#include <eigencoder/losses/regression.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/custom_layer_fixture.hpp"
#include "layers/model_checks.hpp"

#include <cmath>

using namespace eigencoder;

namespace layer_norm2d_test {
namespace {

// Few and many channels, around the width of a register; one chunk of rows and several.
constexpr FixtureCase cases[] = {
    {{1, 1, 5}, 1}, {{3, 2, 16}, 2}, {{4, 5, 40}, 3}, {{10, 11, 3}, 7}, {{3, 3, 1100}, 5}};

// A column for each position of each sample.
MatrixX<double> positions(const MatrixX<double>& x, Shape shape) {
  return x.reshaped(shape.channels, x.size() / shape.channels);
}

}  // namespace

TEST_CASE("each position is normalized over its channels, then scaled and shifted by channel") {
  for (const auto& [shape, batch] : cases) {
    INFO(shape.text().view() << ", batch of " << batch);
    const MatrixX<double> x = laws::samples(shape.size(), batch, false).array() * 4 + 2;
    Fixture<LayerNorm2d> fixture(LayerNorm2d{.epsilon = 1e-3}, shape, batch);
    for (std::size_t c = 0; c < fixture.scale.size(); ++c) {
      fixture.scale[c] = 0.5 + static_cast<double>(c % 5);
      fixture.shift[c] = 1 - static_cast<double>(c % 3);
    }
    const MatrixX<double> in = positions(x, shape), out = positions(fixture.forward(x), shape);
    for (Index p = 0; p < in.cols(); ++p) {
      const double mean = in.col(p).mean(), variance = (in.col(p).array() - mean).square().mean();
      for (Index c = 0; c < shape.channels; ++c) {
        const auto at = static_cast<std::size_t>(c);
        const double normal = (in(c, p) - mean) / std::sqrt(variance + 1e-3);
        REQUIRE(out(c, p) == Approx(normal * fixture.scale[at] + fixture.shift[at]).margin(1e-12));
      }
    }
  }
}

TEST_CASE("a single channel becomes its shift") {
  const Shape shape{3, 4, 1};
  Fixture<LayerNorm2d> fixture(LayerNorm2d{}, shape, 2);
  fixture.shift[0] = 0.75;
  CHECK(fixture.forward(laws::samples(12, 2, false)) == MatrixX<double>::Constant(12, 2, 0.75));
}

TEST_CASE("on a flat vector it is layer normalization") {
  const MatrixX<double> x = laws::samples(70, 9, false), dy = laws::samples(70, 9, false, 2);
  Fixture<LayerNorm> one(LayerNorm{}, Shape::flat(70), 9);
  Fixture<LayerNorm2d> two(LayerNorm2d{}, Shape::flat(70), 9);
  one.scale[3] = two.scale[3] = 2;
  CHECK(one.forward(x) == two.forward(x));
  Collected of_one, of_two;
  CHECK(one.backward(x, dy, of_one) == two.backward(x, dy, of_two));
  CHECK(of_one.blocks == of_two.blocks);
}

TEST_CASE("it is the same in training and inference, and for each sample by itself") {
  const Shape shape{6, 7, 20};
  const MatrixX<double> x = laws::samples(shape.size(), 30, false);
  Fixture<LayerNorm2d> fixture(LayerNorm2d{}, shape, 30);
  const MatrixX<double> y = fixture.forward(x);
  CHECK(fixture.forward(x.col(17)) == y.col(17));
  CHECK(fixture.forward(x.rowwise().reverse()) == y.rowwise().reverse());
  fixture.training = false;
  CHECK(fixture.forward(x) == y);
}

TEST_CASE("its gradients are those of the formulas") {
  for (const auto& [shape, batch] : cases) {
    INFO(shape.text().view() << ", batch of " << batch);
    const MatrixX<double> x = laws::samples(shape.size(), batch, false, 1),
                          dy = laws::samples(shape.size(), batch, false, 2);
    Fixture<LayerNorm2d> fixture(LayerNorm2d{.epsilon = 1e-3}, shape, batch);
    const MatrixX<double> normal = positions(fixture.forward(x), shape);
    for (std::size_t c = 0; c < fixture.scale.size(); ++c) fixture.scale[c] = 0.5 + static_cast<double>(c % 5);
    fixture.forward(x);
    Collected sink;
    const MatrixX<double> dx = positions(fixture.backward(x, dy, sink), shape);
    const MatrixX<double> in = positions(x, shape), upstream = positions(dy, shape);
    const Eigen::Map<const VectorX<double>> scale(fixture.scale.data(), shape.channels);
    for (Index c = 0; c < shape.channels; ++c) {
      const auto at = static_cast<std::size_t>(c);
      CHECK(sink.blocks[0].at(at) == Approx(upstream.row(c).dot(normal.row(c))).margin(1e-9));
      CHECK(sink.blocks[1].at(at) == Approx(upstream.row(c).sum()));
    }
    for (Index p = 0; p < in.cols(); ++p) {
      const VectorX<double> g = upstream.col(p).cwiseProduct(scale), hat = normal.col(p);
      const double stddev = std::sqrt((in.col(p).array() - in.col(p).mean()).square().mean() + 1e-3);
      const VectorX<double> expected = (g.array() - g.mean() - hat.array() * g.cwiseProduct(hat).mean()) / stddev;
      REQUIRE((dx.col(p) - expected).norm() <= 1e-10 * (1 + g.norm() / stddev));
    }
  }
}

TEST_CASE("gradients through layer normalization of images agree with central differences") {
  using Convolved = Autoencoder<Encoder<Image<5, 4, 3>, Conv2d<4, 3>, LayerNorm2d, Tanh, Dense<3>>,
                                Decoder<Dense<7>, LayerNorm2d, Tanh, Dense<60>>, SquaredError, Precision<double>>;
  using OnePixel = Autoencoder<Encoder<Image<1, 1, 6>, LayerNorm2d, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError,
                               Precision<double>>;
  for (const Index batch : {1, 2, 5}) {
    check_model_gradients(Convolved{}, batch);
    check_model_gradients(OnePixel{}, batch);
  }
}

TEST_CASE("layer normalization of images gives the same bits with any team") {
  check_same_bits_on_any_team<Autoencoder<Encoder<Image<12, 12, 24>, LayerNorm2d, Tanh, Dense<3>>,
                                          Decoder<Dense<3456>, LayerNorm>, SquaredError>>();
}

TEST_CASE("layer normalization of images refuses an epsilon that is not positive") {
  CHECK_THROWS_AS(LayerNorm2d{.epsilon = 0}.validate(), OptionError);
  CHECK_THROWS_AS(LayerNorm2d{.epsilon = std::nan("")}.validate(), OptionError);
  CHECK_NOTHROW(LayerNorm2d{}.validate());
}

}  // namespace layer_norm2d_test
