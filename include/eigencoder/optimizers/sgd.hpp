#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/extend/optimizer.hpp>

namespace eigencoder {

/// Stochastic gradient descent, with PyTorch's definition of momentum: b = momentum b + (1 - dampening) g
/// (at the first step b = g), then w -= learning_rate b, or with `nesterov` w -= learning_rate
/// (g + momentum b). Sources: Polyak, "Some methods of speeding up the convergence of iteration
/// methods" (1964); Sutskever, Martens, Dahl & Hinton, "On the importance of initialization and momentum in
/// deep learning" (2013), sec. 2.
struct Sgd {
  double learning_rate = 1e-3;  ///< at least 0
  double momentum = 0;          ///< in [0, 1); 0 needs no state
  double dampening = 0;         ///< in [0, 1)
  bool nesterov = false;        ///< needs a momentum above 0 and a dampening of 0

  /// As every `Optimizer`; the state is {b} if there is momentum.
  ///@{
  Index state_arrays() const { return momentum > 0 ? 1 : 0; }
  double initial_state() const { return 0; }

  void validate() const {
    detail::require_nonnegative("Sgd.learning_rate", learning_rate);
    detail::require_fraction("Sgd.momentum", momentum);
    detail::require_fraction("Sgd.dampening", dampening);
    if (nesterov && !(momentum > 0 && dampening == 0))
      throw OptionError("eigencoder: Sgd.nesterov needs a momentum above 0 and a dampening of 0");
  }

  template <class Scalar>
  void update(OptimizerStep step, Scalar* w, const Scalar* g, Scalar* const* state, Index n) const {
    const Scalar rate = static_cast<Scalar>(step.learning_rate);
    const Scalar decay = static_cast<Scalar>(momentum);
    if (momentum == 0) {
      for (Index i = 0; i < n; ++i) w[i] -= rate * g[i];
      return;
    }
    Scalar* const b = state[0];
    if (nesterov) {
      for (Index i = 0; i < n; ++i) {
        const Scalar velocity = detail::without_subnormal(decay * b[i] + g[i]);
        b[i] = velocity;
        w[i] -= rate * (g[i] + decay * velocity);
      }
      return;
    }
    // A quotient instead of a second product: the compiler may fuse either of two products with their sum, and may
    // choose differently in a vectorized loop and its remainder, so the bits would depend on how parameters are tiled.
    const Scalar damping = static_cast<Scalar>(step.number == 1 ? 1.0 : 1 / (1 - dampening));
    for (Index i = 0; i < n; ++i) {
      const Scalar velocity = detail::without_subnormal(decay * b[i] + g[i] / damping);
      b[i] = velocity;
      w[i] -= rate * velocity;
    }
  }
  ///@}
};

}  // namespace eigencoder
