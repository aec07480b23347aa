// Models that draw their codes: what is drawn, and what the bounds come to, where both are known.
#include <algorithm>
#include <limits>
#include <numbers>
#include <string_view>

#include "support/toy_bottlenecks.hpp"
#include "support/catch.hpp"

using namespace toy;

namespace {

template <class P>
std::vector<double>& drawn(const Plain<P>&) { return Recording<Gaussian>::outputs; }

// -log N(x; 0, variance I) for two values.
double surprise(double x0, double x1, double variance) {
  return (x0 * x0 + x1 * x1) / (2 * variance) + std::log(2 * std::numbers::pi * variance);
}

}  // namespace

TEST_CASE("codes have the posterior's moments, and draws are independent") {
  const double mean[] = {1.5, -0.5}, log_variance[] = {std::log(4.0), std::log(0.09)}, stddev[] = {2, 0.3};
  const auto model =
      plain(Variational{KullbackLeibler{}, 2}, 0, {mean[0], mean[1]}, {log_variance[0], log_variance[1]});
  const OneThread alone;
  const Index count = 20000;
  auto& z = drawn(model);
  z.clear();
  objective(model, MatrixX<double>::Zero(2, count), 5);
  REQUIRE(static_cast<Index>(z.size()) == 4 * count);
  // The noise e of each column: value, square, and the products of those that must have nothing in common.
  std::vector<double> values[2], squares[2], of_dimensions, of_draws, of_samples;
  const auto noise = [&](Index column, Index i) {
    return (z[static_cast<std::size_t>(2 * column + i)] - mean[i]) / stddev[i];
  };
  for (Index column = 0; column < 2 * count; ++column) {
    for (Index i = 0; i < 2; ++i) {
      const double e = noise(column, i);
      values[i].push_back(e);
      squares[i].push_back(e * e);
    }
    of_dimensions.push_back(noise(column, 0) * noise(column, 1));
    if (column % 2 == 0) of_draws.push_back(noise(column, 0) * noise(column + 1, 0));
    if (column >= 2) of_samples.push_back(noise(column, 1) * noise(column - 2, 1));
  }
  const auto check = [](const std::vector<double>& sample, double expected) {
    const Estimate found(sample);
    CHECK(std::abs(found.mean - expected) <= 5 * found.error);
    CHECK(found.error < 0.02);
  };
  for (int i = 0; i < 2; ++i) {
    check(values[i], 0);
    check(squares[i], 1);
  }
  check(of_dimensions, 0);
  check(of_draws, 0);
  check(of_samples, 0);
}

TEST_CASE("codes are drawn anew at each step and under each seed") {
  const auto model = plain(Variational<>{}, 0, {0, 0}, {0, 0});
  const auto codes = [&](std::uint64_t step, std::uint64_t seed) {
    drawn(model).clear();
    objective(model, MatrixX<double>::Zero(2, 3), step, seed);
    return drawn(model);
  };
  const auto first = codes(0, 0);
  CHECK(codes(0, 0) == first);
  for (const auto& other : {codes(1, 0), codes(0, 1)})
    for (std::size_t i = 0; i < 6; ++i) CHECK(other[i] != first[i]);
}

TEST_CASE("a variational objective is loss plus divergence") {
  const auto model = plain(Variational{KullbackLeibler{.beta = 3}, 4}, 0.8, {0.1, -0.2}, {-1, 0.5});
  const MatrixX<double> x = pairs_of_values(5);
  drawn(model).clear();
  const double found = objective(model, x, 2);
  double expected = 0;
  for (Index j = 0; j < 5; ++j) {
    expected += 3 * (divergence(0.8 * x(0, j) + 0.1, -1) + divergence(0.8 * x(1, j) - 0.2, 0.5)) / 5;
    for (Index k = 0; k < 4; ++k) {
      const double* z = &drawn(model)[static_cast<std::size_t>(2 * (4 * j + k))];
      expected += surprise(x(0, j) - z[0], x(1, j) - z[1], 1) / 20;
    }
  }
  CHECK(found == Approx(expected).epsilon(1e-12));
}

