// Trimmed training: which samples of a batch are left out, and what that is good for.
#include <eigencoder/detail/network/batch_loss.hpp>

#include "support/toy_models.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

using namespace eigencoder;

namespace trim_test {
namespace {

using Plain = Autoencoder<Encoder<Input<12>, Dense<6>, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError>;

/// The weights after trimming.
std::vector<double> trimmed(double trim, const std::vector<double>& losses, std::vector<double> weights,
                            Index draws = 1) {
  std::vector<double> ranked(weights.size());
  detail::trim_samples(trim, std::ssize(weights), draws, losses.data(), weights.data(), ranked.data());
  return weights;
}
std::vector<double> trimmed(double trim, const std::vector<double>& losses) {
  return trimmed(trim, losses, std::vector<double>(losses.size(), 1.0));
}

/// The same by sorting: of samples with a weight those of the largest losses, the first of equal ones first.
std::vector<double> expected(double trim, const std::vector<double>& losses, std::vector<double> weights) {
  std::vector<std::size_t> order;
  for (std::size_t j = 0; j < weights.size(); ++j)
    if (weights[j] != 0) order.push_back(j);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return losses[a] > losses[b] || (losses[a] == losses[b] && a < b);
  });
  const auto count = static_cast<std::size_t>(std::floor(trim * static_cast<double>(order.size())));
  for (std::size_t k = 0; k < count; ++k) weights[order[k]] = 0;
  return weights;
}

}  // namespace

TEST_CASE("the samples of the largest losses lose their weight, of equal losses the first samples") {
  using List = std::vector<double>;
  CHECK(trimmed(0.5, {3, 1, 4, 2}) == List{0, 1, 0, 1});
  CHECK(trimmed(0.74, {3, 1, 4, 2}) == List{0, 1, 0, 1});
  CHECK(trimmed(0.75, {3, 1, 4, 2}) == List{0, 1, 0, 0});
  CHECK(trimmed(0.24, {3, 1, 4, 2}) == List{1, 1, 1, 1});
  CHECK(trimmed(0.5, {7, 7, 7, 7, 7, 7}) == List{0, 0, 0, 1, 1, 1});
  CHECK(trimmed(0.5, {1, 7, 7, 9, 7, -2}) == List{1, 0, 0, 0, 1, 1});
  CHECK(trimmed(0.5, {-1, -3, -2, -4}) == List{0, 1, 0, 1});  // a log likelihood's may be negative

  // Samples without a weight are not counted, and weights do not change the order.
  CHECK(trimmed(0.5, {9, 3, 1, 8, 4, 2}, {0, 0.1, 5, 0, 2, 3}) == List{0, 0, 5, 0, 0, 3});
  CHECK(trimmed(0.99, {9, 3, 1}, {0, 2, 0}) == List{0, 2, 0});
  CHECK(trimmed(0.99, {9, 3}, {0, 0}) == List{0, 0});

  // The losses of a sample's draws count together.
  CHECK(trimmed(0.5, {9, 1, 6, 6, 2, 3, 0, 7}, {1, 1, 1, 1}, 2) == List{0, 0, 1, 1});
}

TEST_CASE("what is trimmed is what sorting would leave out, and something always counts") {
  Random random(3, Purpose::user);
  for (int round = 0; round < 3000; ++round) {
    const auto size = static_cast<std::size_t>(1 + random.below(40U));
    const double trim = random.uniform();
    std::vector<double> losses, weights;
    for (std::size_t j = 0; j < size; ++j) {
      losses.push_back(static_cast<double>(random.below(15)) - 4);
      weights.push_back(random.below(4) == 0 ? 0.0 : 0.5 + random.uniform());
    }
    const auto found = trimmed(trim, losses, weights);
    REQUIRE(found == expected(trim, losses, weights));
    const auto counts = [](double weight) { return weight > 0; };
    REQUIRE(std::ranges::any_of(found, counts) == std::ranges::any_of(weights, counts));
  }
  for (const double almost : {0.999999, 1 - 1e-15, std::nextafter(1.0, 0.0)})
    for (const std::size_t size : {1U, 2U, 3U, 5U, 64U, 1000U, 65537U}) {
      const auto found = trimmed(almost, std::vector<double>(size, 2.0));
      CHECK(std::accumulate(found.begin(), found.end(), 0.0) >= 1);
    }
}

TEST_CASE("a loss that is not finite is not trimmed") {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {nan, infinity, -infinity}) {
    CHECK(trimmed(0.5, {3, bad, 4, 2}) == std::vector<double>{0, 1, 0, 1});
    const auto found = trimmed(0.75, {bad, bad, bad, 2});  // more than there are others: one is left
    CHECK(found[3] == 0);
    CHECK(found[0] + found[1] + found[2] == 1);
  }
  MatrixX<float> x = unit_samples(12, 20);
  x.col(7).setConstant(2e19F);  // the square is infinite
  Plain model;
  const auto before = bits(model);
  CHECK_THROWS_AS(model.fit(x, Sgd{}, {.epochs = 2, .trim = 0.4}), DivergenceError);
  CHECK(bits(model) == before);
}

