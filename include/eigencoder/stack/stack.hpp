#pragma once

#include <eigencoder/stack/blueprint.hpp>
#include <eigencoder/stack/tape.hpp>

namespace eigencoder {

/// All layers of a model, encoder first, run one after another; the first `CodeAt` of them make the code.
/// Forward and backward walk the list once; the kinds of layer decide at compile time what is called.
template <std::size_t CodeAt, class... Layers>
class Stack : public Blueprint<CodeAt, Layers...> {
  using Base = Blueprint<CodeAt, Layers...>;

 public:
  using Base::Base;
  using Base::layers;
  using Base::size;
  using Base::stages;
  using typename Base::Plan;
  static constexpr std::size_t code_at = CodeAt;
  template <std::size_t K>
  using At = Element<K, Pack<Layers...>>;

  using Extras = detail::Extras<size>;

  /// Cuts an arena of the workspace for layers first, ..., last - 1. In training every layer keeps what its backward
  /// pass needs; in inference two buffers take turns, but what a later layer reads has its own. `input` has the pass's
  /// batch of columns.
  template <class Scalar>
  detail::Tape<Scalar, size> tape(
      const Pass<Scalar>& pass, const Scalar* input, std::size_t first, std::size_t last, const Extras& extras = {},
      typename Workspace<Scalar>::Arena arena = Workspace<Scalar>::pass) const {
    detail::Tape<Scalar, size> tape;
    tape.input = input;
    tape.first = first;
    tape.code_at = CodeAt;
    tape.draws = std::max<Index>(extras.draws, 1);
    constexpr Index most = most_bytes / static_cast<Index>(sizeof(Scalar));
    const Index most_values = most / (pass.batch * tape.draws);  // as if all layers saw all draws: one division
    const auto of_batch = [&](Index values, std::size_t layer) {
      if (values > most_values) detail::too_large(values);
      return values * pass.batch * (layer >= CodeAt ? tape.draws : 1);
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
        widest = (std::max)({widest, of_batch(stages[i].in.values(), i), of_batch(stages[i].out.values(), i)});
      tape.delta = {cut(widest), cut(widest)};
      std::size_t turn = 0;
      Base::template each<0, size>([&]<std::size_t K>() {
        if (K < first || K >= last) return;
        constexpr Index position = static_cast<Index>(K);
        const Index values = of_batch(stages[K].out.values(), K);
        if (extras.added[K]) tape.added[K] = cut(values);
        if constexpr (kind<At<K>> == LayerKind::opaque)
          if (pass.training || Plan::cache_is_read(position))
            tape.cache[K] = cut(get<K>(this->layers).cache_size(this->stages[K].in, of_batch(1, K)));
        if constexpr (kind<At<K>> == LayerKind::linked)
          if (pass.training && !Plan::reads_cache[K]) tape.held[K] = cut(of_batch(source_size<K>(), K));
        if (pass.training) {
          if (!(Plan::template overwritten<K>() && K + 1 < last) || extras.kept[K]) tape.output[K] = cut(values);
        } else if (Plan::output_is_read(position)) {
          tape.output[K] = cut(values);
        } else {
          if (kind<At<K>> != LayerKind::pointwise || K == first || Plan::output_is_read(position - 1)) turn = 1 - turn;
          tape.output[K] = tape.delta[turn];
        }
      });
      if (pass.training)
        Base::template each<0, size>([&]<std::size_t K>() {
          if (Plan::template overwritten<K>() && K >= first && K + 1 < last && !extras.kept[K])
            tape.output[K] = tape.output[K + 1];
        });
      if (extras.draws > 0 && last > CodeAt) tape.latent = cut(of_batch(stages[CodeAt].in.values(), CodeAt));
      if (extras.bottleneck > 0) tape.bottleneck = cut(extras.bottleneck);
    } while (used > std::ssize(room));
    return tape;
  }

