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
  template <std::size_t I>
  using At = Element<I, Pack<Layers...>>;

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
        widest = std::max({widest, of_batch(stages[i].in.values(), i), of_batch(stages[i].out.values(), i)});
      tape.delta = {cut(widest), cut(widest)};
      std::size_t turn = 0;
      Base::template each<0, size>([&]<std::size_t I>() {
        if (I < first || I >= last) return;
        constexpr Index position = static_cast<Index>(I);
        const Index values = of_batch(stages[I].out.values(), I);
        if (extras.added[I]) tape.added[I] = cut(values);
        if constexpr (kind<At<I>> == LayerKind::opaque)
          if (pass.training || Plan::cache_is_read(position))
            tape.cache[I] = cut(get<I>(this->layers).cache_size(this->stages[I].in, of_batch(1, I)));
        if constexpr (kind<At<I>> == LayerKind::linked)
          if (pass.training && !Plan::reads_cache[I]) tape.held[I] = cut(of_batch(source_size<I>(), I));
        if (pass.training) {
          if (!(Plan::template overwritten<I>() && I + 1 < last) || extras.kept[I]) tape.output[I] = cut(values);
        } else if (Plan::output_is_read(position)) {
          tape.output[I] = cut(values);
        } else {
          if (kind<At<I>> != LayerKind::pointwise || I == first || Plan::output_is_read(position - 1)) turn = 1 - turn;
          tape.output[I] = tape.delta[turn];
        }
      });
      if (pass.training)
        Base::template each<0, size>([&]<std::size_t I>() {
          if (Plan::template overwritten<I>() && I >= first && I + 1 < last && !extras.kept[I])
            tape.output[I] = tape.output[I + 1];
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
    Base::template each<0, size>([&]<std::size_t I>() {
      if (I >= first && I < last) forward_one<I>(pass, learned, tape, first, last);
    });
  }

  /// Takes the gradient in `tape.delta[0]` from behind layer last - 1 down to layer first and delivers those of
  /// the parameters to the sink. Returns the gradient of what entered, or null unless `through`.
  template <class Scalar>
  Scalar* backward(const Pass<Scalar>& pass, const detail::Learned<Scalar>& learned,
                   detail::Tape<Scalar, size>& tape, std::size_t first, std::size_t last, bool through,
                   GradientSink<Scalar>& sink) const {
    Base::template each<0, size>([&]<std::size_t J>() {
      constexpr std::size_t I = size - 1 - J;
      if (I < first || I >= last) return;
      take_held<static_cast<Index>(I)>(pass, tape, last);
      if (tape.added[I]) detail::add(pass, tape.added[I], tape.delta[0], stages[I].out.values() * pass.batch);
      backward_one<I>(pass, learned, tape, first, through, sink);
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
  template <std::size_t I>
  const auto& source_layer() const {
    return get<static_cast<std::size_t>(Plan::links[I])>(layers);
  }
  template <std::size_t I>
  Index source_size() const {
    return Plan::links[I] < 0 ? stages[0].in.values() : stages[static_cast<std::size_t>(Plan::links[I])].out.size();
  }

  /// A layer's arithmetic, and what it sees of a pass.
  template <std::size_t I, class Scalar>
  auto kernel(const detail::Learned<Scalar>& learned) const {
    return get<I>(layers).template kernel<Scalar>(stages[I].in, learned.block(stages[I].blocks.weight));
  }
  template <std::size_t I, class Scalar>
  LinkedStage<Scalar> linked_stage(const Pass<Scalar>& pass, const detail::Tape<Scalar, size>& tape) const {
    constexpr Index link = Plan::links[I];
    const Scalar* source = tape.into(static_cast<std::size_t>(link + 1));
    if constexpr (link < 0) return {pass, stages[I].in, stages[0].in, stages[0].in, source, nullptr};
    else {
      const Stage& from = stages[static_cast<std::size_t>(link)];
      return {pass, stages[I].in, from.in, from.out, source, tape.cache[static_cast<std::size_t>(link)]};
    }
  }

  template <std::size_t I, class Scalar>
  OpaqueStage<Scalar> opaque_stage(const Pass<Scalar>& pass, const detail::Learned<Scalar>& learned,
                                   const detail::Tape<Scalar, size>& tape) const {
    const Stage& stage = stages[I];
    OpaqueStage<Scalar> view{pass, stage.in, static_cast<Index>(I), {}, {}, {}, tape.cache[I], stage.first_block};
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
  template <std::size_t I, class Scalar>
  void forward_one(const Pass<Scalar>& pass, const detail::Learned<Scalar>& learned,
                   const detail::Tape<Scalar, size>& tape, std::size_t first, std::size_t last) const {
    const Stage& stage = stages[I];
    const auto& layer = get<I>(layers);
    const Scalar* x = tape.into(I);
    Scalar* y = tape.output[I];
    if constexpr (kind<At<I>> == LayerKind::linear) {
      const auto kernel = this->template kernel<I>(learned);
      const detail::Bias<Scalar> bias{learned.block(stage.blocks.bias), stage.blocks.bias_period};
      if constexpr (Plan::template fused<I>()) {
        if (I + 1 < last)
          return detail::linear_forward(pass, kernel, bias, get<I + 1>(layers), x, y, tape.output[I + 1]);
      }
      detail::linear_forward(pass, kernel, bias, detail::NoActivation{}, x, y, y);
    } else if constexpr (kind<At<I>> == LayerKind::pointwise) {
      if constexpr (I > 0)
        if (Plan::template fused<I - 1>() && I > first) return;  // done with the layer before
      detail::pointwise_forward(pass, layer, x, y, stage.out.values() * pass.batch);
    } else if constexpr (kind<At<I>> == LayerKind::linked) {
      const auto view = linked_stage<I>(pass, tape);
      if constexpr (Plan::reads_cache[I]) layer.forward(view, source_layer<I>(), x, y);
      else layer.forward(view, x, y);
    } else {
      layer.forward(opaque_stage<I>(pass, learned, tape), x, y);
    }
  }

  template <std::size_t I, class Scalar>
  void backward_one(const Pass<Scalar>& pass, const detail::Learned<Scalar>& learned,
                    detail::Tape<Scalar, size>& tape, std::size_t first, bool through,
                    GradientSink<Scalar>& sink) const {
    const Stage& stage = stages[I];
    const auto& layer = get<I>(layers);
    const Scalar* x = tape.into(I);
    if constexpr (kind<At<I>> == LayerKind::pointwise) {
      const Scalar* kept = At<I>::keeps == Keeps::output ? tape.output[I] : x;
      detail::pointwise_backward(pass, layer, kept, tape.delta[0], stage.out.values() * pass.batch);
    } else {
      if constexpr (kind<At<I>> == LayerKind::linear) {
        const auto kernel = this->template kernel<I>(learned);
        Scalar* dx = I > first || through ? tape.delta[1] : nullptr;
        detail::linear_backward(pass, kernel, stage.blocks, {stage.in.values(), stage.out.values()}, x, tape.delta[0],
                                dx, sink);
      } else if constexpr (kind<At<I>> == LayerKind::linked) {
        const auto view = linked_stage<I>(pass, tape);
        if constexpr (Plan::reads_cache[I]) layer.backward(view, source_layer<I>(), tape.delta[0], tape.delta[1]);
        else layer.backward(view, tape.delta[0], tape.delta[1], tape.held[I]);
      } else {
        layer.backward(opaque_stage<I>(pass, learned, tape), x, tape.delta[0], tape.delta[1], sink);
      }
      std::swap(tape.delta[0], tape.delta[1]);
    }
  }

  /// Adds what later layers hold for the gradient of the output at `Position`.
  template <Index Position, class Scalar>
  void take_held(const Pass<Scalar>& pass, const detail::Tape<Scalar, size>& tape, std::size_t last) const {
    if constexpr (Plan::output_is_read(Position))
      Base::template each<0, size>([&]<std::size_t I>() {
        if constexpr (Plan::links[I] == Position && !Plan::reads_cache[I])
          if (I < last) detail::add(pass, tape.held[I], tape.delta[0], source_size<I>() * pass.batch);
      });
  }
};

}  // namespace eigencoder
