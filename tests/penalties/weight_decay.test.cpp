#include <eigencoder/eigencoder.hpp>

#include "support/catch.hpp"
#include "laws/samples.hpp"
#include "support/thrown.hpp"

#include <cmath>
#include <vector>

using namespace eigencoder;

namespace weight_decay_test {
namespace {

template <class... Policies>
using Model = Autoencoder<Encoder<Input<6>, Dense<5>, BatchNorm, Tanh, Dense<3>>, Decoder<TiedMirror>,
                          SquaredError, Precision<double>, Policies...>;

const MatrixX<double>& data() {
  static const MatrixX<double> x = laws::samples(6, 20, false);
  return x;
}

template <class M>
std::vector<double> gradient_of(const M& model) {
  std::vector<double> g(model.parameters().size());
  model.gradient(data(), data(), g);
  return g;
}

// What the penalties add to objective and gradient, block by block, is lambda/2 |w|^2 and lambda w.
template <class... Policies>
void check_adds(const Model<Policies...>& model, const std::vector<double>& lambda) {
  const Model<> plain;  // the same initial weights
  REQUIRE(std::equal(plain.parameters().begin(), plain.parameters().end(), model.parameters().begin()));
  const auto with = gradient_of(model), without = gradient_of(plain);
  double sum = 0;
  for (const auto& block : model.layout().blocks()) {
    const double factor =
        block.kind == ParameterKind::weight ? lambda.at(static_cast<std::size_t>(block.layer)) : 0;
    for (Index i = 0; i < block.size(); ++i) {
      const auto at = static_cast<std::size_t>(block.offset + i);
      const double w = model.parameters()[at];
      sum += factor / 2 * w * w;
      CHECK(with[at] == Approx(without[at] + factor * w).margin(1e-12));
    }
  }
  std::vector<double> unused(with.size());
  CHECK(model.gradient(data(), data(), unused) == Approx(plain.gradient(data(), data(), unused) + sum));
}

}  // namespace

TEST_CASE("weight decay adds (lambda/2) |w|^2 over weights alone, tied ones once", "[weight decay]") {
  check_adds(Model<WeightDecay<>>{WeightDecay<>{.weight = 0.3}}, {0.3, 0, 0, 0.3, 0, 0, 0});
  check_adds(Model<WeightDecay<AtLayer<3>>>{WeightDecay<AtLayer<3>>{.weight = 0.3}}, {0, 0, 0, 0.3, 0, 0, 0});
  check_adds(Model<WeightDecay<>, WeightDecay<AtLayer<0>>>{WeightDecay<>{.weight = 0.3},
                                                      WeightDecay<AtLayer<0>>{.weight = 0.5}},
             {0.8, 0, 0, 0.3, 0, 0, 0});
}

TEST_CASE("history reports the penalty at the epoch's end and the objective with it", "[weight decay]") {
  Model<WeightDecay<>> model{WeightDecay<>{.weight = 0.2}};
  const auto history =
      model.fit(data(), Sgd{.learning_rate = 0}, {.epochs = 1, .batch_size = 20, .shuffle = false});
  std::vector<double> unused(model.parameters().size());
  double squares = 0;
  for (const auto& block : model.layout().blocks())
    if (block.kind == ParameterKind::weight)
      for (Index i = 0; i < block.size(); ++i)
        squares += std::pow(model.parameters()[static_cast<std::size_t>(block.offset + i)], 2);
  REQUIRE(history.epochs.front().terms.size() == 1);
  CHECK(history.epochs.front().terms.front().name == "WeightDecay");
  CHECK(history.epochs.front().terms.front().value == Approx(0.1 * squares));
  CHECK(history.epochs.front().train_loss == Approx(model.gradient(data(), data(), unused)));
}

TEST_CASE("weights without a gradient from the loss shrink by the factor 1 - rate lambda",
          "[weight decay]") {
  // With a code of zeros (zero weights before it), the decoder's weight gets the penalty's gradient alone.
  using Still = Autoencoder<Encoder<Input<4>, Dense<2>>, Decoder<Mirror>, SquaredError, Precision<double>,
                            WeightDecay<>>;
  Still model{Encoder<Input<4>, Dense<2>>{{}, Dense<2>{Initializer::zeros()}}, WeightDecay<>{.weight = 0.5}};
  const auto& block = model.layout().blocks().at(2);
  REQUIRE(block.kind == ParameterKind::weight);
  const auto weights = [&] {
    const auto w = model.parameters().subspan(static_cast<std::size_t>(block.offset),
                                              static_cast<std::size_t>(block.size()));
    return std::vector<double>(w.begin(), w.end());
  };
  for (double& w : model.parameters().subspan(static_cast<std::size_t>(block.offset),
                                              static_cast<std::size_t>(block.size())))
    w = 1.5;
  const MatrixX<double> zeros = MatrixX<double>::Zero(4, 8);
  model.fit(zeros, Sgd{.learning_rate = 0.1}, {.epochs = 3, .batch_size = 8});
  for (const double w : weights()) CHECK(w == Approx(1.5 * std::pow(1 - 0.1 * 0.5, 3)));
}

TEST_CASE("a weight outside its range is refused when the model is built", "[weight decay]") {
  CHECK_THROWS_AS((WeightDecay<>{.weight = -1}.validate()), OptionError);
  CHECK_THROWS_AS((Model<WeightDecay<>>{WeightDecay<>{.weight = std::nan("")}}), OptionError);
}

TEST_CASE("the message for an infinite weight states the range", "[weight decay]") {
  const auto message = thrown<OptionError>([] { WeightDecay<>{.weight = HUGE_VAL}.validate(); });
  CHECK(says(message, {"WeightDecay.weight", "finite and at least 0"}));
}

}  // namespace weight_decay_test
