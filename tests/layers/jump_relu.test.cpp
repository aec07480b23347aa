#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/jump_relu.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include <eigencoder/testing.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/custom_layer_fixture.hpp"

#include <cmath>
#include <limits>

using namespace eigencoder;

namespace jump_relu_test {
namespace {

// Few channels (several rows a line) and many (several tiles), each with one chunk of rows and with more.
constexpr FixtureCase cases[] = {{Shape::flat(1), 3}, {Shape::flat(30), 7},   {{3, 2, 70}, 7},
                                 {{20, 21, 3}, 40},   {Shape::flat(600), 70}, {{7, 1, 300}, 30}};

// Thresholds spread over the range of the values.
Fixture<JumpRelu> fixture_of(JumpRelu layer, Shape shape, Index batch) {
  Fixture<JumpRelu> fixture(layer, shape, batch);
  for (std::size_t c = 0; c < fixture.scale.size(); ++c) fixture.scale[c] = std::sin(static_cast<double>(c));
  return fixture;
}
double threshold(const Fixture<JumpRelu>& fixture, Index value) {
  return fixture.layer.initial_threshold *
         std::exp(fixture.scale[static_cast<std::size_t>(value % fixture.shape.channels)]);
}

}  // namespace

TEST_CASE("values above the threshold of their channel stay, the others are 0") {
  for (const auto& [shape, batch] : cases)
    for (const bool training : {true, false}) {
      INFO(shape.text().view() << ", batch of " << batch);
      auto fixture = fixture_of({.initial_threshold = 0.2}, shape, batch);
      fixture.training = training;
      const MatrixX<double> x = centered(shape.size(), batch), y = fixture.forward(x);
      MatrixX<double> expected = x;
      for (Index j = 0; j < batch; ++j)
        for (Index i = 0; i < shape.size(); ++i)
          if (x(i, j) <= threshold(fixture, i)) expected(i, j) = 0;
      CHECK(y == expected);
      CHECK((y.array() != 0).any());
      CHECK((y.array() == 0).any());
    }
}

TEST_CASE("the threshold's gradient is the rectangle estimate, the input's the ordinary one") {
  for (const auto& [shape, batch] : cases) {
    INFO(shape.text().view() << ", batch of " << batch);
    auto fixture = fixture_of({.initial_threshold = 0.2, .bandwidth = 0.15}, shape, batch);
    const MatrixX<double> x = centered(shape.size(), batch), dy = centered(shape.size(), batch, 2);
    const MatrixX<double> y = fixture.forward(x);
    Collected sink;
    const MatrixX<double> dx = fixture.backward(x, dy, sink);
    CHECK(dx == MatrixX<double>((y.array() != 0).select(dy, 0.0)));

    VectorX<double> expected = VectorX<double>::Zero(shape.channels);
    const double bandwidth = fixture.layer.bandwidth;
    for (Index j = 0; j < batch; ++j)
      for (Index i = 0; i < shape.size(); ++i) {
        const double theta = threshold(fixture, i), u = (x(i, j) - theta) / bandwidth;
        const double kernel = u > -0.5 && u < 0.5 ? 1 : 0;
        expected[i % shape.channels] += theta * (-theta / bandwidth * kernel) * dy(i, j);  // of the logarithm
      }
    REQUIRE(sink.blocks[0].size() == static_cast<std::size_t>(shape.channels));
    for (Index c = 0; c < shape.channels; ++c)
      CHECK(sink.blocks[0][static_cast<std::size_t>(c)] == Approx(expected[c]).margin(1e-12));
  }
}

// The derivative of E[z H(z - theta)] by theta is -theta p(theta), p the density of z.
TEST_CASE("over many values the estimate is the derivative of the mean") {
  constexpr Index n = 400000;
  Fixture<JumpRelu> fixture({.initial_threshold = 0.3, .bandwidth = 0.05}, Shape::flat(1), n);
  fixture.scale[0] = 0;
  const MatrixX<double> x = laws::samples(1, n, false), dy = MatrixX<double>::Constant(1, n, 1.0 / n);
  fixture.forward(x);
  Collected sink;
  fixture.backward(x, dy, sink);
  // Uniform values have density 1; the share under the kernel is binomial.
  const double width = fixture.layer.bandwidth, deviation = std::sqrt(width * (1 - width) / n) / width;
  const double exact = -0.3 * 0.3;
  CHECK(std::abs(sink.blocks[0][0] - exact) <= 5 * deviation * std::abs(exact));
}

TEST_CASE("NaN passes, so that it is not hidden") {
  Fixture<JumpRelu> fixture({}, Shape::flat(2), 1);
  MatrixX<double> x(2, 1);
  x << std::numeric_limits<double>::quiet_NaN(), -1;
  const MatrixX<double> y = fixture.forward(x);
  CHECK(std::isnan(y(0)));
  CHECK(y(1) == 0);
}

TEST_CASE("a model learns its thresholds, from the initial one") {
  using Model = Autoencoder<Encoder<Input<20>, Dense<40>, JumpRelu>, Decoder<Dense<20>>, SquaredError,
                            Precision<double>>;
  const MatrixX<double> x = centered(20, 50);
  Model model{Encoder<Input<20>, Dense<40>, JumpRelu>{{}, {}, JumpRelu{.initial_threshold = 0.1, .bandwidth = 0.2}}};
  const auto& block = model.layout().blocks().at(2);
  REQUIRE(block.size() == 40);
  const auto logarithms = [&] {
    return VectorX<double>(Eigen::Map<const VectorX<double>>(model.parameters().data() + block.offset, 40));
  };
  CHECK(logarithms() == VectorX<double>::Zero(40));
  const MatrixX<double> codes = model.encode(x);
  for (const double value : codes.reshaped()) CHECK((value == 0 || value > 0.1));
  const double before = model.evaluate(x).loss;
  model.fit(x, Adam{.learning_rate = 1e-2}, {.epochs = 20, .batch_size = 10});
  CHECK(model.evaluate(x).loss < before);
  CHECK((logarithms().array() != 0).all());
}

TEST_CASE("away from the thresholds the gradient of a model is that of its loss") {
  Autoencoder<Encoder<Input<20>, Dense<40>, JumpRelu>, Decoder<Dense<20>>, SquaredError, Precision<double>> model{
      Encoder<Input<20>, Dense<40>, JumpRelu>{{}, {}, JumpRelu{.initial_threshold = 0.1, .bandwidth = 1e-4}}};
  const MatrixX<double> x = centered(20, 4);
  const MatrixX<double> z = model.activation(x, 0);
  REQUIRE(((z.array() - 0.1).abs() > 3e-4).all());
  CHECK(gradient_error(model, x).worst <= 1e-7);
}

TEST_CASE("options outside their ranges are refused") {
  for (const double bad : {0.0, -1.0, HUGE_VAL, std::nan("")}) {
    CHECK_THROWS_AS(JumpRelu{.initial_threshold = bad}.validate(), OptionError);
    CHECK_THROWS_AS(JumpRelu{.bandwidth = bad}.validate(), OptionError);
  }
  CHECK_NOTHROW(JumpRelu{}.validate());
}

}  // namespace jump_relu_test
