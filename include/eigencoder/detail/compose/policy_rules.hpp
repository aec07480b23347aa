#pragma once

#include <array>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/compose/composition.hpp>
#include <eigencoder/detail/network/target_scales.hpp>
#include <eigencoder/detail/stack/stack_penalty.hpp>
#include <eigencoder/extend/bottleneck.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/loss.hpp>
#include <eigencoder/extend/optimizer.hpp>
#include <eigencoder/extend/penalty.hpp>
#include <eigencoder/extend/policy.hpp>
#include <string_view>

/// @file
/// The rules for the policies of a composition. Each function returns the first rule that is broken; the stack's layers
/// are legal.
namespace eigencoder::detail {

/// What was expected where a T was given, with a hint where a T belongs.
template <class T>
constexpr Text expected_instead_of(std::string_view expected) {
  std::string_view hint;
  if constexpr (Optimizer<T>) hint = " (an optimizer goes to fit)";
  else if constexpr (NamedCorruption<T>) hint = " (a corruption goes into Denoising<>)";
  else if constexpr (ActivationPenalty<T> || FiringPenalty<T>) hint = " (a penalty goes into Sparse<>)";
  else if constexpr (Divergence<T>) hint = " (a divergence goes into Variational<>)";
  else if constexpr (requires { T::kind; T::at_layer; }) hint = " (this lacks validate() const)";
  else if constexpr (requires { T::kind; }) hint = " (this lacks at_layer)";
  else if constexpr (requires { T::at_layer; }) hint = " (this lacks kind)";
  return Text::of(expected, hint);
}

/// What is wrong with the layers to which a policy applies, and with the loss for it.
template <class P, class Stack, class L>
constexpr Diagnosis diagnose_policy_layers(const P& policy, const Stack& stack, [[maybe_unused]] const L& loss) {
  Diagnosis found;
  if constexpr (PenalizesLayer<P> || Bottleneck<P>) {
    constexpr std::size_t at = P::at_layer >= 0 ? static_cast<std::size_t>(P::at_layer) : Stack::encoder_depth - 1;
    if constexpr (at < Stack::size)
      if constexpr (requires { policy.diagnose_layer(get<at>(stack.layers)); })
        found = policy.diagnose_layer(get<at>(stack.layers));
  }
  if constexpr (Bottleneck<P>) {
    constexpr std::size_t skip = Stack::StackTraits::first_skip_across_code();
    if constexpr (skip < Stack::size)
      if (found.ok())
        found = {Rule::policy_applies, P::kind, Text::of(part_name(get<skip>(stack.layers)), " around the code"),
                 "a decoder that reads the code alone"};
  }
  if constexpr (requires { policy.diagnose_stack(stack, loss); })
    if (found.ok()) found = policy.diagnose_stack(stack, loss);
  return found;
}

/// Whether a policy does anything.
template <class P>
inline constexpr bool has_effect = PenalizesActivations<P> || Decays<P> || Corrupts<P> || Augments<P> ||
                                   AllowsMissing<P> || SetsTarget<P> || Freezes<P> || Bottleneck<P> ||
                                   PenalizesStack<P> || requires { typename P::Scalar; };
template <class P>
inline constexpr bool has_effect<PlaceholderPolicy<P>> = has_effect<P>;

/// What is wrong with an augmentation of targets of another shape than the inputs'. Unknown sizes may fit.
template <class P>
constexpr Diagnosis diagnose_targets([[maybe_unused]] const P& policy, Shape input, Shape target, bool of_classes) {
  const auto differs = [](Index a, Index b) { return a != b && a != Dynamic && b != Dynamic; };
  const bool same_sides = !differs(input.height, target.height) && !differs(input.width, target.width);
  if (target.is_flat() || same_sides) return {};
  const TargetScales scales(input, target, of_classes);
  const Text got = Text::of("an input of ", input.text(), " and a target of ", target.text());
  if (!scales.are_multiples)
    return {Rule::policy_applies, P::kind, got, "sides that are multiples by the same whole number"};
  if (!AugmentsScaled<P>) return {Rule::policy_applies, P::kind, got, "a target of the input's sides"};
  if constexpr (requires { policy.diagnose_scaled(); }) return policy.diagnose_scaled();
  else return {};
}

/// What is wrong with one policy by itself.
template <class P, class Stack, class L>
constexpr Diagnosis diagnose_policy(const P& policy, Shape input, Shape target, const Stack& stack, const L& loss) {
  if constexpr (!Policy<P>) {
    return {Rule::is_policy, "Autoencoder", part_name(policy),
            expected_instead_of<P>("policies, such as WeightDecay<>")};
  } else if constexpr (!has_effect<P>) {
    return {Rule::policy_acts, part_name(policy), "none",
            "const members: double penalize(values, gradient, size, batch), decay(block), corrupt(sample, shape, "
            "random) or apply(from, to, spare, shape, random), templates on the scalar where it takes values"};
  } else {
    if constexpr (requires { policy.diagnose(input); })
      if (const Diagnosis found = policy.diagnose(input); !found.ok()) return found;
    if constexpr (Augments<P>)
      if (const Diagnosis found = diagnose_targets(policy, input, target, TakesClasses<L>); !found.ok()) return found;
    return diagnose_policy_layers(policy, stack, loss);
  }
}

/// For each layer whether it has a weight that is not tied to another layer's.
template <class Stack>
constexpr auto untied_weights() {
  std::array<bool, Stack::size> has_weight{};
  Stack::template each<0, Stack::size>([&]<std::size_t K>() {
    using L = typename Stack::template LayerAt<K>;
    if constexpr (kind<L> == LayerKind::linear) has_weight[K] = L::has_weight;
    if constexpr (requires { L::tied; }) has_weight[K] = has_weight[K] && !L::tied;
  });
  return has_weight;
}

/// For each layer whether it may have parameters or running statistics of its own.
template <class Stack>
constexpr auto layers_with_values() {
  auto has_values = untied_weights<Stack>();
  Stack::template each<0, Stack::size>([&]<std::size_t K>() {
    has_values[K] = has_values[K] || kind<typename Stack::template LayerAt<K>> == LayerKind::custom;
  });
  return has_values;
}

/// What is wrong with the policies, one by one and together.
template <class Stack, class L, class... P>
constexpr Diagnosis diagnose_policies([[maybe_unused]] Shape input, [[maybe_unused]] const Stack& stack,
                                      [[maybe_unused]] const L& loss, const P&... policies) {
  [[maybe_unused]] const Shape target = target_shape(input, policies...);
  Diagnosis found;
  ((found = found.ok() ? diagnose_policy(policies, input, target, stack, loss) : found), ...);
  if constexpr ((Policy<P> && ...) && sizeof...(P) > 0) {
    const std::string_view kinds[] = {P::kind...};
    constexpr Index code = static_cast<Index>(Stack::encoder_depth) - 1;
    const Index written[] = {P::at_layer...};
    const Index layers[] = {(PenalizesLayer<P> && P::at_layer < 0 ? code : P::at_layer)...};
    const bool decays[] = {Decays<P>...}, freezes[] = {Freezes<P>...};
    // A model has at most one policy of each of these groups.
    const struct {
      bool contains[sizeof...(P)];
      std::string_view expected;
    } groups[] = {{{Bottleneck<P>...}, "one bottleneck"},
                  {{Augments<P>...}, "one policy that augments"},
                  {{Corrupts<P>...}, "one policy that corrupts"},
                  {{AllowsMissing<P>...}, "one policy that allows missing values"},
                  {{SetsTarget<P>...}, "one policy that sets a target"}};
    const auto weights = untied_weights<Stack>();
    auto values = weights;
    if constexpr ((Freezes<P> || ...)) values = layers_with_values<Stack>();
    for (std::size_t i = 0; i < sizeof...(P); ++i) {
      const auto layer = static_cast<long long>(layers[i]), last = static_cast<long long>(weights.size()) - 1;
      if (found.ok() && layers[i] >= static_cast<Index>(weights.size()))
        found = {Rule::policy_applies, kinds[i], Text::of("AtLayer<", layer, ">"),
                 Text::of("a layer of the model, AtLayer<0> to AtLayer<", last, ">")};
      if (found.ok() && decays[i] && layers[i] >= 0 && !weights[static_cast<std::size_t>(layers[i])])
        found = {Rule::policy_applies, kinds[i], Text::of("AtLayer<", layer, ">"), "a layer with a weight of its own"};
      if (found.ok() && freezes[i] && layers[i] >= 0 && !values[static_cast<std::size_t>(layers[i])])
        found = {Rule::policy_applies, kinds[i], Text::of("AtLayer<", layer, ">"),
                 "a layer with parameters or running statistics of its own"};
      for (std::size_t j = 0; j < i; ++j) {
        for (const auto& group : groups)
          if (found.ok() && kinds[i] != kinds[j] && group.contains[i] && group.contains[j])
            found = {Rule::policy_applies, kinds[i], Text::of("a model with ", kinds[j], " too"), group.expected};
        if (found.ok() && kinds[i] == kinds[j] && layers[i] == layers[j])
          found = {Rule::policy_once, kinds[i],
                   layers[i] < 0                      ? Text("two of them")
                   : written[i] < 0 || written[j] < 0 ? Text("two on the code")
                                                      : Text::of("two at layer ", layer),
                   "one at most"};
      }
    }
  }
  return found;
}

}  // namespace eigencoder::detail
