#pragma once

#include <eigencoder/detail/stack/stack_layout.hpp>
#include <eigencoder/detail/stack/tape.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/layer_info.hpp>
#include <eigencoder/extend/parameter_view.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder::detail {

/// All layers of a model, encoder first, run one after another; the first `EncoderDepth` of them make the code.
/// Forward and backward walk the list once; the kinds of layer decide at compile time what is called.
template <std::size_t EncoderDepth, class... Layers>
class Stack : public StackLayout<EncoderDepth, Layers...> {
  using Base = StackLayout<EncoderDepth, Layers...>;

 public:
  using Base::Base;
  using Base::layers;
  using Base::size;
  using Base::layer_info;
  using typename Base::StackTraits;
  static constexpr std::size_t encoder_depth = EncoderDepth;
  template <std::size_t K>
  using LayerAt = Element<K, Pack<Layers...>>;

  using PassRequirements = detail::PassRequirements<size>;

  /// Cuts an arena of the workspace for layers first, ..., last - 1. In training every layer keeps what its backward
  /// pass needs; in inference two buffers take turns, but what a later layer reads has its own. `input` has the pass's
  /// batch of columns.
  template <class Scalar>
  detail::Tape<Scalar, size> tape(
      const Pass<Scalar>& pass, const Scalar* input, std::size_t first, std::size_t last, const PassRequirements& requirements = {},
      typename Workspace<Scalar>::Arena arena = Workspace<Scalar>::pass) const {
    detail::Tape<Scalar, size> tape;
    tape.input = input;
    tape.first = first;
    tape.encoder_depth = EncoderDepth;
    tape.draws = std::max<Index>(requirements.draws, 1);
    constexpr Index most = max_bytes / static_cast<Index>(sizeof(Scalar));
    const Index max_values = most / (pass.batch * tape.draws);  // as if all layers saw all draws: one division
    const auto of_batch = [&](Index values, std::size_t layer) {
      if (values > max_values) detail::too_large(values);
      return values * pass.batch * (layer >= EncoderDepth ? tape.draws : 1);
    };
    Index used = 0;
    std::span<Scalar> room;
    do {  // again where there was too little room
      room = pass.workspace.room(used, arena);
      used = 0;
      const auto cut = [&](Index values) {
        if (values > most - used) detail::too_large(values);
        const Index begin = used;
        used += padded<Scalar>(values);
        return used <= std::ssize(room) ? room.data() + begin : nullptr;
      };
      Index widest = 0;
      for (std::size_t i = first; i < last; ++i)
        widest = (std::max)({widest, of_batch(layer_info[i].in.values(), i), of_batch(layer_info[i].out.values(), i)});
      tape.delta = {cut(widest), cut(widest)};
      std::size_t turn = 0;
      Base::template each<0, size>([&]<std::size_t K>() {
        if (K < first || K >= last) return;
        constexpr Index position = static_cast<Index>(K);
        const Index values = of_batch(layer_info[K].out.values(), K);
        if (requirements.added[K]) tape.added[K] = cut(values);
        if constexpr (kind<LayerAt<K>> == LayerKind::custom)
          if (pass.training || StackTraits::cache_is_read(position))
            tape.cache[K] = cut(get<K>(this->layers).cache_size(this->layer_info[K].in, of_batch(1, K)));
        if constexpr (kind<LayerAt<K>> == LayerKind::skip)
          if (pass.training && !StackTraits::reads_cache[K]) tape.held[K] = cut(of_batch(source_size<K>(), K));
        if (pass.training) {
          if (!(StackTraits::template overwritten<K>() && K + 1 < last) || requirements.kept[K]) tape.output[K] = cut(values);
        } else if (StackTraits::output_is_read(position)) {
          tape.output[K] = cut(values);
        } else {
          if (kind<LayerAt<K>> != LayerKind::pointwise || K == first || StackTraits::output_is_read(position - 1)) turn = 1 - turn;
          tape.output[K] = tape.delta[turn];
        }
      });
      if (pass.training)
        Base::template each<0, size>([&]<std::size_t K>() {
          if (StackTraits::template overwritten<K>() && K >= first && K + 1 < last && !requirements.kept[K])
            tape.output[K] = tape.output[K + 1];
        });
      if (requirements.draws > 0 && last > EncoderDepth) tape.latent = cut(of_batch(layer_info[EncoderDepth].in.values(), EncoderDepth));
      if (requirements.bottleneck > 0) tape.bottleneck = cut(requirements.bottleneck);
    } while (used > std::ssize(room));
    return tape;
  }

