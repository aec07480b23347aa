#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/max_pool2d.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/testing.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/kernel_fixture.hpp"
#include "layers/custom_layer_fixture.hpp"
#include "layers/pooling_cases.hpp"

using namespace eigencoder;

namespace {

// Calls `visit(output, input)` with the index of each output value and of the first largest input value in its window.
template <class L, class Visit>
void each_winner(const L& layer, Shape in, const MatrixX<double>& x, Index sample, const Visit& visit) {
  each_window(layer, in, [&](Index i, Index j, Index c, const std::vector<Index>& seen) {
    Index best = seen.front();
    for (const Index place : seen)
      if (x(place, sample) > x(best, sample)) best = place;
    visit(at(layer.output(in), i, j, c), best);
  });
}

}  // namespace

TEST_CASE("max pooling takes the largest value in each window, and saves its index") {
  each_pooling_case<MaxPool2d>([](const auto& layer, Shape in, Index batch) {
    INFO(layer.name().view() << " on " << in.text().view() << ", batch " << batch);
    // All values negative: zeros of padding would win.
    const MatrixX<double> x = laws::samples(in.size(), batch, false).array() - 2;
    Fixture pooled(layer, in, batch);
    pooled.cache.assign(static_cast<std::size_t>(layer.cache_size(in, batch)), -1);
    const MatrixX<double> y = pooled.forward(x);
    CHECK(*std::min_element(pooled.cache.begin(), pooled.cache.end()) >= 0);  // all written
    const MatrixX<double> dy = laws::samples(y.rows(), batch, false, 2);
    const MatrixX<double> dx = pooled.backward(x, dy);
    MatrixX<double> largest(y.rows(), batch), expected = MatrixX<double>::Zero(in.size(), batch);
    for (Index n = 0; n < batch; ++n)
      each_winner(layer, in, x, n, [&](Index i, Index winner) {
        largest(i, n) = x(winner, n);
        expected(winner, n) += dy(i, n);
      });
    CHECK(y == largest);
    CHECK(dx.isApprox(expected, 1e-14));
    pooled.training = false;
    CHECK(pooled.forward(x) == y);  // without a cache
  });
}

TEST_CASE("of equal values the first wins") {
  const MaxPool2d<3, Stride<2>, Padding<1>> layer;
  const Shape in{7, 6, 2};
  // Few levels, so that most windows hold ties; and one level, minus infinity.
  MatrixX<double> x = (laws::samples(in.size(), 3, false).array() * 3).floor();
  x.col(2).setConstant(-std::numeric_limits<double>::infinity());
  Fixture pooled(layer, in, 3);
  const MatrixX<double> y = pooled.forward(x);
  const MatrixX<double> dx = pooled.backward(x, MatrixX<double>::Ones(y.rows(), 3));
  MatrixX<double> expected = MatrixX<double>::Zero(in.size(), 3);
  for (Index n = 0; n < 3; ++n)
    each_winner(layer, in, x, n, [&](Index, Index winner) { expected(winner, n) += 1; });
  CHECK(dx == expected);
}

TEST_CASE("max pooling does not hide NaN") {
  for (const Index place : {0, 1, 2, 3}) {
    MatrixX<double> x = laws::samples(4, 1, false);
    x(place) = std::nan("");
    CHECK(std::isnan(Fixture(MaxPool2d<2>{}, {2, 2, 1}, 1).forward(x)(0)));
  }
}

TEST_CASE("the backward pass of max pooling agrees with central differences") {
  each_pooling_case<MaxPool2d>([](const auto& layer, Shape in, Index batch) {
    if (in.size() * batch > 1000) return;
    INFO(layer.name().view() << " on " << in.text().view() << ", batch " << batch);
    const MatrixX<double> x = laws::samples(in.size(), batch, false), v = laws::samples(in.size(), batch, false, 2);
    Fixture pooled(layer, in, batch);
    const MatrixX<double> dy = laws::samples(pooled.forward(x).rows(), batch, false, 3);
    const double derivative =
        central_difference([&](double h) { return pooled.forward(x + h * v).cwiseProduct(dy).sum(); }, 1e-7);
    pooled.forward(x);
    CHECK(pooled.backward(x, dy).cwiseProduct(v).sum() == Approx(derivative).epsilon(1e-6));
  });
}

TEST_CASE("gather reads what won, and scatter is its adjoint") {
  each_pooling_case<MaxPool2d>([](const auto& layer, Shape in, Index batch) {
    INFO(layer.name().view() << " on " << in.text().view());
    const MatrixX<double> x = laws::samples(in.size(), batch, false);
    Fixture pooled(layer, in, batch);
    const MatrixX<double> y = pooled.forward(x);
    MatrixX<double> gathered(y.rows(), 1), scattered = MatrixX<double>::Constant(in.size(), 1, 77);
    const double* argmax = pooled.cache.data();
    layer.gather(in, argmax, x.data(), gathered.data());
    CHECK(gathered == y.col(0));
    const MatrixX<double> u = laws::samples(in.size(), 1, false, 2), w = laws::samples(y.rows(), 1, false, 3);
    layer.gather(in, argmax, u.data(), gathered.data());
    layer.scatter(in, argmax, w.data(), scattered.data());
    CHECK(gathered.cwiseProduct(w).sum() == Approx(scattered.cwiseProduct(u).sum()).epsilon(1e-13));
  });
}

TEST_CASE("scattered back to where they came from, maxima stay maxima") {
  const MaxPool2d<2> layer;  // windows do not overlap: gather undoes scatter
  const Shape in{6, 5, 3};
  const MatrixX<float> w = laws::samples<float>(layer.output(in).size(), 1, false);
  const MatrixX<float> argmax = (laws::samples<float>(w.rows(), 1, false, 2).array() * 4).floor();
  MatrixX<float> x(in.size(), 1), back(w.rows(), 1);
  layer.scatter(in, argmax.data(), w.data(), x.data());
  layer.gather(in, argmax.data(), x.data(), back.data());
  CHECK(back == w);
  CHECK((x.array() > 0).count() == w.rows());
}

TEST_CASE("shapes of max pooling") {
  check_pooling_shapes<MaxPool2d>();
  CHECK(MaxPool2d<2, Stride<2, 1>>{}.name().view() == "MaxPool2d<2, Stride<2, 1>>");
  CHECK(MaxPool2d{3, Stride{2}}.name().view() == "MaxPool2d{3, Stride{2}}");
  STATIC_REQUIRE(kind<MaxPool2d<2>> == LayerKind::custom);
  CHECK_NOTHROW(MaxPool2d{2}.validate());
  CHECK_THROWS_AS(MaxPool2d{0}.validate(), OptionError);
  CHECK_THROWS_AS((MaxPool2d{3, Padding{2}}.validate()), OptionError);
}

TEST_CASE("gradients pass through max pooling") {
  using Small = Encoder<Image<5, 4, 2>, Conv2d<3, 2>, Tanh, MaxPool2d<2>, Dense<3>>;
  using Overlapping = Encoder<Image<5, 4, 2>, Conv2d<3, 2>, MaxPool2d<3, Stride<1>, Same>, Gelu, Dense<3>>;
  const auto check = []<class E>(E) {
    Autoencoder<E, Decoder<Dense<40>, Tanh>, SquaredError, Precision<double>> model;
    model.initialize(2);
    CHECK(gradient_error(model, laws::samples(40, 3, false)).worst <= 1e-7);
  };
  check(Small{});
  check(Overlapping{});
}
