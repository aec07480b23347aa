// Weights of the samples: what they do to the objective and its gradient, what they leave alone, what is refused.
#include <eigencoder/data/stream.hpp>

#include "support/toy_models.hpp"
#include "support/catch.hpp"
#include "support/sources.hpp"
#include "support/thrown.hpp"

#include <cmath>
#include <limits>
#include <span>
#include <vector>

using namespace eigencoder;

namespace sample_weights_test {
namespace {

using Plain = Autoencoder<Encoder<Input<12>, Dense<6>, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError>;
using ByHand = Autoencoder<Encoder<Input<12>, Dense<6>, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError,
                          Precision<double>>;

const MatrixX<float>& data() {
  static const MatrixX<float> x = unit_samples(12, 23);
  return x;
}

std::vector<double> some_weights(Index count) {
  std::vector<double> weights;
  for (Index j = 0; j < count; ++j) weights.push_back(static_cast<double>(j % 4) * 0.75);
  return weights;
}

template <class Model>
struct Step {
  double objective = 0;
  std::vector<typename Model::Scalar> gradient;

  Step(const Model& model, View<typename Model::Scalar> x, std::span<const double> weights)
      : gradient(model.parameters().size()) {
    objective = model.gradient(x, x, gradient, 3, 4, weights);
  }
};

/// A policy that punishes every code, so that there is a penalty.
using Penalized = Autoencoder<Encoder<Input<12>, Dense<6>, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError, Sparse<L1>,
                              WeightDecay<>, Precision<double>>;

}  // namespace

TEST_CASE("the objective is the weighted sum of the losses over the number of samples, plus the penalties") {
  const MatrixX<double> x = laws::samples(12, 7, false);
  Penalized model{Sparse<L1>{{.weight = 0.2}}, WeightDecay<>{.weight = 0.1}};
  const std::vector<double> weights = some_weights(7), none(7, 0.0);
  const std::vector<double> losses = sample_losses(model, x);
  double weighted = 0, plain = 0;
  for (std::size_t j = 0; j < 7; ++j) {
    weighted += weights[j] * losses[j] / 7;
    plain += losses[j] / 7;
  }
  const double penalties = Step(model, x, none).objective;
  CHECK(penalties > 0);
  CHECK(Step(model, x, {}).objective == Approx(plain + penalties));
  CHECK(Step(model, x, weights).objective == Approx(weighted + penalties));

  const auto history = model.fit(x, Sgd{.learning_rate = 0}, {.epochs = 1, .batch_size = 3, .sample_weights = weights});
  CHECK(history.epochs.front().train_loss == Approx(weighted + penalties));
  CHECK(history.epochs.front().loss() == Approx(weighted));
}

TEST_CASE("a weight is that of the sample, wherever its batch has it, and a fit uses the gradient") {
  const MatrixX<double> x = laws::samples(12, 23, false);
  const std::vector<double> weights = some_weights(23);
  ByHand model, by_hand;
  model.fit(x, Sgd{.learning_rate = 0.05},
            {.epochs = 1, .batch_size = 10, .shuffle = false, .sample_weights = weights});
  for (const Index first : {0, 10, 20}) {
    const Index count = first == 20 ? 3 : 10;
    const MatrixX<double> batch = x.middleCols(first, count);
    const auto step = Step(by_hand, batch, std::span(weights).subspan(static_cast<std::size_t>(first),
                                                                      static_cast<std::size_t>(count)));
    for (std::size_t i = 0; i < step.gradient.size(); ++i) by_hand.parameters()[i] -= 0.05 * step.gradient[i];
  }
  for (std::size_t i = 0; i < model.parameters().size(); ++i)
    CHECK(model.parameters()[i] == Approx(by_hand.parameters()[i]).margin(1e-13));
}

TEST_CASE("a sample of weight 2 counts as two of them, and one of weight 0 as none") {
  const MatrixX<double> x = laws::samples(12, 4, false);
  const ByHand model;
  MatrixX<double> repeated(12, 4);  // sample 1 is left out, sample 2 is there twice
  repeated << x.col(0), x.col(2), x.col(2), x.col(3);
  const std::vector<double> weights = {1, 0, 2, 1};
  const auto weighted = Step(model, x, weights), expected = Step(model, repeated, {});
  CHECK(weighted.objective == Approx(expected.objective));
  for (std::size_t i = 0; i < weighted.gradient.size(); ++i)
    CHECK(weighted.gradient[i] == Approx(expected.gradient[i]).margin(1e-14));
}

namespace {

template <class Loss, class... Policies>
using Noised = Autoencoder<Encoder<Image<4, 5, 2>, Dense<12>, BatchNorm, LeakyRelu, Dropout, Dense<3>>, Decoder<Mirror>,
                           Loss, Policies...>;

/// Calls `visit(model)` for models with a path of their own through the loss.
template <class Visit>
void each_model(const Visit& visit) {
  visit(Busy());
  visit(Noised<LearnedGaussian, ImportanceWeighted>{ImportanceWeighted{3}});
  visit(Noised<LearnedGaussian, Variational<>>{Variational{KullbackLeibler{}, 2}});
  visit(Noised<SquaredError, Denoising<Masking>>{Denoising{Masking{.rate = 0.3}, 2, 0.5}});
}

}  // namespace

TEST_CASE("weights of 1 change not one bit") {
  const MatrixX<float> x = unit_samples(40, 31);
  each_model([&](const auto& model) {
    auto plain = model, weighted = model;
    FitOptions<float> options{.epochs = 3, .batch_size = 7};
    const auto without = plain.fit(x, Adam{}, options);
    options.sample_weights = std::vector<double>(31, 1.0);
    const auto with = weighted.fit(x, Adam{}, options);
    CHECK(bits(plain) == bits(weighted));
    for (std::size_t i = 0; i < 3; ++i) CHECK(same(without.epochs[i], with.epochs[i]));
  });
}

TEST_CASE("nothing is learned from samples of weight 0, however far off they are") {
  // Without layers that compare samples: they would see what has no weight too.
  using Drawn = Autoencoder<Encoder<Input<12>, Dense<6>, Tanh, Dense<3>>, Decoder<Mirror>, LearnedGaussian>;
  MatrixX<float> spoiled = data();
  spoiled.col(5) *= -3;
  spoiled.col(16).setConstant(2e19F);  // the square is infinite
  std::vector<double> weights = some_weights(23);
  weights[5] = weights[16] = 0;
  const auto learned = [&](auto model, const MatrixX<float>& x) {
    model.fit(x, Adam{}, {.epochs = 3, .batch_size = 4, .sample_weights = weights});
    return bits(model);
  };
  CHECK(learned(Plain(), data()) == learned(Plain(), spoiled));
  CHECK(learned(Drawn(), data()) == learned(Drawn(), spoiled));
  Plain unweighted;
  CHECK_THROWS_AS(unweighted.fit(spoiled, Sgd{}, {.epochs = 3, .batch_size = 4}), DivergenceError);
}

TEST_CASE("in a batch without any weight a model learns from its penalties alone") {
  const MatrixX<double> x = laws::samples(12, 6, false);
  Penalized model, by_hand;
  const std::vector<double> weights = {0, 0, 0, 1, 0, 0}, none(3, 0.0);
  model.fit(x, Sgd{.learning_rate = 0.1}, {.epochs = 1, .batch_size = 3, .shuffle = false, .sample_weights = weights});
  const auto move = [&](const Step<Penalized>& step) {
    for (std::size_t i = 0; i < step.gradient.size(); ++i) by_hand.parameters()[i] -= 0.1 * step.gradient[i];
  };
  move(Step(by_hand, x.leftCols(3), none));
  move(Step(by_hand, x.rightCols(3), std::vector<double>{1, 0, 0}));
  for (std::size_t i = 0; i < model.parameters().size(); ++i)
    CHECK(model.parameters()[i] == Approx(by_hand.parameters()[i]).margin(1e-14));

  // A learned variance stays where it is.
  Autoencoder<Encoder<Input<12>, Dense<3>>, Decoder<Mirror>, LearnedGaussian, Precision<double>> learned;
  for (const double value : Step(learned, x, std::vector<double>(6, 0.0)).gradient) CHECK(value == 0);
}

TEST_CASE("the weights of draws come from the weighted losses") {
  // With weight 0 the bound is that of a model that sees nothing: -log of the mean of p(z) / q(z | x).
  Autoencoder<Encoder<Input<12>, Dense<3>>, Decoder<Mirror>, Gaussian, ImportanceWeighted, Precision<double>> model{
      ImportanceWeighted{4}};
  const MatrixX<double> x = laws::samples(12, 5, false);
  const auto blind = Step(model, x, std::vector<double>(5, 0.0));
  const auto& layout = model.layout();
  const auto largest_of_decoder = [&](const std::vector<double>& gradient) {
    double largest = 0;
    for (const auto& block : layout.blocks())
      if (block.layer == 1)
        for (Index i = block.offset; i < block.offset + block.size(); ++i)
          largest = std::fmax(largest, std::abs(gradient[static_cast<std::size_t>(i)]));
    return largest;
  };
  CHECK(largest_of_decoder(blind.gradient) == 0);
  CHECK(largest_of_decoder(Step(model, x, {}).gradient) > 0);
  // With one code it is the evidence lower bound with a weighted loss, whose divergence does not depend on the weights.
  Autoencoder<Encoder<Input<12>, Dense<3>>, Decoder<Mirror>, Gaussian, ImportanceWeighted, Precision<double>> one{
      ImportanceWeighted{1}};
  const auto objective = [&](double weight) { return Step(one, x, std::vector<double>(5, weight)).objective; };
  CHECK(objective(3) - objective(1) == Approx(2 * (objective(1) - objective(0))));
}

TEST_CASE("a stream's samples have weights too, by their indices") {
  FitOptions<float> options{.epochs = 3, .batch_size = 5};
  options.sample_weights = some_weights(23);
  Plain memory, stream, in_blocks, sequential;
  memory.fit(data(), Adam{}, options);
  stream.fit(Stream{AnyOrder{data()}}, Adam{}, options);
  CHECK(bits(memory) == bits(stream));
  in_blocks.fit(InBlocks(data(), 8), Adam{}, options);
  sequential.fit(Stream<float>(InOrder{data()}, {.shuffle_window = 8}), Adam{}, options);
  CHECK(bits(in_blocks) == bits(sequential));
  CHECK(bits(in_blocks) != bits(memory));
}

TEST_CASE("validation is not weighted, and the weights of samples held back do not matter") {
  std::vector<double> weights = some_weights(23), other = weights;
  const Split parts = split(23, 0.3, 0);
  for (const Index j : parts.test) other[static_cast<std::size_t>(j)] = 1e6;
  const auto trained = [&](const std::vector<double>& w) {
    Plain model;
    const auto history = model.fit(data(), Adam{}, {.epochs = 2, .sample_weights = w, .validation_split = 0.3});
    CHECK(history.epochs.back().validation_loss == model.evaluate(take(data(), parts.test)).loss);
    return bits(model);
  };
  CHECK(trained(weights) == trained(other));
}

TEST_CASE("wrong weights are refused, and nothing changes") {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  Plain model;
  model.fit(data(), Adam{}, {.epochs = 1});
  const auto before = bits(model);
  const auto refused = [&]<class E>(std::type_identity<E>, const std::vector<double>& weights,
                                    std::initializer_list<std::string_view> words, double validation_split = 0) {
    const FitOptions<float> options{.epochs = 1, .sample_weights = weights, .validation_split = validation_split};
    CHECK(says(thrown<E>([&] { model.fit(data(), Adam{}, options); }), words));
    CHECK(says(thrown<E>([&] { model.fit(Stream{AnyOrder{data()}}, Adam{}, options); }), words));
    CHECK(bits(model) == before);
    CHECK(model.epochs().size() == 1);
  };
  const std::type_identity<ShapeError> shape;
  const std::type_identity<DataError> value;
  refused(shape, {}, {"FitOptions.sample_weights: 0 for 23 samples"});
  refused(shape, std::vector<double>(24, 1.0), {"FitOptions.sample_weights: 24 for 23 samples"});
  const auto with = [](double bad) {
    std::vector<double> weights(23, 1.0);
    weights[17] = bad;
    return weights;
  };
  refused(value, with(-0.5), {"FitOptions.sample_weights", "sample 17", "negative"});
  refused(value, with(nan), {"FitOptions.sample_weights", "sample 17", "NaN"});
  refused(value, with(infinity), {"FitOptions.sample_weights", "sample 17", "infinite"});
  refused(value, with(-infinity), {"FitOptions.sample_weights", "sample 17", "negative"});
  refused(value, std::vector<double>(23, 0.0), {"FitOptions.sample_weights", "every sample to train on", "0"});

  std::vector<double> only_held_back(23, 0.0);
  for (const Index j : split(23, 0.3, 0).test) only_held_back[static_cast<std::size_t>(j)] = 1;
  refused(value, only_held_back, {"every sample to train on has the weight 0"}, 0.3);

  std::vector<float> gradient(model.parameters().size(), 7.0F);
  const auto refused_gradient = [&]<class E>(std::type_identity<E>, const std::vector<double>& weights,
                                             std::initializer_list<std::string_view> words) {
    CHECK(says(thrown<E>([&] { model.gradient(data(), data(), gradient, 0, 0, weights); }), words));
    for (const float g : gradient) CHECK(g == 7);
  };
  refused_gradient(shape, std::vector<double>(22, 1.0), {"gradient: sample_weights: 22 for 23 samples"});
  refused_gradient(value, with(nan), {"gradient: sample_weights", "sample 17", "NaN"});
  refused_gradient(value, with(-1), {"gradient: sample_weights", "sample 17", "negative"});
}

}  // namespace sample_weights_test
