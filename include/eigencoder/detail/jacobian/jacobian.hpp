#pragma once

#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/detail/kernels/dense_kernel.hpp>
#include <eigencoder/detail/stack/stack.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>

namespace eigencoder::detail {

/// Whether the layer has a Jacobian for each sample, of its output by its input.
template <class L>
inline constexpr bool has_jacobian =
    kind<L> == LayerKind::linear || kind<L> == LayerKind::pointwise || kind<L> == LayerKind::skip ||
    Differentiable<L>;

/// Whether that Jacobian depends on the input, so that its derivative adds a second-order term to the gradient.
template <class L>
inline constexpr bool has_second_order_term =
    kind<L> == LayerKind::pointwise ||
    requires(const L& layer, const LayerContext<double>& context, const double* in, double* out,
             GradientSink<double>& sink) { layer.second_order(context, in, in, in, out, sink); };

template <class L>
inline constexpr bool has_dense_kernel = false;
template <LinearLayer L>
inline constexpr bool has_dense_kernel<L> =
    std::is_same_v<decltype(std::declval<const L&>().template kernel<double>(Shape(), nullptr)), DenseKernel<double>>;

/// Products with J, the Jacobian of the code by the input, at a batch that has passed through the encoder in training.
///
/// A penalty f(J^T u) takes two passes. `vjp` computes v = J^T u from the code back to the input. With r = df/dv, f is
/// linearized as <r, J^T u> = <J r, u>: `accumulate_gradients` carries r forward as the tangent of each layer's output.
/// A layer y = g(x) with the vjp dy at its output and the tangent r at its input contributes the derivative of
/// <r, (dg/dx)^T dy>
///
/// - by its weight, for a linear layer: the outer product of dy and r
/// - by z, for an activation y = g(z): g''(z) dy r, the second-order term, added to `tape.extra_gradients`
///
/// The model's backward pass then takes the second-order terms to the parameters of earlier layers. For a code of one
/// sigmoid layer this is the gradient of the penalty in eq. 5 of Rifai et al. 2011, "Contractive auto-encoders:
/// explicit invariance during feature extraction".
///
/// There are several directions u for each sample; buffers hold direction after direction, each a whole batch of
/// columns. With `first_layer` = 1 both passes leave out a dense first layer: v is then the vjp at that layer's output.
template <class Scalar, class Stack>
class Jacobian {
  using StackTraits = typename Stack::StackTraits;
  using Tape = detail::Tape<Scalar, Stack::size>;
  template <std::size_t K>
  using LayerAt = typename Stack::template LayerAt<K>;

 public:
  static constexpr std::size_t layer_count = Stack::encoder_depth;

  /// Whether the passes may leave out the first layer: it is dense, and no skip layer reads the input.
  static constexpr bool begins_dense = [] {
    for (std::size_t i = 0; i < layer_count; ++i)
      if (StackTraits::skip_sources[i] == -1) return false;
    return has_dense_kernel<LayerAt<0>>;
  }();
  /// Whether all layers after the first are activations.
  static constexpr bool continues_pointwise = [] {
    bool all = true;
    Stack::template each<1, layer_count>(
        [&]<std::size_t K>() { all = all && kind<LayerAt<K>> == LayerKind::pointwise; });
    return all;
  }();

  /// The number of values that the passes need for one direction of one sample.
  static Index scratch_size(const Stack& stack, Index first_layer) {
    Index values = first_layer > 0 ? 0 : 2 * stack.layer_info[0].in.values();
    Stack::template each<0, layer_count>([&]<std::size_t K>() {
      values += 2 * stack.layer_info[K].out.values();
      if constexpr (kind<LayerAt<K>> == LayerKind::skip) values += stack.template source_size<K>();
    });
    return values;
  }

