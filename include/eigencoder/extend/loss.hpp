#pragma once

#include <concepts>
#include <eigencoder/extend/types.hpp>
#include <string_view>

namespace eigencoder {

/// A loss compares one sample of the decoder's output with its target. Channels are the fastest index of a sample; a
/// flat sample has as many channels as values.
///
/// Required:
///
/// - `name`: its name in messages and files
/// - `value_and_gradient(output, target, delta, size, channels, scale)`, a const template on the scalar: returns the
///   loss summed over the `size` values of the sample, in `double` and in the order of the values. Unless `delta` is
///   null it writes `scale` times the derivative by the output there.
/// - `to_mean(output, size, channels)`: turns the decoder's output into the mean of the distribution that the loss
///   describes, in place: the sigmoid of logits, or nothing at all
/// - `is_valid_target(target, size, channels)`: whether a finite target lies in the loss's range
/// - `range`: that range in words, "values in [0, 1]"
/// - `takes_logits`: true if the output is logits, so that no sigmoid or softmax may precede the loss
/// - `validate()`: throws `OptionError` for a hyperparameter outside its range
///
/// Optional:
///
/// - `separable = true`, see `SeparableLoss`
/// - `likelihood = true`, see `Likelihood`
/// - `known_value_and_gradient`, see `SkipsUnknown`
/// - what `LearnedLoss` asks for
template <class L>
concept Loss = std::default_initializable<L> && std::copyable<L> &&
               requires(const L& loss, const double* target, double* output, Index n) {
                 { L::name } -> std::convertible_to<std::string_view>;
                 { L::range } -> std::convertible_to<std::string_view>;
                 { L::takes_logits } -> std::convertible_to<bool>;
                 { loss.value_and_gradient(target, target, output, n, n, 1.0) } -> std::same_as<double>;
                 loss.to_mean(output, n, n);
                 { loss.is_valid_target(target, n, n) } -> std::same_as<bool>;
                 loss.validate();
               };

/// A loss that is a sum over single values, whatever their channels and neighbors: `value_and_gradient` may be called
/// for some values of a sample alone, and `delta` may be `output` itself. It says so by `separable = true`.
template <class L>
concept SeparableLoss = Loss<L> && requires { requires bool{L::separable}; };

/// A loss of targets some of whose values are unknown, which are NaN.
///
/// - `known_value_and_gradient(output, target, delta, size, channels, scale)`: as `value_and_gradient`, but an unknown
///   value costs nothing and its derivative is 0. Bit for bit the same where all are known.
/// - `is_valid_known_target(target, size, channels)`: as `is_valid_target`, of the known values
template <class L>
concept SkipsUnknown = Loss<L> && requires(const L& loss, const double* target, double* output, Index n) {
  { loss.known_value_and_gradient(target, target, output, n, n, 1.0) } -> std::same_as<double>;
  { loss.is_valid_known_target(target, n, n) } -> std::same_as<bool>;
};

/// A loss that is a negative log likelihood in nats, constants included. It says so by `likelihood = true`.
template <class L>
concept Likelihood = Loss<L> && requires { requires bool{L::likelihood}; };

/// A loss with one learned value, such as the logarithm of a variance.
///
/// - `initial()`: the value before training
/// - `at(value)`: the `Loss` with that value
/// - `derivative(mean_loss, size, value)`: the derivative by `value` of the mean loss over samples of `size` values,
///   which follows from the mean loss itself. The mean may be one with weights.
template <class L>
concept LearnedLoss = Loss<L> && requires(const L& loss, double value, Index size) {
  { loss.initial() } -> std::same_as<double>;
  { loss.at(value) } -> Loss;
  { loss.derivative(value, size, value) } -> std::same_as<double>;
};

}  // namespace eigencoder
