#pragma once

#include <cmath>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/detail/math/square_roots.hpp>
#include <eigencoder/extend/optimizer.hpp>

namespace eigencoder {

namespace detail {

/// A step of Adam with a decoupled weight decay of `decay` (see `Adam` and `AdamW`). The decay stands inside
/// the parentheses, divided by the step size before them: there it makes no second product to add.
template <class Scalar>
void adam_step(OptimizerStep step, double beta1, double beta2, double epsilon, double decay, Scalar* w,
               const Scalar* g, Scalar* const* state, Index n) {
  Scalar* const m = state[0];
  Scalar* const v = state[1];
  const double steps = static_cast<double>(step.number);
  const double correction = 1 - std::pow(beta1, steps);
  const Scalar size = static_cast<Scalar>(step.learning_rate / correction);
  const Scalar shrink = static_cast<Scalar>(decay * correction);
  const Scalar unbias = static_cast<Scalar>(1 / std::sqrt(1 - std::pow(beta2, steps)));
  const Scalar floor = static_cast<Scalar>(epsilon);
  const Scalar fresh1 = static_cast<Scalar>(1 - beta1);
  const Scalar fresh2 = static_cast<Scalar>(1 - beta2);
  with_square_roots<Scalar>(
      n,
      [=](Index i) {
        m[i] = without_subnormal(m[i] + fresh1 * (g[i] - m[i]));
        return v[i] = without_subnormal(v[i] + fresh2 * (g[i] * g[i] - v[i]));
      },
      [=](Index i, Scalar root) { w[i] -= size * (m[i] / (root * unbias + floor) + shrink * w[i]); });
}

}  // namespace detail

/// Adam, with PyTorch's definition: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, and at step t
/// w -= learning_rate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon). Source: Kingma & Ba,
/// "Adam: a method for stochastic optimization" (2015), algorithm 1.
struct Adam {
  double learning_rate = 1e-3;  ///< at least 0
  double beta1 = 0.9;           ///< memory of the mean gradient, in [0, 1)
  double beta2 = 0.999;         ///< memory of the mean squared gradient, in [0, 1)
  double epsilon = 1e-8;        ///< above 0

  Index state_arrays() const { return 2; }
  double initial_state() const { return 0; }
  ValueRange state_range(Index array) const { return array == 1 ? nonnegative : ValueRange{}; }

  /// Throws `OptionError` for a value outside its range.
  void validate() const {
    detail::require_nonnegative("Adam.learning_rate", learning_rate);
    detail::require_fraction("Adam.beta1", beta1);
    detail::require_fraction("Adam.beta2", beta2);
    detail::require_positive("Adam.epsilon", epsilon);
  }

  /// State: {m, v}.
  template <class Scalar>
  void update(OptimizerStep step, Scalar* w, const Scalar* g, Scalar* const* state, Index n) const {
    detail::adam_step(step, beta1, beta2, epsilon, 0, w, g, state, n);
  }
};

}  // namespace eigencoder