// At one code the estimate of the bound of a variational model.
TEST_CASE("the importance-weighted objective is its definition") {
  for (const Index samples : {1, 6}) {
    const auto model = plain(ImportanceWeighted{samples}, 0.8, {0.1, -0.2}, {-1, 0.5});
    const MatrixX<double> x = pairs_of_values(5);
    drawn(model).clear();
    const double found = objective(model, x, 2);
    double expected = 0;
    for (Index j = 0; j < 5; ++j) {
      double weights = 0;
      const double m[] = {0.8 * x(0, j) + 0.1, 0.8 * x(1, j) - 0.2}, l[] = {-1, 0.5};
      for (Index k = 0; k < samples; ++k) {
        const double* z = &drawn(model)[static_cast<std::size_t>(2 * (samples * j + k))];
        double log_weight = -surprise(x(0, j) - z[0], x(1, j) - z[1], 1) - surprise(z[0], z[1], 1);
        for (int i = 0; i < 2; ++i)
          log_weight += ((z[i] - m[i]) * (z[i] - m[i]) / std::exp(l[i]) + l[i] + std::log(2 * std::numbers::pi)) / 2;
        weights += std::exp(log_weight);
      }
      expected -= std::log(weights / static_cast<double>(samples)) / 5;
    }
    INFO(samples << " codes");
    CHECK(found == Approx(expected).epsilon(1e-12));
  }
}

TEST_CASE("at the true posterior both bounds are the likelihood") {
  // p(z) = N(0, I) and p(x | z) = N(z, I) give p(x) = N(0, 2 I) and the posterior N(x / 2, I / 2).
  const MatrixX<double> x = pairs_of_values(30);
  double expected = 0;
  for (Index j = 0; j < 30; ++j) expected += surprise(x(0, j), x(1, j), 2) / 30;
  const double half = std::log(0.5);
  for (const Index samples : {1, 7}) {
    const auto weighted = plain(ImportanceWeighted{samples}, 0.5, {0, 0}, {half, half});
    CHECK(objective(weighted, x, 3) == Approx(expected).epsilon(1e-12));  // no weight differs: exact
  }
  const Estimate plain_bound = estimate(plain(Variational<>{}, 0.5, {0, 0}, {half, half}), x, 400);
  CHECK(std::abs(plain_bound.mean - expected) <= 5 * plain_bound.error);
}

TEST_CASE("the bound grows with the codes and stays below the likelihood") {
  const MatrixX<double> x = pairs_of_values(30);
  double likelihood = 0, elbo = 0;
  for (Index j = 0; j < 30; ++j) {
    likelihood += surprise(x(0, j), x(1, j), 2) / 30;
    // With z ~ N(0, I): the loss is that at 0 and the variance of z over 2, twice.
    elbo += (surprise(x(0, j), x(1, j), 1) + 1) / 30;
  }
  std::vector<Estimate> bounds;
  for (const Index samples : {1, 5, 50})
    bounds.push_back(estimate(plain(ImportanceWeighted{samples}, 0, {0, 0}, {0, 0}), x, 300));
  CHECK(std::abs(bounds[0].mean - elbo) <= 5 * bounds[0].error);
  for (std::size_t i = 1; i < bounds.size(); ++i)
    CHECK(bounds[i - 1].mean - bounds[i].mean > 5 * std::hypot(bounds[i - 1].error, bounds[i].error));
  CHECK(bounds.back().mean > likelihood - 5 * bounds.back().error);
}

TEST_CASE("dropout after the code drops differently for each draw") {
  using Model = Autoencoder<Encoder<Input<60>, Dense<2>>, Decoder<Dense<60>, Dropout>, Recording<SquaredError>,
                            Variational<>, Precision<double>>;
  Model model{Variational{KullbackLeibler{}, 3}};
  std::fill(model.parameters().begin(), model.parameters().end(), 0);
  set(model, decoder_bias, std::vector<double>(60, 1));
  const OneThread alone;
  auto& outputs = Recording<SquaredError>::outputs;
  outputs.clear();
  objective(model, MatrixX<double>::Zero(60, 4), 1);
  REQUIRE(outputs.size() == 60 * 12);
  for (std::size_t column = 0; column < 12; ++column) {
    const double* here = &outputs[60 * column];
    const auto dropped = std::count(here, here + 60, 0.0);
    CHECK(dropped > 10);  // 30, five standard errors about 19
    CHECK(dropped < 50);
    CHECK(dropped + std::count(here, here + 60, 2.0) == 60);
    for (std::size_t before = 0; before < column; ++before)
      CHECK_FALSE(std::equal(here, here + 60, &outputs[60 * before]));
  }
}

