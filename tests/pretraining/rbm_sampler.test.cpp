// The Gibbs chains: their transitions are those of the enumerated chain and in detailed balance, and their samples have
// the moments of the machine's distribution.
#include "support/catch.hpp"

#include <limits>

#include "pretraining/toy_rbms.hpp"

namespace rbm_sampler_test {
using namespace toy_rbms;

Index number_of(const Vector& state) {
  Index number = 0;
  for (Index i = 0; i < state.size(); ++i) number += static_cast<Index>(state[i]) << i;
  return number;
}

TEST_CASE("a Gibbs step has the probabilities of the enumerated chain, in detailed balance") {
  const auto machine = randomized(Rbm{BernoulliUnits{3}, BernoulliUnits{2}, Double{}}, 6, 0.9);
  const Matrix expected = gibbs_transitions(machine), states = binary_states(3);
  const Vector p = visible_probabilities(machine);
  constexpr Index draws = 20000;
  Matrix found = Matrix::Zero(8, 8);
  for (Index from = 0; from < 8; ++from) {
    const Matrix start = states.col(from).replicate(1, draws);
    const Matrix end = machine.sample(start, {.steps = 1, .seed = static_cast<std::uint64_t>(from)});
    for (Index j = 0; j < draws; ++j) found(number_of(end.col(j)), from) += 1.0 / draws;
  }
  const auto variance = [&](Index to, Index from) { return expected(to, from) * (1 - expected(to, from)) / draws; };
  for (Index from = 0; from < 8; ++from)
    for (Index to = 0; to < 8; ++to) {
      CHECK(std::abs(found(to, from) - expected(to, from)) < 4.5 * std::sqrt(variance(to, from)));
      const double flow = p[from] * found(to, from) - p[to] * found(from, to);
      CHECK(std::abs(flow) <= 4.5 * std::sqrt(p[from] * p[from] * variance(to, from) +
                                              p[to] * p[to] * variance(from, to)));
    }
}

TEST_CASE("samples have the means and covariances of the machine's distribution") {
  const auto machine = randomized(Rbm{BernoulliUnits{4}, BernoulliUnits{3}, Double{}}, 8, 0.6);
  const Matrix states = binary_states(4);
  const Vector p = visible_probabilities(machine), mean = states * p;
  const Matrix second = states * p.asDiagonal() * states.transpose();
  constexpr Index count = 20000;
  const Matrix samples = machine.sample(count, {.steps = 60, .seed = 3});
  const Matrix found = samples * samples.transpose() / count;
  for (Index i = 0; i < 4; ++i)
    for (Index k = 0; k < 4; ++k)
      CHECK(std::abs(found(i, k) - second(i, k)) < 4.5 * std::sqrt(second(i, k) * (1 - second(i, k)) / count));
}

TEST_CASE("samples of Gaussian visible units are those of the mixture over the hidden states") {
  const auto machine = randomized(Rbm{GaussianUnits{2, true}, BernoulliUnits{3}, Double{}}, 8, 0.6);
  const Matrix h = binary_states(3);
  const Vector s2 = variances(machine);
  Vector mean = Vector::Zero(2), square = mean;
  double z = 0;
  for (Index k = 0; k < h.cols(); ++k) {
    const Vector center = machine.decode(h.col(k));
    const double p = std::exp(machine.hidden_bias().dot(h.col(k)) +
                              (center.cwiseAbs2() - machine.visible_bias().cwiseAbs2()).cwiseQuotient(s2).sum() / 2);
    mean += p * center;
    square += p * (center.cwiseAbs2() + s2);
    z += p;
  }
  mean /= z;
  const Vector variance = square / z - mean.cwiseAbs2();
  constexpr Index count = 20000;
  const Matrix samples = machine.sample(count, {.steps = 60, .seed = 3});
  const Vector found = samples.rowwise().mean();
  for (Index i = 0; i < 2; ++i) {
    CHECK(std::abs(found[i] - mean[i]) < 4.5 * std::sqrt(variance[i] / count));
    CHECK((samples.row(i).array() - mean[i]).square().mean() == Approx(variance[i]).epsilon(0.06));
  }
}

TEST_CASE("samples depend on the seed and on their number alone, and may be means") {
  const auto machine = randomized(Rbm{BernoulliUnits{5}, BernoulliUnits{3}, Double{}}, 8);
  const Matrix samples = machine.sample(600, {.steps = 5, .seed = 3});
  CHECK(machine.sample(600, {.steps = 5, .seed = 3}) == samples);
  CHECK(machine.sample(600, {.steps = 5, .seed = 4}) != samples);
  CHECK(machine.sample(0).cols() == 0);
  CHECK(((samples.array() == 0) || (samples.array() == 1)).all());
  const Matrix means = machine.sample(600, {.steps = 5, .seed = 3, .means = true});
  CHECK(((means.array() > 0) && (means.array() < 1)).all());
  CHECK(std::abs(means.mean() - samples.mean()) < 0.03);
}

TEST_CASE("chains that go on are those of one call, and draw new numbers") {
  each_rbm([](const auto& machine) {
    const Matrix whole = machine.sample(40, {.steps = 5, .seed = 3});
    const Matrix part = machine.sample(40, {.steps = 2, .seed = 3});
    CHECK(machine.sample(part, {.steps = 3, .seed = 3, .first_step = 2}) == whole);
    CHECK(machine.sample(part, {.steps = 3, .seed = 3}) != whole);
  });
  const Rbm machine{BernoulliUnits{5}, BernoulliUnits{3}};
  CHECK_THROWS_AS(machine.sample(1, {.first_step = -1}), OptionError);
  CHECK_THROWS_AS(machine.sample(1, {.steps = 1, .first_step = (std::numeric_limits<Index>::max)()}), OptionError);
}

}  // namespace rbm_sampler_test
