#pragma once

#include <algorithm>
#include <concepts>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/compose/flatten.hpp>
#include <eigencoder/detail/stack/stack.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/model/encoder_and_decoder.hpp>
#include <limits>
#include <type_traits>
#include <utility>

/// @file
/// Makes one stack of layers with shapes from an encoder and a decoder. Everything here is total: an illegal
/// composition gives a stack too, for `composition_rules.hpp` to say what is wrong with it. And it says which parts
/// have constexpr defaults, which the compiler needs to diagnose the composition.
namespace eigencoder::detail {

/// Whether a block of layers, the unit that a mirror reverses, begins with this layer.
template <class L>
inline constexpr bool opens_block = kind<L> == LayerKind::linear || requires(const L& layer) { layer.mirror(Shape()); };
template <class... L>
inline constexpr bool opens_block<Residual<L...>> = true;

/// For each layer of the mirrored decoder the position of its encoder layer.
template <std::size_t N>
struct MirrorOrder {
  std::size_t source[N > 0 ? N : 1] = {};
  std::size_t count = 0;
};

/// The order of a mirrored decoder: blocks in reverse. In the decoder, the layer that opens a block is followed by the
/// other layers of the block before it, in their order. Skip layers are left out.
template <class... E>
consteval MirrorOrder<sizeof...(E)> mirror_order() {
  constexpr std::size_t n = sizeof...(E);
  const bool opens[n + 1] = {opens_block<E>..., false};
  const bool skip[n + 1] = {kind<E> == LayerKind::skip..., false};
  MirrorOrder<n> order;
  for (std::size_t i = n; i-- > 0;) {
    if (!opens[i]) continue;
    order.source[order.count++] = i;
    std::size_t before = i;  // one past the layer that opens the block before this one
    while (before > 0 && !opens[before - 1]) --before;
    if (before > 0)
      for (std::size_t k = before; k < i; ++k)
        if (!skip[k]) order.source[order.count++] = k;
  }
  return order;
}

/// The mirror image of one encoder layer; `layer_info` is that of the layer itself, or of the first layer of a residual
/// stack, and `in` the shape that the mirror image returns.
template <bool Tied, class L>
constexpr auto mirror_layer(const L& layer, [[maybe_unused]] const LayerInfo* layer_info, [[maybe_unused]] Shape in,
                            [[maybe_unused]] std::size_t position) {
  if constexpr (requires { layer.mirror(Shape()); }) {
    return layer.mirror(in);
  } else if constexpr (kind<L> == LayerKind::linear) {
    Mirrored<L, Tied> mirrored{layer};
    mirrored.original = in;
    mirrored.source = static_cast<Index>(position);
    return mirrored;
  } else {
    return layer;
  }
}
template <bool Tied, class... L>
constexpr auto mirror_layer(const Residual<L...>& residual, const LayerInfo* layer_info, Shape in,
                            std::size_t position);

/// All layers of a mirrored decoder, which returns `sample`: the input of the encoder's first block of layers, without
/// the mask that it may have got too.
template <bool Tied, class... E>
constexpr auto mirror_layers(const Pack<E...>& layers, const LayerInfo* layer_info, Shape sample,
                             std::size_t position) {
  constexpr auto order = mirror_order<E...>();
  const auto mirrored = [&]<std::size_t K>() {
    constexpr std::size_t source = order.source[K];
    constexpr std::size_t offset = flat_position<E...>(source);
    const Shape in = layer_info[offset].in;
    constexpr bool opens[] = {opens_block<E>..., true};
    constexpr bool first = std::find(opens, opens + sizeof...(E), true) == opens + source;
    const bool returns_sample = first && !Tied && in == layer_info[0].in;
    return mirror_layer<Tied>(get<source>(layers), layer_info + offset, returns_sample ? sample : in,
                              position + offset);
  };
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return Pack<decltype(mirrored.template operator()<K>())...>(mirrored.template operator()<K>()...);
  }(std::make_index_sequence<order.count>());
}

template <bool Tied, class... L>
constexpr auto mirror_layer(const Residual<L...>& residual, const LayerInfo* layer_info, Shape in,
                            std::size_t position) {
  if constexpr (mirror_order<L...>().count == 0) {
    return residual;
  } else {
    return [&]<class... M>(const Pack<M...>& mirrored) {
      return [&]<std::size_t... K>(std::index_sequence<K...>) {
        return Residual<M...>(get<K>(mirrored)...);
      }(std::index_sequence_for<M...>());
    }(mirror_layers<Tied>(residual.layers, layer_info, in, position));
  }
}

/// The shape of an encoder's input; none if that is no input.
template <class In>
constexpr Shape input_shape(const In& input) {
  if constexpr (requires { { input.shape() } -> std::same_as<Shape>; }) return input.shape();
  else return Shape::none();
}

