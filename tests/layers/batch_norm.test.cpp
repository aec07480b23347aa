#include <eigencoder/layers/batch_norm.hpp>

#include "catch.hpp"
#include "laws/samples.hpp"
#include "layers/opaque_fixture.hpp"

#include <cmath>

using namespace eigencoder;

namespace {

constexpr Shape image{3, 2, 70};  // more channels than a tile

// The values of one channel, over batch and positions.
VectorX<double> channel(const MatrixX<double>& x, Shape shape, Index c) {
  const Eigen::Map<const MatrixX<double>> by_channel(x.data(), shape.channels, x.size() / shape.channels);
  return by_channel.row(c).transpose();
}
double mean(const VectorX<double>& v) { return v.mean(); }
double variance(const VectorX<double>& v) { return (v.array() - v.mean()).square().mean(); }

}  // namespace

TEST_CASE("each channel is normalized over batch and positions, then scaled and shifted", "[batch norm]") {
  for (const Shape shape : {Shape::flat(130), image}) {
    const MatrixX<double> x = laws::samples(shape.size(), 7, false).array() * 5 - 1;
    Fixture<BatchNorm> fixture(BatchNorm{.epsilon = 1e-12}, shape, 7);
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

TEST_CASE("running statistics follow the batches, the variance unbiased", "[batch norm]") {
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

TEST_CASE("in inference the running statistics serve, sample by sample", "[batch norm]") {
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

TEST_CASE("the gradients of scale and shift are sums; that of the input is orthogonal to 1 and to the input",
          "[batch norm]") {
  // Adding to all values of a channel, or stretching them about their mean, does not change the output.
  const Shape shape = image;
  const MatrixX<double> x = laws::samples(shape.size(), 6, false, 1),
                        dy = laws::samples(shape.size(), 6, false, 2);
  Fixture<BatchNorm> fixture(BatchNorm{.epsilon = 1e-14}, shape, 6);
  const MatrixX<double> y = fixture.forward(x);
  Collected sink;
  const MatrixX<double> dx = fixture.backward(x, dy, sink);
  for (Index c = 0; c < shape.channels; ++c) {
    const auto at = static_cast<std::size_t>(c);
    CHECK(sink.blocks[0].at(at) == Approx(channel(dy, shape, c).dot(channel(y, shape, c))).margin(1e-9));
    CHECK(sink.blocks[1].at(at) == Approx(channel(dy, shape, c).sum()));
    CHECK(std::abs(channel(dx, shape, c).sum()) <= 1e-9);
    CHECK(std::abs(channel(dx, shape, c).dot(channel(x, shape, c))) <= 1e-9);
  }
}

TEST_CASE("batch normalization refuses options outside their ranges", "[batch norm]") {
  CHECK_THROWS_AS(BatchNorm{.momentum = 0}.validate(), OptionError);
  CHECK_THROWS_AS(BatchNorm{.momentum = 1.1}.validate(), OptionError);
  CHECK_THROWS_AS(BatchNorm{.epsilon = 0}.validate(), OptionError);
  CHECK_THROWS_AS(BatchNorm{.epsilon = std::nan("")}.validate(), OptionError);
  CHECK_NOTHROW(BatchNorm{.momentum = 1}.validate());
}
