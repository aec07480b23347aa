#pragma once

#include <concepts>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/policy.hpp>
#include <string_view>

namespace eigencoder {

/// A policy that penalizes parameters, such as `WeightDecay`: a block's values w add lambda / 2 |w|^2 to the objective
/// of training and lambda w to its gradient. The factors of several such policies add up.
///
/// Required, beside the members of a `Policy`:
///
/// - `decay(block)`: lambda of a block, 0 or more; 0 leaves the block alone
template <class P>
concept Decays = Policy<P> && requires(const P& policy, const ParameterBlock& block) {
  { policy.decay(block) } -> std::convertible_to<double>;
};

/// A penalty on the output of a layer, such as `L1`.
///
/// Required:
///
/// - `name`: its name in reports
/// - `penalize(values, gradient, size, batch)`, for `float` and `double`: returns the penalty of a column-major matrix
///   of `size` x `batch` values, a sample a column with its values in the order of `Shape` (channels fastest), as the
///   mean over samples and with its weight. It adds the derivative by each value to `gradient`, a matrix of the same
///   size. Sums are taken in `double`, in an order that depends on the sizes alone.
/// - `validate()`: throws `OptionError` for a hyperparameter outside its range
///
/// Optional:
///
/// - `diagnose_layer(layer)`: a `Diagnosis`, whether the penalty makes sense on the output of this layer
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

/// A policy that penalizes the output of one layer in training, such as `Sparse`: the layer at its `at_layer`, or the
/// encoder's last.
///
/// Required, beside the members of a `Policy`:
///
/// - `penalize(values, gradient, size, batch)`, as of an `ActivationPenalty`
///
/// Optional:
///
/// - `term`: its name in reports; `kind` without it
/// - `diagnose_layer(layer)`, as of an `ActivationPenalty`
template <class P>
concept PenalizesActivations =
    Policy<P> && requires(const P& policy, const float* floats, float* float_gradient, const double* values,
                          double* gradient, Index n) {
      { policy.penalize(floats, float_gradient, n, n) } -> std::same_as<double>;
      { policy.penalize(values, gradient, n, n) } -> std::same_as<double>;
    };

/// A penalty on how many units of a layer fire (have an output that is not 0), such as `L0`. Its derivative goes to the
/// layer's parameters alone, see `LearnsFiring`.
///
/// Required:
///
/// - `name`: its name in reports
/// - `value(firing)`: the penalty, with its weight, where a sample has `firing` such units, the mean over the batch
/// - `derivative(firing)`: the derivative of `value`
/// - `validate()`: throws `OptionError` for a hyperparameter outside its range
template <class P>
concept FiringPenalty = std::default_initializable<P> && std::copyable<P> && requires(const P& penalty, double firing) {
  { P::name } -> std::convertible_to<std::string_view>;
  penalty.validate();
  { penalty.value(firing) } -> std::same_as<double>;
  { penalty.derivative(firing) } -> std::same_as<double>;
};

/// A policy that penalizes one layer, the one at its `at_layer` or the encoder's last: its output, or how many units
/// fire, which the policy says by `penalizes_firing = true`.
template <class P>
concept PenalizesLayer = PenalizesActivations<P> || (Policy<P> && requires { requires P::penalizes_firing; });

}  // namespace eigencoder
