#pragma once

#include <eigencoder/core/pack.hpp>
#include <eigencoder/layers/kinds.hpp>
#include <eigencoder/layers/mirrored.hpp>
#include <eigencoder/layers/sweeps.hpp>
#include <eigencoder/layers/tape.hpp>

namespace eigencoder {

/// All layers of a model, encoder first, run one after another; the first `CodeAt` of them make the code.
/// Forward and backward walk the list once; the kinds of layer decide at compile time what is called.
template <std::size_t CodeAt, class... Layers>
class Stack {
 public:
  static constexpr std::size_t size = sizeof...(Layers);
  static constexpr bool well_formed = (Layer<Layers> && ...);

  Pack<Layers...> layers;
  std::array<Stage, size> stages{};

  constexpr Stack() = default;
  constexpr explicit Stack(const Layers&... each)
    requires(sizeof...(Layers) > 0)
      : layers(each...) {}

  template <std::size_t I>
  using At = Element<I, Pack<Layers...>>;

  /// Calls `visit.template operator()<I>()` for I = First, ..., Last - 1.
  template <std::size_t First, std::size_t Last, class Visit>
  static constexpr void each(const Visit& visit) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (visit.template operator()<First + I>(), ...);
    }(std::make_index_sequence<Last - First>());
  }

  /// Computes the shapes of layers First, ..., Last - 1 from what enters the first of them.
  template <std::size_t First, std::size_t Last>
  [[gnu::cold]] constexpr void resolve(Shape in) {
    each<First, Last>([&]<std::size_t I>() {
      stages[I].in = in;
      if constexpr (kind<At<I>> == LayerKind::pointwise) stages[I].out = in;
      else if constexpr (Layer<At<I>>) stages[I].out = get<I>(layers).output(in);
      in = stages[I].out;
    });
  }

  /// Gives every layer its blocks in the layout.
  [[gnu::cold]] void declare(ParameterLayout& layout) {
    each<0, size>([&]<std::size_t I>() { declare_one<I>(layout); });
  }

  static constexpr bool couples_batch() {
    bool couples = false;
    each<0, size>([&]<std::size_t I>() {
      if constexpr (kind<At<I>> == LayerKind::opaque) couples = couples || At<I>::couples_batch;
    });
    return couples;
  }

  /// Whether a layer that looks at the whole batch would see a single value of each feature in a batch of one.
  bool needs_two_samples() const {
    bool needs = false;
    each<0, size>([&]<std::size_t I>() {
      if constexpr (kind<At<I>> == LayerKind::opaque)
        needs = needs || (At<I>::couples_batch && stages[I].in.is_flat());
    });
    return needs;
  }

  /// Whether some weight has two layers.
  bool shares_weights() const {
    for (const Stage& stage : stages)
      if (stage.blocks.turn != Turn::only) return true;
    return false;
  }

  [[gnu::cold]] void validate() const {
    each<0, size>([&]<std::size_t I>() {
      if constexpr (requires { get<I>(layers).validate(); }) get<I>(layers).validate();
      if constexpr (kind<At<I>> == LayerKind::linear) get<I>(layers).initializer.validate();
    });
  }

  /// Initial weights, keyed by (seed, layer); biases zero, scales one.
  template <class Scalar>
  [[gnu::cold]] void initialize(const ParameterLayout& layout, std::uint64_t seed, Scalar* parameters) const {
    for (const auto& block : layout.blocks())
      std::fill_n(parameters + block.offset, block.size(), Scalar(block.kind == ParameterKind::scale ? 1 : 0));
    each<0, size>([&]<std::size_t I>() {
      if constexpr (kind<At<I>> == LayerKind::linear) {
        if (stages[I].blocks.weight < 0 || stages[I].blocks.turn == Turn::first) return;
        const auto& block = layout.block(stages[I].blocks.weight);
        const WeightShape shape = get<I>(layers).weight_shape(stages[I].in);
        Random random(seed, Purpose::initialization, static_cast<std::uint32_t>(I));
        get<I>(layers).initializer.fill(
            std::span<Scalar>(parameters + block.offset, static_cast<std::size_t>(block.size())), shape.fan_in,
            shape.fan_out, hint_after<I>(), random);
      }
    });
  }

  /// Cuts the workspace for layers first, ..., last - 1. In training every layer keeps what its backward pass
  /// needs; in inference two buffers take turns. `input` has the pass's batch of columns.
  template <class Scalar>
  [[gnu::cold]] detail::Tape<Scalar, size> tape(const Pass<Scalar>& pass, const Scalar* input, std::size_t first,
                                                std::size_t last) const {
    detail::Tape<Scalar, size> tape;
    tape.input = input;
    Scalar* base = nullptr;
    for (const bool placing : {false, true}) {  // the first round only measures
      Index used = 0;
      const auto cut = [&](Index values) {
        Scalar* place = placing ? base + used : nullptr;
        used += padded<Scalar>(values);
        return place;
      };
      Index widest = 0;
      for (std::size_t i = first; i < last; ++i)
        widest = std::max({widest, stages[i].in.size() * pass.batch, stages[i].out.size() * pass.batch});
      tape.delta = {cut(widest), cut(widest)};
      if (pass.training) {
        each<0, size>([&]<std::size_t I>() {
          if (I < first || I >= last) return;
          if constexpr (kind<At<I>> == LayerKind::opaque)
            tape.cache[I] = cut(get<I>(layers).cache_size(stages[I].in, pass.batch));
          if (!(overwritten<I>() && I + 1 < last)) tape.output[I] = cut(stages[I].out.size() * pass.batch);
        });
        each<0, size>([&]<std::size_t I>() {
          if (overwritten<I>() && I >= first && I + 1 < last) tape.output[I] = tape.output[I + 1];
        });
      } else {
        std::size_t turn = 0;
        each<0, size>([&]<std::size_t I>() {
          if (I < first || I >= last) return;
          if (kind<At<I>> != LayerKind::pointwise || I == first) turn = 1 - turn;
          tape.output[I] = tape.delta[turn];
        });
      }
      if (!placing) base = pass.workspace.arena(used);
    }
    return tape;
  }

  /// Runs layers first, ..., last - 1 on `tape.input`; each output lands in `tape.output`.
  template <class Scalar>
  void forward(const Pass<Scalar>& pass, const detail::Learned<Scalar>& learned,
               const detail::Tape<Scalar, size>& tape, std::size_t first, std::size_t last) const {
    each<0, size>([&]<std::size_t I>() {
      if (I >= first && I < last) forward_one<I>(pass, learned, tape, first, last);
    });
  }

  /// Takes the gradient in `tape.delta[0]` from behind layer last - 1 down to layer first and delivers those of
  /// the parameters to the sink. Returns the gradient of what entered, or null unless `through`.
  template <class Scalar>
  Scalar* backward(const Pass<Scalar>& pass, const detail::Learned<Scalar>& learned,
                   detail::Tape<Scalar, size>& tape, std::size_t first, std::size_t last, bool through,
                   GradientSink<Scalar>& sink) const {
    each<0, size>([&]<std::size_t J>() {
      constexpr std::size_t I = size - 1 - J;
      if (I >= first && I < last) backward_one<I>(pass, learned, tape, first, through, sink);
    });
    return through ? tape.delta[0] : nullptr;
  }

 private:
  /// Whether the activation I + 1 is computed while the output of the linear layer I is in the cache.
  template <std::size_t I>
  static constexpr bool fused() {
    if constexpr (I + 1 >= size || I + 1 == CodeAt) return false;
    else return kind<At<I>> == LayerKind::linear && kind<At<I + 1>> == LayerKind::pointwise;
  }

  /// Whether the activation I + 1 may write over the output of layer I in training: nobody reads it again.
  template <std::size_t I>
  static constexpr bool overwritten() {
    if constexpr (I + 1 >= size || I + 1 == CodeAt) return false;
    else if constexpr (kind<At<I + 1>> != LayerKind::pointwise || kind<At<I>> == LayerKind::pointwise) return false;
    else return At<I + 1>::keeps == Keeps::output;
  }

  /// The spread of weights that suits the next activation before another linear layer.
  template <std::size_t I>
  static constexpr InitializerHint hint_after() {
    if constexpr (I + 1 >= size) return InitializerHint::glorot;
    else if constexpr (kind<At<I + 1>> == LayerKind::pointwise) return At<I + 1>::hint;
    else if constexpr (kind<At<I + 1>> == LayerKind::opaque) return hint_after<I + 1>();
    else return InitializerHint::glorot;
  }

  template <std::size_t I>
  void declare_one(ParameterLayout& layout) {
    Stage& stage = stages[I];
    const auto position = static_cast<Index>(I);
    stage.first_block = static_cast<Index>(layout.blocks().size());
    stage.first_statistics = static_cast<Index>(layout.statistics_blocks().size());
    if constexpr (kind<At<I>> == LayerKind::linear) {
      const auto& layer = get<I>(layers);
      const WeightShape w = layer.weight_shape(stage.in);
      if constexpr (requires { layer.source; }) {
        if constexpr (At<I>::tied) {
          Stage& source = stages[static_cast<std::size_t>(layer.source)];
          stage.blocks.weight = source.blocks.weight;
          stage.blocks.turn = Turn::first;
          source.blocks.turn = Turn::last;
        }
      }
      if (At<I>::has_weight && stage.blocks.weight < 0)
        stage.blocks.weight = layout.add(ParameterKind::weight, position, w.rows, w.cols);
      if (const Index period = layer.bias_size(stage.out); period > 0) {
        stage.blocks.bias = layout.add(ParameterKind::bias, position, period, 1);
        stage.blocks.bias_period = period;
      }
    } else if constexpr (kind<At<I>> == LayerKind::opaque) {
      get<I>(layers).declare(layout, position, stage.in);
    }
  }

  template <std::size_t I, class Scalar>
  void forward_one(const Pass<Scalar>& pass, const detail::Learned<Scalar>& learned,
                   const detail::Tape<Scalar, size>& tape, std::size_t first, std::size_t last) const {
    const Stage& stage = stages[I];
    const auto& layer = get<I>(layers);
    const Scalar* x = tape.into(I, first);
    Scalar* y = tape.output[I];
    if constexpr (kind<At<I>> == LayerKind::linear) {
      const auto kernel = layer.template kernel<Scalar>(stage.in, learned.block(stage.blocks.weight));
      const detail::Bias<Scalar> bias{learned.block(stage.blocks.bias), stage.blocks.bias_period};
      const Index outputs = stage.out.size();
      if constexpr (fused<I>()) {
        if (I + 1 < last)
          return detail::linear_forward(pass, kernel, bias, outputs, get<I + 1>(layers), x, y, tape.output[I + 1]);
      }
      detail::linear_forward(pass, kernel, bias, outputs, detail::NoActivation{}, x, y, y);
    } else if constexpr (kind<At<I>> == LayerKind::pointwise) {
      if constexpr (I > 0)
        if (fused<I - 1>() && I > first) return;  // done with the layer before
      detail::pointwise_forward(pass, layer, x, y, stage.out.size() * pass.batch);
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
    const Scalar* x = tape.into(I, first);
    if constexpr (kind<At<I>> == LayerKind::pointwise) {
      const Scalar* kept = At<I>::keeps == Keeps::output ? tape.output[I] : x;
      detail::pointwise_backward(pass, layer, kept, tape.delta[0], stage.out.size() * pass.batch);
    } else {
      if constexpr (kind<At<I>> == LayerKind::linear) {
        const auto kernel = layer.template kernel<Scalar>(stage.in, learned.block(stage.blocks.weight));
        Scalar* dx = I > first || through ? tape.delta[1] : nullptr;
        detail::linear_backward(pass, kernel, stage.blocks, stage.out.size(), x, tape.delta[0], dx, sink);
      } else {
        layer.backward(opaque_stage<I>(pass, learned, tape), x, tape.delta[0], tape.delta[1], sink);
      }
      std::swap(tape.delta[0], tape.delta[1]);
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
};

}  // namespace eigencoder
