#pragma once

#include <eigencoder/extend/pack.hpp>
#include <string_view>

namespace eigencoder {

/// Stands for the encoder's layers in reverse. Blocks are reversed, not single layers: of L1 n1 L2 n2 L3 n3,
/// where L is linear and n what follows it, it makes L3' n2 L2' n1 L1'; n3, which shaped the code, is not mirrored.
/// L' is the adjoint of L with a weight and a bias of its own, and returns exactly the shape that entered L. Pooling
/// opens a block too, whose L' is nearest upsampling to that shape, and so does a `Residual`. Layers that read others
/// (skip connections, unpooling) are not mirrored.
struct Mirror {
  static constexpr std::string_view name = "Mirror";
  static constexpr bool tied = false;
};

/// A `Mirror` whose layers share the encoder's weights, transposed; the biases are its own.
struct TiedMirror {
  static constexpr std::string_view name = "TiedMirror";
  static constexpr bool tied = true;
};

/// What turns a code back into a sample: a list of layers, or `Mirror` (or `TiedMirror`), which other
/// layers may follow.
///
///     Decoder<Dense<128>, Relu, Dense<784>>
///     Decoder<Mirror>, Decoder{Mirror{}}, or just Mirror{} among the values of an Autoencoder
///     Decoder<TiedMirror, Sigmoid>
template <class... Layers>
struct Decoder {
  Pack<Layers...> layers;

  constexpr Decoder() = default;
  constexpr explicit Decoder(const Layers&... each)
    requires(sizeof...(Layers) > 0)
      : layers(each...) {}
};
template <class... Layers>
Decoder(Layers...) -> Decoder<Layers...>;

}  // namespace eigencoder
