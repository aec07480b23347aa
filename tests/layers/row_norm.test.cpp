// The Jacobian of layer normalization: its products, and their derivatives by the input and by the scale.
#include <eigencoder/testing.hpp>
#include <eigencoder/layers/layer_norm.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/custom_layer_fixture.hpp"

#include <cmath>

using namespace eigencoder;

namespace {

template <Differentiable L>
void check_jacobian(const L& layer, Shape shape, Index batch) {
  INFO(layer.name().view() << " on " << shape.text().view() << ", batch of " << batch);
  const Index n = shape.size();
  Fixture<L> fixture(layer, shape, batch);
  for (std::size_t i = 0; i < fixture.scale.size(); ++i) fixture.scale[i] = 0.5 + static_cast<double>(i % 7) / 4;
  const MatrixX<double> x = centered(n, batch, 1), r = centered(n, batch, 2), dy = centered(n, batch, 3);
  const MatrixX<double> along = centered(n, batch, 4);

  fixture.forward(x);
  const MatrixX<double> jr = fixture.jvp(x, r), jtdy = fixture.vjp(x, dy);
  CHECK(fixture.backward(x, dy) == jtdy);
  CHECK(jr.cwiseProduct(dy).sum() == Approx(r.cwiseProduct(jtdy).sum()).epsilon(1e-11));
  const MatrixX<double> far = fixture.forward(x + 1e-5 * r) - fixture.forward(x - 1e-5 * r);
  CHECK((far / 2e-5 - jr).norm() <= 1e-7 * jr.norm());

  // <r, J^T dy> as a function of x and of the scales, along one direction each.
  const auto product = [&](const MatrixX<double>& at) {
    fixture.forward(at);
    return r.cwiseProduct(fixture.vjp(at, dy)).sum();
  };
  product(x);
  Collected sink;
  const MatrixX<double> by_x = fixture.second_order(x, dy, r, sink);
  CHECK(by_x.cwiseProduct(along).sum() ==
        Approx(central_difference([&](double h) { return product(x + h * along); })).epsilon(1e-7));
  const auto scale = fixture.scale;
  const auto& by_scale = sink.blocks[0];
  double reported = 0;
  for (std::size_t i = 0; i < by_scale.size(); ++i) reported += by_scale[i] * std::sin(static_cast<double>(i));
  const double expected = central_difference([&](double h) {
    for (std::size_t i = 0; i < scale.size(); ++i) fixture.scale[i] = scale[i] + h * std::sin(static_cast<double>(i));
    return product(x);
  });
  CHECK(reported == Approx(expected).epsilon(1e-7));
  CHECK(sink.blocks[1].empty());
}

}  // namespace

TEST_CASE("layer normalization: products with the Jacobian and their derivatives") {
  check_jacobian(LayerNorm{}, Shape::flat(5), 3);
  check_jacobian(LayerNorm{.epsilon = 0.1}, Shape::flat(130), 4);
  check_jacobian(LayerNorm{.epsilon = 0.1}, {4, 5, 3}, 600);  // several chunks of rows
  check_jacobian(LayerNorm2d{.epsilon = 0.1}, {6, 5, 4}, 3);
  check_jacobian(LayerNorm2d{.epsilon = 0.1}, {3, 3, 1100}, 5);
}

TEST_CASE("layer normalization adds to the derivative by the input, or leaves it out where that is null") {
  const MatrixX<double> x = centered(9, 4, 1), dy = centered(9, 4, 2), r = centered(9, 4, 3);
  Fixture<LayerNorm> fixture(LayerNorm{}, Shape::flat(9), 4);
  fixture.forward(x);
  Collected first, second;
  const MatrixX<double> once = fixture.second_order(x, dy, r, first);
  const Pass<double> pass{fixture.workspace, 4, true, 1, 0, fixture.samples.data()};
  const LayerContext<double> context{pass, fixture.shape, 4, {fixture.scale.data(), fixture.shift.data()},
                                  {},   {},            fixture.cache.data(), 0};
  MatrixX<double> twice = once;
  fixture.layer.second_order(context, x.data(), dy.data(), r.data(), twice.data(), second);
  CHECK((twice - 2 * once).norm() <= 1e-14 * once.norm());
  fixture.layer.second_order(context, x.data(), dy.data(), r.data(), static_cast<double*>(nullptr), second);
  CHECK(first.blocks == second.blocks);
}
