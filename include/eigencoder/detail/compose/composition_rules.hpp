#pragma once

#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/compose/composition.hpp>
#include <eigencoder/detail/compose/constant_default.hpp>
#include <eigencoder/detail/compose/layer_rules.hpp>
#include <eigencoder/detail/compose/policy_rules.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/loss.hpp>

/// @file
/// The rules for a composition: `diagnose` is total, so an illegal one is diagnosed, never ill-formed.
namespace eigencoder::detail {

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
    if (!out.fits(in))
      return {Rule::decoder_returns_input, Text::of(part_name(get<Stack::size - 1>(stack.layers)), ", the last layer"),
              out.in_words(), in.in_words()};
    if (Diagnosis found = diagnose_loss(stack, loss); !found.ok()) return found;
    return diagnose_policies(in, stack, loss, policies...);
  }
}

/// The first rule that a composition breaks by its types, whose default values stand for all values.
template <class E, class D, class L, class... P>
constexpr Diagnosis diagnose_types() {
  if constexpr (ConstantDefault<E> && ConstantDefault<D> && ConstantDefault<L> &&
                ((ConstantDefault<P> || Corrupts<P>) && ...)) {
    return diagnose(E{}, D{}, assemble(E{}, D{}), L{}, default_policy<P>()...);
  } else {
    return {Rule::constant_default, without_default(static_cast<const Decoder<E, D, L, P...>*>(nullptr)), "none",
            "a constexpr default constructor"};
  }
}

}  // namespace eigencoder::detail
