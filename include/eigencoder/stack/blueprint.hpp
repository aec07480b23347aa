#pragma once

#include <array>
#include <eigencoder/core/pack.hpp>
#include <eigencoder/layers/kinds.hpp>
#include <eigencoder/stack/mirrored.hpp>
#include <eigencoder/stack/plan.hpp>
#include <eigencoder/stack/sweeps.hpp>

namespace eigencoder {

/// What a model knows of one of its layers: the shapes, and which blocks are its own.
struct Stage {
  Shape in = Shape::none();
  Shape out = Shape::none();
  detail::LinearBlocks blocks;
  Index first_block = 0;
  Index first_statistics = 0;
};

/// The layers of a stack with their shapes and their places in the parameter vector; `Stack` runs them.
template <std::size_t CodeAt, class... Layers>
class Blueprint {
 public:
  using Plan = detail::Plan<CodeAt, Layers...>;
  static constexpr std::size_t size = sizeof...(Layers);

  Pack<Layers...> layers;
  std::array<Stage, size> stages{};

  constexpr Blueprint() = default;
  constexpr explicit Blueprint(const Layers&... each)
    requires(sizeof...(Layers) > 0)
      : layers(each...) {}

  template <std::size_t K>
  using At = Element<K, Pack<Layers...>>;

  /// Calls `visit.template operator()<I>()` for I = First, ..., Last - 1.
  template <std::size_t First, std::size_t Last, class Visit>
  static constexpr void each(const Visit& visit) {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (visit.template operator()<First + K>(), ...);
    }(std::make_index_sequence<Last - First>());
  }

  /// Computes the shapes of layers First, ..., Last - 1 from what enters the first of them.
  template <std::size_t First, std::size_t Last>
  [[gnu::cold]] constexpr void resolve(Shape in) {
    each<First, Last>([&]<std::size_t K>() {
      stages[K].in = in;
      if constexpr (kind<At<K>> == LayerKind::pointwise) stages[K].out = in;
      else if constexpr (kind<At<K>> == LayerKind::linked) stages[K].out = linked_output<K>();
      else if constexpr (Layer<At<K>>) stages[K].out = get<K>(layers).output(in);
      in = stages[K].out;
    });
  }

  /// Gives every layer its blocks in the layout.
  [[gnu::cold]] void declare(ParameterLayout& layout) {
    each<0, size>([&]<std::size_t K>() { declare_one<K>(layout); });
  }

  /// Whether all that the layers do, they do in tasks.
  static constexpr bool in_tasks =
      ((kind<Layers> == LayerKind::linear || kind<Layers> == LayerKind::pointwise) && ...);

  /// Scalar operations on a sample in inference, as layers ask a `Pass` for a team, and some for the loss's mean;
  /// `most` where it is as many or more, so that no sum is too large for a number.
  template <class Scalar>
  [[gnu::cold]] Index work(Index most) const
    requires(in_tasks)
  {
    Index sum = 8 * (std::min)(most, stages[0].in.values());
    each<0, size>([&]<std::size_t K>() {
      const Shape in = stages[K].in, out = stages[K].out;
      if (sum >= most || (std::max)(in.values(), out.values()) >= most) {
        sum = most;
      } else if constexpr (kind<At<K>> == LayerKind::linear) {
        const WeightShape weight = get<K>(layers).weight_shape(in);
        const bool large = weight.rows > 0 && weight.cols > most / weight.rows;
        sum += large ? most : get<K>(layers).template kernel<Scalar>(in, nullptr).work();
      } else {
        sum += 8 * out.values();
      }
    });
    return (std::min)(sum, most);
  }

  /// Whether a layer that looks at the whole batch would see a single value of each feature in a batch of one.
  bool needs_two_samples() const {
    bool needs = false;
    each<0, size>([&]<std::size_t K>() {
      if constexpr (kind<At<K>> == LayerKind::opaque)
        needs = needs || (detail::needs_company<At<K>> && stages[K].in.is_flat());
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
    each<0, size>([&]<std::size_t K>() {
      if constexpr (requires { get<K>(layers).validate(); }) get<K>(layers).validate();
      if constexpr (kind<At<K>> == LayerKind::linear) get<K>(layers).initializer.validate();
    });
  }

  /// Initial weights, keyed by (seed, layer); biases zero, scales one.
  template <class Scalar>
  [[gnu::cold]] void initialize(const ParameterLayout& layout, std::uint64_t seed, Scalar* parameters) const {
    for (const auto& block : layout.blocks())
      std::fill_n(parameters + block.offset, block.size(), Scalar(block.kind == ParameterKind::scale ? 1 : 0));
    each<0, size>([&]<std::size_t K>() {
      if constexpr (kind<At<K>> == LayerKind::linear) {
        if (stages[K].blocks.weight < 0 || stages[K].blocks.turn == Turn::first) return;
        const auto& block = layout.block(stages[K].blocks.weight);
        const WeightShape shape = get<K>(layers).weight_shape(stages[K].in);
        Random random(seed, Purpose::initialization, static_cast<std::uint32_t>(K));
        get<K>(layers).initializer.fill(
            std::span<Scalar>(parameters + block.offset, static_cast<std::size_t>(block.size())), shape.fan_in,
            shape.fan_out, Plan::template hint_after<K>(), random);
      }
    });
  }

 private:
  /// The shape that leaves layer I, which reads another one.
  template <std::size_t K>
  constexpr Shape linked_output() const {
    constexpr Index link = Plan::links[K];
    if constexpr (link < -1 || link >= static_cast<Index>(K) || !Plan::template reads_well<K>()) return Shape::none();
    else if constexpr (link == -1) return get<K>(layers).output(stages[K].in, stages[0].in, stages[0].in);
    else {
      const Stage& source = stages[static_cast<std::size_t>(link)];
      return get<K>(layers).output(stages[K].in, source.in, source.out);
    }
  }

  template <std::size_t K>
  void declare_one(ParameterLayout& layout) {
    Stage& stage = stages[K];
    const auto position = static_cast<Index>(K);
    stage.first_block = static_cast<Index>(layout.blocks().size());
    stage.first_statistics = static_cast<Index>(layout.statistics_blocks().size());
    if constexpr (kind<At<K>> == LayerKind::linear) {
      const auto& layer = get<K>(layers);
      const WeightShape w = layer.weight_shape(stage.in);
      if constexpr (requires { layer.source; }) {
        if constexpr (At<K>::tied) {
          Stage& source = stages[static_cast<std::size_t>(layer.source)];
          stage.blocks.weight = source.blocks.weight;
          stage.blocks.turn = Turn::first;
          source.blocks.turn = Turn::last;
        }
      }
      if (At<K>::has_weight && stage.blocks.weight < 0)
        stage.blocks.weight = layout.add(ParameterKind::weight, position, w.rows, w.cols);
      if (const Index period = layer.bias_size(stage.out); period > 0) {
        stage.blocks.bias = layout.add(ParameterKind::bias, position, period, 1);
        stage.blocks.bias_period = period;
      }
    } else if constexpr (kind<At<K>> == LayerKind::opaque) {
      get<K>(layers).declare(layout, position, stage.in);
    }
  }
};

}  // namespace eigencoder
