// Convolutions against loops over their definition.
#include <eigencoder/layers/conv2d.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"
#include "laws/list.hpp"
#include "layers/convolution_reference.hpp"
#include "layers/kernel_fixture.hpp"

using namespace eigencoder;

namespace conv2d_test {
namespace {

// Within `bound` of the definition in double, relative to the norm.
template <class Scalar = double, class L>
void check_values(const L& layer, Shape in, std::initializer_list<Index> batches = {1, 3}) {
  const double bound = std::is_same_v<Scalar, double> ? 1e-12 : 2e-6;
  const Window window = layer.window();
  const Shape out = layer.output(in);
  INFO(layer.name().view() << " on " << in.text().view());
  REQUIRE(out.is_static());
  const WeightShape shape = layer.weight_shape(in);
  for (const Index batch : batches) {
    const MatrixX<Scalar> w = laws::samples(shape.rows * shape.cols, 1, false, 1).cast<Scalar>();
    const MatrixX<Scalar> x = laws::samples(in.size(), batch, false, 2).cast<Scalar>(),
                          dy = laws::samples(out.size(), batch, false, 3).cast<Scalar>();
    const ConvolutionSums sums = convolution_sums(window, in, out, w.template cast<double>(),
                                                  x.template cast<double>(), dy.template cast<double>());
    const auto close = [&](const MatrixX<Scalar>& got, const MatrixX<double>& expected) {
      return (got.template cast<double>() - expected).norm() <= bound * (1 + expected.norm());
    };
    const auto kernel = layer.template kernel<Scalar>(in, w.data());
    CHECK(close(apply<Scalar>(kernel, x, out.size()), sums.small));
    CHECK(close(adjoint<Scalar>(kernel, dy, in.size()), sums.large));
    MatrixX<Scalar> got = MatrixX<Scalar>::Constant(w.size(), 1, 77);
    KernelScratch<Scalar> scratch;
    for (Index task = 0; task < kernel.outer_tasks(); ++task)
      kernel.outer(task, x.data(), dy.data(), batch, got.data() + kernel.outer_range(task).first, false, scratch);
    CHECK(close(got, sums.weight));
  }
}

}  // namespace

TEST_CASE("a convolution is the sum of its definition, and so are its adjoint and gradient") {
  for (const laws::WindowCase& window : laws::window_cases) {
    check_values(window.convolution(), window.in);
    check_values(window.same(), window.in);
  }
  check_values(Conv2d<4, 3, Stride<2>, Same>{}, {9, 6, 3});
  check_values(Conv2d<2, 2, KernelWidth<3>, Dilation<1, 2>, Padding<0, 1>>{}, {4, 7, 3});
}

TEMPLATE_TEST_CASE("a convolution too large for one task or one block of the weight is the same sum", "",
                   float, double) {
  check_values<TestType>(Conv2d<5, 3, Same>{}, {40, 33, 3});                     // parts of an image
  check_values<TestType>(Conv2d<20, 3, Stride<2>, Padding<1>>{}, {40, 33, 9}, {2});
  check_values<TestType>(Conv2d<4, 3, Stride<2>, Padding<1>>{}, {66, 65, 2}, {2});
  check_values<TestType>(Conv2d<6, 3, Same>{}, {4, 3, 200}, {2});                // many input channels
  check_values<TestType>(Conv2d<3, 1>{}, {2, 2, 600}, {2});
  check_values<TestType>(Conv2d<500, 1>{}, {2, 3, 5}, {2});                      // many output channels
  check_values<TestType>(Conv2d<3, 3, Same>{}, {3, 3, 500}, {2});                // many channels of the adjoint
  check_values<TestType>(Conv2d<1000, 1, Groups<2>>{}, {2, 2, 6}, {2});
  check_values<TestType>(Conv2d<4, 3, Same>{}, {5, 5, 2}, {0, 30});              // many small images
  check_values<TestType>(Conv2d<20, 1, KernelWidth<3>, Same>{}, {1, 2000, 9}, {1});  // one long line
  check_values<TestType>(Conv2d<3, 3, Dilation<40>, Same>{}, {9, 50, 9}, {2});   // taps far outside
  check_values<TestType>(Conv2d<3, 3, Dilation<(Index{1} << 30)>, Same>{}, {4, 4, 2}, {2});
}

TEST_CASE("padding that no memory holds is refused") {
  const Conv2d<2, 1, Stride<(Index{1} << 29)>, Padding<(Index{1} << 30)>> far;
  const Shape in{4, 4, 9};
  const Shape out = far.output(in);
  REQUIRE(out.is_static());
  const MatrixX<double> w = MatrixX<double>::Ones(9 * 2, 1), x = MatrixX<double>::Ones(in.size(), 1);
  MatrixX<double> y(out.size(), 1);
  KernelScratch<double> scratch;
  CHECK(says(thrown<OptionError>([&] { far.kernel(in, w.data()).apply(0, x.data(), y.data(), 1, scratch); }),
             {"a padded image of ", " x 9 values is more than memory can hold"}));
}

TEST_CASE("the extra zero of Same is at the end") {
  // A kernel of two ones on a row of four: each value and the next one.
  const Conv2d<1, 1, KernelWidth<2>, Same, WithoutBias> pairs;
  const MatrixX<double> ones = MatrixX<double>::Ones(2, 1), x = VectorX<double>::LinSpaced(4, 1, 4);
  const MatrixX<double> y = apply<double>(pairs.kernel({1, 4, 1}, ones.data()), x, 4);
  CHECK(y(0) == 3);
  CHECK(y(2) == 7);
  CHECK(y(3) == 4);
  // Stride 2 on five values: windows of three begin one before the first.
  const Conv2d<1, 1, KernelWidth<3>, Stride<2>, Same> strided;
  const MatrixX<double> three = MatrixX<double>::Ones(3, 1), five = VectorX<double>::LinSpaced(5, 1, 5);
  const MatrixX<double> sums = apply<double>(strided.kernel({1, 5, 1}, three.data()), five, 3);
  CHECK(sums(0) == 1 + 2);
  CHECK(sums(1) == 2 + 3 + 4);
  CHECK(sums(2) == 4 + 5);
}

TEST_CASE("a convolution's shapes") {
  constexpr Shape unknown{Dynamic, Dynamic, Dynamic};
  STATIC_REQUIRE(Conv2d<32, 3>{}.output({28, 27, 3}) == Shape{26, 25, 32});
  STATIC_REQUIRE(Conv2d<32, 3, Same>{}.output({28, 27, 3}) == Shape{28, 27, 32});
  STATIC_REQUIRE(Conv2d<32, 3, Stride<2>, Same>{}.output({28, 27, 3}) == Shape{14, 14, 32});
  STATIC_REQUIRE(Conv2d<32, 3, Stride<2>, Padding<1>>{}.output({28, 27, 3}) == Shape{14, 14, 32});
  STATIC_REQUIRE(Conv2d<32, 3, Dilation<2>>{}.output({28, 27, 3}) == Shape{24, 23, 32});
  STATIC_REQUIRE(Conv2d<32, 3, KernelWidth<5>>{}.output({28, 27, 3}) == Shape{26, 23, 32});
  STATIC_REQUIRE(Conv2d<32, 3>{}.output(Shape::flat(784)) == Shape{Shape::impossible, Shape::impossible, 32});
  STATIC_REQUIRE(Conv2d<32, 3>{}.output({28, Dynamic, 3}) == Shape{26, Dynamic, 32});
  STATIC_REQUIRE(Conv2d<>{}.output({28, 27, 3}) == unknown);
  // Groups divide the channels on both sides; unknown ones may.
  STATIC_REQUIRE(Conv2d<6, 1, Groups<3>>{}.output({4, 4, 9}) == Shape{4, 4, 6});
  STATIC_REQUIRE_FALSE(Conv2d<6, 1, Groups<4>>{}.output({4, 4, 8}).is_possible());
  STATIC_REQUIRE_FALSE(Conv2d<8, 1, Groups<4>>{}.output({4, 4, 6}).is_possible());
  STATIC_REQUIRE(Conv2d<8, 1, Groups<4>>{}.output(unknown).is_possible());
  STATIC_REQUIRE(Conv2d<8, 1, Groups<>>{}.output({4, 4, 6}).is_possible());
  STATIC_REQUIRE_FALSE(Conv2d<8, 1, Groups<0>>{}.output(unknown).is_possible());
  STATIC_REQUIRE_FALSE(Conv2d<8, 1, Groups<-3>>{}.output(unknown).is_possible());
  STATIC_REQUIRE_FALSE(Conv2d<0, 3>{}.output(unknown).is_possible());
  STATIC_REQUIRE_FALSE(Conv2d<8, 0>{}.output(unknown).is_possible());
  STATIC_REQUIRE_FALSE(Conv2d<8, 3, Stride<-2>>{}.output(unknown).is_possible());
  STATIC_REQUIRE_FALSE(Conv2d<8, (Index{1} << 62)>{}.output(unknown).is_possible());
  STATIC_REQUIRE_FALSE(Conv2d<8, 3, Padding<(Index{1} << 31)>>{}.output({4, 4, 3}).is_possible());
  CHECK(Conv2d<8, 3, Dilation<2>>{}.expected_input().view() == "an image of at least 5x5");
  CHECK(Conv2d<8, 3, Padding<1, 0>, Groups<2>>{}.expected_input().view() ==
        "an image of at least 1x3, channels in and out in multiples of 2");
}

TEST_CASE("a convolution is given by types or values, with or without an initializer") {
  STATIC_REQUIRE(std::is_same_v<decltype(Conv2d{32, 3}), Conv2d<>>);
  STATIC_REQUIRE(std::is_same_v<decltype(Conv2d{32, 3, Initializer::zeros()}), Conv2d<>>);
  STATIC_REQUIRE(std::is_same_v<decltype(Conv2d{32, 3, Stride{2}, Same{}}), Conv2d<Dynamic, Dynamic, Stride<>, Same>>);
  STATIC_REQUIRE(
      std::is_same_v<decltype(Conv2d{32, 3, Initializer::zeros(), Stride<2>{}}), Conv2d<Dynamic, Dynamic, Stride<2>>>);
  STATIC_REQUIRE(Conv2d{32, 3, Stride{2}, Same{}}.output({28, 27, 3}) == Shape{14, 14, 32});
  CHECK(Conv2d<32, 3>{}.name().view() == "Conv2d<32, 3>");
  CHECK(Conv2d<32, 3, Stride<2>, Same>{}.name().view() == "Conv2d<32, 3, Stride<2>, Same>");
  CHECK(Conv2d{32, 3, Stride{2, 1}, WithoutBias{}}.name().view() == "Conv2d{32, 3, Stride{2, 1}, WithoutBias}");
  CHECK(Conv2d<>{}.name().view() == "Conv2d{Dynamic, Dynamic}");
  const auto first = [](const auto& layer) {
    MatrixX<double> w(5, 1);
    Random random(1, Purpose::user);
    layer.initializer.fill(std::span<double>(w.data(), 5), 5, 5, InitializerHint::glorot, random);
    return w(0);
  };
  CHECK(first(Conv2d<2, 3>{Initializer::constant(0.5)}) == 0.5);
  CHECK(first(Conv2d{2, 3, Initializer::constant(0.25), Same{}}) == 0.25);
}

TEST_CASE("a convolution's weight, bias and fans") {
  const WeightShape w = Conv2d<8, 3, KernelWidth<5>, Groups<2>>{}.weight_shape({9, 9, 6});
  CHECK(w.rows * w.cols == 3 * 5 * 6 / 2 * 8);
  CHECK(w.fan_in == 3 * 5 * 3);  // what one output sees
  CHECK(w.fan_out == 3 * 5 * 4);
  CHECK(Conv2d<8, 4, Stride<2>>{}.weight_shape({9, 9, 6}).fan_out == 4 * 4 * 8 / 4);  // a quarter of the taps meet
  CHECK(Conv2d<8, 3>{}.bias_size({7, 7, 8}) == 8);
  CHECK(Conv2d<8, 3, WithoutBias>{}.bias_size({7, 7, 8}) == 0);
}

}  // namespace conv2d_test
