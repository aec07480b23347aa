#include <eigencoder/layers/average_pool2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/reshape.hpp>
#include <eigencoder/layers/upsample.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/testing.hpp>

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "layers/image_index.hpp"
#include "layers/kernel_fixture.hpp"

using namespace eigencoder;

namespace {

constexpr Shape shapes[] = {{1, 1, 1}, {1, 1, 4}, {2, 3, 1}, {5, 4, 3}, {7, 9, 2}, {3, 3, 16}};

// A plane, sampled at the values' centers: the same plane at any size.
MatrixX<double> ramp(Shape shape) {
  MatrixX<double> x(shape.size(), 1);
  for (Index i = 0; i < shape.height; ++i)
    for (Index j = 0; j < shape.width; ++j)
      for (Index c = 0; c < shape.channels; ++c)
        x(at(shape, i, j, c)) = 3 * (static_cast<double>(i) + 0.5) / static_cast<double>(shape.height) -
                                2 * (static_cast<double>(j) + 0.5) / static_cast<double>(shape.width) +
                                static_cast<double>(c);
  return x;
}

template <class Visit>
void each_layer(const Visit& visit) {
  visit(Upsample<1>{}), visit(Upsample<2>{}), visit(Upsample<3>{}), visit(Upsample{4});
  visit(Upsample<2, Bilinear>{}), visit(Upsample{3, Bilinear{}}), visit(Upsample<2, Area>{});
  visit(UpsampleTo<7, 11>{}), visit(UpsampleTo{2, 2}), visit(UpsampleTo{5, 1, Bilinear{}});
  visit(UpsampleTo<8, 13, Bilinear>{}), visit(UpsampleTo{2, 3, Area{}}), visit(UpsampleTo<7, 11, Area>{});
  visit(Upsample<2, Bicubic>{}), visit(UpsampleTo{5, 1, Bicubic{}}), visit(UpsampleTo<8, 13, Bicubic>{});
}

}  // namespace

TEST_CASE("nearest upsampling repeats values") {
  for (const Shape in : shapes)
    for (const Index factor : {1, 2, 3, 5}) {
      INFO(in.text().view() << " times " << factor);
      const Shape out = Upsample{factor}.output(in);
      REQUIRE(out == Shape{in.height * factor, in.width * factor, in.channels});
      const MatrixX<double> x = laws::samples(in.size(), 2, false);
      const MatrixX<double> y = applied(Upsample{factor}, in, x);
      bool same = true;
      for (Index n = 0; n < 2; ++n)
        for (Index i = 0; i < out.height; ++i)
          for (Index j = 0; j < out.width; ++j)
            for (Index c = 0; c < out.channels; ++c)
              same = same && y(at(out, i, j, c), n) == x(at(in, i / factor, j / factor, c), n);
      CHECK(same);
    }
}

TEST_CASE("nearest upsampling to a size takes the value at floor(i in / out)") {
  for (const Shape in : shapes)
    for (const Shape to : {Shape{1, 1, 1}, Shape{3, 2, 1}, Shape{7, 7, 1}, Shape{10, 23, 1}}) {
      INFO(in.text().view() << " to " << to.text().view());
      const UpsampleTo layer{to.height, to.width};
      const Shape out = layer.output(in);
      REQUIRE(out == Shape{to.height, to.width, in.channels});
      const MatrixX<double> x = laws::samples(in.size(), 1, false), y = applied(layer, in, x);
      bool same = true;
      for (Index i = 0; i < out.height; ++i)
        for (Index j = 0; j < out.width; ++j)
          for (Index c = 0; c < out.channels; ++c)
            same = same && y(at(out, i, j, c)) == x(at(in, i * in.height / to.height, j * in.width / to.width, c));
      CHECK(same);
    }
}

