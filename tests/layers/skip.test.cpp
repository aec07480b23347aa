// Layers that read an earlier layer: their shapes and values.
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/reshape.hpp>
#include <eigencoder/layers/skip_connection.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/kernel_fixture.hpp"

using namespace eigencoder;

TEST_CASE("a sum takes only its source's shape") {
  using Add = SkipAdd<AtLayer<1>>;
  constexpr Shape image{4, 3, 2}, unknown{Dynamic, Dynamic, Dynamic}, any{};
  STATIC_REQUIRE(Add{}.output(image, any, image) == image);
  STATIC_REQUIRE_FALSE(Add{}.output(image, any, Shape{4, 3, 1}).is_possible());
  STATIC_REQUIRE_FALSE(Add{}.output(image, any, Shape{3, 4, 2}).is_possible());
  STATIC_REQUIRE_FALSE(Add{}.output(image, any, Shape::flat(24)).is_possible());  // as many values, but no image
  STATIC_REQUIRE_FALSE(Add{}.output(Shape::none(), any, image).is_possible());
  STATIC_REQUIRE_FALSE(Add{}.output(image, any, Shape::none()).is_possible());
  STATIC_REQUIRE(Add{}.output(unknown, any, image).is_possible());
  STATIC_REQUIRE(Add{}.output(image, any, unknown).is_possible());
  STATIC_REQUIRE(Add::source(9) == 1);
  CHECK(Add{}.name().view() == "SkipAdd<AtLayer<1>>");
  CHECK(Add{}.expected_input(any, image).view() == "4x3x2 = 24 values, the shape of the layer it adds");
}

TEST_CASE("channels are appended") {
  using Concatenate = SkipConcatenate<AtLayer<2>>;
  constexpr Shape image{4, 3, 2}, any{};
  STATIC_REQUIRE(Concatenate{}.output(image, any, {4, 3, 5}) == Shape{4, 3, 7});
  STATIC_REQUIRE(Concatenate{}.output(image, any, {4, 3, Dynamic}) == Shape{4, 3, Dynamic});
  STATIC_REQUIRE(Concatenate{}.output({Dynamic, 3, 2}, any, {4, 3, 5}).channels == 7);
  STATIC_REQUIRE_FALSE(Concatenate{}.output(image, any, {3, 3, 2}).is_possible());
  STATIC_REQUIRE_FALSE(Concatenate{}.output(image, any, {4, 2, 2}).is_possible());
  STATIC_REQUIRE_FALSE(Concatenate{}.output(image, any, Shape::none()).is_possible());
  CHECK(Concatenate{}.name().view() == "SkipConcatenate<AtLayer<2>>");
}

TEST_CASE("a model adds and concatenates the outputs of the layers it names") {
  using Model = Autoencoder<Encoder<Image<4, 5, 2>, Conv2d<3, 3, Same>, Tanh, Conv2d<3, 1>>,
                            Decoder<SkipAdd<AtLayer<1>>, SkipConcatenate<AtLayer<0>>, Gelu,
                                    SkipConcatenate<AtLayer<2>>, Conv2d<2, 1>>,
                            SquaredError, Precision<double>>;
  const Model model;
  const MatrixX<double> x = laws::samples(40, 7, false);
  const auto layer = [&](Index i) { return MatrixX<double>(model.activation(x, i)); };
  const MatrixX<double> sum = layer(1) + layer(2);
  CHECK(layer(3) == sum);
  const MatrixX<double> first = layer(0), both = layer(4), again = layer(6), activated = layer(5), code = layer(2);
  REQUIRE(both.rows() == 4 * 5 * 6);
  REQUIRE(again.rows() == 4 * 5 * 9);
  for (Index position = 0; position < 20; ++position) {
    CHECK(both.middleRows(6 * position, 3) == sum.middleRows(3 * position, 3));
    CHECK(both.middleRows(6 * position + 3, 3) == first.middleRows(3 * position, 3));
    CHECK(again.middleRows(9 * position, 6) == activated.middleRows(6 * position, 6));
    CHECK(again.middleRows(9 * position + 6, 3) == code.middleRows(3 * position, 3));
  }
  CHECK(model.reconstruct(x) == layer(7));
  CHECK(model.encode(x) == code);
}

TEST_CASE("a decoder that reads the code alone decodes it") {
  const Autoencoder<Encoder<Input<6>, Dense<6>, Tanh>, Decoder<Dense<6>, SkipAdd<AtLayer<1>>, Dense<6>>, SquaredError,
                    Precision<double>>
      model;
  const MatrixX<double> x = laws::samples(6, 5, false);
  CHECK(model.decode(model.encode(x)).isApprox(model.reconstruct(x), 1e-14));
}

TEST_CASE("sizes given by value are checked when a model is built") {
  // The output of the convolution, one position, is not known at compile time.
  const Autoencoder model{Encoder{Image<4, 4, 3>{}, Dense<8>{}},
                          Decoder{Reshape{2, 2, 2}, Conv2d{8, 2}, SkipAdd<AtLayer<0>>{}, Dense{48}}, SquaredError{}};
  CHECK(model.layer_count() == 5);
}
