#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/math/square_roots.hpp>
#include <eigencoder/extend/optimizer.hpp>

namespace eigencoder {

/// Adagrad, with PyTorch's definition: v += g^2, then w -= r g / (sqrt(v) + epsilon) with the rate
/// r = learning_rate / (1 + (t - 1) learning_rate_decay) in step t. Source: Duchi, Hazan & Singer, "Adaptive
/// subgradient methods for online learning and stochastic optimization" (2011), fig. 1, diagonal.
struct Adagrad {
  double learning_rate = 1e-2;     ///< at least 0
  double learning_rate_decay = 0;  ///< at least 0
  double initial_accumulator = 0;  ///< v before the first step, at least 0
  double epsilon = 1e-10;          ///< above 0

  /// As every `Optimizer`; the state is {v}.
  ///@{
  Index state_arrays() const { return 1; }
  double initial_state() const { return initial_accumulator; }
  ValueRange state_range(Index) const { return nonnegative; }

  void validate() const {
    detail::require_nonnegative("Adagrad.learning_rate", learning_rate);
    detail::require_nonnegative("Adagrad.learning_rate_decay", learning_rate_decay);
    detail::require_nonnegative("Adagrad.initial_accumulator", initial_accumulator);
    detail::require_positive("Adagrad.epsilon", epsilon);
  }

  template <class Scalar>
  void update(OptimizerStep step, Scalar* w, const Scalar* g, Scalar* const* state, Index n) const {
    Scalar* const v = state[0];
    const double completed_steps = static_cast<double>(step.number - 1);
    const Scalar rate = static_cast<Scalar>(step.learning_rate / (1 + completed_steps * learning_rate_decay));
    const Scalar eps = static_cast<Scalar>(epsilon);
    detail::with_square_roots<Scalar>(
        n, [=](Index i) { return v[i] += g[i] * g[i]; },
        [=](Index i, Scalar root) { w[i] -= rate * (g[i] / (root + eps)); });
  }
  ///@}
};

}  // namespace eigencoder
