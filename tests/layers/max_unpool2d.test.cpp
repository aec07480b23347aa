// Unpooling: each maximum returns to where it came from, and the rest is zero.
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/max_pool2d.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"

using namespace eigencoder;

namespace {

template <class Pool>
void check_unpooling() {
  const Autoencoder<Encoder<Image<7, 6, 3>, Pool>, Decoder<MaxUnpool2d<AtLayer<0>>>, SquaredError, Precision<double>>
      model;
  const MatrixX<double> x = laws::samples(7 * 6 * 3, 6, false), y = model.reconstruct(x), pooled = model.encode(x);
  REQUIRE(y.rows() == x.rows());
  // Windows that do not overlap: a value is kept or zero, and those kept are the maxima.
  for (Index i = 0; i < x.size(); ++i) CHECK((y.data()[i] == x.data()[i] || y.data()[i] == 0));
  CHECK((y.array() != 0).count() == pooled.size());
  CHECK(y.sum() == Approx(pooled.sum()));
  CHECK(model.encode(y) == pooled);
}

}  // namespace

TEST_CASE("unpooling undoes a pooling whose windows do not overlap") {
  check_unpooling<MaxPool2d<2>>();
  check_unpooling<MaxPool2d<2, Same>>();
  check_unpooling<MaxPool2d<2, Stride<3>>>();
  check_unpooling<MaxPool2d<3, KernelWidth<1>>>();
}

TEST_CASE("an input that won several times gets the sum") {
  const Autoencoder<Encoder<Image<1, 3, 1>, MaxPool2d<1, KernelWidth<2>, Stride<1>>>, Decoder<MaxUnpool2d<AtLayer<0>>>,
                    SquaredError, Precision<double>>
      model;
  MatrixX<double> x(3, 2), expected(3, 2);
  x << 1, 4, 5, 2, 3, 3;
  expected << 0, 4, 10, 0, 0, 3;
  CHECK(model.reconstruct(x) == expected);
}

TEST_CASE("unpooling takes only the pooling's output shape, and returns its input shape") {
  using Unpool = MaxUnpool2d<AtLayer<2>>;
  constexpr Shape before{7, 6, 4}, maxima{3, 3, 4}, unknown{Dynamic, Dynamic, Dynamic};
  STATIC_REQUIRE(Unpool{}.output(maxima, before, maxima) == before);
  STATIC_REQUIRE_FALSE(Unpool{}.output({3, 3, 5}, before, maxima).is_possible());
  STATIC_REQUIRE_FALSE(Unpool{}.output(Shape::flat(36), before, maxima).is_possible());
  STATIC_REQUIRE_FALSE(Unpool{}.output(Shape::none(), before, maxima).is_possible());
  STATIC_REQUIRE(Unpool{}.output(unknown, before, maxima) == before);
  STATIC_REQUIRE(Unpool::reads<MaxPool2d<2>>);
  STATIC_REQUIRE(Unpool::reads<MaxPool2d<Dynamic, Stride<>>>);
  STATIC_REQUIRE_FALSE(Unpool::reads<Relu>);
  STATIC_REQUIRE_FALSE(Unpool::reads<Conv2d<4, 3>>);
  CHECK(Unpool{}.name().view() == "MaxUnpool2d<AtLayer<2>>");
  CHECK(Unpool{}.expected_input(before, maxima).view() == "3x3x4 = 36 values, the pooling's output");
}
