#pragma once

#include <concepts>
#include <eigencoder/decoder.hpp>
#include <eigencoder/encoder.hpp>
#include <eigencoder/layers/stack.hpp>
#include <utility>

/// @file
/// From an encoder and a decoder to one stack of layers with shapes. Everything here is total: an illegal
/// composition gives a stack too, for `diagnosis.hpp` to say what is wrong with it.
namespace eigencoder::detail {

template <class D>
concept MirrorTag = std::same_as<D, Mirror> || std::same_as<D, TiedMirror>;

/// Which encoder layer each layer of the mirrored decoder comes from.
template <std::size_t N>
struct MirrorOrder {
  std::size_t source[N > 0 ? N : 1] = {};
  std::size_t count = 0;
};

template <class... E>
consteval MirrorOrder<sizeof...(E)> mirror_order() {
  constexpr std::size_t n = sizeof...(E);
  const LayerKind kinds[n + 1] = {kind<E>..., LayerKind::none};
  MirrorOrder<n> order;
  for (std::size_t i = n; i-- > 0;) {
    if (kinds[i] != LayerKind::linear) continue;
    order.source[order.count++] = i;
    std::size_t before = i;  // the linear layer that opens the block before this one
    while (before > 0 && kinds[before - 1] != LayerKind::linear) --before;
    if (before > 0)
      for (std::size_t k = before; k < i; ++k) order.source[order.count++] = k;
  }
  return order;
}

/// The mirror image of one encoder layer.
template <bool Tied, class L>
constexpr auto reflect(const L& layer, const Stage& stage, std::size_t position) {
  if constexpr (kind<L> == LayerKind::linear) {
    Mirrored<L, Tied> mirrored{layer};
    mirrored.original = stage.in;
    mirrored.source = static_cast<Index>(position);
    return mirrored;
  } else {
    static_cast<void>(stage), static_cast<void>(position);
    return layer;
  }
}

template <class In>
constexpr Shape input_shape(const In& input) {
  if constexpr (requires { { input.shape() } -> std::same_as<Shape>; }) return input.shape();
  else return Shape::none();
}

template <class In, class... E>
constexpr auto encoder_stack(const Encoder<In, E...>& encoder) {
  Stack<sizeof...(E), E...> stack;
  stack.layers = encoder.layers;
  stack.template resolve<0, sizeof...(E)>(input_shape(encoder.input));
  return stack;
}

template <class In, class... E, class... D>
constexpr auto assemble_layers(const Encoder<In, E...>& encoder, const Decoder<D...>& decoder) {
  return [&]<std::size_t... I, std::size_t... J>(std::index_sequence<I...>, std::index_sequence<J...>) {
    return Stack<sizeof...(E), E..., D...>(get<I>(encoder.layers)..., get<J>(decoder.layers)...);
  }(std::index_sequence_for<E...>(), std::index_sequence_for<D...>());
}

template <class In, class... E, MirrorTag M, class... D>
  requires(mirror_order<E...>().count > 0)
constexpr auto assemble_layers(const Encoder<In, E...>& encoder, const Decoder<M, D...>& decoder) {
  constexpr auto order = mirror_order<E...>();
  const auto encoding = encoder_stack(encoder);
  return [&]<std::size_t... I, std::size_t... K, std::size_t... J>(
             std::index_sequence<I...>, std::index_sequence<K...>, std::index_sequence<J...>) {
    return Stack<sizeof...(E), E...,
                 decltype(reflect<M::tied>(get<order.source[K]>(encoder.layers), Stage{}, 0))..., D...>(
        get<I>(encoder.layers)...,
        reflect<M::tied>(get<order.source[K]>(encoder.layers), encoding.stages[order.source[K]], order.source[K])...,
        get<J + 1>(decoder.layers)...);
  }(std::index_sequence_for<E...>(), std::make_index_sequence<order.count>(), std::index_sequence_for<D...>());
}

template <class T>
struct Parts {
  static constexpr bool encoder = false, decoder = false;
  static constexpr std::size_t layers = 0;
};
template <class In, class... E>
struct Parts<Encoder<In, E...>> {
  static constexpr bool encoder = true, decoder = false;
  static constexpr bool has_input = requires(const In& in) { { in.shape() } -> std::same_as<Shape>; };
  static constexpr std::size_t layers = sizeof...(E);
};
template <class... D>
struct Parts<Decoder<D...>> {
  static constexpr bool encoder = false, decoder = true;
  static constexpr std::size_t layers = sizeof...(D);
};

/// All layers with their shapes.
template <class E, class D>
constexpr auto assemble(const E& encoder, const D& decoder) {
  if constexpr (Parts<E>::encoder && Parts<D>::decoder) {
    auto stack = assemble_layers(encoder, decoder);
    stack.template resolve<0, decltype(stack)::size>(input_shape(encoder.input));
    return stack;
  } else {
    return Stack<0>();
  }
}

}  // namespace eigencoder::detail