/// The shape in which an encoder gets a sample: with a mask, of twice the channels.
constexpr Shape encoder_shape(Shape sample, bool feeds_mask) {
  if (feeds_mask && sample.channels > 0)
    sample.channels = sample.channels <= (std::numeric_limits<Index>::max)() / 2 ? 2 * sample.channels
                                                                                 : Shape::impossible;
  return sample;
}

/// The stack of an encoder's and a decoder's layers.
template <class... E, class... D>
constexpr auto stack_of(const Pack<E...>& encoder, const Pack<D...>& decoder) {
  return [&]<std::size_t... K, std::size_t... J>(std::index_sequence<K...>, std::index_sequence<J...>) {
    return Stack<sizeof...(E), E..., D...>(get<K>(encoder)..., get<J>(decoder)...);
  }(std::index_sequence_for<E...>(), std::index_sequence_for<D...>());
}

/// The stack of a composition, a mirror replaced by the layers for which it stands. Shapes are not computed.
template <bool FeedsMask, class In, class... E, class... D>
constexpr auto assemble_layers(const Encoder<In, E...>& encoder, const Decoder<D...>& decoder) {
  return stack_of(flat(encoder.layers), flat(decoder.layers));
}

template <bool FeedsMask, class In, class... E, MirrorTag M, class... D>
  requires(mirror_order<E...>().count > 0)
constexpr auto assemble_layers(const Encoder<In, E...>& encoder, const Decoder<M, D...>& decoder) {
  const auto layers = flat(encoder.layers);
  auto encoding = stack_of(layers, Pack<>());
  const Shape sample = input_shape(encoder.input);
  encoding.template resolve<0, decltype(encoding)::size>(encoder_shape(sample, FeedsMask));
  const auto mirrored = mirror_layers<M::tied>(encoder.layers, encoding.layer_info.data(), sample, 0);
  return [&]<std::size_t... J>(std::index_sequence<J...>) {
    return stack_of(layers, joined(flat(mirrored), flat(Pack<D...>(get<J + 1>(decoder.layers)...))));
  }(std::index_sequence_for<D...>());
}

/// What a type is as a part of a model, and the number of layers in it.
template <class T>
struct PartTraits {
  static constexpr bool is_encoder = false, is_decoder = false;
  static constexpr std::size_t depth = 0;
};
template <class In, class... E>
struct PartTraits<Encoder<In, E...>> {
  static constexpr bool is_encoder = true, is_decoder = false;
  static constexpr bool has_input = requires(const In& in) { { in.shape() } -> std::same_as<Shape>; };
  static constexpr std::size_t depth = flat_position<E...>(sizeof...(E));
};
template <class... D>
struct PartTraits<Decoder<D...>> {
  static constexpr bool is_encoder = false, is_decoder = true;
  static constexpr std::size_t depth = flat_position<D...>(sizeof...(D));
};

/// The stack of a composition with these policies, with all shapes.
template <class... Policies, class E, class D>
constexpr auto assemble(const E& encoder, const D& decoder) {
  if constexpr (PartTraits<E>::is_encoder && PartTraits<D>::is_decoder) {
    constexpr bool masked = (feeds_mask<Policies> || ...);
    auto stack = assemble_layers<masked>(encoder, decoder);
    stack.template resolve<0, decltype(stack)::size>(encoder_shape(input_shape(encoder.input), masked));
    return stack;
  } else {
    return Stack<0>();
  }
}

/// A type with a constexpr default constructor.
template <class T>
concept ConstantDefault = requires { typename std::integral_constant<int, (static_cast<void>(T{}), 0)>; };

/// The name of the first part without a constexpr default; empty if all have one.
template <class T>
constexpr Text without_default(const T*) {
  return ConstantDefault<T> ? Text() : type_name<T>();
}
template <class... T>
constexpr Text without_default(const Decoder<T...>*) {
  Text found;
  ((found = found.empty() ? without_default(static_cast<const T*>(nullptr)) : found), ...);
  return found;
}
template <class... T>
constexpr Text without_default(const Encoder<T...>*) {
  return without_default(static_cast<const Decoder<T...>*>(nullptr));
}

/// Takes the place of a corruption without a constexpr default, such as one that holds a `std::function`.
template <Policy P>
struct PlaceholderPolicy {
  static constexpr std::string_view kind = P::kind;
  static constexpr Index at_layer = P::at_layer;
  constexpr void validate() const {}
};

/// The constexpr default of a policy, or its placeholder.
template <class P>
constexpr auto default_policy() {
  if constexpr (!ConstantDefault<P> && Corrupts<P>) return PlaceholderPolicy<P>{};
  else return P{};
}

}  // namespace eigencoder::detail
