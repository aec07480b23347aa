#pragma once

#include <eigencoder/classification/classes.hpp>
#include <eigencoder/detail/compose/resizing.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/model/target.hpp>

/// @file
/// The parts of the model that a classifier is.
namespace eigencoder::detail {

/// The layer that computes the logits, and the shape of a target.
template <Index Count>
Decoder<Dense<Count>> logits_of(const Classes<Count>& classes) {
  if constexpr (Count == Dynamic) return Decoder<Dense<>>{Dense<>{classes.count}};
  else return {};
}
template <Index Count>
Target<Input<Count>> target_of(const Classes<Count>& classes) {
  if constexpr (Count == Dynamic) return {Input<>{classes.count}};
  else return {};
}

/// Whether the first of these is a model with this encoder, such as a classifier.
template <class E, class D, class L, class... P>
void take_model(const Autoencoder<E, D, L, P...>&);
template <class E, class... Given>
constexpr bool begins_with_model = false;
template <class E, class First, class... Given>
constexpr bool begins_with_model<E, First, Given...> = requires(const First& first) { take_model<E>(first); };

/// The encoder of a model, with the values of its layers.
template <class E, class D, class L, class... P>
[[gnu::cold]] E encoder_of(const Autoencoder<E, D, L, P...>& model) {
  E encoder;
  if constexpr (Autoencoder<E, D, L, P...>::legal) {
    const auto& network = ModelAccess::network(model);
    encoder.layers = Unflat<decltype(encoder.layers)>::template of<0>(network.stack.layers);
    if constexpr (requires { encoder.input.size = network.input.size(); }) {
      encoder.input.size = network.input.size();
    } else if constexpr (requires { encoder.input.channels = network.input.channels; }) {
      encoder.input.height = network.input.height;
      encoder.input.width = network.input.width;
      encoder.input.channels = network.input.channels;
    }
  }
  return encoder;
}

}  // namespace eigencoder::detail
