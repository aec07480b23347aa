#include <eigencoder/pretraining/log_partition.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <eigencoder/extend/random.hpp>
#include "pretraining/random_rbm.hpp"

using namespace eigencoder;

namespace annealing_test {
namespace {

using namespace random_rbm;

struct Sampled {
  double mean, standard_error;
};
Sampled statistics(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0, square = 0;
  for (const double value : values) mean += value / n;
  for (const double value : values) square += (value - mean) * (value - mean);
  return {mean, std::sqrt(square / (n - 1) / n)};
}

// Samples of a machine with Bernoulli visible units, drawn from the table of all probabilities.
template <class Machine>
MatrixX<double> exact_samples(const Machine& machine, Index count, std::uint64_t seed) {
  const MatrixX<double> states = all_states(machine.visible_size());
  const auto logs = log_likelihood(machine, states, exact_log_partition(machine));
  MatrixX<double> samples(states.rows(), count);
  Random random(seed, Purpose::user, 1);
  for (Index j = 0; j < count; ++j) {
    double rest = random.uniform();
    std::size_t state = 0;
    while (state + 1 < logs.size() && (rest -= std::exp(logs[state])) > 0) ++state;
    samples.col(j) = states.col(static_cast<Index>(state));
  }
  return samples;
}

}  // namespace

TEST_CASE("annealed importance sampling is within four standard errors of the exact value") {
  const auto agrees = [](const auto& machine, std::uint64_t seed) {
    const double exact = exact_log_partition(machine).value;
    const LogPartition found = log_partition(machine, {.temperatures = 200, .chains = 200, .seed = seed});
    CHECK(found.standard_error > 0);
    CHECK(found.standard_error < 0.2);
    CHECK((std::abs)(found.value - exact) < 4 * found.standard_error);
    CHECK(found.lower < found.value);
    CHECK(found.upper > found.value);
    CHECK(std::exp(found.upper - found.value) - 1 == Approx(3 * found.standard_error).epsilon(1e-9));
    CHECK(1 - std::exp(found.lower - found.value) == Approx(3 * found.standard_error).epsilon(1e-9));
  };
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    agrees(binary(6, 4, 2, seed), seed);
    agrees(binary(20, 10, 1, seed), seed + 10);
    agrees(binary(10, 20, 1, seed), seed + 20);
    agrees(real_visible(8, 6, 0.8, seed), seed + 30);
    agrees(real_hidden(8, 5, 0.5, seed), seed + 40);
    agrees(scaled(8, 6, 0.5, seed), seed + 50);
  }
}

TEST_CASE("the mean weight of chains is unbiased with few temperatures and any base model") {
  // Chains so short that their logarithm is wrong by far; the mean of many weights is right.
  const auto agrees = [](const auto& machine, Index temperatures, double base) {
    const double exact = exact_log_partition(machine).value;
    const VectorX<double> means = VectorX<double>::Constant(machine.visible_size(), base);
    const LogPartition found =
        log_partition(machine, {.temperatures = temperatures, .chains = 20000, .seed = 5, .base_means = means});
    CHECK(found.standard_error < 0.1);
    CHECK((std::abs)(found.value - exact) < 4 * found.standard_error);
  };
  for (const Index temperatures : {1, 2, 5}) {
    agrees(binary(5, 4, 1, 6), temperatures, 0.3);
    agrees(real_visible(3, 4, 0.5, 7), temperatures, 0.2);
    agrees(scaled(3, 4, 0.4, 7), temperatures, 0.2);
    agrees(real_hidden(5, 2, 0.4, 8), temperatures, 0.6);
  }
}

TEST_CASE("the reverse likelihoods of all states are a distribution with any number of temperatures") {
  // The weight of a chain from v estimates the probability of v under the annealed sampler without bias.
  const auto agrees = [](const auto& machine, Index temperatures) {
    std::vector<double> sums;
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
      sums.push_back(sum_of_exponentials(reverse_log_likelihood(
          machine, all_states(machine.visible_size()), {.temperatures = temperatures, .chains = 100, .seed = seed})));
    const Sampled found = statistics(sums);
    CHECK(found.standard_error < 0.1);
    CHECK((std::abs)(found.mean - 1) < 4 * found.standard_error);
  };
  for (const Index temperatures : {1, 2, 4}) {
    agrees(binary(5, 4, 1, 9), temperatures);
    agrees(real_hidden(5, 2, 0.5, 10), temperatures);
  }
}