  /// Runs layers first, ..., last - 1 on `tape.input`; each output lands in `tape.output`.
  template <class Scalar>
  void forward(const Pass<Scalar>& pass, const detail::Learned<Scalar>& learned,
               const detail::Tape<Scalar, size>& tape, std::size_t first, std::size_t last) const {
    Base::template each<0, size>([&]<std::size_t K>() {
      if (K >= first && K < last) forward_one<K>(pass, learned, tape, first, last);
    });
  }

  /// Takes the gradient in `tape.delta[0]` from behind layer last - 1 down to layer first and delivers those of
  /// the parameters to the sink. Returns the gradient of what entered, or null unless `through`.
  template <class Scalar>
  Scalar* backward(const Pass<Scalar>& pass, const detail::Learned<Scalar>& learned,
                   detail::Tape<Scalar, size>& tape, std::size_t first, std::size_t last, bool through,
                   GradientSink<Scalar>& sink) const {
    Base::template each<0, size>([&]<std::size_t J>() {
      constexpr std::size_t K = size - 1 - J;
      if (K < first || K >= last) return;
      take_held<static_cast<Index>(K)>(pass, tape, last);
      if (tape.added[K]) detail::add(pass, tape.added[K], tape.delta[0], stages[K].out.values() * pass.batch);
      backward_one<K>(pass, learned, tape, first, through, sink);
    });
    if (!through) return nullptr;
    if (first == 0) take_held<-1>(pass, tape, last);
    if (first == CodeAt) take_held<static_cast<Index>(CodeAt) - 1>(pass, tape, last);
    return tape.delta[0];
  }

  /// Begins what policies add to gradients at zero.
  template <class Scalar>
  void clear_added(const Pass<Scalar>& pass, const detail::Tape<Scalar, size>& tape) const {
    for (std::size_t i = 0; i < size; ++i)
      if (tape.added[i])
        std::fill_n(tape.added[i], stages[i].out.values() * pass.batch * (i >= CodeAt ? tape.draws : 1), Scalar(0));
  }

  /// The layer that layer I reads, its shapes, and the values in a sample that left it.
  template <std::size_t K>
  const auto& source_layer() const {
    return get<static_cast<std::size_t>(Plan::links[K])>(layers);
  }
  template <std::size_t K>
  Index source_size() const {
    return Plan::links[K] < 0 ? stages[0].in.values() : stages[static_cast<std::size_t>(Plan::links[K])].out.size();
  }

  /// A layer's arithmetic, and what it sees of a pass.
  template <std::size_t K, class Scalar>
  auto kernel(const detail::Learned<Scalar>& learned) const {
    return get<K>(layers).template kernel<Scalar>(stages[K].in, learned.block(stages[K].blocks.weight));
  }
  template <std::size_t K, class Scalar>
  LinkedStage<Scalar> linked_stage(const Pass<Scalar>& pass, const detail::Tape<Scalar, size>& tape) const {
    constexpr Index link = Plan::links[K];
    const Scalar* source = tape.into(static_cast<std::size_t>(link + 1));
    if constexpr (link < 0) return {pass, stages[K].in, stages[0].in, stages[0].in, source, nullptr};
    else {
      const Stage& from = stages[static_cast<std::size_t>(link)];
      return {pass, stages[K].in, from.in, from.out, source, tape.cache[static_cast<std::size_t>(link)]};
    }
  }

  template <std::size_t K, class Scalar>
  OpaqueStage<Scalar> opaque_stage(const Pass<Scalar>& pass, const detail::Learned<Scalar>& learned,
                                   const detail::Tape<Scalar, size>& tape) const {
    const Stage& stage = stages[K];
    OpaqueStage<Scalar> view{pass, stage.in, static_cast<Index>(K), {}, {}, {}, tape.cache[K], stage.first_block};
    const auto& layout = learned.layout;
    for (Index k = 0; k < 2; ++k) {
      const auto slot = static_cast<std::size_t>(k);
      const Index block = stage.first_block + k;
      if (block < static_cast<Index>(layout.blocks().size())) view.parameters[slot] = learned.block(block);
      const Index statistics = stage.first_statistics + k;
      if (statistics >= static_cast<Index>(layout.statistics_blocks().size())) continue;
      const Index offset = layout.statistics_block(statistics).offset;
      view.statistics[slot] = learned.statistics + offset;
      if (learned.updated) view.updated[slot] = learned.updated + offset;
    }
    return view;
  }

