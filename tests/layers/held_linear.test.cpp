// Layers that are linear at a held selection: `jvp` is the derivative of the forward pass, `vjp` its adjoint.
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/batch_top_k.hpp>
#include <eigencoder/layers/dropout.hpp>
#include <eigencoder/layers/dropout2d.hpp>
#include <eigencoder/layers/jump_relu.hpp>
#include <eigencoder/layers/max_pool2d.hpp>
#include <eigencoder/layers/top_k.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/custom_layer_fixture.hpp"

#include <cmath>

using namespace eigencoder;

namespace {

template <Differentiable L>
void check(const L& layer, Shape shape) {
  constexpr Index batch = 5;
  INFO(layer.name().view() << " on " << shape.text().view());
  Fixture<L> fixture(layer, shape, batch);
  fixture.scale.assign(fixture.scale.size(), 0);
  const auto centered = [](Index rows, std::uint64_t seed) {
    return MatrixX<double>(laws::samples(rows, batch, false, seed).array() - 0.5);
  };
  const MatrixX<double> x = centered(shape.size(), 1), r = centered(shape.size(), 2);
  const MatrixX<double> y = fixture.forward(x), dy = centered(y.rows(), 3);
  const MatrixX<double> pushed = fixture.jvp(x, r), pulled = fixture.vjp(x, dy);
  CHECK(pushed.cwiseProduct(dy).sum() == Approx(r.cwiseProduct(pulled).sum()).epsilon(1e-12));
  CHECK(pushed.norm() > 0);
  // At the values themselves the linear map gives what the forward pass gave, and nearby the selection is the same.
  CHECK((fixture.jvp(x, x) - y).norm() <= 1e-12 * y.norm());
  Collected unused;
  CHECK(fixture.backward(x, dy, unused) == pulled);
  const double h = 1e-7;
  CHECK(((fixture.forward(x + h * r) - y) / h - pushed).norm() <= 1e-6 * pushed.norm());
}

}  // namespace

TEST_CASE("jvp is the derivative at the held selection, and vjp its adjoint", "[held linear]") {
  for (const Shape shape : {Shape::flat(24), Shape{6, 5, 4}}) {
    check(TopK{7}, shape);
    check(JumpRelu{.initial_threshold = 0.1}, shape);
    check(Dropout{.rate = 0.3}, shape);
    check(Dropout2d{.rate = 0.3}, shape);
  }
  check(MaxPool2d<2>{}, {6, 5, 4});
  check(MaxPool2d{3, Stride{2}, Same{}}, {6, 5, 4});
}

TEST_CASE("layers that couple the samples of a batch have no Jacobian for each", "[held linear]") {
  STATIC_REQUIRE(!Differentiable<BatchTopK<3>>);
  STATIC_REQUIRE(!Differentiable<BatchNorm>);
}