  /// Runs layers first, ..., last - 1 on `tape.input`; each output lands in `tape.output`.
  template <class Scalar>
  void forward(const Pass<Scalar>& pass, const ParameterView<Scalar>& learned,
               const detail::Tape<Scalar, size>& tape, std::size_t first, std::size_t last) const {
    Base::template each<0, size>([&]<std::size_t K>() {
      if (K >= first && K < last) forward_one<K>(pass, learned, tape, first, last);
    });
  }

  /// Takes the gradient in `tape.delta[0]` from behind layer last - 1 down to layer first and delivers those of
  /// the parameters to the sink. Returns the gradient of what entered, or null unless `through`.
  template <class Scalar>
  Scalar* backward(const Pass<Scalar>& pass, const ParameterView<Scalar>& learned,
                   detail::Tape<Scalar, size>& tape, std::size_t first, std::size_t last, bool through,
                   GradientSink<Scalar>& sink) const {
    Base::template each<0, size>([&]<std::size_t J>() {
      constexpr std::size_t K = size - 1 - J;
      if (K < first || K >= last) return;
      add_pending<static_cast<Index>(K)>(pass, tape, last);
      if (tape.added[K]) detail::add(pass, tape.added[K], tape.delta[0], layer_info[K].out.values() * pass.batch);
      backward_one<K>(pass, learned, tape, first, through, sink);
    });
    if (!through) return nullptr;
    if (first == 0) add_pending<-1>(pass, tape, last);
    if (first == EncoderDepth) add_pending<static_cast<Index>(EncoderDepth) - 1>(pass, tape, last);
    return tape.delta[0];
  }

  /// Begins what policies add to gradients at zero.
  template <class Scalar>
  void clear_added(const Pass<Scalar>& pass, const detail::Tape<Scalar, size>& tape) const {
    for (std::size_t i = 0; i < size; ++i)
      if (tape.added[i])
        std::fill_n(tape.added[i], layer_info[i].out.values() * pass.batch * (i >= EncoderDepth ? tape.draws : 1), Scalar(0));
  }

  /// The layer that layer I reads, its shapes, and the values in a sample that left it.
  template <std::size_t K>
  const auto& source_layer() const {
    return get<static_cast<std::size_t>(StackTraits::links[K])>(layers);
  }
  template <std::size_t K>
  Index source_size() const {
    return StackTraits::links[K] < 0 ? layer_info[0].in.values() : layer_info[static_cast<std::size_t>(StackTraits::links[K])].out.size();
  }

  /// A layer's arithmetic, and what it sees of a pass.
  template <std::size_t K, class Scalar>
  auto kernel(const ParameterView<Scalar>& learned) const {
    return get<K>(layers).template kernel<Scalar>(layer_info[K].in, learned.block(layer_info[K].blocks.weight));
  }
  template <std::size_t K, class Scalar>
  SkipContext<Scalar> skip_context(const Pass<Scalar>& pass, const detail::Tape<Scalar, size>& tape) const {
    constexpr Index link = StackTraits::links[K];
    const Scalar* source = tape.into(static_cast<std::size_t>(link + 1));
    if constexpr (link < 0) return {pass, layer_info[K].in, layer_info[0].in, layer_info[0].in, source, nullptr};
    else {
      const LayerInfo& from = layer_info[static_cast<std::size_t>(link)];
      return {pass, layer_info[K].in, from.in, from.out, source, tape.cache[static_cast<std::size_t>(link)]};
    }
  }

  template <std::size_t K, class Scalar>
  LayerContext<Scalar> layer_context(const Pass<Scalar>& pass, const ParameterView<Scalar>& learned,
                                   const detail::Tape<Scalar, size>& tape) const {
    const LayerInfo& info = layer_info[K];
    LayerContext<Scalar> view{pass, info.in, static_cast<Index>(K), {}, {}, {}, tape.cache[K], info.first_block};
    const auto& layout = learned.layout;
    for (Index k = 0; k < 2; ++k) {
      const auto slot = static_cast<std::size_t>(k);
      const Index block = info.first_block + k;
      if (block < static_cast<Index>(layout.blocks().size())) view.parameters[slot] = learned.block(block);
      const Index statistics = info.first_statistics + k;
      if (statistics >= static_cast<Index>(layout.statistics_blocks().size())) continue;
      const Index offset = layout.statistics_block(statistics).offset;
      view.statistics[slot] = learned.statistics + offset;
      if (learned.updated) view.updated[slot] = learned.updated + offset;
    }
    return view;
  }

