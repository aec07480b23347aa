#pragma once

#include <cstddef>
#include <eigencoder/detail/compose/flatten.hpp>
#include <eigencoder/detail/pretraining/rbm_blocks.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/dense.hpp>
#include <eigencoder/model/autoencoder.hpp>
#include <eigencoder/pretraining/units.hpp>
#include <type_traits>
#include <utility>

/// @file
/// The autoencoder that a stack of machines unrolls to.
namespace eigencoder::detail {

/// The layers for hidden units: a dense one and their activation.
///@{
inline auto layers_for(const BernoulliUnits& units) { return Pack(Dense{units.size}, Sigmoid{}); }
inline auto layers_for(const RectifiedUnits& units) { return Pack(Dense{units.size}, Relu{}); }
inline auto layers_for(const GaussianUnits& units) { return Pack<Dense<>>(Dense{units.size}); }
///@}

template <class... L>
auto unrolled_encoder(Index size, const Pack<L...>& layers) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return Encoder{Input{size}, get<K>(layers)...};
  }(std::index_sequence_for<L...>());
}

/// An autoencoder whose dense layer k, and the one that undoes it, have the parameters of machine k.
template <class Scalar, class First, class... Rest>
[[gnu::cold]] auto unrolled(const First& first, const Rest&... rest) {
  using Loss = typename std::remove_cvref_t<decltype(first.visible())>::Loss;
  const auto encoder =
      unrolled_encoder(first.visible_size(), join(layers_for(first.hidden()), layers_for(rest.hidden())...));
  Autoencoder model{encoder, Mirror{}, Loss{}, Precision<Scalar>{}};
  Index in_encoder = 0, in_decoder = model.layer_count() - 1;
  const auto store = [&](const auto& rbm) {
    store_rbm(rbm, {in_encoder, in_decoder}, model.layout(), model.parameters().data());
    const Index layers = decltype(layers_for(rbm.hidden()))::size;  // its dense layer, and its activation if any
    in_encoder += layers;
    in_decoder -= layers;
  };
  store(first);
  (store(rest), ...);
  return model;
}

}  // namespace eigencoder::detail
