#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/pixel_shuffle.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/testing.hpp>

#include "support/catch.hpp"
#include "layers/image_index.hpp"
#include "layers/kernel_fixture.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

TEST_CASE("the channels of a value become pixels in PyTorch's order") {
  for (const Index r : {1, 2, 3})
    for (const Shape out : {Shape{r, r, 1}, Shape{2 * r, 3 * r, 3}, Shape{4 * r, r, 2}}) {
      const Shape in{out.height / r, out.width / r, out.channels * r * r};
      const PixelShuffle layer{r};
      INFO(layer.name().view() << " on " << in.text().view());
      REQUIRE(layer.output(in) == out);
      const MatrixX<double> x = laws::samples(in.size(), 2, false);
      const MatrixX<double> y = applied(layer, in, x);
      bool same = true;
      for (Index n = 0; n < 2; ++n)
        for (Index i = 0; i < out.height; ++i)
          for (Index j = 0; j < out.width; ++j)
            for (Index c = 0; c < out.channels; ++c)
              same = same && y(at(out, i, j, c), n) == x(at(in, i / r, j / r, c * r * r + i % r * r + j % r), n);
      CHECK(same);
      CHECK(adjoint<double>(layer.kernel<double>(in, nullptr), y, in.size()) == x);  // a permutation
    }
}

TEST_CASE("pixel shuffle and its adjoint agree") {
  for (const Index batch : {1, 3, 1000}) {
    check_adjoint(PixelShuffle{2}, {3, 2, 12}, batch);
    check_adjoint(PixelShuffle<3>{}, {1, 2, 9}, batch);
    check_adjoint<float>(PixelShuffle<1>{}, {4, 5, 3}, batch, 1e-5);
  }
  check_adjoint(PixelShuffle<2>{}, {30, 25, 12}, 2);
}

TEST_CASE("shapes of pixel shuffle") {
  constexpr Shape unknown{Dynamic, Dynamic, Dynamic};
  constexpr Index huge = Index{1} << 30;
  STATIC_REQUIRE(PixelShuffle<2>{}.output({7, 5, 12}) == Shape{14, 10, 3});
  STATIC_REQUIRE(PixelShuffle<2>{}.output({7, Dynamic, 8}) == Shape{14, Dynamic, 2});
  STATIC_REQUIRE(PixelShuffle<3>{}.output({7, 5, Dynamic}) == Shape{21, 15, Dynamic});
  STATIC_REQUIRE(PixelShuffle<>{}.output({7, 5, 2}) == unknown);
  STATIC_REQUIRE(PixelShuffle<2>{}.output({7, 5, 6}) == Shape::none());
  STATIC_REQUIRE(PixelShuffle<2>{}.output({7, 5, 2}) == Shape::none());
  STATIC_REQUIRE(PixelShuffle{0}.output(unknown) == Shape::none());
  STATIC_REQUIRE(PixelShuffle<-2>{}.output({7, 5, 4}) == Shape::none());
  STATIC_REQUIRE(PixelShuffle<2>{}.output(Shape::none()) == Shape::none());
  STATIC_REQUIRE(PixelShuffle<huge>{}.output({huge, huge, 4}) == Shape::none());
  STATIC_REQUIRE(PixelShuffle<2>{}.output({Index{1} << 62, 1, 4}) == Shape::none());
  STATIC_REQUIRE(std::is_same_v<decltype(PixelShuffle{2}), PixelShuffle<>>);
  STATIC_REQUIRE(kind<PixelShuffle<2>> == LayerKind::linear);
  CHECK(PixelShuffle<2>{}.name().view() == "PixelShuffle<2>");
  CHECK(PixelShuffle{2}.name().view() == "PixelShuffle{2}");
  CHECK(PixelShuffle<3>{}.expected_input().view() == "an image with channels in multiples of 9");
  CHECK(PixelShuffle{0}.expected_input().view() == "a positive factor");
  CHECK(PixelShuffle<>{}.expected_input().view() == "a positive factor");
}

TEST_CASE("channels that a pixel shuffle cannot divide are refused with the sentence of the compiler") {
  const auto build = [] {
    return Autoencoder{Encoder{Image{4, 4, 6}, PixelShuffle{2}}, Decoder{Dense{96}}, SquaredError{}};
  };
  CHECK(thrown<CompositionError>(build) ==
        "eigencoder: a layer must be able to take what the one before it gives. PixelShuffle{2}: got 4x4x6 = 96 "
        "values, expected an image with channels in multiples of 4");
}

TEST_CASE("gradients pass through pixel shuffle, and a mirrored decoder undoes it") {
  const auto check = []<class E, class D>(E, D) {
    Autoencoder<E, D, SquaredError, Precision<double>> model;
    model.initialize(2);
    CHECK(gradient_error(model, laws::samples(48, 3, false)).worst <= 1e-7);
    return model;
  };
  check(Encoder<Image<4, 6, 2>, Dense<4>>{}, Decoder<Dense<12>, Tanh, PixelShuffle<2>, Conv2d<4, 1>, Dense<48>>{});
  check(Encoder<Image<2, 6, 4>, Conv2d<8, 3, Same>, Tanh, PixelShuffle<2>, Dense<3>>{}, Decoder<Mirror>{});
  Autoencoder<Encoder<Image<2, 3, 8>, PixelShuffle<2>>, Decoder<Mirror>, SquaredError> undone;
  const MatrixX<float> x = laws::samples<float>(48, 5, false);
  CHECK(undone.reconstruct(x) == x);
  CHECK(undone.parameter_count() == 0);
}
