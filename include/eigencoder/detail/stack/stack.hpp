#pragma once

#include <eigencoder/detail/stack/stack_layout.hpp>
#include <eigencoder/detail/stack/tape.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/workspace.hpp>

namespace eigencoder::detail {

/// All layers of a model, the encoder's first; the first `EncoderDepth` of them compute the code. The kind of a layer
/// decides at compile time what a pass calls.
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

  /// Lays out the buffers of a pass through layers first, ..., last - 1 in an arena of the workspace. `input` has
  /// `pass.batch` columns.
  template <class Scalar>
  Tape<Scalar, size> tape(const Pass<Scalar>& pass, const Scalar* input, std::size_t first, std::size_t last,
                          const PassRequirements& requirements = {},
                          typename Workspace<Scalar>::Arena arena = Workspace<Scalar>::pass) const {
    Tape<Scalar, size> tape;
    tape.input = input;
    tape.first = first;
    tape.encoder_depth = EncoderDepth;
    tape.draws = std::max<Index>(requirements.draws, 1);
    BufferPlan<Scalar> plan(pass.workspace.arena(0, arena));
    reserve(pass, tape, last, requirements, plan);
    if (!plan.fits()) {
      plan = BufferPlan<Scalar>(pass.workspace.arena(plan.size(), arena));
      reserve(pass, tape, last, requirements, plan);
    }
    share_outputs(pass, tape, last, requirements);
    return tape;
  }

