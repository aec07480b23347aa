#pragma once

#include <concepts>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/policy.hpp>
#include <string_view>

namespace eigencoder {

/// A policy that penalizes learned values: by lambda / 2 times the squares of a block's values, where
/// `decay(block)` is the block's lambda, 0 or more; 0 leaves the block alone. The penalty enters the objective of
/// training and, as lambda w, its gradient; the factors of several such policies add up. `WeightDecay` is one.
template <class P>
concept Decays = Policy<P> && requires(const P& policy, const ParameterBlock& block) {
  { policy.decay(block) } -> std::convertible_to<double>;
};

/// A penalty on what leaves a layer, such as `L1`.
///
/// - `penalize(values, gradient, size, batch)`: its value for a batch of `size` x `batch` values, one sample a column,
///   as a mean over samples, with its weight; it adds its derivative by each value to `gradient`, which lies as
///   `values` do. Sums are taken in `double`, in an order that the sizes alone decide.
/// - `name`, and `validate()`, which throws `OptionError` for a hyperparameter outside its range
/// - optionally `diagnose_layer(layer)`, a `Diagnosis`: whether it makes sense on what leaves such a layer
template <class P>
concept ActivationPenalty =
    std::default_initializable<P> && std::copyable<P> &&
    requires(const P& penalty, const float* floats, float* float_gradient, const double* values,
             double* gradient, Index n) {
      { P::name } -> std::convertible_to<std::string_view>;
      penalty.validate();
      { penalty.penalize(floats, float_gradient, n, n) } -> std::same_as<double>;
      { penalty.penalize(values, gradient, n, n) } -> std::same_as<double>;
    };

/// A policy that penalizes what leaves a layer: the one at its `place`, or the code. `penalize` is as of an
/// `ActivationPenalty`; the penalty enters the objective of training. An optional `term` names it in reports, in place
/// of its kind. `Sparse` is one.
template <class P>
concept PenalizesActivations =
    Policy<P> && requires(const P& policy, const float* floats, float* float_gradient, const double* values,
             double* gradient, Index n) {
      { policy.penalize(floats, float_gradient, n, n) } -> std::same_as<double>;
      { policy.penalize(values, gradient, n, n) } -> std::same_as<double>;
    };

/// A penalty on how many values of a layer fire (leave it other than 0), such as `L0`. The derivative goes to the
/// layer's parameters alone, see `LearnsFiring`.
///
/// - `value(firing)`: the penalty where `firing` values of a sample fire, a mean over the batch; with its weight
/// - `derivative(firing)`: its derivative by that mean
/// - `name`, and `validate()`, as of an `ActivationPenalty`
template <class P>
concept FiringPenalty = std::default_initializable<P> && std::copyable<P> && requires(const P& penalty, double firing) {
  { P::name } -> std::convertible_to<std::string_view>;
  penalty.validate();
  { penalty.value(firing) } -> std::same_as<double>;
  { penalty.derivative(firing) } -> std::same_as<double>;
};

/// A policy that penalizes one layer, the one at its `place` or the code: what leaves it, or how many values fire.
template <class P>
concept PenalizesLayer = PenalizesActivations<P> || (Policy<P> && requires { requires P::penalizes_firing; });

}  // namespace eigencoder