TEST_CASE("a trimmed step is one in which the largest losses have the weight 0") {
  const MatrixX<float> x = unit_samples(12, 20);
  const auto check = [&]<class Model>(const Model& start, std::vector<double> weights) {
    const std::vector<double> losses = sample_losses(start, x);
    const std::vector<double> left = expected(0.3, losses, weights);
    CHECK(std::ranges::count(left, 0.0) > std::ranges::count(weights, 0.0));
    for (const bool fuse : {true, false}) {
      Model by_trim = start, by_weight = start;
      FitOptions<float> options{.epochs = 1, .batch_size = 20, .sample_weights = left, .fuse_updates = fuse};
      const auto expected_history = by_weight.fit(x, Adam{}, options);
      options.sample_weights = weights;
      options.trim = 0.3;
      const auto history = by_trim.fit(x, Adam{}, options);
      CHECK(bits(by_trim) == bits(by_weight));
      CHECK(same(history.epochs.front(), expected_history.epochs.front()));
      double sum = 0;  // what is reported: the loss of what counted, over all samples
      for (std::size_t j = 0; j < 20; ++j) sum += left[j] * losses[j];
      CHECK(history.epochs.front().loss() == Approx(sum / 20));
    }
  };
  std::vector<double> weights(20, 1.0);
  check(Plain(), weights);
  check(Autoencoder<Encoder<Input<12>, Dense<6>, Tanh, Dense<3>>, Decoder<Mirror>, LearnedGaussian, Sparse<L1>>(),
        weights);
  weights[3] = 0;
  weights[8] = 20;  // its loss is still compared as it is
  check(Plain(), weights);
}

TEST_CASE("each step trims anew, in batches of any size") {
  const MatrixX<double> x = laws::samples(12, 23, false);
  using ByHand = Autoencoder<Encoder<Input<12>, Dense<6>, Tanh, Dense<3>>, Decoder<Mirror>, SquaredError,
                             Precision<double>>;
  ByHand model, by_hand;
  const auto history = model.fit(x, Sgd{.learning_rate = 0.05},
                                 {.epochs = 2, .batch_size = 10, .shuffle = false, .trim = 0.25});
  for (int epoch = 0; epoch < 2; ++epoch) {
    double seen = 0;
    for (const Index first : {0, 10, 20}) {  // 2, 2 and none are left out
      const MatrixX<double> batch = x.middleCols(first, first == 20 ? 3 : 10);
      const std::vector<double> ones(static_cast<std::size_t>(batch.cols()), 1.0);
      const std::vector<double> left = expected(0.25, sample_losses(by_hand, batch), ones);
      std::vector<double> g(by_hand.parameters().size());
      seen += by_hand.gradient(batch, batch, g, 0, 0, left) * static_cast<double>(batch.cols());
      for (std::size_t i = 0; i < g.size(); ++i) by_hand.parameters()[i] -= 0.05 * g[i];
    }
    CHECK(history.epochs[static_cast<std::size_t>(epoch)].train_loss == Approx(seen / 23));
  }
  for (std::size_t i = 0; i < model.parameters().size(); ++i)
    CHECK(model.parameters()[i] == Approx(by_hand.parameters()[i]).margin(1e-13));
}

TEST_CASE("a trimmed model learns the data in spite of contamination") {
  // Clean samples lie on a plane; one in eight is far off it.
  const MatrixX<float> plane = 2 * (unit_samples(12, 2, 5).array() - 0.5F).matrix();
  const auto on_plane = [&](Index count, std::uint64_t seed) {
    return MatrixX<float>(plane * (unit_samples(2, count, seed).array() - 0.5F).matrix());
  };
  MatrixX<float> x = on_plane(320, 6);
  const MatrixX<float> noise = unit_samples(12, 320, 7), held_out = on_plane(100, 8);
  for (Index j = 0; j < 320; j += 8) x.col(j) = 4 * noise.col(j);
  const auto error = [&](double trim) {
    Autoencoder<Encoder<Input<12>, Dense<2>>, Decoder<Mirror>, SquaredError> model;
    model.fit(x, Adam{.learning_rate = 0.02}, {.epochs = 100, .batch_size = 32, .trim = trim});
    return model.evaluate(held_out).loss;
  };
  const double plain = error(0), robust = error(0.25);
  INFO(plain << " without trimming, " << robust << " with it");
  CHECK(robust < 0.02 * plain);
}

}  // namespace trim_test
