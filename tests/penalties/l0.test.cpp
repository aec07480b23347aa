// The penalty on how many values fire; its gradient's law is with those of the pairs, tests/laws/pairs.
#include <cmath>
#include <eigencoder/bottleneck/variational.hpp>
#include <eigencoder/evaluation/codes.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/layers/jump_relu.hpp>
#include <eigencoder/layers/top_k.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/optimizers/adam.hpp>
#include <eigencoder/penalties/l0.hpp>
#include <eigencoder/penalties/sparse.hpp>
#include <string>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "layers/custom_layer_fixture.hpp"

using namespace eigencoder;

namespace l0_test {
namespace {

using Layers = Encoder<Input<20>, Dense<40>, JumpRelu>;
template <class... Policies>
using Model = Autoencoder<Layers, Decoder<Dense<20>>, SquaredError, Precision<double>, Policies...>;

Layers encoder(double bandwidth) {
  return Layers{{}, {}, JumpRelu{.initial_threshold = 0.1, .bandwidth = bandwidth}};
}
// The gradient that the penalty alone adds to a model's, and what it adds to the objective.
struct Added {
  VectorX<double> gradient;
  double value;
};
Added added(double bandwidth, L0 penalty, const MatrixX<double>& x) {
  Model<> plain{encoder(bandwidth)};
  Model<Sparse<L0>> model{encoder(bandwidth), Sparse{penalty}};
  const auto size = static_cast<Index>(model.parameters().size());
  VectorX<double> without = VectorX<double>::Zero(size), with = without;
  const double less = plain.gradient(x, x, {without.data(), plain.parameters().size()});
  const double more = model.gradient(x, x, {with.data(), model.parameters().size()});
  return {with - without, more - less};
}

}  // namespace

TEST_CASE("L0 costs its weight for each value that fires, or what is missing or too much of the target") {
  CHECK(L0{.weight = 0.5}.value(7) == 3.5);
  CHECK(L0{.weight = 0.5}.derivative(7) == 0.5);
  const L0 aimed{.weight = 2, .target = 4};
  CHECK(aimed.value(4) == 0);
  CHECK(aimed.derivative(4) == 0);
  CHECK(aimed.value(6) == 0.5);
  CHECK(aimed.value(0) == 2);
  for (const double firing : {0.0, 3.0, 9.0})
    CHECK(aimed.derivative(firing) ==
          Approx((aimed.value(firing + 1e-5) - aimed.value(firing - 1e-5)) / 2e-5).margin(1e-9));
}

TEST_CASE("each value near its threshold adds -1 / bandwidth to the derivative of the number that fire") {
  // Several chunks of rows, and several tiles of channels.
  struct Case {
    Shape shape;
    Index batch;
  };
  for (const auto& [shape, batch] : {Case{Shape::flat(3), 40}, {{20, 21, 3}, 40}, {Shape::flat(600), 70}}) {
    Fixture<JumpRelu> fixture({.initial_threshold = 0.2, .bandwidth = 0.15}, shape, batch);
    for (std::size_t c = 0; c < fixture.scale.size(); ++c) fixture.scale[c] = std::sin(static_cast<double>(c));
    const MatrixX<double> x = centered(shape.size(), batch);
    fixture.forward(x);
    Collected sink;
    fixture.firing_backward(x, 0.7, sink);
    REQUIRE(sink.blocks[0].size() == static_cast<std::size_t>(shape.channels));
    VectorX<double> expected = VectorX<double>::Zero(shape.channels);
    for (Index i = 0; i < x.size(); ++i) {
      const Index channel = i % shape.channels;
      const double theta = 0.2 * std::exp(fixture.scale[static_cast<std::size_t>(channel)]);
      if (std::abs(x.data()[i] - theta) < 0.15 / 2) expected[channel] -= 0.7 * theta / 0.15;  // of the logarithm
    }
    CHECK(expected.norm() > 0);
    for (Index c = 0; c < shape.channels; ++c)
      CHECK(sink.blocks[0][static_cast<std::size_t>(c)] == Approx(expected[c]).margin(1e-12));
  }
}

TEST_CASE("L0 adds to the gradient of the thresholds alone, and its value to the objective") {
  constexpr double bandwidth = 0.2;
  const MatrixX<double> x = centered(20, 8);
  const Model<> model{encoder(bandwidth)};
  const MatrixX<double> z = model.activation(x, 0);
  const double firing = mean_active_units(model, x);
  const auto& block = model.layout().blocks().at(2);
  REQUIRE(block.layer == 1);
  for (const L0 penalty : {L0{.weight = 0.3}, L0{.weight = 0.3, .target = 5}}) {
    const Added found = added(bandwidth, penalty, x);
    CHECK(found.value == Approx(penalty.value(firing)));
    VectorX<double> expected = VectorX<double>::Zero(found.gradient.size());
    for (Index c = 0; c < 40; ++c) {
      const auto near = static_cast<double>(((z.row(c).array() - 0.1).abs() < bandwidth / 2).count());
      expected[block.offset + c] = -penalty.derivative(firing) * 0.1 * near / bandwidth / 8;
    }
    CHECK(expected.norm() > 0);
    CHECK((found.gradient - expected).norm() <= 1e-12 * expected.norm());
  }
}

// The derivative of the mean of H(z - theta) by theta is -p(theta), p the density of z.
TEST_CASE("over many values the estimate is the derivative of the mean number that fire") {
  constexpr Index n = 400000;
  Fixture<JumpRelu> fixture({.initial_threshold = 0.3, .bandwidth = 0.05}, Shape::flat(1), n);
  fixture.scale[0] = 0;
  const MatrixX<double> x = laws::samples(1, n, false);
  fixture.forward(x);
  Collected sink;
  fixture.firing_backward(x, 1.0 / n, sink);
  const double width = 0.05, stddev = std::sqrt(width * (1 - width) / n) / width;
  CHECK(std::abs(sink.blocks[0][0] + 0.3) <= 5 * stddev * 0.3);  // uniform: the density is 1
}

TEST_CASE("thresholds move until the target fires, from above and from below") {
  const MatrixX<double> x = centered(20, 200);
  for (const double initial : {0.02, 0.4}) {
    Model<Sparse<L0>> model{Layers{{}, {}, JumpRelu{.initial_threshold = initial, .bandwidth = 0.2}},
                            Sparse{L0{.weight = 100, .target = 8}}};
    INFO("from " << mean_active_units(model, x) << " that fire");
    CHECK(std::abs(mean_active_units(model, x) - 8) > 3);
    model.fit(x, Adam{.learning_rate = 1e-2}, {.epochs = 60, .batch_size = 20});
    CHECK(mean_active_units(model, x) == Approx(8).margin(0.5));
    CHECK(model.evaluate(x).mse < 0.05);  // 1/12 at first

    const auto& terms = model.epochs().back().terms;
    CHECK(std::string(terms.front().name) == "L0");
    CHECK(terms.front().value == Approx(0).margin(2));
  }
}

TEST_CASE("L0 may penalize a layer after the code, where each draw is a sample") {
  using Drawn = Autoencoder<Encoder<Input<20>, Dense<4>>, Decoder<Dense<30>, JumpRelu, Dense<20>>, SquaredError,
                            Precision<double>, Variational<>, Sparse<L0, AtLayer<2>>>;
  Drawn model{Decoder<Dense<30>, JumpRelu, Dense<20>>{{}, JumpRelu{.initial_threshold = 0.05, .bandwidth = 0.1}, {}},
              Variational{KullbackLeibler<>{}, 3}, Sparse<L0, AtLayer<2>>{L0{.weight = 1}}};
  model.fit(centered(20, 10), Adam{.learning_rate = 1e-9}, {.epochs = 1, .batch_size = 5});
  double term = -1;
  for (const Term& one : model.epochs().back().terms)
    if (one.name == "L0 at 2") term = one.value;
  CHECK(term > 1);
  CHECK(term < 30);
}

TEST_CASE("L0 is for layers with thresholds to learn") {
  STATIC_REQUIRE(PenalizesLayer<Sparse<L0>>);
  STATIC_REQUIRE(!PenalizesActivations<Sparse<L0>>);
  STATIC_REQUIRE(detail::PenalizesStack<Sparse<L0>>);
  STATIC_REQUIRE(!detail::PenalizesStack<Sparse<L1>>);
  STATIC_REQUIRE(LearnsFiring<JumpRelu>);
  STATIC_REQUIRE(!LearnsFiring<TopK<5>>);
  CHECK(Sparse<L0>{}.diagnose_layer(JumpRelu{}).ok());
  constexpr Diagnosis relu = Sparse<L0>{}.diagnose_layer(Relu{});
  CHECK(relu.rule == Rule::policy_applies);
  CHECK(relu.case_text().view() ==
        "Sparse<L0>: got the output of Relu, expected that of a layer with thresholds to learn, such as JumpRelu");
  CHECK_FALSE(Sparse<L0>{}.diagnose_layer(TopK<5>{}).ok());
}

TEST_CASE("L0 refuses hyperparameters outside their ranges") {
  for (const double bad : {-1.0, HUGE_VAL, std::nan("")}) {
    CHECK_THROWS_AS(L0{.weight = bad}.validate(), OptionError);
    CHECK_THROWS_AS(L0{.target = bad}.validate(), OptionError);
    CHECK_THROWS_AS(Sparse{L0{.weight = bad}}.validate(), OptionError);
  }
  CHECK_NOTHROW(L0{.weight = 0, .target = 0.5}.validate());
}

}  // namespace l0_test
