#pragma once

#include <concepts>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/shape.hpp>
#include <string_view>

/// @file
/// The halves of a model, as lists of layers, and what may stand first in them: the input, the mirror.
namespace eigencoder {

/// The input of an encoder as a vector of N values: `Input<784>`, or `Input{n}` with a size known at run time.
template <Index N = Dynamic>
struct Input {
  Index size = N;  ///< the number of values in a sample

  /// The size of the type.
  constexpr Input() = default;
  /// A size known at run time.
  constexpr explicit Input(Index n)
    requires(N == Dynamic)
      : size(n) {}
  /// The shape of a sample.
  constexpr Shape shape() const { return Shape::flat(size); }
  /// What messages call it: "Input<784>", or "Input{784}" where the size is a value.
  constexpr Text name() const { return detail::spelled_type("Input", N == Dynamic, {size}); }
};
Input(Index) -> Input<Dynamic>;

/// The input of an encoder as an image, height x width x channels: `Image<40, 40, 3>`, or `Image{h, w, c}` with sizes
/// known at run time. In a sample the channels of a pixel lie side by side, pixel after pixel, row after row.
template <Index H = Dynamic, Index W = Dynamic, Index C = Dynamic>
struct Image {
  Index height = H;    ///< rows of pixels
  Index width = W;     ///< pixels per row
  Index channels = C;  ///< values per pixel

  /// The sizes of the type.
  constexpr Image() = default;
  /// Sizes known at run time.
  constexpr Image(Index h, Index w, Index c)
    requires(H == Dynamic && W == Dynamic && C == Dynamic)
      : height(h), width(w), channels(c) {}
  /// The shape of a sample.
  constexpr Shape shape() const {
    return {Shape::checked(height), Shape::checked(width), Shape::checked(channels)};
  }
  /// What messages call it: "Image<40, 40, 3>", or "Image{40, 40, 3}" where all sizes are values.
  constexpr Text name() const {
    return detail::spelled_type("Image", H == Dynamic && W == Dynamic && C == Dynamic, {height, width, channels});
  }
};
Image(Index, Index, Index) -> Image<Dynamic, Dynamic, Dynamic>;

/// The part of a model that turns a sample into its code: an input and the layers after it. An encoder is a
/// description; `Autoencoder` does the computing.
///
///     Encoder<Input<784>, Dense<128>, Relu, Dense<32>>                   // sizes in the type
///     Encoder{Input{784}, Dense{128}, LeakyRelu{.negative_slope = 0.2}}  // sizes in the values
template <class In, class... Layers>
struct Encoder {
  In input;                ///< the shape of a sample: `Input` or `Image`
  Pack<Layers...> layers;  ///< from the sample to the code

  /// This encoder with one more layer at its end.
  template <class Layer>
  using Append = Encoder<In, Layers..., Layer>;

  /// Every layer has its default values.
  constexpr Encoder() = default;
  /// An encoder of this input and these layers.
  constexpr explicit Encoder(const In& in, const Layers&... each) : input(in), layers(each...) {}
};
template <class In, class... Layers>
Encoder(In, Layers...) -> Encoder<In, Layers...>;

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
