#include <eigencoder/layers/layer_norm.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/custom_layer_fixture.hpp"

#include <cmath>

using namespace eigencoder;

namespace layer_norm_test {
namespace {
constexpr Index n = 130, batch = 5;
}

TEST_CASE("each sample is normalized over its values, then scaled and shifted") {
  const MatrixX<double> x = laws::samples(n, batch, false).array() * 4 + 2;
  Fixture<LayerNorm> fixture(LayerNorm{.epsilon = 1e-12}, Shape::flat(n), batch);
  const MatrixX<double> normal = fixture.forward(x);
  for (Index j = 0; j < batch; ++j) {
    CHECK(std::abs(normal.col(j).mean()) <= 1e-10);
    CHECK(normal.col(j).squaredNorm() == Approx(static_cast<double>(n)));
    const double deviation = std::sqrt((x.col(j).array() - x.col(j).mean()).square().mean());
    CHECK((x.col(j).array() - x.col(j).mean()).isApprox(normal.col(j).array() * deviation, 1e-8));
  }
  for (std::size_t i = 0; i < fixture.scale.size(); ++i) {
    fixture.scale[i] = static_cast<double>(i);
    fixture.shift[i] = 1;
  }
  const MatrixX<double> y = fixture.forward(x);
  for (Index i = 0; i < n; ++i)
    CHECK((y.row(i).array() - 1).isApprox(normal.row(i).array() * static_cast<double>(i)));
}

TEST_CASE("layer normalization is the same in training and inference, and for each sample by itself") {
  const MatrixX<double> x = laws::samples(n, batch, false);
  Fixture<LayerNorm> fixture(LayerNorm{}, Shape::flat(n), batch);
  const MatrixX<double> y = fixture.forward(x);
  CHECK(fixture.forward(x.col(2)) == y.col(2));
  fixture.training = false;
  CHECK(fixture.forward(x) == y);
}

TEST_CASE("the gradients of scale and shift are sums; that of a sample is orthogonal to 1 and to it") {
  // One chunk of samples, several of few values, several of many.
  for (const auto& [values, samples] : {std::pair<Index, Index>{130, 5}, {3, 600}, {2600, 20}}) {
    INFO(values << " values, batch of " << samples);
    const MatrixX<double> x = laws::samples(values, samples, false, 1), dy = laws::samples(values, samples, false, 2);
    Fixture<LayerNorm> fixture(LayerNorm{.epsilon = 1e-14}, Shape::flat(values), samples);
    const MatrixX<double> y = fixture.forward(x);
    Collected sink;
    const MatrixX<double> dx = fixture.backward(x, dy, sink);
    for (Index i = 0; i < values; ++i) {
      CHECK(sink.blocks[0].at(static_cast<std::size_t>(i)) == Approx(dy.row(i).dot(y.row(i))).margin(1e-9));
      CHECK(sink.blocks[1].at(static_cast<std::size_t>(i)) == Approx(dy.row(i).sum()));
    }
    for (Index j = 0; j < samples; ++j) {
      const double unit = dy.col(j).norm() / (x.col(j).array() - x.col(j).mean()).matrix().norm();
      CHECK(std::abs(dx.col(j).sum()) <= 1e-8 * unit);
      CHECK(std::abs(dx.col(j).dot(x.col(j))) <= 1e-8 * unit);
    }
  }
}

TEST_CASE("layer normalization refuses an epsilon that is not positive") {
  CHECK_THROWS_AS(LayerNorm{.epsilon = 0}.validate(), OptionError);
  CHECK_THROWS_AS(LayerNorm{.epsilon = std::nan("")}.validate(), OptionError);
}

}  // namespace layer_norm_test
