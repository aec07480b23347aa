// Transposed convolutions against the definition of the convolution whose adjoint they are.
#include <eigencoder/layers/conv2d.hpp>

#include "support/catch.hpp"
#include "laws/list.hpp"
#include "layers/convolution_reference.hpp"
#include "layers/kernel_fixture.hpp"

using namespace eigencoder;

namespace conv_transpose2d_test {
namespace {

template <class L>
void check_values(const L& layer, Shape in) {
  const Window window = layer.window();
  const Shape out = layer.output(in);
  INFO(layer.name().view() << " on " << in.text().view());
  if (!out.is_possible()) return;  // the case is one of a convolution alone
  const WeightShape shape = layer.weight_shape(in);
  const Index batch = 2;
  const MatrixX<double> w = laws::samples(shape.rows * shape.cols, 1, false, 1), x = laws::samples(in.size(), batch);
  const MatrixX<double> unused = MatrixX<double>::Zero(out.size(), batch);
  const MatrixX<double> y = convolution_sums(window, out, in, w, unused, x).large;
  const auto kernel = layer.template kernel<double>(in, w.data());
  CHECK((apply<double>(kernel, x, out.size()) - y).norm() <= 1e-12 * (1 + y.norm()));
}

}  // namespace

TEST_CASE("a transposed convolution spreads each value over its window") {
  for (const laws::WindowCase& window : laws::window_cases) {
    check_values(window.transposed(), window.in);
    check_values(window.transposed_same(), window.in);
  }
  // One value by hand: the kernel itself.
  const ConvTranspose2d<1, 2> layer;
  const MatrixX<double> kernel = VectorX<double>::LinSpaced(4, 1, 4), one = MatrixX<double>::Ones(1, 1);
  CHECK(apply<double>(layer.kernel({1, 1, 1}, kernel.data()), one, 4) == kernel);
}

TEST_CASE("a transposed convolution's shapes") {
  constexpr Shape unknown{Dynamic, Dynamic, Dynamic};
  STATIC_REQUIRE(ConvTranspose2d<16, 4, Stride<2>, Same>{}.output({7, 6, 32}) == Shape{14, 12, 16});
  STATIC_REQUIRE(ConvTranspose2d<16, 3>{}.output({7, 6, 32}) == Shape{9, 8, 16});
  STATIC_REQUIRE(ConvTranspose2d<16, 3, Stride<2>, Padding<1>>{}.output({7, 6, 32}) == Shape{13, 11, 16});
  STATIC_REQUIRE(ConvTranspose2d<16, 3, Stride<2>, Padding<1>, OutputPadding<1, 0>>{}.output({7, 6, 32}) ==
                 Shape{14, 11, 16});
  STATIC_REQUIRE(ConvTranspose2d<16, 3>{}.output(Shape::flat(5)) == Shape{3, 3, 16});
  STATIC_REQUIRE(ConvTranspose2d<>{}.output({7, 6, 32}) == unknown);
  STATIC_REQUIRE(ConvTranspose2d<16, 3>{}.output(unknown) == Shape{Dynamic, Dynamic, 16});
  // Fewer than a stride; nothing left inside the padding; groups that do not divide.
  STATIC_REQUIRE_FALSE(ConvTranspose2d<16, 3, Stride<2>, OutputPadding<2>>{}.output(unknown).is_possible());
  STATIC_REQUIRE_FALSE(ConvTranspose2d<16, 1, Padding<1>>{}.output({2, 9, 3}).is_possible());
  STATIC_REQUIRE_FALSE(ConvTranspose2d<16, 1, Padding<1>>{}.output({1, 9, 3}).is_possible());  // -1 is no Dynamic
  STATIC_REQUIRE_FALSE(ConvTranspose2d<16, 1, Groups<3>>{}.output({2, 9, 3}).is_possible());
  STATIC_REQUIRE_FALSE(ConvTranspose2d<6, 1, Groups<3>>{}.output({2, 9, 4}).is_possible());
  STATIC_REQUIRE_FALSE(ConvTranspose2d<16, 3>{}.output({Index{1} << 40, 9, 3}).is_possible());
  STATIC_REQUIRE_FALSE(ConvTranspose2d<0, 3>{}.output(unknown).is_possible());
}

TEST_CASE("a transposed convolution is given by types or values") {
  STATIC_REQUIRE(std::is_same_v<decltype(ConvTranspose2d{16, 3}), ConvTranspose2d<>>);
  STATIC_REQUIRE(std::is_same_v<decltype(ConvTranspose2d{16, 3, Initializer::zeros(), Same{}}),
                                ConvTranspose2d<Dynamic, Dynamic, Same>>);
  CHECK(ConvTranspose2d<16, 4, Stride<2>, Same>{}.name().view() == "ConvTranspose2d<16, 4, Stride<2>, Same>");
  CHECK(ConvTranspose2d{16, 3, OutputPadding{1}}.name().view() == "ConvTranspose2d{16, 3, OutputPadding{1}}");
  CHECK(ConvTranspose2d<8, 3>{}.bias_size({7, 7, 8}) == 8);
  CHECK(ConvTranspose2d<8, 3, WithoutBias>{}.bias_size({7, 7, 8}) == 0);
  // The weight of the convolution, with its fans swapped.
  const WeightShape w = ConvTranspose2d<8, 4, Stride<2>>{}.weight_shape({5, 5, 6});
  CHECK(w.rows * w.cols == 4 * 4 * 6 * 8);
  CHECK(w.fan_in == 4 * 4 * 6 / 4);
  CHECK(w.fan_out == 4 * 4 * 8);
}

}  // namespace conv_transpose2d_test
