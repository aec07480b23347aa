#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/reshape.hpp>
#include <eigencoder/layers/upsample.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/testing.hpp>

#include "support/catch.hpp"
#include "layers/kernel_fixture.hpp"

using namespace eigencoder;

TEST_CASE("reshaping moves no value") {
  for (const Shape in : {Shape::flat(24), Shape{4, 2, 3}, Shape{2, 3, 4}})
    for (const Index batch : {1, 3, 1000}) {
      const MatrixX<double> x = laws::samples(24, batch, false);
      const auto kernel = Reshape<2, 3, 4>{}.kernel<double>(in, nullptr);
      CHECK(apply<double>(kernel, x, 24) == x);
      CHECK(adjoint<double>(kernel, x, 24) == x);
      check_adjoint(Reshape{2, 3, 4}, in, batch);
    }
}

TEST_CASE("shapes of reshaping") {
  constexpr Shape unknown{Dynamic, Dynamic, Dynamic};
  STATIC_REQUIRE(Reshape<2, 3, 4>{}.output(Shape::flat(24)) == Shape{2, 3, 4});
  STATIC_REQUIRE(Reshape<2, 3, 4>{}.output({4, 3, 2}) == Shape{2, 3, 4});
  STATIC_REQUIRE(Reshape<2, 3, 4>{}.output(unknown) == Shape{2, 3, 4});
  STATIC_REQUIRE(Reshape<2, 3, 4>{}.output(Shape::flat(25)) == Shape::none());
  STATIC_REQUIRE(Reshape<2, 3, 4>{}.output({5, 5, 1}) == Shape::none());
  STATIC_REQUIRE(Reshape<2, 3, 4>{}.output(Shape::none()) == Shape::none());
  STATIC_REQUIRE(Reshape{2, 3, 4}.output(Shape::flat(24)) == Shape{2, 3, 4});
  STATIC_REQUIRE(Reshape{2, 0, 4}.output(unknown) == Shape::none());
  STATIC_REQUIRE(Reshape<-1 - 1, 3, 4>{}.output(unknown) == Shape::none());
  STATIC_REQUIRE(Reshape<(Index{1} << 40), (Index{1} << 40), 1>{}.output(unknown) == Shape::none());
  STATIC_REQUIRE(Reshape<>{}.output(Shape::flat(24)) == unknown);
  STATIC_REQUIRE(std::is_same_v<decltype(Reshape{2, 3, 4}), Reshape<>>);
  STATIC_REQUIRE(kind<Reshape<2, 3, 4>> == LayerKind::linear);
  CHECK(Reshape<2, 3, 4>{}.name().view() == "Reshape<2, 3, 4>");
  CHECK(Reshape{2, 3, 4}.name().view() == "Reshape{2, 3, 4}");
  CHECK(Reshape<2, 3, 4>{}.expected_input().view() == "24 values");
  CHECK(Reshape<>{}.expected_input().view() == "positive sizes");
}

TEST_CASE("gradients pass through reshaping, and a mirrored decoder undoes it") {
  const auto check = []<class E, class D>(E, D) {
    Autoencoder<E, D, SquaredError, Precision<double>> model;
    model.initialize(2);
    CHECK(gradient_error(model, laws::samples(24, 3, false)).worst <= 1e-7);
  };
  check(Encoder<Input<24>, Dense<3>>{}, Decoder<Dense<6>, Tanh, Reshape<2, 3, 1>, UpsampleTo<4, 6>>{});
  check(Encoder<Input<24>, Reshape<4, 3, 2>, Tanh, Dense<3>>{}, Decoder<Mirror>{});
}