 private:
  template <std::size_t K, class Scalar>
  void forward_one(const Pass<Scalar>& pass, const detail::Learned<Scalar>& learned,
                   const detail::Tape<Scalar, size>& tape, std::size_t first, std::size_t last) const {
    const Stage& stage = stages[K];
    const auto& layer = get<K>(layers);
    const Scalar* x = tape.into(K);
    Scalar* y = tape.output[K];
    if constexpr (kind<At<K>> == LayerKind::linear) {
      const auto kernel = this->template kernel<K>(learned);
      const detail::Bias<Scalar> bias{learned.block(stage.blocks.bias), stage.blocks.bias_period};
      if constexpr (Plan::template fused<K>()) {
        if (K + 1 < last)
          return detail::linear_forward(pass, kernel, bias, get<K + 1>(layers), x, y, tape.output[K + 1]);
      }
      detail::linear_forward(pass, kernel, bias, detail::NoActivation{}, x, y, y);
    } else if constexpr (kind<At<K>> == LayerKind::pointwise) {
      if constexpr (K > 0)
        if (Plan::template fused<K - 1>() && K > first) return;  // done with the layer before
      detail::pointwise_forward(pass, layer, x, y, stage.out.values() * pass.batch);
    } else if constexpr (kind<At<K>> == LayerKind::linked) {
      const auto view = linked_stage<K>(pass, tape);
      if constexpr (Plan::reads_cache[K]) layer.forward(view, source_layer<K>(), x, y);
      else layer.forward(view, x, y);
    } else {
      layer.forward(opaque_stage<K>(pass, learned, tape), x, y);
    }
  }

  template <std::size_t K, class Scalar>
  void backward_one(const Pass<Scalar>& pass, const detail::Learned<Scalar>& learned,
                    detail::Tape<Scalar, size>& tape, std::size_t first, bool through,
                    GradientSink<Scalar>& sink) const {
    const Stage& stage = stages[K];
    const auto& layer = get<K>(layers);
    const Scalar* x = tape.into(K);
    if constexpr (kind<At<K>> == LayerKind::pointwise) {
      const Scalar* kept = At<K>::keeps == Keeps::output ? tape.output[K] : x;
      detail::pointwise_backward(pass, layer, kept, tape.delta[0], stage.out.values() * pass.batch);
    } else {
      if constexpr (kind<At<K>> == LayerKind::linear) {
        const auto kernel = this->template kernel<K>(learned);
        Scalar* dx = K > first || through ? tape.delta[1] : nullptr;
        detail::linear_backward(pass, kernel, stage.blocks, {stage.in.values(), stage.out.values()}, x, tape.delta[0],
                                dx, sink);
      } else if constexpr (kind<At<K>> == LayerKind::linked) {
        const auto view = linked_stage<K>(pass, tape);
        if constexpr (Plan::reads_cache[K]) layer.backward(view, source_layer<K>(), tape.delta[0], tape.delta[1]);
        else layer.backward(view, tape.delta[0], tape.delta[1], tape.held[K]);
      } else {
        layer.backward(opaque_stage<K>(pass, learned, tape), x, tape.delta[0], tape.delta[1], sink);
      }
      std::swap(tape.delta[0], tape.delta[1]);
    }
  }

  /// Adds what later layers hold for the gradient of the output at `Position`.
  template <Index Position, class Scalar>
  void take_held(const Pass<Scalar>& pass, const detail::Tape<Scalar, size>& tape, std::size_t last) const {
    if constexpr (Plan::output_is_read(Position))
      Base::template each<0, size>([&]<std::size_t K>() {
        if constexpr (Plan::links[K] == Position && !Plan::reads_cache[K])
          if (K < last) detail::add(pass, tape.held[K], tape.delta[0], source_size<K>() * pass.batch);
      });
  }
};

}  // namespace eigencoder
