#pragma once

#include <algorithm>
#include <concepts>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/compose/composition.hpp>
#include <eigencoder/detail/compose/policy_rules.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/loss.hpp>
#include <eigencoder/layers/activations.hpp>
#include <type_traits>

/// @file
/// The rules for a composition: for its layers, for the loss after them, and for the whole. Each function returns the
/// first rule that is broken. `diagnose` is total: an illegal composition is diagnosed, never ill-formed.
namespace eigencoder::detail {

/// What is wrong with a mirror, at position K, that was not replaced by layers.
template <std::size_t EncoderDepth, std::size_t K, class... L>
constexpr Diagnosis diagnose_mirror(const Stack<EncoderDepth, L...>& stack) {
  const Text who = part_name(get<K>(stack.layers));
  constexpr bool opens[] = {opens_block<L>..., false};
  const bool has_blocks = std::any_of(opens, opens + EncoderDepth, [](bool one) { return one; });
  if (K == EncoderDepth && has_blocks)
    return {Rule::has_mirror, who, "a place inside a Residual", "the first place in the decoder"};
  if constexpr (K == EncoderDepth)
    return {Rule::has_mirror, who, "an encoder without a linear layer", "at least one, such as Dense<64>"};
  else if constexpr (K < EncoderDepth)
    return {Rule::has_mirror, who, "a place in the encoder", "the first place in the decoder"};
  else
    return {Rule::has_mirror, who, Text::of("a place after ", part_name(get<K - 1>(stack.layers))),
            "the first place in the decoder"};
}

/// What is wrong with the skip layer K.
template <std::size_t EncoderDepth, std::size_t K, class... L>
constexpr Diagnosis diagnose_skip(const Stack<EncoderDepth, L...>& stack) {
  using StackTraits = typename Stack<EncoderDepth, L...>::StackTraits;
  constexpr Index source = StackTraits::skip_sources[K];
  const auto& layer = get<K>(stack.layers);
  const Text who = part_name(layer);
  if constexpr (source < -1 || source >= static_cast<Index>(K)) {
    return {Rule::skip_reads_earlier, who, Text::of("a place at layer ", static_cast<long long>(K)),
            "a layer before it"};
  } else if constexpr (!StackTraits::template can_read_source<K>()) {
    return {Rule::skip_reads_earlier, who, part_name(get<static_cast<std::size_t>(source)>(stack.layers)),
            "a MaxPool2d"};
  } else {
    const LayerInfo& info = stack.layer_info[source < 0 ? 0 : static_cast<std::size_t>(source)];
    if (stack.layer_info[K].out.is_possible()) return {};
    return {Rule::layer_takes_input, who, stack.layer_info[K].in.in_words(),
            layer.expected_input(info.in, source < 0 ? info.in : info.out)};
  }
}

/// What is wrong with the layers and their shapes.
template <std::size_t EncoderDepth, class... L>
constexpr Diagnosis diagnose_layers(const Stack<EncoderDepth, L...>& stack) {
  Diagnosis found;
  stack.template each<0, sizeof...(L)>([&]<std::size_t K>() {
    if (!found.ok()) return;
    const auto& layer = get<K>(stack.layers);
    using LayerType = std::remove_cvref_t<decltype(layer)>;
    const LayerInfo& info = stack.layer_info[K];
    if constexpr (MirrorTag<LayerType>) {
      found = diagnose_mirror<EncoderDepth, K>(stack);
    } else if constexpr (!Layer<LayerType>) {
      found = {Rule::is_layer, K < EncoderDepth ? "Encoder" : "Decoder", part_name(layer),
               "layers, such as Dense<64> and Relu"};
    } else if constexpr (kind<LayerType> == LayerKind::skip) {
      found = diagnose_skip<EncoderDepth, K>(stack);
    } else if (!info.out.is_possible()) {
      found = {Rule::layer_takes_input, part_name(layer), info.in.in_words(), "another shape"};
      if constexpr (requires { layer.expected_input(); }) found.expected = layer.expected_input();
      if constexpr (requires { layer.output(info.in); })
        if (!layer.output({Dynamic, Dynamic, Dynamic}).is_possible()) {  // impossible for any input
          found.rule = Rule::positive_size;
          found.got = "a size that is not positive";
          if constexpr (requires { layer.options; }) found.got = "a size or an option out of range";
        }
    }
  });
  return found;
}

/// What is wrong with the loss: it takes logits, but the last layer is a sigmoid. There is at least one layer.
template <class Stack, class L>
constexpr Diagnosis diagnose_loss(const Stack&, const L&) {
  constexpr bool ends_in_sigmoid = std::same_as<typename Stack::template LayerAt<Stack::size - 1>, Sigmoid>;
  if (L::takes_logits && ends_in_sigmoid)
    return {Rule::loss_applies_sigmoid, L::name, "the output of Sigmoid", "logits (leave Sigmoid out)"};
  return {};
}

/// What is wrong at run time, when every size must be known.
template <class E, class Stack>
Diagnosis diagnose_sizes(const E& encoder, const Stack& stack, Shape target) {
  constexpr std::string_view got = "no size, neither in the type nor as a value";
  if (!input_shape(encoder.input).is_static())
    return {Rule::positive_size, part_name(encoder.input), got, "a size, such as Input{784} or Image{40, 40, 3}"};
  Diagnosis found;
  if (!target.is_static()) found = {Rule::positive_size, "Target", got, "a size, such as Target{Image{40, 40, 3}}"};
  Stack::template each<0, Stack::size>([&]<std::size_t K>() {
    if (found.ok() && !stack.layer_info[K].out.is_static())
      found = {Rule::positive_size, part_name(get<K>(stack.layers)), got, "a size, such as Dense{64}"};
  });
  return found;
}

/// The first rule that a composition breaks, if any.
template <class E, class D, class Stack, class L, class... P>
constexpr Diagnosis diagnose(const E& encoder, const D& decoder, const Stack& stack, const L& loss,
                             const P&... policies) {
  if constexpr (!PartTraits<E>::is_encoder) {
    return {Rule::parts, "the first argument", part_name(encoder),
            "an encoder, such as Encoder<Input<784>, Dense<32>>"};
  } else if constexpr (!PartTraits<D>::is_decoder) {
    return {Rule::parts, "the second argument", part_name(decoder), "a decoder, such as Decoder<Mirror>"};
  } else if constexpr (!Loss<L>) {
    return {Rule::parts, "the third argument", part_name(loss), "a loss, such as SquaredError"};
  } else if constexpr (!PartTraits<E>::has_input) {
    return {Rule::input_first, "Encoder", Text::of(part_name(encoder.input), " first"),
            "Input<N> or Image<H, W, C>"};
  } else if constexpr (PartTraits<E>::depth == 0 || PartTraits<D>::depth == 0) {
    return {Rule::is_layer, PartTraits<E>::depth == 0 ? "Encoder" : "Decoder", "no layer", "at least one"};
  } else {
    const Shape in = input_shape(encoder.input);
    if (!in.is_possible())
      return {Rule::positive_size, part_name(encoder.input), "a size that is not positive", "positive sizes"};
    if (Diagnosis found = diagnose_layers(stack); !found.ok()) return found;
    const Shape out = stack.layer_info[Stack::size - 1].out;
    const Shape target = target_shape(in, policies...);
    if ((SetsTarget<P> || ...) && !target.is_possible())
      return {Rule::positive_size, "Target", "a size that is not positive", "positive sizes"};
    if ((SetsTarget<P> || ...) && !out.fits(target))
      return {Rule::decoder_returns_target, Text::of(part_name(get<Stack::size - 1>(stack.layers)), ", the last layer"),
              out.in_words(), target.in_words()};
    if (!out.fits(target))
      return {Rule::decoder_returns_input, Text::of(part_name(get<Stack::size - 1>(stack.layers)), ", the last layer"),
              out.in_words(), (feeds_mask<P> || ...) ? Text::of(in.in_words(), ", without the mask") : in.in_words()};
    if (Diagnosis found = diagnose_loss(stack, loss); !found.ok()) return found;
    return diagnose_policies(in, stack, loss, policies...);
  }
}

/// The first rule that a composition breaks by its types, whose default values stand for all values.
template <class E, class D, class L, class... P>
constexpr Diagnosis diagnose_types() {
  if constexpr (ConstantDefault<E> && ConstantDefault<D> && ConstantDefault<L> &&
                ((ConstantDefault<P> || Corrupts<P>) && ...)) {
    return diagnose(E{}, D{}, assemble<P...>(E{}, D{}), L{}, default_policy<P>()...);
  } else {
    return {Rule::constant_default, without_default(static_cast<const Decoder<E, D, L, P...>*>(nullptr)), "none",
            "a constexpr default constructor"};
  }
}

}  // namespace eigencoder::detail
