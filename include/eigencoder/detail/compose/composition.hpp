#pragma once

#include <concepts>
#include <eigencoder/detail/stack/stack.hpp>
#include <eigencoder/extend/layer_info.hpp>
#include <eigencoder/layers/residual.hpp>
#include <eigencoder/model/decoder.hpp>
#include <eigencoder/model/encoder.hpp>
#include <utility>

/// @file
/// From an encoder and a decoder to one stack of layers with shapes. Everything here is total: an illegal
/// composition gives a stack too, for `diagnosis.hpp` to say what is wrong with it.
namespace eigencoder::detail {

template <class D>
concept MirrorTag = std::same_as<D, Mirror> || std::same_as<D, TiedMirror>;

/// Whether a layer opens a block of those that a mirror reverses.
template <class L>
inline constexpr bool opens_block = kind<L> == LayerKind::linear || requires(const L& layer) { layer.mirror(Shape()); };
template <class... L>
inline constexpr bool opens_block<Residual<L...>> = true;

/// Which encoder layer each layer of the mirrored decoder comes from.
template <std::size_t N>
struct MirrorOrder {
  std::size_t source[N > 0 ? N : 1] = {};
  std::size_t count = 0;
};

/// Blocks in reverse, each the layer that opens it and what follows; layers that read others are not mirrored.
template <class... E>
consteval MirrorOrder<sizeof...(E)> mirror_order() {
  constexpr std::size_t n = sizeof...(E);
  const bool opens[n + 1] = {opens_block<E>..., false};
  const bool skip[n + 1] = {kind<E> == LayerKind::skip..., false};
  MirrorOrder<n> order;
  for (std::size_t i = n; i-- > 0;) {
    if (!opens[i]) continue;
    order.source[order.count++] = i;
    std::size_t before = i;  // the layer that opens the block before this one
    while (before > 0 && !opens[before - 1]) --before;
    if (before > 0)
      for (std::size_t k = before; k < i; ++k)
        if (!skip[k]) order.source[order.count++] = k;
  }
  return order;
}

/// The mirror image of one encoder layer, whose layer_info begin at `layer_info`, at this position.
template <bool Tied, class L>
constexpr auto reflect(const L& layer, const LayerInfo* layer_info, std::size_t position) {
  if constexpr (requires { layer.mirror(Shape()); }) {
    return static_cast<void>(position), layer.mirror(layer_info[0].in);
  } else if constexpr (kind<L> == LayerKind::linear) {
    Mirrored<L, Tied> mirrored{layer};
    mirrored.original = layer_info[0].in;
    mirrored.source = static_cast<Index>(position);
    return mirrored;
  } else {
    return static_cast<void>(layer_info), static_cast<void>(position), layer;
  }
}
template <bool Tied, class... L>
constexpr auto reflect(const Residual<L...>& residual, const LayerInfo* layer_info, std::size_t position);

/// All layers of a mirrored decoder.
template <bool Tied, class... E>
constexpr auto reflect_all(const Pack<E...>& layers, const LayerInfo* layer_info, std::size_t position) {
  constexpr auto order = mirror_order<E...>();
  const auto one = [&]<std::size_t K>() {
    constexpr std::size_t source = order.source[K];
    constexpr std::size_t offset = flat_position<E...>(source);
    return reflect<Tied>(get<source>(layers), layer_info + offset, position + offset);
  };
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return Pack<decltype(one.template operator()<K>())...>(one.template operator()<K>()...);
  }(std::make_index_sequence<order.count>());
}

template <bool Tied, class... L>
constexpr auto reflect(const Residual<L...>& residual, const LayerInfo* layer_info, std::size_t position) {
  if constexpr (mirror_order<L...>().count == 0) {
    return residual;
  } else {
    return [&]<class... M>(const Pack<M...>& mirrored) {
      return [&]<std::size_t... K>(std::index_sequence<K...>) {
        return Residual<M...>(get<K>(mirrored)...);
      }(std::index_sequence_for<M...>());
    }(reflect_all<Tied>(residual.layers, layer_info, position));
  }
}

template <class In>
constexpr Shape input_shape(const In& input) {
  if constexpr (requires { { input.shape() } -> std::same_as<Shape>; }) return input.shape();
  else return Shape::none();
}

/// The flat list of an encoder's layers and a decoder's, as a stack.
template <class... E, class... D>
constexpr auto stack_of(const Pack<E...>& encoder, const Pack<D...>& decoder) {
  return [&]<std::size_t... K, std::size_t... J>(std::index_sequence<K...>, std::index_sequence<J...>) {
    return Stack<sizeof...(E), E..., D...>(get<K>(encoder)..., get<J>(decoder)...);
  }(std::index_sequence_for<E...>(), std::index_sequence_for<D...>());
}

template <class In, class... E, class... D>
constexpr auto assemble_layers(const Encoder<In, E...>& encoder, const Decoder<D...>& decoder) {
  return stack_of(flat(encoder.layers), flat(decoder.layers));
}

template <class In, class... E, MirrorTag M, class... D>
  requires(mirror_order<E...>().count > 0)
constexpr auto assemble_layers(const Encoder<In, E...>& encoder, const Decoder<M, D...>& decoder) {
  const auto layers = flat(encoder.layers);
  auto encoding = stack_of(layers, Pack<>());
  encoding.template resolve<0, decltype(encoding)::size>(input_shape(encoder.input));
  const auto mirrored = reflect_all<M::tied>(encoder.layers, encoding.layer_info.data(), 0);
  return [&]<std::size_t... J>(std::index_sequence<J...>) {
    return stack_of(layers, joined(flat(mirrored), flat(Pack<D...>(get<J + 1>(decoder.layers)...))));
  }(std::index_sequence_for<D...>());
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
  static constexpr std::size_t layers = flat_position<E...>(sizeof...(E));
};
template <class... D>
struct Parts<Decoder<D...>> {
  static constexpr bool encoder = false, decoder = true;
  static constexpr std::size_t layers = flat_position<D...>(sizeof...(D));
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