TEST_CASE("the reverse likelihood rises to the likelihood as the temperatures become more") {
  for (const std::uint64_t seed : {1U, 2U}) {
    const Binary m = binary(12, 8, 1.2, seed);
    const MatrixX<double> samples = exact_samples(m, 60, seed);
    const auto exact = log_likelihood(m, samples, exact_log_partition(m));
    const auto shortfall = [&](Index temperatures, Index chains) {
      const auto bound =
          reverse_log_likelihood(m, samples, {.temperatures = temperatures, .chains = chains, .seed = seed});
      std::vector<double> differences;
      for (std::size_t j = 0; j < bound.size(); ++j) differences.push_back(exact[j] - bound[j]);
      return statistics(differences);
    };
    const Sampled few = shortfall(10, 1), more = shortfall(100, 1), many = shortfall(500, 10);
    CHECK(few.mean > more.mean);
    CHECK(more.mean > many.mean);
    CHECK((std::abs)(many.mean) < 4 * many.standard_error + 0.01);
    CHECK(many.standard_error < 0.05);
  }
}

TEST_CASE("the reverse estimate from the machine's own samples is within four standard errors") {
  const auto agrees = [](const auto& machine, std::uint64_t seed, Index temperatures, Index count) {
    const double exact = exact_log_partition(machine).value;
    const LogPartition found = reverse_log_partition(machine, exact_samples(machine, count, seed),
                                                     {.temperatures = temperatures, .chains = 1, .seed = seed});
    CHECK(found.standard_error < 0.2);
    CHECK((std::abs)(found.value - exact) < 4 * found.standard_error);
    CHECK(found.lower < found.value);
    CHECK(found.upper > found.value);
  };
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    agrees(binary(6, 4, 2, seed), seed, 200, 300);
    agrees(binary(12, 20, 0.8, seed), seed, 200, 300);
    agrees(real_hidden(8, 5, 0.5, seed), seed, 200, 300);
  }
  agrees(binary(5, 4, 1, 11), 4, 2, 20000);  // unbiased for the inverse with few temperatures too
}

TEST_CASE("standard errors are the spread of estimates over seeds") {
  const auto calibrated = [](const auto& estimate) {
    std::vector<double> values;
    double claimed = 0;
    constexpr int seeds = 200;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      const LogPartition found = estimate(seed);
      values.push_back(found.value);
      claimed += found.standard_error / seeds;
    }
    const double spread = statistics(values).standard_error * std::sqrt(static_cast<double>(seeds));
    CHECK(claimed == Approx(spread).epsilon(0.15));
  };
  const Binary m = binary(5, 4, 0.8, 3);
  calibrated([&](std::uint64_t seed) { return log_partition(m, {.temperatures = 6, .chains = 40, .seed = seed}); });
  for (const Index chains : {1, 3})
    calibrated([&](std::uint64_t seed) {
      return reverse_log_partition(m, exact_samples(m, 40, seed), {.temperatures = 6, .chains = chains, .seed = seed});
    });
}

TEST_CASE("reverse chains are one of each sample unless told otherwise") {
  const Binary m = binary(5, 4, 1, 9);
  const MatrixX<double> samples = all_states(5).leftCols(2);
  const auto named = reverse_log_likelihood(m, samples, {.temperatures = 10'000});
  CHECK(reverse_log_likelihood(m, samples) == named);
  CHECK(reverse_log_likelihood(m, samples, {.temperatures = 10'000, .chains = 1}) == named);
}

TEST_CASE("inverse temperatures are values of the scalar") {
  for (Index k = 0; k <= 1000; ++k) {
    const double beta = detail::inverse_temperature<float>(k, 1000);
    CHECK(static_cast<double>(static_cast<float>(beta)) == beta);
    CHECK(beta == Approx(detail::inverse_temperature<double>(k, 1000)).epsilon(1e-6));
  }
}

}  // namespace annealing_test
