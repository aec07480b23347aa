// Residual stacks: the flat list of layers they become, and what it computes.
#include <eigencoder/detail/compose/flatten.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/skip_connection.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"

using namespace eigencoder;

TEST_CASE("a residual stack is flat: its layers, then the sum") {
  using detail::Flat, detail::ResidualSum;
  using Inner = Residual<Tanh, Dense<5>>;
  using Outer = Residual<Dense<5>, Inner, Relu>;
  STATIC_REQUIRE(Flat<Relu>::size == 1);
  STATIC_REQUIRE(Flat<Inner>::size == 3);
  STATIC_REQUIRE(Flat<Outer>::size == 6);
  STATIC_REQUIRE(std::is_same_v<decltype(detail::flat(Pack<Outer, Relu>())),
                                Pack<Dense<5>, Tanh, Dense<5>, ResidualSum<2>, Relu, ResidualSum<5>, Relu>>);
  STATIC_REQUIRE(detail::flat_position<Relu, Inner, Outer, Relu>(0) == 0);
  STATIC_REQUIRE(detail::flat_position<Relu, Inner, Outer, Relu>(2) == 4);
  STATIC_REQUIRE(detail::flat_position<Relu, Inner, Outer, Relu>(3) == 10);
  // The sum reads the input of the first of its layers: -1 is the input of the whole stack.
  STATIC_REQUIRE(ResidualSum<2>::source(3) == 0);
  STATIC_REQUIRE(ResidualSum<5>::source(5) == -1);
}

TEST_CASE("hyperparameters by value reach the layers inside") {
  const Residual residual{Conv2d{8, 3, Same{}}, LeakyRelu{.negative_slope = 0.25}, Residual{Dense{4}}};
  const auto flat = detail::flat(Pack(residual));
  CHECK(get<0>(flat).channels == 8);
  CHECK(get<1>(flat).negative_slope == 0.25);
  CHECK(get<2>(flat).width == 4);
}

TEST_CASE("a residual stack adds its input to its output") {
  // Positions: 0 Conv2d, 1 Tanh, 2 Conv2d, 3 Gelu, 4 inner sum, 5 Conv2d, 6 sum, 7 Dense.
  using Model = Autoencoder<
      Encoder<Image<4, 5, 3>, Residual<Conv2d<6, 3, Same>, Tanh, Residual<Conv2d<6, 1>, Gelu>, Conv2d<3, 1>>, Dense<4>>,
      Decoder<Residual<Tanh>, Dense<60>>, SquaredError, Precision<double>>;
  const Model model;
  const MatrixX<double> x = laws::samples(60, 9, false);
  const auto layer = [&](Index i) { return MatrixX<double>(model.activation(x, i)); };
  REQUIRE(model.layer_count() == 11);
  CHECK(layer(4) == layer(3) + layer(1));
  CHECK(layer(6) == layer(5) + x);
  CHECK(layer(9) == layer(8) + layer(7));
  CHECK(model.encode(x) == layer(7));
  CHECK(model.decode(model.encode(x)).isApprox(model.reconstruct(x), 1e-14));
  CHECK(model.reconstruct(x) == layer(10));
}
