// The likelihood of a restricted Boltzmann machine, against enumeration and integration.
#include "support/catch.hpp"

#include "pretraining/toy_rbms.hpp"

namespace rbm_likelihood_test {
using namespace toy_rbms;

TEST_CASE("the free energy of binary hidden units is that of the sum over their states") {
  const auto check = [](const auto& machine) {
    const Matrix v = samples_for(machine.visible(), 6, 4), h = binary_states(machine.hidden_size());
    const std::vector<double> found = machine.free_energy(v);
    for (Index j = 0; j < v.cols(); ++j) {
      double sum = 0;
      for (Index k = 0; k < h.cols(); ++k) sum += std::exp(-energy(machine, v.col(j), h.col(k)));
      CHECK(found[static_cast<std::size_t>(j)] == Approx(-std::log(sum)).epsilon(1e-12));
    }
  };
  check(randomized(Rbm{BernoulliUnits{5}, BernoulliUnits{4}, Double{}}, 1));
  check(randomized(Rbm{GaussianUnits{3}, BernoulliUnits{4}, Double{}}, 2));
  check(randomized(Rbm{GaussianUnits{3, true}, BernoulliUnits{4}, Double{}}, 3));
}

TEST_CASE("the free energy of Gaussian hidden units is that of the integral over their values") {
  const auto machine = randomized(Rbm{BernoulliUnits{4}, GaussianUnits{2}, Double{}}, 5);
  const Matrix v = samples_for(machine.visible(), 4, 4);
  const std::vector<double> found = machine.free_energy(v);
  for (Index j = 0; j < v.cols(); ++j) {
    double expected = -machine.visible_bias().dot(v.col(j));
    const Vector x = machine.weights() * v.col(j);
    for (Index k = 0; k < 2; ++k) {
      double integral = 0;  // by the trapezoidal rule, which is exact to rounding here
      for (double t = -14; t < 14; t += 0.05)
        integral += 0.05 * std::exp(-(t - machine.hidden_bias()[k]) * (t - machine.hidden_bias()[k]) / 2 + t * x[k]);
      expected -= std::log(integral);
    }
    CHECK(found[static_cast<std::size_t>(j)] == Approx(expected).epsilon(1e-11));
  }
}

TEST_CASE("the log of the normalizer of visible units is that of the sum or integral over their values") {
  const double input = 0.7, bias = -0.4, log_variance = 0.6, s2 = std::exp(0.6);
  CHECK(BernoulliUnits{1}.log_normalizer(&input, &bias, &log_variance) == Approx(std::log(1 + std::exp(0.7))));
  double integral = 0;
  for (double t = -25; t < 25; t += 0.02)
    integral += 0.02 * std::exp(-(t - bias) * (t - bias) / (2 * s2) + t * (input - bias) / s2);
  CHECK(GaussianUnits{1, true}.log_normalizer(&input, &bias, &log_variance) ==
        Approx(std::log(integral)).epsilon(1e-11));
}

TEST_CASE("the means of both sides are the slopes of the energy's sums") {
  const auto machine = randomized(Rbm{BernoulliUnits{4}, BernoulliUnits{3}, Double{}}, 8);
  const Matrix v = binary_states(4), h = binary_states(3);
  for (Index j = 0; j < v.cols(); ++j) {
    Vector mean = Vector::Zero(3);
    double sum = 0;
    for (Index k = 0; k < h.cols(); ++k) {
      const double p = std::exp(-energy(machine, v.col(j), h.col(k)));
      mean += p * h.col(k);
      sum += p;
    }
    CHECK(relative_error(machine.encode(v.col(j)), mean / sum) < 1e-14);
  }
  for (Index k = 0; k < h.cols(); ++k) {
    Vector mean = Vector::Zero(4);
    double sum = 0;
    for (Index j = 0; j < v.cols(); ++j) {
      const double p = std::exp(-energy(machine, v.col(j), h.col(k)));
      mean += p * v.col(j);
      sum += p;
    }
    CHECK(relative_error(machine.decode(h.col(k)), mean / sum) < 1e-14);
  }
  CHECK(machine.reconstruct(v) == machine.decode(machine.encode(v)));
}

TEST_CASE("the gradient of the free energy is that of central differences") {
  each_rbm([](const auto& machine) {
    using Hidden = std::remove_cvref_t<decltype(machine.hidden())>;
    if constexpr (!std::is_same_v<Hidden, RectifiedUnits>) {
      const Matrix v = samples_for(machine.visible(), 1, 7);
      const Vector differences =
          central_differences(machine, [&](const auto& at) { return at.free_energy(v)[0]; });
      CHECK(relative_error(free_energy_gradient(machine, v), differences) < 1e-8);
    }
  });
}

TEST_CASE("the exact gradient of the likelihood is that of central differences") {
  const auto machine = randomized(Rbm{BernoulliUnits{5}, BernoulliUnits{3}, Double{}}, 9);
  const Matrix data = samples_for(machine.visible(), 7, 11), states = binary_states(5);
  const auto negative_log_likelihood = [&](const auto& at) {
    double z = 0, sum = 0;
    for (const double f : at.free_energy(states)) z += std::exp(-f);
    for (const double f : at.free_energy(data)) sum += f;
    return sum / static_cast<double>(data.cols()) + std::log(z);
  };
  Vector exact = Vector::Zero(static_cast<Index>(machine.parameters().size()));
  for (Index j = 0; j < data.cols(); ++j)
    exact += free_energy_gradient(machine, data.col(j)) / static_cast<double>(data.cols());
  const Vector p = visible_probabilities(machine);
  for (Index j = 0; j < states.cols(); ++j) exact -= p[j] * free_energy_gradient(machine, states.col(j));
  CHECK(relative_error(exact, central_differences(machine, negative_log_likelihood)) < 1e-7);
}

}  // namespace rbm_likelihood_test
