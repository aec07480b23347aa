#pragma once

#include <eigencoder/stack/stack.hpp>

namespace eigencoder::detail {

/// Whether a code that this layer helps to make has a Jacobian for each sample.
template <class L>
inline constexpr bool has_jacobian =
    kind<L> == LayerKind::linear || kind<L> == LayerKind::pointwise || kind<L> == LayerKind::linked || Differentiable<L>;

/// Whether its Jacobian depends on what enters.
template <class L>
inline constexpr bool bends = kind<L> == LayerKind::pointwise ||
                              requires(const L& layer, const OpaqueStage<double>& stage, const double* in, double* out,
                                       GradientSink<double>& sink) { layer.bend(stage, in, in, in, out, sink); };

/// The Jacobian of an encoder at a batch that has passed through it, J, times some directions a sample: first J^T u for
/// directions u of the code, then the way of a function of it back to the parameters (a second-order sweep; Rifai et al.
/// 2011, "Contractive auto-encoders", derive it for one layer). Directions lie one after another, each a whole batch.
template <class Scalar, class Stack>
class Jacobian {
  using Plan = typename Stack::Plan;
  using Tape = detail::Tape<Scalar, Stack::size>;

 public:
  static constexpr std::size_t layers = Stack::code_at;

  /// Values that a sample takes for each direction.
  static Index room(const Stack& stack) {
    Index values = 2 * stack.stages[0].in.size();
    Stack::template each<0, layers>([&]<std::size_t I>() {
      values += 2 * stack.stages[I].out.size();
      if constexpr (kind<At<I>> == LayerKind::linked) values += stack.template source_size<I>();
    });
    return values;
  }

  /// `memory` has room for `directions` of every sample of the pass; the tape is one of training.
  Jacobian(const Stack& stack, const Pass<Scalar>& pass, const Learned<Scalar>& learned, const Tape& tape,
           Index directions, Scalar* memory)
      : stack_(stack), pass_(pass), wide_(pass), learned_(learned), tape_(tape), directions_(directions) {
    wide_.batch = pass.batch * directions;
    const auto cut = [&](Index values) { return std::exchange(memory, memory + values * wide_.batch); };
    back_[0] = cut(stack.stages[0].in.size());
    forth_[0] = cut(stack.stages[0].in.size());
    Stack::template each<0, layers>([&]<std::size_t I>() {
      back_[I + 1] = cut(stack.stages[I].out.size());
      forth_[I + 1] = cut(stack.stages[I].out.size());
      if constexpr (kind<At<I>> == LayerKind::linked) held_[I] = cut(stack.template source_size<I>());
    });
  }

  Scalar* u() const { return back_[layers]; }         ///< to be set: code size x batch x directions
  const Scalar* product() const { return back_[0]; }  ///< J^T u, once pulled
  Scalar* slope() const { return forth_[0]; }         ///< to be set: the derivative by J^T u of what is penalized
  Index product_size() const { return stack_.stages[0].in.size() * wide_.batch; }

  /// J^T u, down through the layers.
  void pull() const {
    Stack::template each<0, layers>([&]<std::size_t K>() { this->template pull_one<layers - 1 - K>(); });
  }

  /// From `slope` up: the derivatives by the parameters go to the sink, those by what leaves a layer to `tape.added`.
  void push(GradientSink<Scalar>& sink) const {
    Stack::template each<0, layers>([&]<std::size_t I>() { this->template push_one<I>(sink); });
  }

 private:
  template <std::size_t I>
  using At = typename Stack::template At<I>;

