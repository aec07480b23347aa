#pragma once

#include <concepts>
#include <cstddef>
#include <eigencoder/corruption/denoising.hpp>
#include <eigencoder/detail/compose/flatten.hpp>
#include <eigencoder/detail/pretraining/segments.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/losses/bernoulli.hpp>
#include <eigencoder/losses/regression.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <utility>

/// @file
/// The autoencoder that a segment of a model is pretrained as. Its sizes are values, so that segments of the same kinds
/// of layers share one type.
namespace eigencoder::detail {

/// A layer as it is in a segment's autoencoder: a dense one with its width as a value.
///@{
template <class L>
constexpr L sized_by_value(const L& layer) {
  return layer;
}
template <Index Width, class Bias>
constexpr Dense<Dynamic, Bias> sized_by_value(const Dense<Width, Bias>& layer) {
  return Dense<Dynamic, Bias>(layer.width, Bias{}, layer.initializer);
}
///@}

template <class... L>
constexpr auto encoder_of(Shape input, const Pack<L...>& layers) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return Encoder{Image{input.height, input.width, input.channels}, sized_by_value(get<K>(layers))...};
  }(std::index_sequence_for<L...>());
}
template <class... L>
constexpr auto decoder_of(const Pack<L...>& layers) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return Decoder{sized_by_value(get<K>(layers))...};
  }(std::index_sequence_for<L...>());
}

/// Whether layer `Last` - 1 is a `Sigmoid`.
template <std::size_t Last, class Stack>
inline constexpr bool ends_in_sigmoid = false;
template <std::size_t Last, class Stack>
  requires(Last > 0)
inline constexpr bool ends_in_sigmoid<Last, Stack> =
    std::same_as<typename Stack::template LayerAt<Last - 1>, Sigmoid>;

template <class P>
inline constexpr bool is_precision = false;
template <class Scalar>
inline constexpr bool is_precision<Precision<Scalar>> = true;

/// A policy of the model that the autoencoder of a segment needs too, as a list of one, or an empty list: the scalar
/// and, before the first layer, unknown values.
template <bool First, class P>
constexpr auto segment_policy([[maybe_unused]] const P& policy) {
  if constexpr (is_precision<P> || (First && AllowsMissing<P>)) return Pack<P>(policy);
  else return Pack<>();
}

/// The autoencoder of segment K of a model with decoder `D`, of this network. Its parameters are drawn anew.
template <std::size_t K, class D, class Network, class C>
[[gnu::cold]] auto segment_autoencoder(const Network& network, const C& corruption) {
  using Stack = typename Network::Stack;
  using Division = Segments<Stack, D>;
  constexpr Segment segment = Division::list.at[K];
  constexpr bool first = K == 0;
  constexpr bool on_logits = !first && ends_in_sigmoid<segment.encoder.first, Stack> &&
                             ends_in_sigmoid<segment.decoder.last, Stack>;
  constexpr std::size_t listed = segment.decoder.first + segment.mirrored;
  const auto& layers = network.stack.layers;

  const auto encoder = encoder_of(first ? network.input : network.stack.layer_info[segment.encoder.first].in,
                                  part_of<segment.encoder.first, segment.encoder.size()>(layers));
  const auto rest = part_of<listed, segment.decoder.last - listed - (on_logits ? 1 : 0)>(layers);
  const auto decoder = [&] {
    if constexpr (Division::is_mirrored) return decoder_of(joined(Pack<typename MirrorOf<D>::type>(), rest));
    else return decoder_of(rest);
  }();
  const auto loss = [&] {
    if constexpr (first) return network.loss;
    else if constexpr (on_logits) return Bernoulli{};
    else return SquaredError{};
  }();
  const auto policies = [&]<class... P>(const Pack<P...>& all) {
    return [&]<std::size_t... J>(std::index_sequence<J...>) {
      return join(Pack<>(), segment_policy<first>(get<J>(all))...);
    }(std::index_sequence_for<P...>());
  }(network.policies.policies);
  return [&]<class... P>(const Pack<P...>& chosen) {
    return [&]<std::size_t... J>(std::index_sequence<J...>) {
      return Autoencoder{encoder, decoder, loss, Denoising<C>{corruption}, get<J>(chosen)...};
    }(std::index_sequence_for<P...>());
  }(policies);
}

}  // namespace eigencoder::detail
