#pragma once

#include <array>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/pack.hpp>

namespace eigencoder::detail {

/// What the types of a stack's layers decide, without any value. The first `EncoderDepth` layers compute the code.
template <std::size_t EncoderDepth, class... Layers>
struct StackTraits {
  static constexpr std::size_t size = sizeof...(Layers);

  template <std::size_t K>
  using LayerAt = Element<K, Pack<Layers...>>;

  static constexpr Index no_source = -2;
  template <class L>
  static constexpr Index skip_source_of([[maybe_unused]] std::size_t position) {
    if constexpr (kind<L> == LayerKind::skip) return L::source(static_cast<Index>(position));
    else return no_source;
  }
  /// For each layer the one that it reads besides its predecessor: -1 is the stack's input, `no_source` none.
  static constexpr std::array<Index, size + 1> skip_sources = [] {
    std::size_t position = 0;
    return std::array<Index, size + 1>{skip_source_of<Layers>(position++)..., no_source};
  }();

  template <class L>
  static constexpr bool layer_reads_cache() {
    if constexpr (kind<L> == LayerKind::skip) return L::reads_cache;
    else return false;
  }
  /// Whether each layer reads its source's cache, not its output.
  static constexpr std::array<bool, size + 1> reads_cache = {layer_reads_cache<Layers>()..., false};

  /// Whether layer K can read the cache of its source. True for layers that read no cache.
  template <std::size_t K>
  static constexpr bool can_read_source() {
    if constexpr (!reads_cache[K]) return true;
    else if constexpr (skip_sources[K] < 0 || skip_sources[K] >= static_cast<Index>(K)) return false;
    else return LayerAt<K>::template reads<LayerAt<static_cast<std::size_t>(skip_sources[K])>>;
  }

  /// Whether a skip layer reads the output, or the cache, of the layer at this position.
  static constexpr bool output_is_read(Index position) { return is_read(position, false); }
  static constexpr bool cache_is_read(Index position) { return is_read(position, true); }

  /// The decoder's first layer that reads a layer of the encoder or the stack's input; `size` if none does. Such a
  /// decoder needs a whole sample, not only its code.
  static constexpr std::size_t first_skip_across_code() {
    for (std::size_t i = EncoderDepth; i < size; ++i) {
      const Index code = static_cast<Index>(EncoderDepth) - 1;
      if (skip_sources[i] != no_source && (skip_sources[i] < code || (skip_sources[i] == code && reads_cache[i])))
        return i;
    }
    return size;
  }

  /// Whether some layer cannot learn from a batch of one sample.
  static constexpr bool couples_batch() { return (layer_couples_batch<Layers>() || ...); }
  /// Whether some layer of the decoder cannot learn from a batch of one sample.
  static constexpr bool decoder_couples_batch() {
    std::size_t i = 0;
    return ((i++ >= EncoderDepth && layer_couples_batch<Layers>()) || ...);
  }

  /// Whether the activation K + 1 is computed together with the linear layer K, while that layer's output is in the
  /// cache.
  template <std::size_t K>
  static constexpr bool fuses_activation() {
    if constexpr (K + 1 >= size || K + 1 == EncoderDepth) return false;
    else return kind<LayerAt<K>> == LayerKind::linear && kind<LayerAt<K + 1>> == LayerKind::pointwise;
  }

  /// Whether in training the activation K + 1 may overwrite the output of layer K, because nothing reads that again.
  template <std::size_t K>
  static constexpr bool output_is_overwritten() {
    if constexpr (K + 1 >= size || K + 1 == EncoderDepth) return false;
    else if constexpr (kind<LayerAt<K + 1>> != LayerKind::pointwise) return false;
    else if constexpr (kind<LayerAt<K>> == LayerKind::pointwise) return false;
    else
      return LayerAt<K + 1>::saved_for_backward == SavedForBackward::output && !output_is_read(static_cast<Index>(K));
  }

  /// The spread of initial weights for layer K: that for the first activation after it, before the next layer with a
  /// weight.
  template <std::size_t K>
  static constexpr InitializerHint initializer_hint() {
    if constexpr (K + 1 >= size) return InitializerHint::glorot;
    else if constexpr (kind<LayerAt<K + 1>> == LayerKind::pointwise) return LayerAt<K + 1>::hint;
    else if constexpr (layer_has_weight<LayerAt<K + 1>>()) return InitializerHint::glorot;
    else return initializer_hint<K + 1>();
  }

 private:
  static constexpr bool is_read(Index position, bool cache) {
    for (std::size_t i = 0; i < size; ++i)
      if (skip_sources[i] == position && reads_cache[i] == cache) return true;
    return false;
  }
  template <class L>
  static constexpr bool layer_couples_batch() {
    if constexpr (kind<L> == LayerKind::custom) return needs_batch<L>;
    else return false;
  }
  template <class L>
  static constexpr bool layer_has_weight() {
    if constexpr (kind<L> == LayerKind::linear) return L::has_weight;
    else return false;
  }
};

}  // namespace eigencoder::detail
