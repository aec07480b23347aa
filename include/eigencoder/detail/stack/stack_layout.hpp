#pragma once

#include <array>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>
#include <eigencoder/detail/kernels/transposed.hpp>
#include <eigencoder/detail/stack/layer_passes.hpp>
#include <eigencoder/detail/stack/stack_traits.hpp>
#include <eigencoder/extend/layer.hpp>
#include <eigencoder/extend/pack.hpp>

namespace eigencoder::detail {

/// The layers of a stack, their shapes, and the indices of their parameter blocks. `Stack` runs them.
template <std::size_t EncoderDepth, class... Layers>
class StackLayout {
 public:
  using StackTraits = detail::StackTraits<EncoderDepth, Layers...>;
  static constexpr std::size_t size = sizeof...(Layers);

  Pack<Layers...> layers;
  std::array<LayerInfo, size> layer_info{};

  constexpr StackLayout() = default;
  constexpr explicit StackLayout(const Layers&... each)
    requires(sizeof...(Layers) > 0)
      : layers(each...) {}

  template <std::size_t K>
  using LayerAt = Element<K, Pack<Layers...>>;

  /// Calls `visit.template operator()<K>()` for K = First, ..., Last - 1.
  template <std::size_t First, std::size_t Last, class Visit>
  static constexpr void each(const Visit& visit) {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (visit.template operator()<First + K>(), ...);
    }(std::make_index_sequence<Last - First>());
  }

  /// Computes the shapes of layers First, ..., Last - 1; the first of them has the input shape `in`.
  template <std::size_t First, std::size_t Last>
  [[gnu::cold]] constexpr void resolve(Shape in) {
    each<First, Last>([&]<std::size_t K>() {
      layer_info[K].in = in;
      if constexpr (kind<LayerAt<K>> == LayerKind::pointwise) layer_info[K].out = in;
      else if constexpr (kind<LayerAt<K>> == LayerKind::skip) layer_info[K].out = skip_output<K>();
      else if constexpr (Layer<LayerAt<K>>) layer_info[K].out = get<K>(layers).output(in);
      in = layer_info[K].out;
    });
  }

  /// Adds every layer's parameter blocks and statistics to the layout.
  [[gnu::cold]] void declare(ParameterLayout& layout) {
    each<0, size>([&]<std::size_t K>() { declare_layer<K>(layout); });
  }

  /// Whether all layers are linear or pointwise, whose work is known and split into tasks.
  static constexpr bool in_tasks =
      ((kind<Layers> == LayerKind::linear || kind<Layers> == LayerKind::pointwise) && ...);

  /// The scalar operations of inference on one sample, in the unit of `Pass::team`; the loss's mean is counted like an
  /// activation. At most `limit`, so that the sum does not overflow.
  template <class Scalar>
  [[gnu::cold]] Index work(Index limit) const
    requires(in_tasks)
  {
    Index sum = 8 * (std::min)(limit, layer_info[0].in.values());
    each<0, size>([&]<std::size_t K>() {
      const Shape in = layer_info[K].in, out = layer_info[K].out;
      if (sum >= limit || (std::max)(in.values(), out.values()) >= limit) {
        sum = limit;
      } else if constexpr (kind<LayerAt<K>> == LayerKind::linear) {
        const WeightShape weight = get<K>(layers).weight_shape(in);
        const bool large = weight.rows > 0 && weight.cols > limit / weight.rows;
        sum += large ? limit : get<K>(layers).template kernel<Scalar>(in, nullptr).work();
      } else {
        sum += 8 * out.values();
      }
    });
    return (std::min)(sum, limit);
  }

  /// Whether a batch of one sample would give a layer that couples the batch a single value per feature.
  bool needs_two_samples() const {
    bool needs = false;
    each<0, size>([&]<std::size_t K>() {
      if constexpr (kind<LayerAt<K>> == LayerKind::custom)
        needs = needs || (detail::needs_batch<LayerAt<K>> && layer_info[K].in.is_flat() && !layer_info[K].frozen);
    });
    return needs;
  }

