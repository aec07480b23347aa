#pragma once

#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/stack/stack.hpp>
#include <eigencoder/extend/gradient_sink.hpp>
#include <eigencoder/extend/layer_info.hpp>
#include <eigencoder/extend/parameter_view.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <eigencoder/layers/dense.hpp>

namespace eigencoder::detail {

/// Whether a code that this layer helps to make has a Jacobian for each sample.
template <class L>
inline constexpr bool has_jacobian =
    kind<L> == LayerKind::linear || kind<L> == LayerKind::pointwise || kind<L> == LayerKind::skip ||
    Differentiable<L>;

/// Whether its Jacobian depends on what enters.
template <class L>
inline constexpr bool bends = kind<L> == LayerKind::pointwise ||
                              requires(const L& layer, const LayerContext<double>& context, const double* in, double* out,
                                       GradientSink<double>& sink) { layer.second_order(context, in, in, in, out, sink); };

template <class L>
inline constexpr bool has_dense_kernel = false;
template <LinearLayer L>
inline constexpr bool has_dense_kernel<L> =
    std::is_same_v<decltype(std::declval<const L&>().template kernel<double>(Shape(), nullptr)), DenseKernel<double>>;

/// The Jacobian of an encoder at a batch that has passed through it, J, times some directions a sample: first J^T u for
/// directions u of the code, then the way of a function of it back to the parameters (a second-order sweep; Rifai et
/// al. 2011, "Contractive auto-encoders", derive it for one layer). Directions lie one after another, each a whole
/// batch.
///
/// Either sweep may end above a dense first layer (`bottom` 1): at the derivatives of <u, code> by what leaves it.
template <class Scalar, class Stack>
class Jacobian {
  using StackTraits = typename Stack::StackTraits;
  using Tape = detail::Tape<Scalar, Stack::size>;
  template <std::size_t K>
  using LayerAt = typename Stack::template LayerAt<K>;

 public:
  static constexpr std::size_t layers = Stack::encoder_depth;

  /// Whether sweeps may end above the first layer, and whether nothing but activations follows that one.
  static constexpr bool begins_dense = [] {
    for (std::size_t i = 0; i < layers; ++i)
      if (StackTraits::links[i] == -1) return false;
    return has_dense_kernel<LayerAt<0>>;
  }();
  static constexpr bool continues_pointwise = [] {
    bool all = true;
    Stack::template each<1, layers>([&]<std::size_t K>() { all = all && kind<LayerAt<K>> == LayerKind::pointwise; });
    return all;
  }();

  /// Values that a sample takes for each direction.
  static Index room(const Stack& stack, Index bottom) {
    Index values = bottom > 0 ? 0 : 2 * stack.layer_info[0].in.values();
    Stack::template each<0, layers>([&]<std::size_t K>() {
      values += 2 * stack.layer_info[K].out.values();
      if constexpr (kind<LayerAt<K>> == LayerKind::skip) values += stack.template source_size<K>();
    });
    return values;
  }

  /// `memory` has room for `directions` of every sample of the pass; the tape is one of training.
  Jacobian(const Stack& stack, const Pass<Scalar>& pass, const ParameterView<Scalar>& learned, const Tape& tape,
           Index bottom, Index directions, Scalar* memory)
      : stack_(stack), pass_(pass), wide_(pass), learned_(learned), tape_(tape),
        bottom_(static_cast<std::size_t>(bottom)), directions_(directions) {
    wide_.batch = pass.batch * directions;
    const auto cut = [&](Index values) { return std::exchange(memory, memory + values * wide_.batch); };
    if (bottom == 0) {
      back_[0] = cut(stack.layer_info[0].in.values());
      forth_[0] = cut(stack.layer_info[0].in.values());
    }
    Stack::template each<0, layers>([&]<std::size_t K>() {
      back_[K + 1] = cut(stack.layer_info[K].out.values());
      forth_[K + 1] = cut(stack.layer_info[K].out.values());
      if constexpr (kind<LayerAt<K>> == LayerKind::skip) held_[K] = cut(stack.template source_size<K>());
    });
  }

  Scalar* u() const { return back_[layers]; }         ///< to be set: code size x batch x directions
  Scalar* product() const { return back_[bottom_]; }  ///< J^T u, once pulled; `jvp` does not need it
  Scalar* derivative() const { return forth_[bottom_]; }   ///< to be set: the derivative by J^T u of what is penalized
  Index product_size() const {
    return (bottom_ > 0 ? stack_.layer_info[0].out.values() : stack_.layer_info[0].in.values()) * wide_.batch;
  }

  /// J^T u, down through the layers.
  void vjp() const {
    Stack::template each<0, layers>([&]<std::size_t J>() {
      if (layers - 1 - J >= bottom_) this->template pull_one<layers - 1 - J>();
    });
  }

  /// From `derivative` up: the derivatives by the parameters go to the sink, those by what leaves a layer to `tape.extra_gradients`.
  void jvp(GradientSink<Scalar>& sink) const {
    Stack::template each<0, layers>([&]<std::size_t K>() {
      if (K >= bottom_) this->template push_one<K>(sink);
    });
  }

