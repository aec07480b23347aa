#include <eigencoder/layers/average_pool2d.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/testing.hpp>

#include "support/catch.hpp"
#include "layers/image_index.hpp"
#include "layers/kernel_fixture.hpp"
#include "layers/pooling_cases.hpp"

using namespace eigencoder;

namespace {

// The mean over the image's values in each window.
template <class L>
MatrixX<double> naive(const L& layer, Shape in, const MatrixX<double>& x) {
  const Shape out = layer.output(in);
  MatrixX<double> y(out.size(), x.cols());
  each_window(layer, in, [&](Index i, Index j, Index c, const std::vector<Index>& seen) {
    for (Index n = 0; n < x.cols(); ++n) {
      double sum = 0;
      for (const Index place : seen) sum += x(place, n);
      y(at(out, i, j, c), n) = sum / static_cast<double>(seen.size());
    }
  });
  return y;
}

}  // namespace

TEST_CASE("average pooling is the mean over the image's values in the window") {
  each_pooling_case<AveragePool2d>([](const auto& layer, Shape in, Index batch) {
    INFO(layer.name().view() << " on " << in.text().view() << ", batch " << batch);
    const MatrixX<double> x = laws::samples(in.size(), batch, false);
    CHECK(applied(layer, in, x).isApprox(naive(layer, in, x), 1e-13));
    const MatrixX<double> constant = MatrixX<double>::Constant(in.size(), batch, 3);
    CHECK(applied(layer, in, constant).isApproxToConstant(3, 1e-13));
  });
}

TEST_CASE("average pooling and its adjoint agree") {
  each_pooling_case<AveragePool2d>([](const auto& layer, Shape in, Index batch) {
    check_adjoint(layer, in, batch);
    check_adjoint<float>(layer, in, batch, 1e-5);
  });
}

TEST_CASE("shapes of average pooling") {
  check_pooling_shapes<AveragePool2d>();
  CHECK(AveragePool2d<3>{}.name().view() == "AveragePool2d<3>");
  CHECK(AveragePool2d{3, Stride{2}, Same{}}.name().view() == "AveragePool2d{3, Stride{2}, Same}");
  STATIC_REQUIRE(kind<AveragePool2d<2>> == LayerKind::linear);
}

TEST_CASE("gradients pass through average pooling") {
  using E = Encoder<Image<5, 4, 2>, Conv2d<3, 2>, Tanh, AveragePool2d<2, Stride<1>>, Tanh, Dense<3>>;
  Autoencoder<E, Decoder<Dense<40>, AveragePool2d<1>>, SquaredError, Precision<double>> model;
  model.initialize(2);
  CHECK(gradient_error(model, laws::samples(40, 3, false)).worst <= 1e-7);
}