TEST_CASE("evaluation uses the mean code and reports the divergence in closed form") {
  const MatrixX<double> x = pairs_of_values(300);  // more than one batch of inference
  double kl = 0, loss = 0;
  for (Index j = 0; j < 300; ++j) {
    kl += (divergence(0.8 * x(0, j) + 0.1, -1) + divergence(0.8 * x(1, j) - 0.2, 0.5)) / 300;
    loss += surprise(0.2 * x(0, j) - 0.1, 0.2 * x(1, j) + 0.2, 1) / 300;
  }
  const auto check = [&](const auto& policy, std::string_view counted, double value) {
    const auto model = plain(policy, 0.8, {0.1, -0.2}, {-1, 0.5});
    const Evaluation found = model.evaluate(x);
    CHECK(found.loss == Approx(loss).epsilon(1e-12));
    REQUIRE(found.terms.size() == 2);
    CHECK(found.terms[0].name == counted);
    CHECK(found.terms[0].in_objective);
    CHECK(found.terms[0].value == Approx(value).epsilon(1e-12));
    CHECK(found.terms[1].name == "KL");
    CHECK_FALSE(found.terms[1].in_objective);
    CHECK(found.terms[1].value == Approx(kl).epsilon(1e-12));
    CHECK(found.objective() == Approx(loss + value).epsilon(1e-12));
    CHECK(((model.encode(x) - 0.8 * x).colwise() - Eigen::Vector2d(0.1, -0.2)).norm() < 1e-12);
  };
  check(Variational<>{}, "weighted KL", kl);
  check(Variational{KullbackLeibler{.beta = 4}, 3}, "weighted KL", 4 * kl);
  check(Variational{KullbackLeibler<LinearAnnealing>{}}, "weighted KL", kl);
  check(ImportanceWeighted{5}, "divergence", kl);

  // The discrepancy is defined for drawn codes alone.
  const auto wasserstein = plain(Variational<MaximumMeanDiscrepancy>{}, 0.8, {0.1, -0.2}, {-1, 0.5}).evaluate(x);
  REQUIRE(wasserstein.terms.size() == 1);
  CHECK(wasserstein.terms[0].value == Approx(kl).epsilon(1e-12));
  CHECK(wasserstein.objective() == wasserstein.loss);
}

TEST_CASE("the terms of an epoch are its means and make up the objective") {
  Autoencoder<Encoder<Input<2>, Dense<2>>, Decoder<Dense<2>>, Gaussian, Variational<>, Precision<double>> model{
      Variational{KullbackLeibler{.beta = 2}}};
  const MatrixX<double> x = pairs_of_values(25);
  // No parameter changes: the divergence is that of the evaluation.
  const auto history = model.fit(x, Sgd{.learning_rate = 0}, {.epochs = 2, .batch_size = 10});
  const Evaluation still = model.evaluate(x);
  for (const EpochReport& epoch : history.epochs) {
    REQUIRE(epoch.terms.size() == 2);
    CHECK(epoch.terms[0].value == Approx(still.terms[0].value).epsilon(1e-12));
    CHECK(epoch.terms[1].value == Approx(still.terms[1].value).epsilon(1e-12));
    CHECK(epoch.terms[0].value == Approx(2 * epoch.terms[1].value).epsilon(1e-12));
    CHECK(epoch.loss() == Approx(epoch.train_loss - epoch.terms[0].value).epsilon(1e-12));
  }
  CHECK(history.epochs[0].loss() != history.epochs[1].loss());  // other draws
}