 private:
  template <std::size_t K>
  void pull_one() const {
    const auto& layer = get<K>(stack_.layers);
    const Scalar* dy = back_[K + 1];
    Scalar* dx = back_[K];
    const Index in = stack_.layer_info[K].in.values() * pass_.batch, out = stack_.layer_info[K].out.values() * pass_.batch;
    if constexpr (kind<LayerAt<K>> == LayerKind::linear) {
      linear_adjoint(wide_, stack_.template kernel<K>(learned_), dy, dx);
    } else if constexpr (kind<LayerAt<K>> == LayerKind::pointwise) {
      each_stretch(out, [&](Index first, Index count) {
        Scalar derivative[stretch];
        derivatives<K>(first, count, derivative);
        for (Index d = 0; d < directions_; ++d)
          for (Index i = 0, at = d * out + first; i < count; ++i, ++at) dx[at] = dy[at] * derivative[i];
      });
    } else if constexpr (kind<LayerAt<K>> == LayerKind::skip) {
      const auto context = stack_.template skip_context<K>(pass_, tape_);
      const Index source = stack_.template source_size<K>() * pass_.batch;
      for (Index d = 0; d < directions_; ++d)
        if constexpr (StackTraits::reads_cache[K])
          layer.backward(context, stack_.template source_layer<K>(), dy + d * out, dx + d * in);
        else
          layer.backward(context, dy + d * out, dx + d * in, held_[K] + d * source);
    } else {
      const auto context = stack_.template layer_context<K>(pass_, learned_, tape_);
      for (Index d = 0; d < directions_; ++d) layer.vjp(context, tape_.input_of(K), dy + d * out, dx + d * in);
    }
    Stack::template each<K, layers>([&]<std::size_t J>() {
      if constexpr (StackTraits::links[J] == static_cast<Index>(K) - 1 && !StackTraits::reads_cache[J])
        add(wide_, held_[J], dx, in * directions_);
    });
  }

  template <std::size_t K>
  void push_one(GradientSink<Scalar>& sink) const {
    const auto& layer = get<K>(stack_.layers);
    const LayerInfo& context = stack_.layer_info[K];
    const Scalar *r = forth_[K], *dy = back_[K + 1];
    Scalar* y = forth_[K + 1];
    const Index in = context.in.values() * pass_.batch, out = context.out.values() * pass_.batch;
    Scalar* added = nullptr;
    if constexpr (K > 0) added = tape_.extra_gradients[K - 1];
    if constexpr (kind<LayerAt<K>> == LayerKind::linear) {
      const auto kernel = stack_.template kernel<K>(learned_);
      if (K + 1 < layers) linear_forward(wide_, kernel, Bias<Scalar>{nullptr, 1}, NoActivation{}, r, y, y);
      if (context.blocks.weight >= 0)
        weight_backward(wide_, kernel, context.blocks, {context.in.values(), context.out.values()}, r, dy, sink);
    } else if constexpr (kind<LayerAt<K>> == LayerKind::pointwise) {
      each_stretch(out, [&](Index first, Index count) {
        Scalar derivative[stretch], bent[stretch] = {};
        derivatives<K>(first, count, derivative);
        for (Index d = 0; d < directions_; ++d)
          for (Index i = 0, at = d * out + first; i < count; ++i, ++at) {
            bent[i] += dy[at] * r[at];
            y[at] = r[at] * derivative[i];
          }
        const Scalar* kept = this->template kept<K>() + first;
        for (Index i = 0; added && i < count; ++i) added[first + i] += layer.second_derivative(kept[i]) * bent[i];
      });
    } else if constexpr (kind<LayerAt<K>> == LayerKind::skip) {
      auto view = stack_.template skip_context<K>(pass_, tape_);
      const Index source = stack_.template source_size<K>() * pass_.batch;
      for (Index d = 0; d < directions_; ++d) {
        if constexpr (StackTraits::reads_cache[K]) {
          layer.forward(view, stack_.template source_layer<K>(), r + d * in, y + d * out);
        } else {
          view.source = forth_[static_cast<std::size_t>(StackTraits::links[K] + 1)] + d * source;
          layer.forward(view, r + d * in, y + d * out);
        }
      }
    } else {
      const auto view = stack_.template layer_context<K>(pass_, learned_, tape_);
      for (Index d = 0; d < directions_; ++d) {
        layer.jvp(view, tape_.input_of(K), r + d * in, y + d * out);
        if constexpr (bends<LayerAt<K>>) layer.second_order(view, tape_.input_of(K), dy + d * out, r + d * in, added, sink);
      }
    }
  }

  /// What the activation I kept.
  template <std::size_t K>
  const Scalar* kept() const {
    return LayerAt<K>::saved_for_backward == SavedForBackward::output ? tape_.output[K] : tape_.input_of(K);
  }

  template <std::size_t K>
  void derivatives(Index first, Index count, Scalar* derivative) const {
    const auto& layer = get<K>(stack_.layers);
    const Scalar* kept = this->template kept<K>() + first;
    for (Index i = 0; i < count; ++i) derivative[i] = layer.derivative(kept[i]);
  }

  /// Cuts the values of a batch; each stretch is for all directions.
  static constexpr Index stretch = 512;
  template <class Run>
  void each_stretch(Index values, const Run& run) const {
    parallel_tiles(values, stretch, pass_.team(values * directions_ * 4),
                   [&](Index first, Index count, int) { run(first, count); });
  }

  const Stack& stack_;
  const Pass<Scalar>& pass_;
  Pass<Scalar> wide_;  ///< for kernels, which take any number of columns
  const ParameterView<Scalar>& learned_;
  const Tape& tape_;
  std::size_t bottom_;
  Index directions_;
  std::array<Scalar*, layers + 1> back_{}, forth_{};  ///< at the input, and behind each layer
  std::array<Scalar*, layers> held_{};
};

}  // namespace eigencoder::detail