TEST_CASE("bilinear upsampling interpolates between the centers of values, constant beyond the borders") {
  for (const Shape in : shapes)
    for (const Shape to : {Shape{1, 1, 1}, Shape{3, 2, 1}, Shape{7, 7, 1}, Shape{10, 23, 1}}) {
      INFO(in.text().view() << " to " << to.text().view());
      const UpsampleTo layer{to.height, to.width, Bilinear{}};
      const Shape out = layer.output(in);
      const MatrixX<double> x = laws::samples(in.size(), 1, false), y = applied(layer, in, x);
      // Hat functions of width one around the centers; beyond a border its value repeats.
      const auto value = [&](double row, double col, Index c) {
        double sum = 0;
        for (Index k = -1; k <= in.height; ++k)
          for (Index l = -1; l <= in.width; ++l) {
            const double hat = std::fmax(0, 1 - std::fabs(row - static_cast<double>(k))) *
                               std::fmax(0, 1 - std::fabs(col - static_cast<double>(l)));
            sum += hat * x(at(in, std::clamp<Index>(k, 0, in.height - 1), std::clamp<Index>(l, 0, in.width - 1), c));
          }
        return sum;
      };
      double worst = 0;
      for (Index i = 0; i < out.height; ++i)
        for (Index j = 0; j < out.width; ++j)
          for (Index c = 0; c < out.channels; ++c) {
            const double row = (static_cast<double>(i) + 0.5) * static_cast<double>(in.height) /
                                   static_cast<double>(out.height) - 0.5;
            const double col = (static_cast<double>(j) + 0.5) * static_cast<double>(in.width) /
                                   static_cast<double>(out.width) - 0.5;
            worst = std::fmax(worst, std::fabs(y(at(out, i, j, c)) - value(row, col, c)));
          }
      CHECK(worst <= 1e-13);
    }
}

TEST_CASE("bilinear upsampling reproduces ramps inside") {
  const Shape in{6, 5, 2};
  for (const Index factor : {2, 3, 4}) {
    const Shape out = Upsample{factor}.output(in);
    const MatrixX<double> y = applied(Upsample{factor, Bilinear{}}, in, ramp(in)), expected = ramp(out);
    const Index border = factor / 2;
    double worst = 0;
    for (Index i = border; i < out.height - border; ++i)
      for (Index j = border; j < out.width - border; ++j)
        for (Index c = 0; c < 2; ++c)
          worst = std::fmax(worst, std::fabs(y(at(out, i, j, c)) - expected(at(out, i, j, c))));
    CHECK(worst <= 1e-13);
  }
}

TEST_CASE("bicubic upsampling has Keys' weights, and repeats the border") {
  // By hand from equation 15: 111, 29, -9 and -3 at the distances 1/4, 3/4, 5/4 and 7/4, in units of 1/128.
  MatrixX<double> side(6, 1), twice(12, 1);
  side << 0, 0, 128, 0, 0, 0;
  twice << 0, -3, -9, 29, 111, 111, 29, -9, -3, 0, 0, 0;
  CHECK(applied(UpsampleTo{12, 1, Bicubic{}}, {6, 1, 1}, side) == twice);
  CHECK(applied(UpsampleTo{1, 12, Bicubic{}}, {1, 6, 1}, side) == twice);
  // At the border the outermost value has the weights of those beyond it too: 111 + 29 - 3, 111 - 9, 29 - 3.
  side << 128, 0, 0, 0, 0, 0;
  twice << 137, 102, 26, -9, -3, 0, 0, 0, 0, 0, 0, 0;
  CHECK(applied(UpsampleTo{12, 1, Bicubic{}}, {6, 1, 1}, side) == twice);
}

TEST_CASE("bicubic upsampling reproduces quadratic polynomials inside") {
  const Shape in{9, 8, 2};
  for (const Shape to : {Shape{18, 16, 2}, Shape{27, 24, 2}, Shape{11, 13, 2}, Shape{7, 8, 2}}) {
    INFO(to.text().view());
    // At the center (u, v) of a value, in units of the inputs.
    const auto polynomial = [&](Shape shape) {
      MatrixX<double> x(shape.size(), 1);
      for (Index i = 0; i < shape.height; ++i)
        for (Index j = 0; j < shape.width; ++j)
          for (Index c = 0; c < shape.channels; ++c) {
            const double u = (static_cast<double>(i) + 0.5) * 9 / static_cast<double>(shape.height);
            const double v = (static_cast<double>(j) + 0.5) * 8 / static_cast<double>(shape.width);
            x(at(shape, i, j, c)) = c == 0 ? 0.3 * u * u - u + 2 * v : (0.1 * u * u + 1) * (v * v - 3 * v);
          }
      return x;
    };
    const MatrixX<double> y = applied(UpsampleTo{to.height, to.width, Bicubic{}}, in, polynomial(in));
    const MatrixX<double> expected = polynomial(to);
    double worst = 0;
    Index inside = 0;
    for (Index i = 0; i < to.height; ++i)
      for (Index j = 0; j < to.width; ++j)
        for (Index c = 0; c < 2; ++c) {
          const double u = (static_cast<double>(i) + 0.5) * 9 / static_cast<double>(to.height);
          const double v = (static_cast<double>(j) + 0.5) * 8 / static_cast<double>(to.width);
          if (u < 1.5 || u > 7.5 || v < 1.5 || v > 6.5) continue;  // there are two values on each side
          worst = std::fmax(worst, std::fabs(y(at(to, i, j, c)) - expected(at(to, i, j, c))));
          ++inside;
        }
    CHECK(inside >= to.size() / 4);
    CHECK(worst <= 1e-12);
  }
}

