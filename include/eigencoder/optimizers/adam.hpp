#pragma once

#include <cmath>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/detail/math/square_roots.hpp>
#include <eigencoder/extend/optimizer.hpp>

namespace eigencoder {

/// Adam, with PyTorch's definition: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, and at step t
/// w -= learning_rate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon).
/// Source: Kingma & Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1.
struct Adam {
  double learning_rate = 1e-3;  ///< at least 0
  double beta1 = 0.9;           ///< decay of the mean gradient m, in [0, 1)
  double beta2 = 0.999;         ///< decay of the mean squared gradient v, in [0, 1)
  double epsilon = 1e-8;        ///< above 0

  /// As every `Optimizer`; the state is {m, v}.
  ///@{
  Index state_arrays() const { return 2; }
  double initial_state() const { return 0; }
  ValueRange state_range(Index array) const { return array == 1 ? nonnegative : ValueRange{}; }

  void validate() const {
    detail::require_nonnegative("Adam.learning_rate", learning_rate);
    detail::require_fraction("Adam.beta1", beta1);
    detail::require_fraction("Adam.beta2", beta2);
    detail::require_positive("Adam.epsilon", epsilon);
  }

  template <class Scalar>
  void update(OptimizerStep step, Scalar* w, const Scalar* g, Scalar* const* state, Index n) const {
    update_with_decay(step, 0, w, g, state, n);
  }
  ///@}

 private:
  friend struct AdamW;

  /// A step with decoupled weight decay. The decay is divided by the step size and added inside the parentheses: there
  /// it adds no second product (see `with_square_roots`).
  template <class Scalar>
  void update_with_decay(OptimizerStep step, double weight_decay, Scalar* w, const Scalar* g, Scalar* const* state,
                         Index n) const {
    Scalar* const m = state[0];
    Scalar* const v = state[1];
    const double t = static_cast<double>(step.number);
    const double correction1 = 1 - std::pow(beta1, t);
    const Scalar step_size = static_cast<Scalar>(step.learning_rate / correction1);
    const Scalar decay = static_cast<Scalar>(weight_decay * correction1);
    const Scalar root_correction = static_cast<Scalar>(1 / std::sqrt(1 - std::pow(beta2, t)));
    const Scalar eps = static_cast<Scalar>(epsilon);
    const Scalar gain1 = static_cast<Scalar>(1 - beta1);
    const Scalar gain2 = static_cast<Scalar>(1 - beta2);
    detail::with_square_roots<Scalar>(
        n,
        [=](Index i) {
          m[i] = detail::without_subnormal(m[i] + gain1 * (g[i] - m[i]));
          return v[i] = detail::without_subnormal(v[i] + gain2 * (g[i] * g[i] - v[i]));
        },
        [=](Index i, Scalar root) { w[i] -= step_size * (m[i] / (root * root_correction + eps) + decay * w[i]); });
  }
};

/// Adam with decoupled weight decay, with PyTorch's definition: before Adam's step every parameter is multiplied by
/// 1 - learning_rate weight_decay, biases included; the policy `WeightDecay` decays weights alone.
/// Source: Loshchilov & Hutter, "Decoupled weight decay regularization" (2019), algorithm 2.
struct AdamW {
  double learning_rate = 1e-3;  ///< at least 0
  double beta1 = 0.9;           ///< decay of the mean gradient m, in [0, 1)
  double beta2 = 0.999;         ///< decay of the mean squared gradient v, in [0, 1)
  double epsilon = 1e-8;        ///< above 0
  double weight_decay = 1e-2;   ///< at least 0

  /// As every `Optimizer`; the state is {m, v}.
  ///@{
  Index state_arrays() const { return 2; }
  double initial_state() const { return 0; }
  ValueRange state_range(Index array) const { return array == 1 ? nonnegative : ValueRange{}; }

  void validate() const {
    detail::require_nonnegative("AdamW.learning_rate", learning_rate);
    detail::require_fraction("AdamW.beta1", beta1);
    detail::require_fraction("AdamW.beta2", beta2);
    detail::require_positive("AdamW.epsilon", epsilon);
    detail::require_nonnegative("AdamW.weight_decay", weight_decay);
  }

  template <class Scalar>
  void update(OptimizerStep step, Scalar* w, const Scalar* g, Scalar* const* state, Index n) const {
    const Adam adam{.learning_rate = learning_rate, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon};
    adam.update_with_decay(step, weight_decay, w, g, state, n);
  }
  ///@}
};

}  // namespace eigencoder
