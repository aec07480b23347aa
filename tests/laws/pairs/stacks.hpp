#pragma once

// Values of policies, and small models for them.
#include <eigencoder/model/autoencoder.hpp>

#include "laws/list.hpp"

namespace laws {

/// A policy with values that use all of its terms.
template <class P>
struct Value {
  static P make() { return P{}; }
};
template <>
struct Value<Denoising<Masking>> {
  static auto make() { return Denoising<Masking>{Masking{.rate = 0.3}, 2, 0.5}; }
};
template <class Mask>
struct Value<MissingValues<Mask>> {
  static auto make() { return MissingValues<Mask>{.drop_rate = 0.2}; }
};
template <>
struct Value<Sparse<L0>> {
  static auto make() { return Sparse{L0{.weight = 0.7, .target = 2}}; }
};
template <>
struct Value<Contractive<Probes>> {
  static auto make() { return Contractive<Probes>{Probes{2}, 0.1, 0.2, 0.05, 2}; }
};
template <>
struct Value<Variational<>> {
  static auto make() { return Variational<>{KullbackLeibler<>{.beta = 2, .free_bits = 0.05}, 2}; }
};
template <>
struct Value<ImportanceWeighted> {
  static auto make() { return ImportanceWeighted{3}; }
};
template <>
struct Value<AuxiliaryTopK> {
  static auto make() { return AuxiliaryTopK{.k = 2, .weight = 0.5, .patience = 100}; }
};

/// A bandwidth so wide that some values of a small model lie within it.
struct WideJumpRelu : JumpRelu {
  constexpr WideJumpRelu() : JumpRelu{.initial_threshold = 0.3, .bandwidth = 0.8} {}
};

/// Stacks by the end of their code: a linear layer, values in (0, 1), a selection, or learned thresholds; and one whose
/// weights are not tied, for policies that give the encoder more than the decoder returns. A pair is tested on the
/// first stack on which it is legal; on vectors with `Blocks` where these are, else with the squared error.
template <class E, class D, class L = SquaredError>
struct Parts {
  using encoder = E;
  using decoder = D;
  using loss = L;
};
struct Flat {
  using Linear = Parts<Encoder<Input<7>, Dense<6>, Tanh, Dense<3>>, Decoder<TiedMirror>>;
  using Fraction = Parts<Encoder<Input<7>, Dense<6>, Tanh, Dense<3>, Sigmoid>, Decoder<Mirror>>;
  using Selection = Parts<Encoder<Input<7>, Dense<8>, TopK<3>>, Decoder<TiedMirror>>;
  using Firing = Parts<Encoder<Input<7>, Dense<6>, Tanh, Dense<8>, WideJumpRelu>, Decoder<Dense<7>>>;
  using Untied = Parts<Encoder<Input<7>, Dense<6>, Tanh, Dense<3>>, Decoder<Mirror>>;
};
struct Table {
  using Linear = Parts<Encoder<Input<7>, Dense<6>, Tanh, Dense<3>>, Decoder<TiedMirror>, MixedBlocks<7>>;
  using Fraction = Parts<Encoder<Input<7>, Dense<6>, Tanh, Dense<3>, Sigmoid>, Decoder<Mirror>, MixedBlocks<7>>;
  using Selection = Parts<Encoder<Input<7>, Dense<8>, TopK<3>>, Decoder<TiedMirror>, MixedBlocks<7>>;
  using Firing = Parts<Encoder<Input<7>, Dense<6>, Tanh, Dense<8>, WideJumpRelu>, Decoder<Dense<7>>, MixedBlocks<7>>;
  using Untied = Parts<Encoder<Input<7>, Dense<6>, Tanh, Dense<3>>, Decoder<Mirror>, MixedBlocks<7>>;
  using Otherwise = Flat;
};
struct Convolutional {
  using Linear = Parts<Encoder<Image<5, 4, 3>, Conv2d<3, 3, Stride<2>, Same>, Silu, Conv2d<2, 2>>, Decoder<TiedMirror>>;
  using Fraction =
      Parts<Encoder<Image<5, 4, 3>, Conv2d<3, 3, Stride<2>, Same>, Silu, Conv2d<2, 2>, Sigmoid>, Decoder<Mirror>>;
  using Selection = Parts<Encoder<Image<5, 4, 3>, Conv2d<3, 3, Same>, Silu, Conv2d<4, 3, Same>, TopK<9>>,
                          Decoder<Conv2d<3, 3, Same>>>;
  using Firing = Parts<Encoder<Image<5, 4, 2>, Conv2d<3, 3, Same>, Silu, Conv2d<4, 3, Same>, WideJumpRelu>,
                       Decoder<Conv2d<2, 3, Same>>>;
  using Untied = Parts<Encoder<Image<5, 4, 3>, Conv2d<3, 3, Same>, Silu, Conv2d<2, 2>>, Decoder<Mirror>>;
};

template <class Stack, class... P>
using ModelOf =
    Autoencoder<typename Stack::encoder, typename Stack::decoder, typename Stack::loss, Precision<double>, P...>;

template <class Stack, class... P>
inline constexpr bool legal_on = detail::diagnose_types<typename Stack::encoder, typename Stack::decoder,
                                                        typename Stack::loss, Precision<double>, P...>().ok();

/// The policy's value for a stack: a loss that is not separable cannot emphasize what was corrupted.
template <class Stack, class P>
P value_on() {
  P policy = Value<P>::make();
  if constexpr (Emphasizes<P> && !SeparableLoss<typename Stack::loss>)
    policy.corrupted_weight = policy.intact_weight = 1;
  return policy;
}

}  // namespace laws
