#pragma once

#include <eigencoder/extend/shape.hpp>
#include <eigencoder/layers/activations.hpp>
#include <eigencoder/layers/batch_norm.hpp>
#include <eigencoder/layers/conv2d.hpp>
#include <eigencoder/model/encoder_and_decoder.hpp>

namespace examples {

inline constexpr eigencoder::LeakyRelu sprite_activation{.negative_slope = 0.1};

/// The encoder of sprites: three strided convolutions down to an eighth of the size, then the layers given, the last of
/// which makes the code.
template <class... Layers>
auto strided_encoder(const eigencoder::Shape& image, Layers... layers) {
  using namespace eigencoder;
  const Stride<2> half;
  return Encoder{Image{image.height, image.width, image.channels},
                 Conv2d{32, 3, half, Same{}}, BatchNorm{}, sprite_activation,
                 Conv2d{64, 3, half, Same{}}, BatchNorm{}, sprite_activation,
                 Conv2d{128, 3, half, Same{}}, BatchNorm{}, sprite_activation,
                 layers...};
}

}  // namespace examples