TEST_CASE("bicubic weights are cubic splines of the distance, of four values, and sum to one") {
  const auto keys = [](double s) {  // equation 15
    s = std::fabs(s);
    return s < 1 ? 1.5 * s * s * s - 2.5 * s * s + 1 : s < 2 ? -0.5 * s * s * s + 2.5 * s * s - 4 * s + 2 : 0;
  };
  double worst = 0, worst_sum = 0;
  for (const Index in : {1, 2, 3, 5, 8})
    for (const Index out : {1, 2, 3, 4, 7, 16, 100})
      for (Index i = 0; i < out; ++i) {
        const FilterTaps taps = Bicubic::taps(i, in, out);
        REQUIRE(taps.first >= 0);
        REQUIRE(taps.count >= 1);
        REQUIRE(taps.first + taps.count <= in);
        const double center = (static_cast<double>(i) + 0.5) * static_cast<double>(in) / static_cast<double>(out) - 0.5;
        std::vector<double> expected(static_cast<std::size_t>(in)), found(expected);
        for (Index k = -3; k <= in + 2; ++k)
          expected[static_cast<std::size_t>(std::clamp<Index>(k, 0, in - 1))] += keys(center - static_cast<double>(k));
        double sum = 0;
        for (Index k = 0; k < taps.count; ++k) {
          found[static_cast<std::size_t>(taps.first + k)] = taps.weight(k);
          sum += taps.weight(k);
        }
        for (std::size_t k = 0; k < found.size(); ++k) worst = std::fmax(worst, std::fabs(found[k] - expected[k]));
        worst_sum = std::fmax(worst_sum, std::fabs(sum - 1));
      }
  CHECK(worst <= 1e-13);
  CHECK(worst_sum <= 1e-15);
}

TEST_CASE("area is average pooling where the window fits, and repetition where the factor is whole") {
  const Shape in{12, 6, 3};
  const MatrixX<double> x = laws::samples(in.size(), 2, false);
  CHECK(applied(UpsampleTo{4, 2, Area{}}, in, x).isApprox(applied(AveragePool2d{3}, in, x), 1e-14));
  CHECK(applied(UpsampleTo{24, 18, Area{}}, in, x) == applied(UpsampleTo{24, 18}, in, x));
  // Every value counts, also where the sizes do not divide: 5 values to 3 are the means of 0..1, 1..3 and 3..4.
  MatrixX<double> side(5, 1), means(3, 1);
  side << 1, 2, 4, 8, 16;
  means << 1.5, 14. / 3, 12;
  CHECK(applied(UpsampleTo{3, 1, Area{}}, {5, 1, 1}, side).isApprox(means, 1e-14));
}

TEST_CASE("constant images stay constant, and the same size the same image") {
  each_layer([](const auto& layer) {
    for (const Shape in : shapes) {
      INFO(layer.name().view() << " on " << in.text().view());
      const MatrixX<double> constant = MatrixX<double>::Constant(in.size(), 2, 3);
      CHECK(applied(layer, in, constant).isApproxToConstant(3, 1e-14));
    }
  });
  for (const Shape in : shapes) {
    const MatrixX<double> x = laws::samples(in.size(), 1, false);
    CHECK(applied(UpsampleTo{in.height, in.width}, in, x) == x);
    CHECK(applied(UpsampleTo{in.height, in.width, Bilinear{}}, in, x) == x);
    CHECK(applied(UpsampleTo{in.height, in.width, Bicubic{}}, in, x) == x);
    CHECK(applied(UpsampleTo{in.height, in.width, Area{}}, in, x) == x);
  }
}

