#pragma once

#include <eigencoder/optimizers/adam.hpp>

namespace eigencoder {

/// Adam with decoupled weight decay, with PyTorch's definition: before Adam's step, every parameter shrinks
/// by the factor 1 - learning_rate weight_decay. It decays all parameters alike, biases included; the policy
/// `WeightDecay` spares those. Source: Loshchilov & Hutter, "Decoupled weight decay regularization" (2019),
/// algorithm 2.
struct AdamW {
  double learning_rate = 1e-3;  ///< at least 0
  double beta1 = 0.9;           ///< memory of the mean gradient, in [0, 1)
  double beta2 = 0.999;         ///< memory of the mean squared gradient, in [0, 1)
  double epsilon = 1e-8;        ///< above 0
  double weight_decay = 1e-2;   ///< at least 0

  Index state_arrays() const { return 2; }
  double initial_state() const { return 0; }
  ValueRange state_range(Index array) const { return array == 1 ? nonnegative : ValueRange{}; }

  /// Throws `OptionError` for a value outside its range.
  void validate() const {
    detail::require_nonnegative("AdamW.learning_rate", learning_rate);
    detail::require_fraction("AdamW.beta1", beta1);
    detail::require_fraction("AdamW.beta2", beta2);
    detail::require_positive("AdamW.epsilon", epsilon);
    detail::require_nonnegative("AdamW.weight_decay", weight_decay);
  }

  /// State: {m, v}, as Adam's.
  template <class Scalar>
  void update(OptimizerStep step, Scalar* w, const Scalar* g, Scalar* const* state, Index n) const {
    detail::adam_step(step, beta1, beta2, epsilon, weight_decay, w, g, state, n);
  }
};

}  // namespace eigencoder
