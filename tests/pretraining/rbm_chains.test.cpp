// The persistent chains of training: each step draws from the conditional distributions, starting from the last states.
#include "support/catch.hpp"

#include <eigencoder/optimizers/sgd.hpp>

#include "pretraining/toy_rbms.hpp"

namespace rbm_chains_test {
using namespace toy_rbms;

constexpr Index chains = 20000;
constexpr PersistentContrastiveDivergence one_step{.steps = 1, .chains = chains};

template <class Machine>
Matrix chains_of(const Machine& machine) {
  return Eigen::Map<const Matrix>(machine.statistics().data(), machine.visible_size(), chains);
}

/// Trains for one step that changes no parameter.
template <class Machine>
void step(Machine& machine) {
  const Matrix samples = samples_for(machine.visible(), 3, 3);
  machine.fit(samples, Sgd{.learning_rate = 1e-300}, {.epochs = 1, .batch_size = 3});
}

TEST_CASE("a step of training has the probabilities of the enumerated chain") {
  auto machine = randomized(Rbm{BernoulliUnits{3}, BernoulliUnits{2}, Double{}, one_step}, 6, 0.9);
  const Matrix expected = gibbs_transitions(machine);
  const auto number = [](const auto& state) { return static_cast<Index>(state[0] + 2 * state[1] + 4 * state[2]); };
  for (int round = 0; round < 2; ++round) {
    const Matrix start = chains_of(machine);
    step(machine);
    const Matrix end = chains_of(machine);
    Matrix found = Matrix::Zero(8, 8);
    for (Index j = 0; j < chains; ++j) found(number(end.col(j)), number(start.col(j))) += 1;
    for (Index from = 0; from < 8; ++from) {
      const double count = found.col(from).sum();
      REQUIRE(count > 100);
      for (Index to = 0; to < 8; ++to) {
        const double p = expected(to, from);
        CHECK(std::abs(found(to, from) / count - p) < 4.5 * std::sqrt(p * (1 - p) / count));
      }
    }
  }
}

double sigmoid(double a) { return 1 / (1 + std::exp(-a)); }

/// The variance of a hidden unit's states at an input.
double variance(const BernoulliUnits&, double a) { return sigmoid(a) * (1 - sigmoid(a)); }
double variance(const GaussianUnits&, double) { return 1; }
double variance(const RectifiedUnits&, double a) {
  const double s = std::sqrt(sigmoid(a)), p = std::erfc(-a / s / std::numbers::sqrt2) / 2,
               density = std::exp(-a * a / (2 * s * s)) / std::sqrt(2 * std::numbers::pi), mean = a * p + s * density;
  return (a * a + s * s) * p + a * s * density - mean * mean;
}

/// Given its last state a Gaussian unit has the mean of the reconstruction, and its own variance plus that of the
/// hidden states through the weights.
TEST_CASE("a step of training draws Gaussian units of the right means and variances") {
  const auto check_moments = [](auto machine) {
    const Matrix start = chains_of(machine);
    step(machine);
    const Matrix error = chains_of(machine) - machine.reconstruct(start);
    const Vector s2 = variances(machine);
    Matrix inputs = machine.weights() * s2.cwiseInverse().asDiagonal() * start;
    inputs.colwise() += machine.hidden_bias();
    const Matrix hidden = inputs.unaryExpr([&](double a) { return variance(machine.hidden(), a); });
    Matrix expected = machine.weights().cwiseAbs2().transpose() * hidden;
    expected.colwise() += s2;
    const Matrix scaled = error.cwiseQuotient(expected.cwiseSqrt());
    for (Index i = 0; i < scaled.rows(); ++i) {
      CHECK(std::abs(scaled.row(i).mean()) < 4.5 / std::sqrt(double{chains}));
      CHECK(scaled.row(i).squaredNorm() / chains == Approx(1).epsilon(0.04));
    }
  };
  check_moments(randomized(Rbm{GaussianUnits{2, true}, BernoulliUnits{3}, Double{}, one_step}, 4, 0.9));
  check_moments(randomized(Rbm{GaussianUnits{2, true}, RectifiedUnits{3}, Double{}, one_step}, 5, 0.6));
  check_moments(randomized(Rbm{GaussianUnits{2}, GaussianUnits{3}, Double{}, one_step}, 6, 0.6));
}

}  // namespace rbm_chains_test