TEST_CASE("upsampling and its adjoint agree") {
  each_layer([](const auto& layer) {
    for (const Shape in : shapes)
      for (const Index batch : {1, 3}) {
        check_adjoint(layer, in, batch);
        check_adjoint<float>(layer, in, batch, 1e-5);
      }
    check_adjoint(layer, {3, 4, 2}, 1000);  // several samples a task
    check_adjoint(layer, {60, 50, 3}, 2);
  });
}

TEST_CASE("shapes of upsampling") {
  constexpr Shape unknown{Dynamic, Dynamic, Dynamic};
  STATIC_REQUIRE(Upsample<3>{}.output({7, Dynamic, 2}) == Shape{21, Dynamic, 2});
  STATIC_REQUIRE(Upsample<>{}.output({7, 7, 2}) == Shape{Dynamic, Dynamic, 2});
  STATIC_REQUIRE(Upsample{0}.output(unknown) == Shape::none());
  STATIC_REQUIRE(Upsample<-2>{}.output(unknown) == Shape::none());
  STATIC_REQUIRE(Upsample<2>{}.output(Shape::none()) == Shape::none());
  STATIC_REQUIRE(Upsample<(Index{1} << 30)>{}.output({Index{1} << 30, Index{1} << 30, 5}) == Shape::none());
  STATIC_REQUIRE(Upsample<2>{}.output({Index{1} << 62, 1, 1}) == Shape::none());
  STATIC_REQUIRE(UpsampleTo<4, 5>{}.output(unknown) == Shape{4, 5, Dynamic});
  STATIC_REQUIRE(UpsampleTo<>{}.output({7, 7, 2}) == Shape{Dynamic, Dynamic, 2});
  STATIC_REQUIRE(UpsampleTo{4, 0}.output(unknown) == Shape::none());
  STATIC_REQUIRE(UpsampleTo<4, 5>{}.output(Shape::none()) == Shape::none());
  STATIC_REQUIRE(std::is_same_v<decltype(Upsample{2}), Upsample<>>);
  STATIC_REQUIRE(std::is_same_v<decltype(Upsample{2, Bilinear{}}), Upsample<Dynamic, Bilinear>>);
  STATIC_REQUIRE(std::is_same_v<decltype(UpsampleTo{2, 3, Area{}}), UpsampleTo<Dynamic, Dynamic, Area>>);
  STATIC_REQUIRE(kind<Upsample<2>> == LayerKind::linear);
  STATIC_REQUIRE(kind<UpsampleTo<2, 3, Bilinear>> == LayerKind::linear);
  CHECK(Upsample<2>{}.name().view() == "Upsample<2>");
  CHECK(Upsample{2, Bilinear{}}.name().view() == "Upsample{2, Bilinear}");
  CHECK(UpsampleTo<4, 5, Area>{}.name().view() == "UpsampleTo<4, 5, Area>");
  CHECK(UpsampleTo{4, 5}.name().view() == "UpsampleTo{4, 5}");
}

TEST_CASE("the mirrored layer of upsampling averages the copies of each value") {
  const Shape in{5, 4, 2};
  const MatrixX<double> x = laws::samples(in.size(), 2, false);
  const Upsample<3> grow;
  CHECK(applied(grow.mirror(in), grow.output(in), applied(grow, in, x)).isApprox(x, 1e-14));
  const UpsampleTo<15, 8> to;
  CHECK(applied(to.mirror(in), to.output(in), applied(to, in, x)).isApprox(x, 1e-14));
  STATIC_REQUIRE(grow.mirror({5, Dynamic, 2}).output({15, 12, 7}) == Shape{5, Dynamic, 7});
}

TEST_CASE("gradients pass through upsampling") {
  const auto check = []<class D>(D) {
    Autoencoder<Encoder<Image<4, 6, 2>, Dense<5>, Tanh, Dense<3>>, D, SquaredError, Precision<double>> model;
    model.initialize(2);
    CHECK(gradient_error(model, laws::samples(48, 3, false)).worst <= 1e-7);
  };
  check(Decoder<Dense<2>, Upsample<2>, Tanh, Dense<48>>{});
  check(Decoder<Dense<2>, Tanh, Upsample<3>, Dense<4>, UpsampleTo<3, 2>, UpsampleTo<4, 3, Bilinear>, Dense<48>>{});
  check(Decoder<Dense<2>, UpsampleTo<4, 6, Bilinear>>{});
  check(Decoder<Dense<12>, Reshape<2, 3, 2>, Upsample<3, Bicubic>, Tanh, UpsampleTo<4, 6, Bicubic>>{});
}
