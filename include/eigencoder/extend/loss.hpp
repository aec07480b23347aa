#pragma once

#include <concepts>
#include <eigencoder/extend/types.hpp>
#include <string_view>

namespace eigencoder {

/// A loss compares one sample of the decoder's output with its target.
///
/// - `value_and_gradient(output, target, delta, size, channels, scale)` returns the loss summed over the `size`
///   values of the sample and, where `delta` is not null, writes `scale` times its derivative by the
///   output there. Sums are taken in `double`, in the order of the values.
/// - `to_mean(output, size, channels)` turns the decoder's output into the mean of the distribution the
///   loss stands for, in place (the sigmoid of logits, or nothing at all).
/// - `is_valid_target(target, size, channels)` says whether a (finite) target lies in the loss's range, which
///   the sentence `range` states ("values in [0, 1]").
/// - `takes_logits`: the output is logits, so that no sigmoid or softmax may stand before the loss.
/// - `validate()` throws `OptionError` for a hyperparameter outside its range.
///
/// Channels are the fastest index of a sample; a flat sample has as many channels as values.
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

/// A loss that treats every value by itself, whatever its channel or neighbors: the loss of some values of a
/// sample is that of `sample` called on them alone, where `delta` may be `output` itself. It says so by
/// `static constexpr bool separable = true`.
template <class L>
concept SeparableLoss = Loss<L> && requires { requires bool{L::separable}; };

/// A loss that is a negative log likelihood in nats, its constants included: `static constexpr bool likelihood = true`.
template <class L>
concept Likelihood = Loss<L> && requires { requires bool{L::likelihood}; };

/// A loss with one learned value of its own, such as the logarithm of a variance: `initial()` is where it begins,
/// `at(value)` the loss there, and `derivative(mean_loss, size, value)` the derivative of the mean loss of samples of `size`
/// values by it, which follows from that mean loss.
template <class L>
concept LearnedLoss = Loss<L> && requires(const L& loss, double value, Index size) {
  { loss.initial() } -> std::same_as<double>;
  { loss.at(value) } -> Loss;
  { loss.derivative(value, size, value) } -> std::same_as<double>;
};

}  // namespace eigencoder
