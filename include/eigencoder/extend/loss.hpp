#pragma once

#include <concepts>
#include <eigencoder/extend/types.hpp>
#include <string>
#include <string_view>
#include <vector>

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
/// - `likelihood = true`, see `Likelihood`; and `is_likelihood()` if it is one at some of its hyperparameters alone
/// - what `LearnedLoss`, `ReportsTerms`, `SkipsUnknown` or `TakesClasses` ask for
/// - `validate_size(size)`: throws `CompositionError` where samples of `size` values do not suit it
/// - `validate_channels(channels)`: throws `CompositionError` where samples of so many channels do not suit it
/// - `range_of(target, size)`: the range that an invalid target breaks, in words, for losses with several
/// - `description()`: further lines for a model file's text of the architecture, each ended
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

/// A loss that is a negative log likelihood in nats, constants included. It says so by `likelihood = true`.
template <class L>
concept Likelihood = Loss<L> && requires { requires bool{L::likelihood}; };

/// A loss that learns values of its own with the model, such as the logarithms of variances.
///
/// - `learned_count(size)`: how many values it learns for samples of `size` values; may be 0
/// - `initial_value(i)`: learned value i before training
/// - `at(values)`: the loss at these values, to which it may refer: an object with a `value_and_gradient` as a `Loss`
///   has. One is made for every batch, so this must not allocate.
/// - `add_derivatives(output, target, values, size, scale, sums)`: adds `scale` times the derivative of a sample's loss
///   by each learned value to `sums`. A value whose target is NaN, unknown, adds nothing.
template <class L>
concept LearnedLoss =
    Loss<L> && requires(const L& loss, const double* values, double* sums, Index n) {
      { loss.learned_count(n) } -> std::same_as<Index>;
      { loss.initial_value(n) } -> std::same_as<double>;
      { loss.at(values).value_and_gradient(values, values, sums, n, n, 1.0) } -> std::same_as<double>;
      loss.add_derivatives(values, values, values, n, 1.0, sums);
    };

/// A loss that reports parts of itself by name. It is not separable.
///
/// - `term_names()`: the parts' names
/// - `value_and_gradient` takes one argument more, `terms`: unless null, the parts of the sample's loss are written
///   there. So does that of `at(values)` if the loss is a `LearnedLoss`.
template <class L>
concept ReportsTerms =
    Loss<L> && !SeparableLoss<L> && requires(const L& loss, const double* target, double* output, Index n) {
      { loss.term_names() } -> std::same_as<std::vector<std::string>>;
      { loss.value_and_gradient(target, target, output, n, n, 1.0, output) } -> std::same_as<double>;
    };

/// A loss that is not separable but can leave out values whose targets are NaN, unknown.
///
/// - `known_value_and_gradient(...)`, with the arguments of `value_and_gradient`: the same, but what is unknown costs
///   nothing and has the derivative 0. Where nothing is unknown, the results are the same bit for bit. A `LearnedLoss`
///   has it at its learned values too.
/// - `is_valid_known_target(target, size, channels)`: whether a target that may hold NaN lies in the loss's range
template <class L>
concept SkipsUnknown = Loss<L> && requires(const L& loss, const double* target, double* output, Index n) {
  { loss.known_value_and_gradient(target, target, output, n, n, 1.0) } -> std::same_as<double>;
  { loss.is_valid_known_target(target, n, n) } -> std::same_as<bool>;
};

/// A loss whose targets may also be given as classes: one whole number for each position of the output, instead of a
/// value for each channel.
///
/// - `is_class(value, channels)`: whether a value is a class of so many channels
/// - `expand_class(value, target, channels)`: writes the target that a class stands for, `channels` values
template <class L>
concept TakesClasses = Loss<L> && requires(const L& loss, double value, double* target, Index channels) {
  { loss.is_class(value, channels) } -> std::same_as<bool>;
  loss.expand_class(value, target, channels);
};

}  // namespace eigencoder
