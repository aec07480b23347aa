#pragma once

#include <array>
#include <eigencoder/detail/base/custom_layers.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/pack.hpp>

namespace eigencoder::detail {

/// What the types of a stack's layers alone decide; the first `EncoderDepth` of them make the code.
template <std::size_t EncoderDepth, class... Layers>
struct StackTraits {
  static constexpr std::size_t size = sizeof...(Layers);

  template <std::size_t K>
  using LayerAt = Element<K, Pack<Layers...>>;

  /// The layer that layer I reads besides the one before it; `no_link` if none, -1 for the stack's input.
  static constexpr Index no_link = -2;
  template <class L>
  static constexpr Index link_of(std::size_t own) {
    if constexpr (kind<L> == LayerKind::skip) return L::link(static_cast<Index>(own));
    else return static_cast<void>(own), no_link;
  }
  static constexpr std::array<Index, size + 1> links = [] {
    std::size_t own = 0;
    return std::array<Index, size + 1>{link_of<Layers>(own++)..., no_link};
  }();

  template <class L>
  static constexpr bool reads_a_cache() {
    if constexpr (kind<L> == LayerKind::skip) return L::reads_cache;
    else return false;
  }
  static constexpr std::array<bool, size + 1> reads_cache = {reads_a_cache<Layers>()..., false};

  /// Whether the layer that layer I reads is one that it can read.
  template <std::size_t K>
  static constexpr bool reads_well() {
    if constexpr (!reads_cache[K]) return true;
    else if constexpr (links[K] < 0 || links[K] >= static_cast<Index>(K)) return false;
    else return LayerAt<K>::template reads<LayerAt<static_cast<std::size_t>(links[K])>>;
  }

  /// Whether a later layer reads the output, or the cache, of the layer at a position.
  static constexpr bool output_is_read(Index position) { return is_read(position, false); }
  static constexpr bool cache_is_read(Index position) { return is_read(position, true); }

  /// The first layer behind the code that reads a layer before it; `size` if there is none.
  static constexpr std::size_t first_across() {
    for (std::size_t i = EncoderDepth; i < size; ++i) {
      const Index code = static_cast<Index>(EncoderDepth) - 1;
      if (links[i] != no_link && (links[i] < code || (links[i] == code && reads_cache[i]))) return i;
    }
    return size;
  }

  /// Whether a layer cannot learn from one sample alone.
  static constexpr bool couples_batch() { return (couples<Layers>() || ...); }
  /// The same of the layers behind the code.
  static constexpr bool decoder_couples_batch() {
    std::size_t i = 0;
    return ((i++ >= EncoderDepth && couples<Layers>()) || ...);
  }

  /// Whether the activation I + 1 is computed while the output of the linear layer I is in the cache.
  template <std::size_t K>
  static constexpr bool fused() {
    if constexpr (K + 1 >= size || K + 1 == EncoderDepth) return false;
    else return kind<LayerAt<K>> == LayerKind::linear && kind<LayerAt<K + 1>> == LayerKind::pointwise;
  }

  /// Whether the activation I + 1 may write over the output of layer I in training: nobody reads it again.
  template <std::size_t K>
  static constexpr bool overwritten() {
    if constexpr (K + 1 >= size || K + 1 == EncoderDepth) return false;
    else if constexpr (kind<LayerAt<K + 1>> != LayerKind::pointwise || kind<LayerAt<K>> == LayerKind::pointwise) return false;
    else return LayerAt<K + 1>::saved_for_backward == SavedForBackward::output && !output_is_read(static_cast<Index>(K));
  }

  /// The spread of weights that suits the next activation before another layer with a weight.
  template <std::size_t K>
  static constexpr InitializerHint hint_after() {
    if constexpr (K + 1 >= size) return InitializerHint::glorot;
    else if constexpr (kind<LayerAt<K + 1>> == LayerKind::pointwise) return LayerAt<K + 1>::hint;
    else if constexpr (weighs<LayerAt<K + 1>>()) return InitializerHint::glorot;
    else return hint_after<K + 1>();
  }

 private:
  static constexpr bool is_read(Index position, bool cache) {
    for (std::size_t i = 0; i < size; ++i)
      if (links[i] == position && reads_cache[i] == cache) return true;
    return false;
  }
  template <class L>
  static constexpr bool couples() {
    if constexpr (kind<L> == LayerKind::custom) return needs_batch<L>;
    else return false;
  }
  template <class L>
  static constexpr bool weighs() {
    if constexpr (kind<L> == LayerKind::linear) return L::has_weight;
    else return false;
  }
};

}  // namespace eigencoder::detail
