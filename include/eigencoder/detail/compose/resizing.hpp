#pragma once

#include <cstddef>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/compose/composition.hpp>
#include <eigencoder/detail/compose/flatten.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/shape.hpp>
#include <utility>

/// @file
/// What a model for images of another size is made of: the encoder and the decoder of a model in use, and what in its
/// types or its parameters holds it to one size.
namespace eigencoder::detail {

/// The inverse of `flat`: lists of layers, in which a `Residual` is one, from the flat layers that begin at `First`.
template <class L>
struct Unflat {
  template <std::size_t First, class FlatLayers>
  static constexpr L of(const FlatLayers& layers) {
    return get<First>(layers);
  }
};
template <class... L>
struct Unflat<Pack<L...>> {
  template <std::size_t First, class FlatLayers>
  static constexpr Pack<L...> of([[maybe_unused]] const FlatLayers& layers) {
    Pack<L...> list;
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      ((get<K>(list) = Unflat<L>::template of<First + flat_position<L...>(K)>(layers)), ...);
    }(std::index_sequence_for<L...>());
    return list;
  }
};
template <class... L>
struct Unflat<Residual<L...>> {
  template <std::size_t First, class FlatLayers>
  static constexpr Residual<L...> of(const FlatLayers& layers) {
    Residual<L...> residual;
    residual.layers = Unflat<Pack<L...>>::template of<First>(layers);
    return residual;
  }
};

/// The decoder from whose layers, flat and at the end of `layers`, a stack was made: without those for which a mirror
/// stands.
template <class D>
struct DecoderOf;
template <class... D>
struct DecoderOf<Decoder<D...>> {
  template <class... L>
  static Decoder<D...> in(const Pack<L...>& layers) {
    Decoder<D...> decoder;
    decoder.layers = Unflat<Pack<D...>>::template of<sizeof...(L) - flat_position<D...>(sizeof...(D))>(layers);
    return decoder;
  }
};
template <MirrorTag M, class... D>
struct DecoderOf<Decoder<M, D...>> {
  template <class... L>
  static Decoder<M, D...> in(const Pack<L...>& layers) {
    const auto rest = Unflat<Pack<D...>>::template of<sizeof...(L) - flat_position<D...>(sizeof...(D))>(layers);
    Decoder<M, D...> decoder;
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      ((get<K + 1>(decoder.layers) = get<K>(rest)), ...);
    }(std::index_sequence_for<D...>());
    return decoder;
  }
};

/// What in the types of a legal model holds it to one size of images, if anything.
template <bool Legal, class E, class D, class... P>
struct FixedImageSize;
template <bool Legal, class In, class... L, class D, class... P>
struct FixedImageSize<Legal, Encoder<In, L...>, D, P...> {
  static constexpr Diagnosis diagnosis = [] {
    if constexpr (!Legal) {
      return Diagnosis{};
    } else if constexpr (!requires(In in) { in.height = in.width = in.channels; }) {
      return Diagnosis{Rule::is_resizable, part_name(In{}), "no image", "Image{h, w, c}"};
    } else if (In{}.height != Dynamic || In{}.width != Dynamic) {
      return Diagnosis{Rule::is_resizable, part_name(In{}), "sizes in the type", "sizes as values, Image{h, w, c}"};
    } else {
      constexpr auto stack = assemble<P...>(Encoder<In, L...>{}, D{});
      const Shape out = stack.layer_info[stack.size - 1].out;
      const Shape target = target_shape(Shape{Dynamic, Dynamic, Dynamic}, default_policy<P>()...);
      if (target.height != Dynamic || target.width != Dynamic)
        return Diagnosis{Rule::is_resizable, "Target", Text::of("an output of ", target.text(), " in the type"),
                         "sizes as values, Target{Image{h, w, c}}"};
      if (out.height == Dynamic && out.width == Dynamic) return Diagnosis{};
      return Diagnosis{Rule::is_resizable, part_name(get<stack.size - 1>(stack.layers)),
                       Text::of("an output of ", out.text(), " for images of every size"),
                       "an output that grows with them"};
    }
  }();
};

/// The policy of a model whose decoder returns `output`: a target has this height and width.
template <class P>
P resized_policy(const P& policy, [[maybe_unused]] Shape output) {
  P other = policy;
  if constexpr (requires { other.output.height * other.output.width; }) {
    other.output.height = output.height;
    other.output.width = output.width;
  }
  return other;
}

/// How many learned values a layer has for inputs of this shape.
template <class L>
[[gnu::cold]] Index learned_values([[maybe_unused]] const L& layer, [[maybe_unused]] Shape in) {
  if constexpr (kind<L> == LayerKind::linear) {
    const WeightShape weight = layer.weight_shape(in);
    return weight.rows * weight.cols;
  } else if constexpr (kind<L> == LayerKind::custom) {
    ParameterLayout layout;
    layer.declare(layout, 0, in);
    return layout.parameters() + layout.statistics();
  } else {
    return 0;
  }
}

/// What of a network cannot be the same as of another one of its type, for images of another size, if anything.
template <class Network>
[[gnu::cold]] Diagnosis diagnose_resized(const Network& network, const Network& other) {
  const auto found = [](const Text& who) {
    return Diagnosis{Rule::is_resizable, who, "learned values for each position of an image",
                     "learned values that serve all positions, as those of Conv2d"};
  };
  Diagnosis wrong;
  Network::Stack::template each<0, Network::layer_count>([&]<std::size_t K>() {
    const Shape in = other.stack.layer_info[K].in;
    if (!wrong.ok() || in == network.stack.layer_info[K].in) return;
    const auto& layer = get<K>(other.stack.layers);  // twice the rows: two sizes may have equally many positions
    if (learned_values(layer, in) != learned_values(layer, {2 * in.height, in.width, in.channels}))
      wrong = found(part_name(layer));
  });
  // What the loss and the bottleneck learn.
  if (wrong.ok() && network.layout.statistics() != other.layout.statistics()) wrong = found("the bottleneck");
  const auto& blocks = network.layout.blocks();
  for (std::size_t i = 0; i < blocks.size(); ++i)
    if (wrong.ok() && blocks[i].size() != other.layout.blocks()[i].size())
      wrong = found(static_cast<Index>(i) == network.loss_block ? part_name(network.loss) : Text("the bottleneck"));
  return wrong;
}

}  // namespace eigencoder::detail