 private:
  template <std::size_t K, class Scalar>
  void forward_one(const Pass<Scalar>& pass, const ParameterView<Scalar>& learned,
                   const detail::Tape<Scalar, size>& tape, std::size_t first, std::size_t last) const {
    const LayerInfo& info = layer_info[K];
    const auto& layer = get<K>(layers);
    const Scalar* x = tape.into(K);
    Scalar* y = tape.output[K];
    if constexpr (kind<LayerAt<K>> == LayerKind::linear) {
      const auto kernel = this->template kernel<K>(learned);
      const detail::Bias<Scalar> bias{learned.block(info.blocks.bias), info.blocks.bias_period};
      if constexpr (StackTraits::template fused<K>()) {
        if (K + 1 < last)
          return detail::linear_forward(pass, kernel, bias, get<K + 1>(layers), x, y, tape.output[K + 1]);
      }
      detail::linear_forward(pass, kernel, bias, detail::NoActivation{}, x, y, y);
    } else if constexpr (kind<LayerAt<K>> == LayerKind::pointwise) {
      if constexpr (K > 0)
        if (StackTraits::template fused<K - 1>() && K > first) return;  // done with the layer before
      detail::pointwise_forward(pass, layer, x, y, info.out.values() * pass.batch);
    } else if constexpr (kind<LayerAt<K>> == LayerKind::skip) {
      const auto view = skip_context<K>(pass, tape);
      if constexpr (StackTraits::reads_cache[K]) layer.forward(view, source_layer<K>(), x, y);
      else layer.forward(view, x, y);
    } else {
      layer.forward(layer_context<K>(pass, learned, tape), x, y);
    }
  }

  template <std::size_t K, class Scalar>
  void backward_one(const Pass<Scalar>& pass, const ParameterView<Scalar>& learned,
                    detail::Tape<Scalar, size>& tape, std::size_t first, bool through,
                    GradientSink<Scalar>& sink) const {
    const LayerInfo& info = layer_info[K];
    const auto& layer = get<K>(layers);
    const Scalar* x = tape.into(K);
    if constexpr (kind<LayerAt<K>> == LayerKind::pointwise) {
      const Scalar* kept = LayerAt<K>::saved_for_backward == SavedForBackward::output ? tape.output[K] : x;
      detail::pointwise_backward(pass, layer, kept, tape.delta[0], info.out.values() * pass.batch);
    } else {
      if constexpr (kind<LayerAt<K>> == LayerKind::linear) {
        const auto kernel = this->template kernel<K>(learned);
        Scalar* dx = K > first || through ? tape.delta[1] : nullptr;
        detail::linear_backward(pass, kernel, info.blocks, {info.in.values(), info.out.values()}, x, tape.delta[0],
                                dx, sink);
      } else if constexpr (kind<LayerAt<K>> == LayerKind::skip) {
        const auto view = skip_context<K>(pass, tape);
        if constexpr (StackTraits::reads_cache[K]) layer.backward(view, source_layer<K>(), tape.delta[0], tape.delta[1]);
        else layer.backward(view, tape.delta[0], tape.delta[1], tape.held[K]);
      } else {
        layer.backward(layer_context<K>(pass, learned, tape), x, tape.delta[0], tape.delta[1], sink);
      }
      std::swap(tape.delta[0], tape.delta[1]);
    }
  }

  /// Adds what later layers hold for the gradient of the output at `Position`.
  template <Index Position, class Scalar>
  void add_pending(const Pass<Scalar>& pass, const detail::Tape<Scalar, size>& tape, std::size_t last) const {
    if constexpr (StackTraits::output_is_read(Position))
      Base::template each<0, size>([&]<std::size_t K>() {
        if constexpr (StackTraits::links[K] == Position && !StackTraits::reads_cache[K])
          if (K < last) detail::add(pass, tape.held[K], tape.delta[0], source_size<K>() * pass.batch);
      });
  }
};

}  // namespace eigencoder::detail
