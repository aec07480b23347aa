#pragma once

#include <algorithm>
#include <cstddef>
#include <eigencoder/detail/base/names.hpp>
#include <eigencoder/detail/compose/composition.hpp>
#include <eigencoder/detail/stack/stack.hpp>
#include <eigencoder/extend/diagnosis.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/model/encoder_and_decoder.hpp>
#include <string_view>
#include <type_traits>

/// @file
/// The segments of a model, which greedy pretraining trains one at a time, and what keeps a model from having them. A
/// segment is a linear layer of the encoder that has a weight, with what follows it up to the next one, and the part of
/// the decoder that undoes them.
namespace eigencoder::detail {

/// The layers first, ..., last - 1 of a model.
struct LayerRange {
  std::size_t first = 0, last = 0;
  constexpr std::size_t size() const { return last - first; }
};

struct Segment {
  LayerRange encoder, decoder;
  std::size_t mirrored = 0;  ///< the first layers of `decoder` for which a mirror stands
};

/// Whether a layer begins a segment.
template <class L>
inline constexpr bool has_weight = [] {
  if constexpr (kind<L> == LayerKind::linear) return L::has_weight;
  else return false;
}();

/// The mirror at the beginning of a decoder; `void` where there is none.
template <class D>
struct MirrorOf {
  using type = void;
};
template <MirrorTag M, class... D>
struct MirrorOf<Decoder<M, D...>> {
  using type = M;
};

/// The segments of a model, the first layer's first.
template <std::size_t N>
struct SegmentList {
  Segment at[N > 0 ? N : 1] = {};
};

/// Finds the decoder's part of each segment in a mirrored decoder: a mirror undoes blocks of layers, the last one
/// first, each followed by the other layers of the block before it.
template <std::size_t N>
constexpr void divide_mirror(SegmentList<N>& segments, const bool* opens, std::size_t depth, std::size_t size) {
  std::size_t next = depth;
  for (std::size_t k = N; k-- > 0;) {
    const LayerRange& own = segments.at[k].encoder;
    std::size_t first = own.first, last = own.last;
    while (first < last && !opens[first]) ++first;
    while (last > first && !opens[last - 1]) --last;
    std::size_t length = segments.at[k].mirrored = last - first;
    if (k > 0)
      for (std::size_t before = own.first; !opens[before - 1]; --before) ++length;
    segments.at[k].decoder = {next, k > 0 ? next + length : size};
    next += length;
  }
}

/// Finds it in a decoder with as many weights as the encoder. Layers without a weight that would begin a block, such as
/// `Upsample`, belong to the weight right after them.
template <std::size_t N>
constexpr void divide_decoder(SegmentList<N>& segments, const bool* weighted, const bool* opens, std::size_t depth,
                              std::size_t size) {
  std::size_t k = N;
  for (std::size_t i = depth; i < size; ++i) {
    if (!weighted[i]) continue;
    std::size_t begin = k < N ? i : depth;
    if (k < N) {
      while (opens[begin - 1] && !weighted[begin - 1]) --begin;
      segments.at[k].decoder.last = begin;
    }
    segments.at[--k].decoder = {begin, size};
  }
}

/// The segments of a stack that was made with decoder `D`. Layers before the first weight of the encoder belong to its
/// first segment, layers after the last weight of the decoder to the same.
template <class Stack, class D>
struct Segments;
template <std::size_t Depth, class... L, class D>
struct Segments<Stack<Depth, L...>, D> {
  static constexpr std::size_t size = sizeof...(L);
  static constexpr bool is_mirrored = !std::is_void_v<typename MirrorOf<D>::type>;
  static constexpr bool weighted[] = {has_weight<L>..., false};
  static constexpr bool opens[] = {opens_block<L>..., false};
  static constexpr bool skips[] = {kind<L> == LayerKind::skip..., true};

  /// How many weights the encoder has, and how many the decoder.
  static constexpr auto count = static_cast<std::size_t>(std::count(weighted, weighted + Depth, true));
  static constexpr auto decoder_count = static_cast<std::size_t>(std::count(weighted + Depth, weighted + size, true));
  /// The first layer that reads another one; `size` if none does.
  static constexpr auto first_skip = static_cast<std::size_t>(std::find(skips, skips + size, true) - skips);

