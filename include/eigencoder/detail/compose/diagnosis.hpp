#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <eigencoder/detail/compose/composition.hpp>
#include <eigencoder/detail/compose/constant_default.hpp>
#include <eigencoder/detail/jacobian/penalizes_stack.hpp>
#include <eigencoder/extend/augmentation.hpp>
#include <eigencoder/extend/bottleneck.hpp>
#include <eigencoder/extend/corruption.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/divergence.hpp>
#include <eigencoder/extend/layer_info.hpp>
#include <eigencoder/extend/loss.hpp>
#include <eigencoder/extend/optimizer.hpp>
#include <eigencoder/extend/penalty.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/layers/activations.hpp>
#include <span>
#include <string_view>
#include <type_traits>

/// @file
/// What is wrong with a composition, if anything. Everything here is total: an illegal composition is diagnosed,
/// never ill-formed.
namespace eigencoder::detail {

/// A mirror that was not replaced by layers.
template <std::size_t EncoderDepth, std::size_t K, class... L>
constexpr Diagnosis diagnose_mirror(const Stack<EncoderDepth, L...>& stack) {
  const Text who = part_name(get<K>(stack.layers));
  constexpr bool opens[] = {opens_block<L>..., false};
  const bool reflects = std::any_of(opens, opens + EncoderDepth, [](bool one) { return one; });
  if (K == EncoderDepth && reflects)
    return {Rule::has_mirror, who, "a place inside a Residual", "the first place in the decoder"};
  if constexpr (K == EncoderDepth)
    return {Rule::has_mirror, who, "an encoder without a linear layer", "at least one, such as Dense<64>"};
  else if constexpr (K < EncoderDepth)
    return {Rule::has_mirror, who, "a place in the encoder", "the first place in the decoder"};
  else
    return {Rule::has_mirror, who, Text::of("a place behind ", part_name(get<K - 1>(stack.layers))),
            "the first place in the decoder"};
}

/// What is wrong with layer I, which reads another one.
template <std::size_t EncoderDepth, std::size_t K, class... L>
constexpr Diagnosis diagnose_link(const Stack<EncoderDepth, L...>& stack) {
  using StackTraits = typename Stack<EncoderDepth, L...>::StackTraits;
  constexpr Index link = StackTraits::links[K];
  const auto& layer = get<K>(stack.layers);
  const Text who = part_name(layer);
  if constexpr (link < -1 || link >= static_cast<Index>(K)) {
    return {Rule::link_reads_earlier, who, Text::of("a place at layer ", static_cast<long long>(K)),
            "a layer before it"};
  } else if constexpr (!StackTraits::template reads_well<K>()) {
    return {Rule::link_reads_earlier, who, part_name(get<static_cast<std::size_t>(link)>(stack.layers)), "a MaxPool2d"};
  } else {
    const LayerInfo& source = stack.layer_info[link < 0 ? 0 : static_cast<std::size_t>(link)];
    if (stack.layer_info[K].out.is_possible()) return {};
    return {Rule::layer_takes_input, who, stack.layer_info[K].in.in_words(),
            layer.wanted(source.in, link < 0 ? source.in : source.out)};
  }
}

template <std::size_t EncoderDepth, class... L>
constexpr Diagnosis diagnose_layers(const Stack<EncoderDepth, L...>& stack) {
  Diagnosis found;
  stack.template each<0, sizeof...(L)>([&]<std::size_t K>() {
    if (!found.ok()) return;
    const auto& layer = get<K>(stack.layers);
    using One = std::remove_cvref_t<decltype(layer)>;
    const LayerInfo& info = stack.layer_info[K];
    if constexpr (MirrorTag<One>) {
      found = diagnose_mirror<EncoderDepth, K>(stack);
    } else if constexpr (!Layer<One>) {
      found = {Rule::is_layer, K < EncoderDepth ? "Encoder" : "Decoder", part_name(layer),
               "layers, such as Dense<64> and Relu"};
    } else if constexpr (kind<One> == LayerKind::skip) {
      found = diagnose_link<EncoderDepth, K>(stack);
    } else if (!info.out.is_possible()) {
      found = {Rule::layer_takes_input, part_name(layer), info.in.in_words(), "another shape"};
      if constexpr (requires { layer.wanted(); }) found.wanted = layer.wanted();
      if constexpr (requires { layer.output(info.in); })
        if (!layer.output({Dynamic, Dynamic, Dynamic}).is_possible()) {  // whatever came in
          found.rule = Rule::positive_size;
          found.got = "a size that is not positive";
          if constexpr (requires { layer.options; }) found.got = "a size or an option out of range";
        }
    }
  });
  return found;
}

/// Whether the loss gets logits where it wants them. There is at least one layer.
template <class Stack, class L>
constexpr Diagnosis diagnose_loss(const Stack&, const L&) {
  constexpr bool squashed = std::same_as<typename Stack::template LayerAt<Stack::size - 1>, Sigmoid>;
  if (L::takes_logits && squashed)
    return {Rule::loss_applies_link, L::name, "the output of Sigmoid", "logits (leave Sigmoid out)"};
  return {};
}

/// What was wanted in the place of a T, and where a T goes.
template <class T>
constexpr Text instead_of(std::string_view wanted) {
  std::string_view hint;
  if constexpr (Optimizer<T>) hint = " (an optimizer goes to fit)";
  else if constexpr (NamedCorruption<T>) hint = " (a corruption goes into Denoising<>)";
  else if constexpr (ActivationPenalty<T> || FiringPenalty<T>) hint = " (a penalty goes into Sparse<>)";
  else if constexpr (Divergence<T>) hint = " (a divergence goes into Variational<>)";
  else if constexpr (requires { T::kind; T::place; }) hint = " (this lacks validate() const)";
  else if constexpr (requires { T::kind; }) hint = " (this lacks place)";
  else if constexpr (requires { T::place; }) hint = " (this lacks kind)";
  return Text::of(wanted, hint);
}

/// What the layers of a legal stack that a policy looks at are to it, if they do not suit it.
template <class P, class Stack, class L>
constexpr Diagnosis diagnose_layers_of(const P& policy, const Stack& stack, [[maybe_unused]] const L& loss) {
  Diagnosis found;
  if constexpr (PenalizesLayer<P> || Bottleneck<P>) {
    constexpr std::size_t at = P::place >= 0 ? static_cast<std::size_t>(P::place) : Stack::encoder_depth - 1;
    if constexpr (at < Stack::size)
      if constexpr (requires { policy.diagnose_layer(get<at>(stack.layers)); })
        found = policy.diagnose_layer(get<at>(stack.layers));
  }
  if constexpr (Bottleneck<P>) {
    constexpr std::size_t across = Stack::StackTraits::first_across();
    if constexpr (across < Stack::size)
      if (found.ok())
        found = {Rule::policy_applies, P::kind, Text::of(part_name(get<across>(stack.layers)), " around the code"),
                 "a decoder that reads the code alone"};
  }
  if constexpr (requires { policy.diagnose_stack(stack, loss); })
    if (found.ok()) found = policy.diagnose_stack(stack, loss);
  return found;
}

/// Whether a policy does anything.
template <class P>
inline constexpr bool acts = PenalizesActivations<P> || Decays<P> || Corrupts<P> || Augments<P> || Bottleneck<P> ||
                             PenalizesStack<P> || requires { typename P::Scalar; };
template <class P>
inline constexpr bool acts<StandIn<P>> = acts<P>;

template <class P, class Stack, class L>
constexpr Diagnosis diagnose_policy(const P& policy, Shape input, const Stack& stack, const L& loss) {
  if constexpr (!Policy<P>) {
    return {Rule::is_policy, "Autoencoder", part_name(policy), instead_of<P>("policies, such as WeightDecay<>")};
  } else if constexpr (!acts<P>) {
    return {Rule::policy_acts, part_name(policy), "none of them",
            "const members: double penalize(values, gradient, size, batch), decay(block), corrupt(sample, shape, "
            "random) or apply(from, to, spare, shape, random), templates on the scalar where it takes values"};
  } else {
    if constexpr (requires { policy.diagnose(input); })
      if (const Diagnosis found = policy.diagnose(input); !found.ok()) return found;
    return diagnose_layers_of(policy, stack, loss);
  }
}

/// Whether each layer has a weight of its own; a tied one has its twin's.
template <class Stack>
constexpr auto own_weights() {
  std::array<bool, Stack::size> own{};
  Stack::template each<0, Stack::size>([&]<std::size_t K>() {
    using L = typename Stack::template LayerAt<K>;
    if constexpr (kind<L> == LayerKind::linear) own[K] = L::has_weight;
    if constexpr (requires { L::tied; }) own[K] = own[K] && !L::tied;
  });
  return own;
}

template <class Stack, class L, class... P>
constexpr Diagnosis diagnose_policies([[maybe_unused]] Shape input, [[maybe_unused]] const Stack& stack,
                                      [[maybe_unused]] const L& loss, const P&... policies) {
  Diagnosis found;
  ((found = found.ok() ? diagnose_policy(policies, input, stack, loss) : found), ...);
  if constexpr ((Policy<P> && ...) && sizeof...(P) > 0) {
    const std::string_view kinds[] = {P::kind...};
    constexpr Index code = static_cast<Index>(Stack::encoder_depth) - 1;
    const Index written[] = {P::place...};
    const Index places[] = {(PenalizesLayer<P> && P::place < 0 ? code : P::place)...};
    const bool decays[] = {Decays<P>...};
    // Of these a model has one at most: what the policies are, and how that is said.
    const struct {
      bool is[sizeof...(P)];
      std::string_view wanted;
    } singles[] = {{{Bottleneck<P>...}, "one bottleneck"},
                   {{Augments<P>...}, "one policy that augments"},
                   {{Corrupts<P>...}, "one policy that corrupts"}};
    const auto weights = own_weights<Stack>();
    for (std::size_t i = 0; i < sizeof...(P); ++i) {
      if (found.ok() && places[i] >= static_cast<Index>(weights.size()))
        found = {Rule::policy_applies, kinds[i], Text::of("AtLayer<", static_cast<long long>(places[i]), ">"),
                 Text::of("a layer of the model, AtLayer<0> to AtLayer<", static_cast<long long>(weights.size()) - 1, ">")};
      if (found.ok() && decays[i] && places[i] >= 0 && !weights[static_cast<std::size_t>(places[i])])
        found = {Rule::policy_applies, kinds[i], Text::of("AtLayer<", static_cast<long long>(places[i]), ">"),
                 "a layer with a weight of its own"};
      for (std::size_t j = 0; j < i; ++j) {
        for (const auto& single : singles)
          if (found.ok() && kinds[i] != kinds[j] && single.is[i] && single.is[j])
            found = {Rule::policy_applies, kinds[i], Text::of("a model with ", kinds[j], " too"), single.wanted};
        if (found.ok() && kinds[i] == kinds[j] && places[i] == places[j])
          found = {Rule::policy_once, kinds[i],
                   places[i] < 0                     ? Text("two of them")
                   : written[i] < 0 || written[j] < 0 ? Text("two on the code")
                                                      : Text::of("two at layer ", static_cast<long long>(places[i])),
                   "one at most"};
      }
    }
  }
  return found;
}

/// The first rule that a composition breaks, if any.
template <class E, class D, class Stack, class L, class... P>
constexpr Diagnosis diagnose(const E& encoder, const D& decoder, const Stack& stack, const L& loss,
                             const P&... policies) {
  if constexpr (!Parts<E>::encoder) {
    return {Rule::parts, "the first argument", part_name(encoder),
            "an encoder, such as Encoder<Input<784>, Dense<32>>"};
  } else if constexpr (!Parts<D>::decoder) {
    return {Rule::parts, "the second argument", part_name(decoder), "a decoder, such as Decoder<Mirror>"};
  } else if constexpr (!Loss<L>) {
    return {Rule::parts, "the third argument", part_name(loss), "a loss, such as SquaredError"};
  } else if constexpr (!Parts<E>::has_input) {
    return {Rule::input_first, "Encoder", Text::of(part_name(encoder.input), " in front"),
            "Input<N> or Image<H, W, C>"};
  } else if constexpr (Parts<E>::layers == 0 || Parts<D>::layers == 0) {
    return {Rule::is_layer, Parts<E>::layers == 0 ? "Encoder" : "Decoder", "no layer", "at least one"};
  } else {
    const Shape in = input_shape(encoder.input);
    if (!in.is_possible())
      return {Rule::positive_size, part_name(encoder.input), "a size that is not positive", "positive sizes"};
    if (Diagnosis layers = diagnose_layers(stack); !layers.ok()) return layers;
    const Shape out = stack.layer_info[Stack::size - 1].out;
    if (!out.fits(in))
      return {Rule::decoder_returns_input, Text::of(part_name(get<Stack::size - 1>(stack.layers)), ", the last layer"),
              out.in_words(), in.in_words()};
    if (Diagnosis of_loss = diagnose_loss(stack, loss); !of_loss.ok()) return of_loss;
    return diagnose_policies(in, stack, loss, policies...);
  }
}

/// Whether the decoder of a legal stack needs the code alone, and if not, which layer needs more.
template <bool Legal, class Stack>
struct Decodes {
  static constexpr Diagnosis diagnosis = [] {
    Diagnosis found;
    if constexpr (Legal) {
      constexpr std::size_t layer = Stack::StackTraits::first_across();
      if constexpr (layer < Stack::size)
        found = {Rule::decodes_alone, part_name(typename Stack::template LayerAt<layer>{}), "a bare code",
                 "a whole sample (call reconstruct)"};
    }
    return found;
  }();
};

/// The same as far as types alone tell.
template <class E, class D, class L, class... P>
constexpr Diagnosis diagnose_types() {
  if constexpr (ConstantDefault<E> && ConstantDefault<D> && ConstantDefault<L> &&
                ((ConstantDefault<P> || Corrupts<P>) && ...)) {
    return diagnose(E{}, D{}, assemble(E{}, D{}), L{}, built<P>()...);
  } else {
    return {Rule::constant_default, without_default(static_cast<const Decoder<E, D, L, P...>*>(nullptr)), "none",
            "a constexpr default constructor"};
  }
}

/// At run time, when every size must be known.
template <class E, class Stack>
Diagnosis diagnose_sizes(const E& encoder, const Stack& stack) {
  constexpr std::string_view got = "no size, neither in the type nor as a value";
  if (!input_shape(encoder.input).is_static())
    return {Rule::positive_size, part_name(encoder.input), got, "a size, such as Input{784} or Image{40, 40, 3}"};
  Diagnosis found;
  Stack::template each<0, Stack::size>([&]<std::size_t K>() {
    if (found.ok() && !stack.layer_info[K].out.is_static())
      found = {Rule::positive_size, part_name(get<K>(stack.layers)), got, "a size, such as Dense{64}"};
  });
  return found;
}

}  // namespace eigencoder::detail
