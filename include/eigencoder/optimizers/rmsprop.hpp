#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/detail/math/square_roots.hpp>
#include <eigencoder/extend/optimizer.hpp>

namespace eigencoder {

/// RMSProp, with PyTorch's definition: v = alpha v + (1 - alpha) g^2, q = g / (sqrt(v) + epsilon), then
/// w -= learning_rate q, or with momentum b = momentum b + q and w -= learning_rate b. If `centered`, the root is that
/// of v - a^2, clamped to at least 0 against rounding, with the mean gradient a = alpha a + (1 - alpha) g.
/// Sources: Tieleman & Hinton, "Lecture 6.5: RMSProp" (2012); centered: Graves, "Generating sequences with recurrent
/// neural networks" (2013), eqs. 38 to 41.
struct RmsProp {
  double learning_rate = 1e-2;  ///< at least 0
  double alpha = 0.99;          ///< decay of the running means v and a, in [0, 1)
  double epsilon = 1e-8;        ///< above 0
  double momentum = 0;          ///< in [0, 1); 0 needs no state b
  bool centered = false;        ///< whether v is centered by the mean gradient

  /// As every `Optimizer`; the state is {v, a if centered, b if there is momentum}.
  ///@{
  Index state_arrays() const { return 1 + (centered ? 1 : 0) + (momentum > 0 ? 1 : 0); }
  Index layout() const { return centered ? 1 : 0; }  // two arrays can be {v, a} or {v, b}
  double initial_state() const { return 0; }
  ValueRange state_range(Index array) const { return array == 0 ? nonnegative : ValueRange{}; }

  void validate() const {
    detail::require_nonnegative("RmsProp.learning_rate", learning_rate);
    detail::require_fraction("RmsProp.alpha", alpha);
    detail::require_positive("RmsProp.epsilon", epsilon);
    detail::require_fraction("RmsProp.momentum", momentum);
  }

  template <class Scalar>
  void update(OptimizerStep step, Scalar* w, const Scalar* g, Scalar* const* state, Index n) const {
    Scalar* const v = state[0];
    const Scalar gain = static_cast<Scalar>(1 - alpha);
    if (centered) {
      Scalar* const a = state[1];
      descend(step, w, g, state, n, [=](Index i) {
        v[i] = detail::without_subnormal(v[i] + gain * (g[i] * g[i] - v[i]));
        a[i] = detail::without_subnormal(a[i] + gain * (g[i] - a[i]));
        const Scalar variance = v[i] - a[i] * a[i];
        return variance < 0 ? Scalar(0) : variance;
      });
    } else {
      descend(step, w, g, state, n, [=](Index i) {
        return v[i] = detail::without_subnormal(v[i] + gain * (g[i] * g[i] - v[i]));
      });
    }
  }
  ///@}

 private:
  /// Updates `w` along g / (sqrt(variance(i)) + epsilon).
  template <class Scalar, class Variance>
  void descend(OptimizerStep step, Scalar* w, const Scalar* g, Scalar* const* state, Index n,
               const Variance& variance) const {
    const Scalar rate = static_cast<Scalar>(step.learning_rate);
    const Scalar eps = static_cast<Scalar>(epsilon);
    if (momentum > 0) {
      Scalar* const b = state[centered ? 2 : 1];
      const Scalar decay = static_cast<Scalar>(momentum);
      detail::with_square_roots<Scalar>(n, variance, [=](Index i, Scalar root) {
        const Scalar velocity = detail::without_subnormal(decay * b[i] + g[i] / (root + eps));
        b[i] = velocity;
        w[i] -= rate * velocity;
      });
    } else {
      detail::with_square_roots<Scalar>(
          n, variance, [=](Index i, Scalar root) { w[i] -= rate * (g[i] / (root + eps)); });
    }
  }
};

}  // namespace eigencoder
