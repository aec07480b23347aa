#pragma once

#include <concepts>
#include <eigencoder/extend/pack.hpp>
#include <string_view>

namespace eigencoder {

/// Stands in a decoder for the mirror image of the encoder.
///
/// Blocks of layers are reversed, not single layers: of L1 n1 L2 n2 L3 n3, where L is a linear layer and n the layers
/// after it, the mirror is L3' n2 L2' n1 L1'. The layers n3, which shaped the code, are not mirrored. L' is the adjoint
/// of L with a weight and a bias of its own, and returns exactly the shape that L takes.
///
/// A pooling layer begins a block too, and L' is then the nearest-neighbor upsampling to that shape; so does a
/// `Residual`. Layers that read another layer (skip connections, unpooling) are not mirrored.
struct Mirror {
  static constexpr std::string_view name = "Mirror";  ///< what messages call it
  static constexpr bool tied = false;                 ///< whether the layers share the encoder's weights
};

/// A `Mirror` whose layers share the encoder's weights, transposed. Their biases are their own.
struct TiedMirror {
  static constexpr std::string_view name = "TiedMirror";  ///< what messages call it
  static constexpr bool tied = true;                      ///< whether the layers share the encoder's weights
};

/// `Mirror` or `TiedMirror`.
template <class D>
concept MirrorTag = std::same_as<D, Mirror> || std::same_as<D, TiedMirror>;

/// The part of a model that turns a code back into a sample: a list of layers, or `Mirror` or `TiedMirror`, which other
/// layers may follow. A decoder is a description; `Autoencoder` does the computing.
///
///     Decoder<Dense<128>, Relu, Dense<784>>
///     Decoder<Mirror>             // or Decoder{Mirror{}}, or just Mirror{} among the values of an Autoencoder
///     Decoder<TiedMirror, Sigmoid>
template <class... Layers>
struct Decoder {
  Pack<Layers...> layers;  ///< from the code to the sample

  /// Every layer has its default values.
  constexpr Decoder() = default;
  /// A decoder of these layers.
  constexpr explicit Decoder(const Layers&... each)
    requires(sizeof...(Layers) > 0)
      : layers(each...) {}
};
template <class... Layers>
Decoder(Layers...) -> Decoder<Layers...>;

}  // namespace eigencoder