  /// Whether two layers share a weight.
  bool shares_weights() const {
    for (const LayerInfo& info : layer_info)
      if (info.blocks.order != ContributionOrder::only) return true;
    return false;
  }

  /// @throws OptionError for a hyperparameter outside its range
  [[gnu::cold]] void validate() const {
    each<0, size>([&]<std::size_t K>() {
      if constexpr (requires { get<K>(layers).validate(); }) get<K>(layers).validate();
      if constexpr (kind<LayerAt<K>> == LayerKind::linear) get<K>(layers).initializer.validate();
    });
  }

  /// Draws the weights, keyed by (seed, layer), and sets biases to zero and scales to one.
  template <class Scalar>
  [[gnu::cold]] void initialize(const ParameterLayout& layout, std::uint64_t seed, Scalar* parameters) const {
    for (const auto& block : layout.blocks())
      std::fill_n(parameters + block.offset, block.size(), Scalar(block.kind == ParameterKind::scale ? 1 : 0));
    each<0, size>([&]<std::size_t K>() {
      if constexpr (kind<LayerAt<K>> == LayerKind::linear) {
        if (layer_info[K].blocks.weight < 0 || layer_info[K].blocks.order == ContributionOrder::first) return;
        const auto& block = layout.block(layer_info[K].blocks.weight);
        const WeightShape shape = get<K>(layers).weight_shape(layer_info[K].in);
        Random random(seed, Purpose::initialization, static_cast<std::uint32_t>(K));
        get<K>(layers).initializer.fill(
            std::span<Scalar>(parameters + block.offset, static_cast<std::size_t>(block.size())), shape.fan_in,
            shape.fan_out, StackTraits::template initializer_hint<K>(), random);
      }
    });
  }

 private:
  /// The output shape of the skip layer K.
  template <std::size_t K>
  constexpr Shape skip_output() const {
    constexpr Index source = StackTraits::skip_sources[K];
    if constexpr (source < -1 || source >= static_cast<Index>(K) || !StackTraits::template can_read_source<K>())
      return Shape::none();
    else if constexpr (source == -1) return get<K>(layers).output(layer_info[K].in, layer_info[0].in, layer_info[0].in);
    else {
      const LayerInfo& info = layer_info[static_cast<std::size_t>(source)];
      return get<K>(layers).output(layer_info[K].in, info.in, info.out);
    }
  }

  template <std::size_t K>
  void declare_layer(ParameterLayout& layout) {
    LayerInfo& info = layer_info[K];
    const auto position = static_cast<Index>(K);
    info.first_block = static_cast<Index>(layout.blocks().size());
    info.first_statistics = static_cast<Index>(layout.statistics_blocks().size());
    if constexpr (kind<LayerAt<K>> == LayerKind::linear) {
      const auto& layer = get<K>(layers);
      const WeightShape w = layer.weight_shape(info.in);
      if constexpr (requires { layer.source; }) {
        if constexpr (LayerAt<K>::tied) {
          LayerInfo& source = layer_info[static_cast<std::size_t>(layer.source)];
          info.blocks.weight = source.blocks.weight;
          info.blocks.order = ContributionOrder::first;
          source.blocks.order = ContributionOrder::last;
        }
      }
      if (LayerAt<K>::has_weight && info.blocks.weight < 0)
        info.blocks.weight = layout.add(ParameterKind::weight, position, w.rows, w.cols);
      if (const Index period = layer.bias_size(info.out); period > 0) {
        info.blocks.bias = layout.add(ParameterKind::bias, position, period, 1);
        info.blocks.bias_period = period;
      }
    } else if constexpr (kind<LayerAt<K>> == LayerKind::custom) {
      get<K>(layers).declare(layout, position, info.in);
    }
  }
};

}  // namespace eigencoder::detail
