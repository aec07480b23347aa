// Layers that are linear with their selection frozen: `jvp` is the derivative of the forward pass, `vjp` its
// adjoint.
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/dropout.hpp>
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
  const MatrixX<double> x = centered(shape.size(), batch, 1), r = centered(shape.size(), batch, 2);
  const MatrixX<double> y = fixture.forward(x), dy = centered(y.rows(), batch, 3);
  const MatrixX<double> jr = fixture.jvp(x, r), jtdy = fixture.vjp(x, dy);
  CHECK(jr.cwiseProduct(dy).sum() == Approx(r.cwiseProduct(jtdy).sum()).epsilon(1e-12));
  CHECK(jr.norm() > 0);
  // The linear map takes x to the output of the forward pass; near x the selection is the same.
  CHECK((fixture.jvp(x, x) - y).norm() <= 1e-12 * y.norm());
  CHECK(fixture.backward(x, dy) == jtdy);
  const double h = 1e-7;
  CHECK(((fixture.forward(x + h * r) - y) / h - jr).norm() <= 1e-6 * jr.norm());
}

}  // namespace

TEST_CASE("jvp is the derivative at the frozen selection, and vjp its adjoint") {
  for (const Shape shape : {Shape::flat(24), Shape{6, 5, 4}}) {
    check(TopK{7}, shape);
    check(JumpRelu{.initial_threshold = 0.1}, shape);
    check(Dropout{.rate = 0.3}, shape);
    check(Dropout2d{.rate = 0.3}, shape);
  }
  check(MaxPool2d<2>{}, {6, 5, 4});
  check(MaxPool2d{3, Stride{2}, Same{}}, {6, 5, 4});
}

TEST_CASE("layers that couple the samples of a batch have no Jacobian for each") {
  STATIC_REQUIRE(!Differentiable<BatchTopK<3>>);
  STATIC_REQUIRE(!Differentiable<BatchNorm>);
}
