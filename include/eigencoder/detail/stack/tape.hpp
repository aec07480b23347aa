#pragma once

#include <array>
#include <eigencoder/extend/parameters.hpp>

namespace eigencoder::detail {

/// What a pass keeps for others than its layers: policies that look at what leaves a layer or add to its gradient, and
/// a bottleneck between encoder and decoder.
template <std::size_t N>
struct PassRequirements {
  std::array<bool, N> kept{};   ///< the output of a layer outlives the pass
  std::array<bool, N> added{};  ///< something is added to the gradient of its output
  Index draws = 0;              ///< codes that the bottleneck draws a sample; 0 without a bottleneck
  Index bottleneck = 0;         ///< values that the bottleneck keeps, for the whole batch
};

/// Where each layer's output and cache lie during a pass.
template <class Scalar, std::size_t N>
struct Tape {
  const Scalar* input = nullptr;  ///< of layer `first`
  std::size_t first = 0;
  std::size_t encoder_depth = 0;        ///< the decoder's first layer
  std::array<Scalar*, N> output{};
  std::array<Scalar*, N> cache{};
  std::array<Scalar*, N> held{};   ///< of a layer that reads another one: the gradient of what it read
  std::array<Scalar*, 2> delta{};  ///< the gradient on its way down, and the next one
  std::array<Scalar*, N> added{};  ///< what policies add to the gradient of a layer's output, or null
  Index draws = 1;                 ///< columns a sample behind the code
  Scalar* latent = nullptr;        ///< what the bottleneck hands to the decoder, where there is one
  Scalar* bottleneck = nullptr;    ///< what it keeps

  /// What entered layer i.
  const Scalar* into(std::size_t i) const {
    if (i == first || i == 0) return input;
    return i == encoder_depth && latent ? latent : output[i - 1];
  }
};

}  // namespace eigencoder::detail
