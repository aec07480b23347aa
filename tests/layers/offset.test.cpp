// Values far from zero, as raw measurements are: a layer that normalizes in float agrees with itself in double.
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/layer_norm.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/custom_layer_fixture.hpp"

using namespace eigencoder;

namespace {

// The largest difference to `exact`, in units of its largest value.
double relative_error(const MatrixX<float>& found, const MatrixX<double>& exact) {
  return (found.cast<double>() - exact).cwiseAbs().maxCoeff() / exact.cwiseAbs().maxCoeff();
}
double relative_error(const std::vector<float>& found, const std::vector<double>& exact) {
  const auto n = static_cast<Index>(exact.size());
  return relative_error(Eigen::Map<const VectorX<float>>(found.data(), n),
                        Eigen::Map<const VectorX<double>>(exact.data(), n));
}

template <class L>
void check_offset(const L& layer, Shape shape, Index batch, double offset) {
  INFO(layer.name().view() << " on " << shape.text().view() << ", batch of " << batch << ", offset " << offset);
  // Rounded to floats first: the rounding of the data is not the layer's error.
  const MatrixX<float> x =
      (laws::samples(shape.size(), batch, false, 1).array() * 4 + offset).matrix().template cast<float>();
  const MatrixX<double> dy = laws::samples(shape.size(), batch, false, 2).array() - 0.5;
  Fixture<L, float> fixture(layer, shape, batch);
  Fixture<L, double> exact(layer, shape, batch);
  CHECK(relative_error(fixture.forward(x), exact.forward(x.template cast<double>())) <= 1e-5);

  CollectedIn<float> sink;
  CollectedIn<double> exact_sink;
  const auto dx = fixture.backward(x, dy.template cast<float>(), sink);
  CHECK(relative_error(dx, exact.backward(x.template cast<double>(), dy, exact_sink)) <= 1e-5);
  for (std::size_t block = 0; block < 2; ++block)
    CHECK(relative_error(sink.blocks[block], exact_sink.blocks[block]) <= 1e-5);

  if constexpr (std::is_same_v<L, BatchNorm>) {
    for (std::size_t c = 0; c < static_cast<std::size_t>(shape.channels); ++c) {
      CHECK(std::abs(static_cast<double>(fixture.mean[c]) - exact.mean[c]) <= 1e-7 * std::abs(exact.mean[c]));
      CHECK(std::abs(static_cast<double>(fixture.variance[c]) / exact.variance[c] - 1) <= 1e-5);
    }
    fixture.training = exact.training = false;
    for (std::size_t c = 0; c < fixture.mean.size(); ++c) exact.mean[c] = fixture.mean[c];  // as it was stored
    CHECK(relative_error(fixture.forward(x), exact.forward(x.template cast<double>())) <= 1e-5);
  }
}

}  // namespace

TEST_CASE("normalization is as exact far from zero as near it") {
  for (const double offset : {0.0, 1e5, -1e6}) {
    check_offset(BatchNorm{.momentum = 1}, Shape::flat(300), 64, offset);  // one chunk of rows
    check_offset(BatchNorm{.momentum = 1}, {9, 11, 3}, 40, offset);        // many
    check_offset(LayerNorm{}, Shape::flat(1500), 7, offset);
    check_offset(LayerNorm2d{}, {4, 5, 24}, 6, offset);
  }
}
