#pragma once

#include <eigencoder/detail/base/input_name.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/shape.hpp>

namespace eigencoder {

/// The input as a vector of N values: `Input<784>`, or `Input{n}` with the size as a value.
template <Index N = Dynamic>
struct Input {
  Index size = N;

  constexpr Input() = default;
  constexpr explicit Input(Index n)
    requires(N == Dynamic)
      : size(n) {}
  constexpr Shape shape() const { return Shape::flat(size); }
  constexpr Text name() const { return detail::input_name("Input", N == Dynamic, size); }
};
Input(Index) -> Input<Dynamic>;

/// The input as an image, height x width x channels: `Image<40, 40, 3>`, or `Image{40, 40, 3}` by value.
template <Index H = Dynamic, Index W = Dynamic, Index C = Dynamic>
struct Image {
  Index height = H;
  Index width = W;
  Index channels = C;

  constexpr Image() = default;
  constexpr Image(Index h, Index w, Index c)
    requires(H == Dynamic && W == Dynamic && C == Dynamic)
      : height(h), width(w), channels(c) {}
  constexpr Shape shape() const {
    return {Shape::checked(height), Shape::checked(width), Shape::checked(channels)};
  }
  constexpr Text name() const {
    return detail::input_name("Image", H == Dynamic && W == Dynamic && C == Dynamic, height, width, channels);
  }
};
Image(Index, Index, Index) -> Image<Dynamic, Dynamic, Dynamic>;

/// What turns a sample into its code: an input and the layers behind it. It describes; `Autoencoder` computes.
///
///     Encoder<Input<784>, Dense<128>, Relu, Dense<32>>                   sizes in the type
///     Encoder{Input{784}, Dense{128}, LeakyRelu{.negative_slope = 0.2}}  sizes in the values
template <class In, class... Layers>
struct Encoder {
  In input;
  Pack<Layers...> layers;

  constexpr Encoder() = default;
  constexpr explicit Encoder(const In& in, const Layers&... each) : input(in), layers(each...) {}
};
template <class In, class... Layers>
Encoder(In, Layers...) -> Encoder<In, Layers...>;

}  // namespace eigencoder