  /// Runs layers first, ..., last - 1, from `tape.input_of(first)` on, and writes each layer's output to `tape.output`.
  template <class Scalar>
  void forward(const Pass<Scalar>& pass, const ParameterView<Scalar>& parameters,
               const Tape<Scalar, size>& tape, std::size_t first, std::size_t last) const {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      ((K >= first && K < last ? forward_layer<K>(pass, parameters, tape, first, last) : void()), ...);
    }(std::make_index_sequence<size>());
  }

  /// Propagates the gradient in `tape.delta[0]` from the output of layer last - 1 back through layer first, and hands
  /// the gradients of the parameters to the sink. Returns the gradient of the input of layer first, or null without
  /// `needs_input_gradient`.
  template <class Scalar>
  Scalar* backward(const Pass<Scalar>& pass, const ParameterView<Scalar>& parameters,
                   Tape<Scalar, size>& tape, std::size_t first, std::size_t last, bool needs_input_gradient,
                   GradientSink<Scalar>& sink) const {
    [&]<std::size_t... J>(std::index_sequence<J...>) {
      ((size - 1 - J >= first && size - 1 - J < last
            ? backward_layer<size - 1 - J>(pass, parameters, tape, first, last, needs_input_gradient, sink)
            : void()),
       ...);
    }(std::make_index_sequence<size>());
    if (!needs_input_gradient) return nullptr;
    if (first == 0) add_pending<-1>(pass, tape, last);
    if (first == EncoderDepth) add_pending<static_cast<Index>(EncoderDepth) - 1>(pass, tape, last);
    return tape.delta[0];
  }

  /// Sets the gradients to which policies add to zero.
  template <class Scalar>
  void clear_extra_gradients(const Pass<Scalar>& pass, const Tape<Scalar, size>& tape) const {
    for (std::size_t i = 0; i < size; ++i)
      if (tape.extra_gradients[i])
        std::fill_n(tape.extra_gradients[i],
                    layer_info[i].out.values() * pass.batch * (i >= EncoderDepth ? tape.draws : 1), Scalar(0));
  }

  /// The layer that the skip layer K reads.
  template <std::size_t K>
  const auto& source_layer() const {
    return get<static_cast<std::size_t>(StackTraits::skip_sources[K])>(layers);
  }
  /// The number of values per sample that the skip layer K reads.
  template <std::size_t K>
  Index source_size() const {
    constexpr Index source = StackTraits::skip_sources[K];
    return source < 0 ? layer_info[0].in.values() : layer_info[static_cast<std::size_t>(source)].out.size();
  }

  /// The kernel of the linear layer K.
  template <std::size_t K, class Scalar>
  auto kernel(const ParameterView<Scalar>& parameters) const {
    return get<K>(layers).template kernel<Scalar>(layer_info[K].in, parameters.block(layer_info[K].blocks.weight));
  }

  /// What the skip layer K sees of a pass.
  template <std::size_t K, class Scalar>
  SkipContext<Scalar> skip_context(const Pass<Scalar>& pass, const Tape<Scalar, size>& tape) const {
    constexpr Index source = StackTraits::skip_sources[K];
    const Scalar* values = tape.input_of(static_cast<std::size_t>(source + 1));
    if constexpr (source < 0) return {pass, layer_info[K].in, layer_info[0].in, layer_info[0].in, values, nullptr};
    else {
      const LayerInfo& info = layer_info[static_cast<std::size_t>(source)];
      return {pass, layer_info[K].in, info.in, info.out, values, tape.cache[static_cast<std::size_t>(source)]};
    }
  }

  /// What the custom layer K sees of a pass.
  template <std::size_t K, class Scalar>
  LayerContext<Scalar> layer_context(const Pass<Scalar>& pass, const ParameterView<Scalar>& parameters,
                                     const Tape<Scalar, size>& tape) const {
    const LayerInfo& info = layer_info[K];
    LayerContext<Scalar> context{pass, info.in,      static_cast<Index>(K), {}, {}, {},
                                 tape.cache[K], info.first_block, info.frozen};
    const auto& layout = parameters.layout;
    for (Index k = 0; k < 2; ++k) {
      const auto slot = static_cast<std::size_t>(k);
      const Index block = info.first_block + k;
      if (block < static_cast<Index>(layout.blocks().size())) context.parameters[slot] = parameters.block(block);
      const Index statistics = info.first_statistics + k;
      if (statistics >= static_cast<Index>(layout.statistics_blocks().size())) continue;
      const Index offset = layout.statistics_block(statistics).offset;
      context.statistics[slot] = parameters.statistics + offset;
      if (parameters.updated && !info.frozen) context.updated[slot] = parameters.updated + offset;
    }
    return context;
  }

 private:
  /// Reserves the buffers of the tape, except outputs that `share_outputs` sets.
  template <class Scalar>
  void reserve(const Pass<Scalar>& pass, Tape<Scalar, size>& tape, std::size_t last,
               const PassRequirements& requirements, BufferPlan<Scalar>& plan) const {
    const Index max_values = BufferPlan<Scalar>::limit / (pass.batch * tape.draws);  // that of the decoder
    const auto of_batch = [&](Index values, std::size_t layer) {
      if (values > max_values) throw_too_large(values);
      return values * pass.batch * (layer >= EncoderDepth ? tape.draws : 1);
    };
    Index widest = 0;
    for (std::size_t i = tape.first; i < last; ++i)
      widest = (std::max)({widest, of_batch(layer_info[i].in.values(), i), of_batch(layer_info[i].out.values(), i)});
    plan.reserve(tape.delta[0], widest);
    plan.reserve(tape.delta[1], widest);
    Base::template each<0, size>([&]<std::size_t K>() {
      if (K < tape.first || K >= last) return;
      const Index values = of_batch(layer_info[K].out.values(), K);
      if (requirements.extra_gradients[K]) plan.reserve(tape.extra_gradients[K], values);
      if constexpr (kind<LayerAt<K>> == LayerKind::custom)
        if (pass.training || StackTraits::cache_is_read(static_cast<Index>(K)))
          plan.reserve(tape.cache[K], get<K>(this->layers).cache_size(this->layer_info[K].in, of_batch(1, K)));
      if constexpr (kind<LayerAt<K>> == LayerKind::skip)
        if (pass.training && !StackTraits::reads_cache[K])
          plan.reserve(tape.pending_gradients[K], of_batch(this->template source_size<K>(), K));
      if (owns_output<K>(pass.training, last, requirements)) plan.reserve(tape.output[K], values);
    });
    if (requirements.draws > 0 && last > EncoderDepth)
      plan.reserve(tape.latent, of_batch(layer_info[EncoderDepth].in.values(), EncoderDepth));
    if (requirements.bottleneck_cache > 0) plan.reserve(tape.bottleneck_cache, requirements.bottleneck_cache);
  }

  /// Whether layer K has an output buffer that no other layer uses: in training unless the next activation overwrites
  /// it, in inference only if a skip layer reads it.
  template <std::size_t K>
  static bool owns_output(bool training, std::size_t last, const PassRequirements& requirements) {
    if (!training) return StackTraits::output_is_read(static_cast<Index>(K));
    return !(StackTraits::template output_is_overwritten<K>() && K + 1 < last) || requirements.saved_outputs[K];
  }

  /// Sets the outputs of the other layers: in training to the output of the activation that overwrites them, in
  /// inference alternately to the two buffers of `delta`; consecutive activations then work in place.
  template <class Scalar>
  void share_outputs(const Pass<Scalar>& pass, Tape<Scalar, size>& tape, std::size_t last,
                     const PassRequirements& requirements) const {
    std::size_t buffer = 0;
    Base::template each<0, size>([&]<std::size_t K>() {
      if (K < tape.first || K >= last || owns_output<K>(pass.training, last, requirements)) return;
      if (pass.training) {
        if constexpr (K + 1 < Base::size) tape.output[K] = tape.output[K + 1];
      } else {
        const bool in_place = kind<LayerAt<K>> == LayerKind::pointwise && K != tape.first &&
                              !StackTraits::output_is_read(static_cast<Index>(K) - 1);
        if (!in_place) buffer = 1 - buffer;
        tape.output[K] = tape.delta[buffer];
      }
    });
  }

  template <std::size_t K, class Scalar>
  void forward_layer(const Pass<Scalar>& pass, const ParameterView<Scalar>& parameters, const Tape<Scalar, size>& tape,
                     std::size_t first, std::size_t last) const {
    const LayerInfo& info = layer_info[K];
    const auto& layer = get<K>(layers);
    const Scalar* x = tape.input_of(K);
    Scalar* y = tape.output[K];
    if constexpr (kind<LayerAt<K>> == LayerKind::linear) {
      const auto kernel = this->template kernel<K>(parameters);
      const Bias<Scalar> bias{parameters.block(info.blocks.bias), info.blocks.bias_period};
      if constexpr (StackTraits::template fuses_activation<K>()) {
        if (K + 1 < last)
          return linear_forward(pass, kernel, bias, get<K + 1>(layers), x, y, tape.output[K + 1]);
      }
      linear_forward(pass, kernel, bias, NoActivation{}, x, y, y);
    } else if constexpr (kind<LayerAt<K>> == LayerKind::pointwise) {
      if constexpr (K > 0)
        if (StackTraits::template fuses_activation<K - 1>() && K > first) return;  // already applied
      pointwise_forward(pass, layer, x, y, info.out.values() * pass.batch);
    } else if constexpr (kind<LayerAt<K>> == LayerKind::skip) {
      const auto context = skip_context<K>(pass, tape);
      if constexpr (StackTraits::reads_cache[K]) layer.forward(context, source_layer<K>(), x, y);
      else layer.forward(context, x, y);
    } else {
      layer.forward(layer_context<K>(pass, parameters, tape), x, y);
    }
  }

  template <std::size_t K, class Scalar>
  void backward_layer(const Pass<Scalar>& pass, const ParameterView<Scalar>& parameters, Tape<Scalar, size>& tape,
                      std::size_t first, std::size_t last, bool needs_input_gradient,
                      GradientSink<Scalar>& sink) const {
    const LayerInfo& info = layer_info[K];
    const auto& layer = get<K>(layers);
    const Scalar* x = tape.input_of(K);
    add_pending<static_cast<Index>(K)>(pass, tape, last);
    if (tape.extra_gradients[K]) add(pass, tape.extra_gradients[K], tape.delta[0], info.out.values() * pass.batch);
    if constexpr (kind<LayerAt<K>> == LayerKind::pointwise) {
      const Scalar* saved = LayerAt<K>::saved_for_backward == SavedForBackward::output ? tape.output[K] : x;
      pointwise_backward(pass, layer, saved, tape.delta[0], info.out.values() * pass.batch);
    } else {
      if constexpr (kind<LayerAt<K>> == LayerKind::linear) {
        const auto kernel = this->template kernel<K>(parameters);
        Scalar* dx = K > first || needs_input_gradient ? tape.delta[1] : nullptr;
        linear_backward(pass, kernel, info.blocks, {info.in.values(), info.out.values()}, x, tape.delta[0], dx,
                        sink);
      } else if constexpr (kind<LayerAt<K>> == LayerKind::skip) {
        const auto context = skip_context<K>(pass, tape);
        if constexpr (StackTraits::reads_cache[K])
          layer.backward(context, source_layer<K>(), tape.delta[0], tape.delta[1]);
        else
          layer.backward(context, tape.delta[0], tape.delta[1], tape.pending_gradients[K]);
      } else {
        layer.backward(layer_context<K>(pass, parameters, tape), x, tape.delta[0], tape.delta[1], sink);
      }
      std::swap(tape.delta[0], tape.delta[1]);
    }
  }

  /// Adds the pending gradients of the skip layers that read the output at `Position`; -1 is the stack's input.
  template <Index Position, class Scalar>
  void add_pending(const Pass<Scalar>& pass, const Tape<Scalar, size>& tape, std::size_t last) const {
    if constexpr (StackTraits::output_is_read(Position))
      Base::template each<0, size>([&]<std::size_t K>() {
        if constexpr (StackTraits::skip_sources[K] == Position && !StackTraits::reads_cache[K])
          if (K < last) add(pass, tape.pending_gradients[K], tape.delta[0], source_size<K>() * pass.batch);
      });
  }
};

}  // namespace eigencoder::detail