  /// `scratch` holds `scratch_size` values for each of the `directions` of every sample.
  Jacobian(const Stack& stack, const Pass<Scalar>& pass, const ParameterView<Scalar>& parameters, const Tape& tape,
           Index first_layer, Index directions, Scalar* scratch)
      : stack_(stack), pass_(pass), all_directions_(pass), parameters_(parameters), tape_(tape),
        first_layer_(static_cast<std::size_t>(first_layer)), directions_(directions) {
    all_directions_.batch = pass.batch * directions;
    const auto take = [&](Index values) { return std::exchange(scratch, scratch + values * all_directions_.batch); };
    if (first_layer == 0) {
      vjp_[0] = take(stack.layer_info[0].in.values());
      tangent_[0] = take(stack.layer_info[0].in.values());
    }
    Stack::template each<0, layer_count>([&]<std::size_t K>() {
      vjp_[K + 1] = take(stack.layer_info[K].out.values());
      tangent_[K + 1] = take(stack.layer_info[K].out.values());
      if constexpr (kind<LayerAt<K>> == LayerKind::skip) pending_vjp_[K] = take(stack.template source_size<K>());
    });
  }

  /// u, which the caller sets: code size x batch x directions.
  Scalar* directions() const { return vjp_[layer_count]; }
  /// v = J^T u, the result of `vjp`; `accumulate_gradients` does not read it.
  Scalar* product() const { return vjp_[first_layer_]; }
  /// r = df/dv, which the caller sets before `accumulate_gradients`.
  Scalar* tangent() const { return tangent_[first_layer_]; }
  /// The number of values in v and in r.
  Index product_size() const {
    return (first_layer_ > 0 ? stack_.layer_info[0].out.values() : stack_.layer_info[0].in.values()) *
           all_directions_.batch;
  }

  /// Computes v = J^T u.
  void vjp() const {
    Stack::template each<0, layer_count>([&]<std::size_t J>() {
      if (layer_count - 1 - J >= first_layer_) this->template vjp_layer<layer_count - 1 - J>();
    });
  }

  /// Computes the derivatives of f from r, after `vjp`: those by parameters go to the sink, those by layers' outputs
  /// are added to `tape.extra_gradients`.
  void accumulate_gradients(GradientSink<Scalar>& sink) const {
    Stack::template each<0, layer_count>([&]<std::size_t K>() {
      if (K >= first_layer_) this->template accumulate_layer<K>(sink);
    });
  }

