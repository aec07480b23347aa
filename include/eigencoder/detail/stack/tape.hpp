#pragma once

#include <array>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/types.hpp>
#include <span>

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
  std::array<Scalar*, 2> delta{};              ///< training: the gradient and the next; inference: outputs in turn
  Index draws = 1;                             ///< the decoder's columns per sample
  Scalar* latent = nullptr;                    ///< the decoder's input, if a bottleneck computes it
  Scalar* bottleneck_cache = nullptr;          ///< what the bottleneck saves

  /// The input of layer i.
  const Scalar* input_of(std::size_t i) const {
    if (i == first || i == 0) return input;
    return i == encoder_depth && latent ? latent : output[i - 1];
  }
};

/// Lays out buffers one after another in memory that may turn out too small: then a second plan, in memory for the
/// `size()` of the first, sets all pointers.
template <class Scalar>
class BufferPlan {
 public:
  explicit BufferPlan(std::span<Scalar> memory) : memory_(memory) {}

  /// Sets `buffer` to the next `values` values. @throws OptionError for more than an address space holds
  void reserve(Scalar*& buffer, Index values) {
    if (values > limit - size_) throw_too_large(values);
    const Index begin = size_;
    size_ += padded<Scalar>(values);
    buffer = fits() ? memory_.data() + begin : nullptr;
  }
  /// The number of values reserved so far, with padding.
  Index size() const { return size_; }
  /// Whether they fit in the memory.
  bool fits() const { return size_ <= std::ssize(memory_); }

  static constexpr Index limit = max_bytes / static_cast<Index>(sizeof(Scalar));

 private:
  std::span<Scalar> memory_;
  Index size_ = 0;
};

}  // namespace eigencoder::detail
