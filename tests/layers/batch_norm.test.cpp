#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/losses/regression.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/custom_layer_fixture.hpp"
#include "layers/model_checks.hpp"

#include <cmath>

using namespace eigencoder;

namespace batch_norm_test {
namespace {

constexpr Shape image{3, 2, 70};

// Few channels (several rows a line) and many (several tiles), each with one chunk of rows and with more.
constexpr FixtureCase cases[] = {{Shape::flat(1), 2}, {Shape::flat(130), 7}, {image, 7},
                                 {{20, 21, 3}, 40},   {{5, 5, 32}, 50},      {Shape::flat(600), 3},
                                 {{7, 1, 300}, 30},   {{3, 3, 20}, 1},       {{1, 400, 1}, 100}};

// The values of one channel, over batch and positions.
VectorX<double> channel(const MatrixX<double>& x, Shape shape, Index c) {
  const Eigen::Map<const MatrixX<double>> by_channel(x.data(), shape.channels, x.size() / shape.channels);
  return by_channel.row(c).transpose();
}
double mean(const VectorX<double>& v) { return v.mean(); }
double variance(const VectorX<double>& v) { return (v.array() - v.mean()).square().mean(); }

}  // namespace

TEST_CASE("each channel is normalized over batch and positions, then scaled and shifted") {
  for (const auto& [shape, batch] : cases) {
    INFO(shape.text().view() << ", batch of " << batch);
    const MatrixX<double> x = laws::samples(shape.size(), batch, false).array() * 5 - 1;
    Fixture<BatchNorm> fixture(BatchNorm{.epsilon = 1e-12}, shape, batch);
    for (std::size_t c = 0; c < fixture.scale.size(); ++c) {
      fixture.scale[c] = 0.5 + static_cast<double>(c);
      fixture.shift[c] = -static_cast<double>(c);
    }
    const MatrixX<double> y = fixture.forward(x);
    for (Index c = 0; c < shape.channels; ++c) {
      const double scale = 0.5 + static_cast<double>(c);
      const VectorX<double> in = channel(x, shape, c), out = channel(y, shape, c);
      CHECK(mean(out) == Approx(-static_cast<double>(c)).margin(1e-9));
      CHECK(std::sqrt(variance(out)) == Approx(scale));
      CHECK((out.array() + static_cast<double>(c))
                .isApprox((in.array() - mean(in)) * (scale / std::sqrt(variance(in))), 1e-8));
    }
  }
}

TEST_CASE("running statistics follow the batches, the variance unbiased") {
  for (const Shape shape : {Shape::flat(4), image}) {
    Fixture<BatchNorm> fixture(BatchNorm{.momentum = 0.3}, shape, 5);
    std::vector<double> means(static_cast<std::size_t>(shape.channels), 0.0), variances(means.size(), 1.0);
    for (std::uint64_t batch = 1; batch <= 3; ++batch) {
      const MatrixX<double> x = laws::samples(shape.size(), 5, false, batch);
      fixture.forward(x);
      for (Index c = 0; c < shape.channels; ++c) {
        const auto at = static_cast<std::size_t>(c);
        const VectorX<double> in = channel(x, shape, c);
        const double n = static_cast<double>(in.size());
        means[at] = 0.7 * means[at] + 0.3 * mean(in);
        variances[at] = 0.7 * variances[at] + 0.3 * variance(in) * n / (n - 1);
        CHECK(fixture.mean[at] == Approx(means[at]));
        CHECK(fixture.variance[at] == Approx(variances[at]));
      }
    }
  }
}

TEST_CASE("in inference it uses the running statistics, for each sample by itself") {
  const Shape shape = Shape::flat(3);
  Fixture<BatchNorm> fixture(BatchNorm{.epsilon = 0.25}, shape, 1);
  fixture.training = false;
  fixture.mean = {1, 2, 3};
  fixture.variance = {0.75, 2, 3.75};
  fixture.scale = {2, 3, 4};
  fixture.shift = {0, 1, 2};
  const MatrixX<double> x = (MatrixX<double>(3, 2) << 2, 1, 5, 2, 7, 3).finished();
  const MatrixX<double> expected = (MatrixX<double>(3, 2) << 2, 0, 7, 1, 10, 2).finished();
  CHECK(fixture.forward(x).isApprox(expected));
  CHECK(fixture.forward(x.col(0)).isApprox(expected.col(0)));
  CHECK(fixture.mean == std::vector<double>{1, 2, 3});
}

TEST_CASE("the gradients of scale and shift are sums; that of the input is orthogonal to 1 and to the input") {
  // Adding to all values of a channel, or stretching them about their mean, does not change the output.
  for (const auto& [shape, batch] : cases) {
    INFO(shape.text().view() << ", batch of " << batch);
    const MatrixX<double> x = laws::samples(shape.size(), batch, false, 1),
                          dy = laws::samples(shape.size(), batch, false, 2);
    Fixture<BatchNorm> fixture(BatchNorm{.epsilon = 1e-14}, shape, batch);
    for (std::size_t c = 0; c < fixture.scale.size(); ++c) fixture.scale[c] = 1 + static_cast<double>(c % 7);
    const MatrixX<double> y = fixture.forward(x);
    Collected sink;
    const MatrixX<double> dx = fixture.backward(x, dy, sink);
    for (Index c = 0; c < shape.channels; ++c) {
      const auto at = static_cast<std::size_t>(c);
      const VectorX<double> in = channel(x, shape, c), upstream = channel(dy, shape, c), out = channel(dx, shape, c);
      const VectorX<double> normal = channel(y, shape, c) / fixture.scale[at];
      CHECK(sink.blocks[0].at(at) == Approx(upstream.dot(normal)).margin(1e-9));
      CHECK(sink.blocks[1].at(at) == Approx(upstream.sum()));
      CHECK(std::abs(out.sum()) <= 1e-9 * upstream.norm() / std::sqrt(variance(in)));
      CHECK(std::abs(out.dot(in)) <= 1e-9 * upstream.norm() / std::sqrt(variance(in)));
      const double n = static_cast<double>(in.size());
      const VectorX<double> expected =
          (upstream.array() - upstream.mean() - normal.array() * upstream.dot(normal) / n) * fixture.scale[at] /
          std::sqrt(variance(in));
      CHECK((out - expected).norm() <= 1e-9 * (upstream.norm() / std::sqrt(variance(in))));
    }
  }
}

TEST_CASE("of two values one becomes 1 and the other -1, but for epsilon") {
  Fixture<BatchNorm> fixture(BatchNorm{.epsilon = 0.5}, Shape::flat(3), 2);
  const MatrixX<double> x = (MatrixX<double>(3, 2) << 1, 3, 5, 5, 8, 2).finished();
  const MatrixX<double> y = fixture.forward(x);
  for (Index i = 0; i < 3; ++i) {
    const double half = (x(i, 0) - x(i, 1)) / 2;
    CHECK(y(i, 0) == Approx(half / std::sqrt(half * half + 0.5)));
    CHECK(y(i, 1) == Approx(-half / std::sqrt(half * half + 0.5)));
  }
}

TEST_CASE("floats far from zero lose no more than their own roundings") {
  constexpr Shape shape{30, 30, 5};
  constexpr Index batch = 60;
  const MatrixX<float> x = laws::samples<float>(shape.size(), batch, false).array() + 1000;
  MatrixX<float> y(x.rows(), x.cols());
  const BatchNorm layer{.momentum = 1};
  const std::vector<float> scale(5, 1), shift(5, 0);
  std::vector<float> means(5), variances(5), cache(static_cast<std::size_t>(layer.cache_size(shape, batch)));
  Workspace<float> workspace(1);
  const Pass<float> pass{workspace, batch, true};
  layer.forward<float>({pass,
                        shape,
                        0,
                        {scale.data(), shift.data()},
                        {means.data(), variances.data()},
                        {means.data(), variances.data()},
                        cache.data(),
                        0},
                       x.data(), y.data());
  const MatrixX<double> exact = x.cast<double>(), out = y.cast<double>();
  for (Index c = 0; c < 5; ++c) {
    const auto at = static_cast<std::size_t>(c);
    const VectorX<double> in = channel(exact, shape, c);
    CHECK(std::abs(static_cast<double>(means[at]) - mean(in)) <= 1000 * 0x1p-23);
    CHECK(static_cast<double>(variances[at]) == Approx(variance(in)).epsilon(1e-4));
    CHECK(std::abs(mean(channel(out, shape, c))) <= 1000 * 0x1p-23 / std::sqrt(variance(in)) * 2);
    CHECK(variance(channel(out, shape, c)) == Approx(1).epsilon(1e-3));
  }
}

TEST_CASE("gradients through batch normalization of images agree with central differences") {
  using Convolved = Autoencoder<Encoder<Image<5, 4, 3>, Conv2d<4, 3>, BatchNorm, Tanh, Dense<3>>,
                                Decoder<Mirror>, SquaredError, Precision<double>>;
  for (const Index batch : {1, 2, 5}) check_model_gradients(Convolved{}, batch);
  using Normed = Autoencoder<Encoder<Image<4, 3, 2>, BatchNorm, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError,
                             Precision<double>>;
  for (const Index batch : {1, 2, 5}) check_model_gradients(Normed{}, batch);
}

TEST_CASE("batch normalization gives the same bits with any team") {
  check_same_bits_on_any_team<Autoencoder<Encoder<Image<12, 12, 24>, BatchNorm, Tanh, Dense<3>, BatchNorm>,
                                          Decoder<Dense<3456>, BatchNorm>, SquaredError>>();
}

TEST_CASE("batch normalization refuses options outside their ranges") {
  CHECK_THROWS_AS(BatchNorm{.momentum = 0}.validate(), OptionError);
  CHECK_THROWS_AS(BatchNorm{.momentum = 1.1}.validate(), OptionError);
  CHECK_THROWS_AS(BatchNorm{.epsilon = 0}.validate(), OptionError);
  CHECK_THROWS_AS(BatchNorm{.epsilon = std::nan("")}.validate(), OptionError);
  CHECK_NOTHROW(BatchNorm{.momentum = 1}.validate());
}

}  // namespace batch_norm_test
