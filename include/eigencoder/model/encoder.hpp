#pragma once

#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/shape.hpp>

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

}  // namespace eigencoder