  static constexpr SegmentList<count> list = [] {
    SegmentList<count> segments;
    std::size_t found = 0;
    for (std::size_t i = 0; i < Depth; ++i) {
      if (!weighted[i]) continue;
      if (found > 0) segments.at[found - 1].encoder.last = i;
      segments.at[found].encoder = {found == 0 ? 0 : i, Depth};
      ++found;
    }
    if (is_mirrored) divide_mirror(segments, opens, Depth, size);
    else if (count == decoder_count) divide_decoder(segments, weighted, opens, Depth, size);
    return segments;
  }();
};

/// The list of layers that begins at `First`, without those after `Count`.
template <std::size_t First, std::size_t Count, class... L>
constexpr auto part_of(const Pack<L...>& layers) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    if constexpr (Count == 0) return Pack<>();
    else return Pack<Element<First + K, Pack<L...>>...>(get<First + K>(layers)...);
  }(std::make_index_sequence<Count>());
}

/// Why the part of a decoder does not undo the segment of the encoder, if its sizes are known.
template <std::size_t Depth, class... L>
constexpr Diagnosis diagnose_segment(const Stack<Depth, L...>& stack, const Segment& segment, Text decoder_layer) {
  const auto& info = stack.layer_info;
  const Shape sample = info[segment.encoder.first].in, code = info[segment.encoder.last - 1].out;
  const Shape in = info[segment.decoder.first].in, out = info[segment.decoder.last - 1].out;
  constexpr std::string_view as_there = ", as the encoder has there";
  const auto differ = [](Shape a, Shape b) { return a.is_static() && b.is_static() && a.size() != b.size(); };
  if (differ(in, code))
    return {Rule::is_pretrainable, decoder_layer, in.in_words(), Text::of(code.in_words(), as_there)};
  if (segment.encoder.first > 0 && differ(out, sample))
    return {Rule::is_pretrainable, decoder_layer, Text::of("an output of ", out.in_words()),
            Text::of(sample.in_words(), as_there)};
  return {};
}

/// What keeps a model of these layers, made with decoder `D`, from being pretrained, if anything.
template <class D, std::size_t Depth, class... L>
constexpr Diagnosis diagnose_segments(const Stack<Depth, L...>& stack) {
  using Division = Segments<Stack<Depth, L...>, D>;
  const auto words = [](std::size_t n) {
    return Text::of(static_cast<long long>(n), n == 1 ? " layer with a weight" : " layers with a weight");
  };
  if constexpr (Division::first_skip < Division::size) {
    return {Rule::is_pretrainable, part_name(get<Division::first_skip>(stack.layers)), "a layer that reads another one",
            "layers one after another"};
  } else if constexpr (Division::count == 0) {
    return {Rule::is_pretrainable, "Encoder", words(0), "at least one, such as Dense<64>"};
  } else if constexpr (!Division::is_mirrored && Division::count != Division::decoder_count) {
    return {Rule::is_pretrainable, "Decoder", words(Division::decoder_count),
            Text::of("as many as in the encoder, ", static_cast<long long>(Division::count))};
  } else {
    Diagnosis found;
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      const auto diagnose = [&]<std::size_t J>() {  // in the decoder's order
        constexpr Segment segment = Division::list.at[Division::count - 1 - J];
        return diagnose_segment(stack, segment, part_name(get<segment.decoder.first>(stack.layers)));
      };
      ((found = found.ok() ? diagnose.template operator()<K>() : found), ...);
    }(std::make_index_sequence<Division::count>());
    return found;
  }
}

/// What keeps a model from being pretrained, as far as its types say.
template <bool Legal, class E, class D, class... P>
struct Pretrainable {
  static constexpr Diagnosis diagnosis = [] {
    if constexpr (!Legal)
      return Diagnosis{};
    else if constexpr ((SetsTarget<P> || ...))
      return Diagnosis{Rule::is_pretrainable, "Target", "targets of their own", "a model that reconstructs its input"};
    else
      return diagnose_segments<D>(assemble<P...>(E{}, D{}));
  }();
};

}  // namespace eigencoder::detail