 private:
  template <std::size_t K>
  void vjp_layer() const {
    const auto& layer = get<K>(stack_.layers);
    const LayerInfo& info = stack_.layer_info[K];
    const Scalar* dy = vjp_[K + 1];
    Scalar* dx = vjp_[K];
    const Index in = info.in.values() * pass_.batch, out = info.out.values() * pass_.batch;
    if constexpr (kind<LayerAt<K>> == LayerKind::linear) {
      linear_adjoint(all_directions_, stack_.template kernel<K>(parameters_), dy, dx);
    } else if constexpr (kind<LayerAt<K>> == LayerKind::pointwise) {
      for_each_tile(out, [&](Index first, Index count) {
        Scalar derivative[tile];
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
          layer.backward(context, dy + d * out, dx + d * in, pending_vjp_[K] + d * source);
    } else {
      const auto context = stack_.template layer_context<K>(pass_, parameters_, tape_);
      for (Index d = 0; d < directions_; ++d) layer.vjp(context, tape_.input_of(K), dy + d * out, dx + d * in);
    }
    Stack::template each<K, layer_count>([&]<std::size_t J>() {
      if constexpr (StackTraits::skip_sources[J] == static_cast<Index>(K) - 1 && !StackTraits::reads_cache[J])
        add(all_directions_, pending_vjp_[J], dx, in * directions_);
    });
  }

  /// Adds the gradients of layer K and carries the tangent through it.
  template <std::size_t K>
  void accumulate_layer(GradientSink<Scalar>& sink) const {
    const auto& layer = get<K>(stack_.layers);
    const LayerInfo& info = stack_.layer_info[K];
    const Scalar *r = tangent_[K], *dy = vjp_[K + 1];
    Scalar* y = tangent_[K + 1];
    const Index in = info.in.values() * pass_.batch, out = info.out.values() * pass_.batch;
    Scalar* input_gradient = nullptr;
    if constexpr (K > 0) input_gradient = tape_.extra_gradients[K - 1];
    if constexpr (kind<LayerAt<K>> == LayerKind::linear) {
      const auto kernel = stack_.template kernel<K>(parameters_);
      if (K + 1 < layer_count)
        linear_forward(all_directions_, kernel, Bias<Scalar>{nullptr, 1}, NoActivation{}, r, y, y);
      if (info.blocks.weight >= 0)
        weight_backward(all_directions_, kernel, info.blocks, {info.in.values(), info.out.values()}, r, dy, sink);
    } else if constexpr (kind<LayerAt<K>> == LayerKind::pointwise) {
      for_each_tile(out, [&](Index first, Index count) {
        Scalar derivative[tile], products[tile] = {};
        derivatives<K>(first, count, derivative);
        for (Index d = 0; d < directions_; ++d)
          for (Index i = 0, at = d * out + first; i < count; ++i, ++at) {
            products[i] += dy[at] * r[at];
            y[at] = r[at] * derivative[i];
          }
        const Scalar* saved = this->template saved<K>() + first;
        for (Index i = 0; input_gradient && i < count; ++i)
          input_gradient[first + i] += layer.second_derivative(saved[i]) * products[i];
      });
    } else if constexpr (kind<LayerAt<K>> == LayerKind::skip) {
      auto context = stack_.template skip_context<K>(pass_, tape_);
      const Index source = stack_.template source_size<K>() * pass_.batch;
      for (Index d = 0; d < directions_; ++d) {
        if constexpr (StackTraits::reads_cache[K]) {
          layer.forward(context, stack_.template source_layer<K>(), r + d * in, y + d * out);
        } else {
          context.source = tangent_[static_cast<std::size_t>(StackTraits::skip_sources[K] + 1)] + d * source;
          layer.forward(context, r + d * in, y + d * out);
        }
      }
    } else {
      const auto context = stack_.template layer_context<K>(pass_, parameters_, tape_);
      const Scalar* x = tape_.input_of(K);
      for (Index d = 0; d < directions_; ++d) {
        layer.jvp(context, x, r + d * in, y + d * out);
        if constexpr (has_second_order_term<LayerAt<K>>)
          layer.second_order(context, x, dy + d * out, r + d * in, input_gradient, sink);
      }
    }
  }

  /// What the activation K saved for its derivatives: its output or its input.
  template <std::size_t K>
  const Scalar* saved() const {
    return LayerAt<K>::saved_for_backward == SavedForBackward::output ? tape_.output[K] : tape_.input_of(K);
  }

  template <std::size_t K>
  void derivatives(Index first, Index count, Scalar* derivative) const {
    const auto& layer = get<K>(stack_.layers);
    const Scalar* saved = this->template saved<K>() + first;
    for (Index i = 0; i < count; ++i) derivative[i] = layer.derivative(saved[i]);
  }

  /// Calls `run(first, count)` for tiles of a batch's values; a tile is computed for all directions.
  static constexpr Index tile = 512;
  template <class Run>
  void for_each_tile(Index values, const Run& run) const {
    parallel_tiles(values, tile, pass_.team(values * directions_ * 4),
                   [&](Index first, Index count, int) { run(first, count); });
  }

  const Stack& stack_;
  const Pass<Scalar>& pass_;
  Pass<Scalar> all_directions_;  ///< the pass with a column for each direction of each sample, for linear kernels
  const ParameterView<Scalar>& parameters_;
  const Tape& tape_;
  std::size_t first_layer_;
  Index directions_;
  std::array<Scalar*, layer_count + 1> vjp_{}, tangent_{};  ///< at the input of each layer, and at the code
  std::array<Scalar*, layer_count> pending_vjp_{};          ///< of each skip layer's source, until `vjp` reaches that
};

}  // namespace eigencoder::detail
