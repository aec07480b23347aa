#pragma once

#include <array>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

/// What a pass saves besides what the layers themselves need: for policies that read a layer's output or add to its
/// gradient, and for a bottleneck between encoder and decoder.
template <std::size_t N>
struct PassRequirements {
  std::array<bool, N> saved_outputs{};    ///< a policy reads the layer's output after the forward pass
  std::array<bool, N> extra_gradients{};  ///< a policy adds to the gradient of the layer's output
  Index draws = 0;                        ///< codes that the bottleneck draws a sample; 0 without a bottleneck
  Index bottleneck_cache = 0;             ///< values that the bottleneck saves for the whole batch
};

/// The buffers of one pass, all in one arena of the workspace. In training every layer has an output and a cache of its
/// own; a pointer that a pass does not need is null.
template <class Scalar, std::size_t N>
struct Tape {
  const Scalar* input = nullptr;               ///< of layer `first`
  std::size_t first = 0;                       ///< the first layer that the pass runs
  std::size_t encoder_depth = 0;               ///< the decoder's first layer
  std::array<Scalar*, N> output{};             ///< of each layer
  std::array<Scalar*, N> cache{};              ///< what a custom layer saves for its backward pass
  std::array<Scalar*, N> pending_gradients{};  ///< of a skip layer: the gradient of its source, until backward gets there
  std::array<Scalar*, N> extra_gradients{};    ///< what policies add to the gradient of the layer's output
  std::array<Scalar*, 2> delta{};              ///< the gradient on its way back, and the next one
  Index draws = 1;                             ///< columns for each sample in the decoder
  Scalar* latent = nullptr;                    ///< the decoder's input, where a bottleneck makes it
  Scalar* bottleneck_cache = nullptr;          ///< what the bottleneck saves

  /// The input of layer i.
  const Scalar* input_of(std::size_t i) const {
    if (i == first || i == 0) return input;
    return i == encoder_depth && latent ? latent : output[i - 1];
  }
};

/// Gives buffers one after another: it first only adds up their sizes, then, once it has memory, hands it out.
template <class Scalar>
class BufferPlan {
 public:
  /// @throws OptionError for more values than memory can hold
  void reserve(Scalar*& buffer, Index values) {
    if (values > limit - size_) too_large(values);
    buffer = memory_ ? memory_ + size_ : nullptr;
    size_ += padded<Scalar>(values);
  }
  /// The values reserved so far, padding included.
  Index size() const { return size_; }
  /// Begins again, in memory for `size()` values.
  void lay_out(Scalar* memory) {
    memory_ = memory;
    size_ = 0;
  }

  static constexpr Index limit = max_bytes / static_cast<Index>(sizeof(Scalar));

 private:
  Scalar* memory_ = nullptr;
  Index size_ = 0;
};

}  // namespace eigencoder::detail
