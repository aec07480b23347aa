#pragma once

#include <array>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

/// What a pass provides beyond the needs of its layers: outputs and gradients for policies, and memory for a bottleneck
/// between encoder and decoder.
template <std::size_t N>
struct PassRequirements {
  std::array<bool, N> saved_outputs{};    ///< a policy reads the layer's output after the forward pass
  std::array<bool, N> extra_gradients{};  ///< a policy adds to the gradient of the layer's output
  Index draws = 0;                        ///< codes that the bottleneck draws per sample; 0 without a bottleneck
  Index bottleneck_cache = 0;             ///< values that the bottleneck saves for the whole batch
};

/// The buffers of one pass, all in one arena of the workspace. Pointers that the pass does not need are null.
template <class Scalar, std::size_t N>
struct Tape {
  const Scalar* input = nullptr;               ///< the input of layer `first`
  std::size_t first = 0;                       ///< the first layer that the pass runs
  std::size_t encoder_depth = 0;               ///< the decoder's first layer
  std::array<Scalar*, N> output{};             ///< each layer's output
  std::array<Scalar*, N> cache{};              ///< what each custom layer saves for its backward pass
  std::array<Scalar*, N> pending_gradients{};  ///< of each skip layer's source, until backward reaches that
  std::array<Scalar*, N> extra_gradients{};    ///< what policies add to the gradient of each layer's output
  std::array<Scalar*, 2> delta{};              ///< the gradient that backward carries, and a buffer for the next one
  Index draws = 1;                             ///< the decoder's columns per sample
  Scalar* latent = nullptr;                    ///< the decoder's input, if a bottleneck computes it
  Scalar* bottleneck_cache = nullptr;          ///< what the bottleneck saves

  /// The input of layer i.
  const Scalar* input_of(std::size_t i) const {
    if (i == first || i == 0) return input;
    return i == encoder_depth && latent ? latent : output[i - 1];
  }
};

/// Lays out buffers in one piece of memory, in two rounds of the same `reserve` calls: the first adds up the sizes, the
/// second, after `lay_out`, sets the pointers.
template <class Scalar>
class BufferPlan {
 public:
  /// @throws OptionError for more values than an address space holds
  void reserve(Scalar*& buffer, Index values) {
    if (values > limit - size_) throw_too_large(values);
    buffer = memory_ ? memory_ + size_ : nullptr;
    size_ += padded<Scalar>(values);
  }
  /// The number of values reserved so far, with padding.
  Index size() const { return size_; }
  /// Begins the second round; `memory` holds `size()` values.
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