  template <std::size_t I>
  void pull_one() const {
    const auto& layer = get<I>(stack_.layers);
    const Scalar* dy = back_[I + 1];
    Scalar* dx = back_[I];
    const Index in = stack_.stages[I].in.size() * pass_.batch, out = stack_.stages[I].out.size() * pass_.batch;
    if constexpr (kind<At<I>> == LayerKind::linear) {
      linear_adjoint(wide_, stack_.template kernel<I>(learned_), dy, dx);
    } else if constexpr (kind<At<I>> == LayerKind::pointwise) {
      const Scalar* kept = this->template kept<I>();
      each_direction(out, [&](Index d) {
        for (Index i = 0; i < out; ++i) dx[d * out + i] = dy[d * out + i] * layer.slope(kept[i]);
      });
    } else if constexpr (kind<At<I>> == LayerKind::linked) {
      const auto stage = stack_.template linked_stage<I>(pass_, tape_);
      const Index source = stack_.template source_size<I>() * pass_.batch;
      for (Index d = 0; d < directions_; ++d)
        if constexpr (Plan::reads_cache[I])
          layer.backward(stage, stack_.template source_layer<I>(), dy + d * out, dx + d * in);
        else
          layer.backward(stage, dy + d * out, dx + d * in, held_[I] + d * source);
    } else {
      const auto stage = stack_.template opaque_stage<I>(pass_, learned_, tape_);
      for (Index d = 0; d < directions_; ++d) layer.pull(stage, tape_.into(I), dy + d * out, dx + d * in);
    }
    Stack::template each<I, layers>([&]<std::size_t K>() {
      if constexpr (Plan::links[K] == static_cast<Index>(I) - 1 && !Plan::reads_cache[K])
        add(wide_, held_[K], dx, in * directions_);
    });
  }

  template <std::size_t I>
  void push_one(GradientSink<Scalar>& sink) const {
    const auto& layer = get<I>(stack_.layers);
    const Stage& stage = stack_.stages[I];
    const Scalar *r = forth_[I], *dy = back_[I + 1];
    Scalar* y = forth_[I + 1];
    const Index in = stage.in.size() * pass_.batch, out = stage.out.size() * pass_.batch;
    Scalar* added = nullptr;
    if constexpr (I > 0) added = tape_.added[I - 1];
    if constexpr (kind<At<I>> == LayerKind::linear) {
      const auto kernel = stack_.template kernel<I>(learned_);
      if (I + 1 < layers) linear_forward(wide_, kernel, Bias<Scalar>{nullptr, 1}, NoActivation{}, r, y, y);
      if (stage.blocks.weight >= 0) weight_backward(wide_, kernel, stage.blocks, r, dy, sink);
    } else if constexpr (kind<At<I>> == LayerKind::pointwise) {
      const Scalar* kept = this->template kept<I>();
      each_direction(out, [&](Index d) {
        for (Index i = 0; i < out; ++i) y[d * out + i] = r[d * out + i] * layer.slope(kept[i]);
      });
      if (added)
        parallel_tiles(out, pointwise_tile, pass_.team(out * directions_ * 8), [&](Index first, Index count, int) {
          for (Index d = 0; d < directions_; ++d)
            for (Index i = first; i < first + count; ++i)
              added[i] += layer.curvature(kept[i]) * dy[d * out + i] * r[d * out + i];
        });
    } else if constexpr (kind<At<I>> == LayerKind::linked) {
      auto view = stack_.template linked_stage<I>(pass_, tape_);
      const Index source = stack_.template source_size<I>() * pass_.batch;
      for (Index d = 0; d < directions_; ++d) {
        if constexpr (Plan::reads_cache[I]) {
          layer.forward(view, stack_.template source_layer<I>(), r + d * in, y + d * out);
        } else {
          view.source = forth_[static_cast<std::size_t>(Plan::links[I] + 1)] + d * source;
          layer.forward(view, r + d * in, y + d * out);
        }
      }
    } else {
      const auto view = stack_.template opaque_stage<I>(pass_, learned_, tape_);
      for (Index d = 0; d < directions_; ++d) {
        layer.push(view, tape_.into(I), r + d * in, y + d * out);
        if constexpr (bends<At<I>>) layer.bend(view, tape_.into(I), dy + d * out, r + d * in, added, sink);
      }
    }
  }

  /// What the activation I kept.
  template <std::size_t I>
  const Scalar* kept() const {
    return At<I>::keeps == Keeps::output ? tape_.output[I] : tape_.into(I);
  }

  template <class Run>
  void each_direction(Index values, const Run& run) const {
    parallel_for(directions_, pass_.team(values * directions_ * 8), [&](Index d, int) { run(d); });
  }

  const Stack& stack_;
  const Pass<Scalar>& pass_;
  Pass<Scalar> wide_;  ///< for kernels, which take any number of columns
  const Learned<Scalar>& learned_;
  const Tape& tape_;
  Index directions_;
  std::array<Scalar*, layers + 1> back_{}, forth_{};  ///< at the input, and behind each layer
  std::array<Scalar*, layers> held_{};
};

}  // namespace eigencoder::detail
