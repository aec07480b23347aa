#pragma once

#include <eigencoder/detail/base/squared_norm.hpp>
#include <eigencoder/detail/jacobian/penalizes_stack.hpp>
#include <eigencoder/extend/augmentation.hpp>
#include <eigencoder/extend/bottleneck.hpp>
#include <eigencoder/extend/corruption.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/penalty.hpp>
#include <type_traits>
#include <vector>

namespace eigencoder::detail {

/// How many terms a policy adds to those of a batch.
template <class P>
inline constexpr std::size_t term_count_of = PenalizesActivations<P> || Sweeps<P> ? 1 : 0;
template <Bottleneck P>
inline constexpr std::size_t term_count_of<P> = std::size(P::terms);

/// Whether a policy is a bottleneck that cannot learn from one sample alone.
template <class P>
inline constexpr bool bottleneck_couples_batch = false;
template <Bottleneck P>
  requires requires { P::couples_batch; }
inline constexpr bool bottleneck_couples_batch<P> = P::couples_batch;

/// The policies of a model, and what they ask of a batch and of its stack of layers. What a policy does is told by the
/// concepts that it satisfies.
template <class LayerStack, class... Given>
class Policies {
  static constexpr std::size_t encoder_depth = LayerStack::encoder_depth;
  using PassRequirements = typename LayerStack::PassRequirements;

 public:
  static constexpr bool augments = (Augments<Given> || ...);
  static constexpr bool corrupts = (Corrupts<Given> || ...);
  static constexpr bool has_bottleneck = (Bottleneck<Given> || ...);
  static constexpr bool weighs_draws = (WeighsDraws<Given> || ...);
  /// Whether the bottleneck cannot learn from one sample alone.
  static constexpr bool couples_batch = (bottleneck_couples_batch<Given> || ...);

  Pack<Given...> pack;

  /// Calls `visit.template operator()<I>(policy)` for each policy.
  template <class Visit>
  void each(const Visit& visit) const {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (visit.template operator()<K>(get<K>(pack)), ...);
    }(std::index_sequence_for<Given...>());
  }

  [[gnu::cold]] void validate(bool separable_loss, std::string_view loss) const {
    each([&]<std::size_t K>(const auto& policy) {
      policy.validate();
      if constexpr (requires { policy.validate_decoder(true); })
        policy.validate_decoder(decoder_learns_of_losses_alone());
      if constexpr (Emphasizes<std::remove_cvref_t<decltype(policy)>>)
        if (policy.emphasizes() && !separable_loss)
          throw OptionError(message({"Denoising: weights for corrupted and intact values want a loss that treats each "
                                     "value by itself, such as SquaredError; got ", loss}));
    });
  }

  /// A step adds up the terms of its policies in one array: how many, and where those of each begin.
  static constexpr std::size_t term_count = (std::size_t{0} + ... + term_count_of<Given>);
  template <std::size_t K>
  static constexpr std::size_t slot() {
    constexpr std::size_t counts[] = {term_count_of<Given>..., 0};
    std::size_t before = 0;
    for (std::size_t k = 0; k < K; ++k) before += counts[k];
    return before;
  }

  /// The layer whose output a policy looks at: the one at its place, or the code's.
  template <class P>
  static constexpr std::size_t place() {
    return P::place >= 0 ? static_cast<std::size_t>(P::place) : encoder_depth - 1;
  }

  /// Whether what comes back to a code drawn from it is the gradient of its own loss.
  static constexpr bool decoder_learns_of_losses_alone() {
    const auto penalized = []<class P>(std::type_identity<P>) {
      if constexpr (PenalizesActivations<P>) return place<P>() >= encoder_depth;
      else return false;
    };
    return !LayerStack::StackTraits::decoder_couples_batch() && !(penalized(std::type_identity<Given>{}) || ...);
  }

  /// What is needed of a pass over so many samples.
  PassRequirements requirements(const LayerStack& stack, Index batch) const {
    PassRequirements requirements;
    each([&]<std::size_t K>(const auto& policy) {
      using P = std::remove_cvref_t<decltype(policy)>;
      if constexpr (PenalizesActivations<P>) requirements.kept[place<P>()] = requirements.added[place<P>()] = true;
      if constexpr (Sweeps<P>) P::template ask<LayerStack>(requirements);
      if constexpr (Bottleneck<P>) {
        if constexpr (encoder_depth > 1) requirements.added[encoder_depth - 2] = true;
        requirements.draws = policy.draws();
        requirements.bottleneck = kept(stack, batch);
      }
    });
    return requirements;
  }

  static constexpr std::size_t bottleneck_at = [] {
    constexpr bool is[] = {Bottleneck<Given>..., true};
    std::size_t i = 0;
    while (!is[i]) ++i;
    return i;
  }();
  static constexpr std::size_t bottleneck_slot = slot<bottleneck_at>();
  const auto& bottleneck() const { return get<bottleneck_at>(pack); }

  /// Values that the bottleneck keeps for so many samples.
  Index kept([[maybe_unused]] const LayerStack& stack, [[maybe_unused]] Index batch) const {
    if constexpr (has_bottleneck) return bottleneck().kept(stack.layer_info[encoder_depth - 1], batch);
    else return 0;
  }

  /// The terms of the bottleneck, from their sums over `count` samples, in training or in an evaluation.
  [[gnu::cold]] std::vector<Term> bottleneck_terms([[maybe_unused]] const double* sums, [[maybe_unused]] double count,
                                                   [[maybe_unused]] bool in_evaluation) const {
    std::vector<Term> found;
    if constexpr (has_bottleneck) {
      std::size_t k = bottleneck_slot;
      for (const TermName& term : bottleneck().terms) {
        if (term.in_evaluation || !in_evaluation) found.push_back({term.name, sums[k] / count, term.in_objective});
        ++k;
      }
    }
    return found;
  }

  /// What the bottleneck's terms add to the objective.
  double in_objective([[maybe_unused]] const double* sums) const {
    double sum = 0;
    if constexpr (has_bottleneck) {
      std::size_t k = bottleneck_slot;
      for (const TermName& term : bottleneck().terms) {
        if (term.in_objective) sum += sums[k];
        ++k;
      }
    }
    return sum;
  }

  /// The terms of an epoch of `seen` samples, from their sums over it and, of weight decay, from the values now.
  template <class Scalar>
  [[gnu::cold]] std::vector<Term> terms(const ParameterLayout& layout, const Scalar* parameters, const double* sums,
                                        Index seen) const {
    std::vector<Term> found;
    const auto count = static_cast<double>(seen);
    each([&]<std::size_t K>(const auto& policy) {
      using P = std::remove_cvref_t<decltype(policy)>;
      if constexpr (Bottleneck<P>) {
        for (const Term& term : bottleneck_terms(sums, count, false)) found.push_back(term);
      } else if constexpr (term_count_of<P> > 0) {
        found.push_back({term_of<P>(), sums[slot<K>()] / count});
      }
      if constexpr (Decays<P>) {
        double sum = 0;
        for (const auto& block : layout.blocks())
          if (const double lambda = policy.decay(block); lambda != 0)
            sum += lambda / 2 * squared_norm(parameters + block.offset, block.size());
        found.push_back({term_of<P>(), sum, true, true});
      }
    });
    return found;
  }

  /// The lambda of weight decay for each parameter block.
  [[gnu::cold]] std::vector<double> decay(const ParameterLayout& layout) const {
    std::vector<double> factors;
    for (const auto& block : layout.blocks()) {
      factors.push_back(0);
      each([&]<std::size_t K>(const auto& policy) {
        if constexpr (Decays<std::remove_cvref_t<decltype(policy)>>) factors.back() += policy.decay(block);
      });
    }
    return factors;
  }

  /// Which parameter blocks get early contributions to their gradient, from sweeps: those of the layers that a sweep
  /// delivers to, and the weight that such a layer shares with another. Blocks from `bottleneck_block` on are not the
  /// layers'.
  [[gnu::cold]] std::vector<bool> early(const LayerStack& stack, const ParameterLayout& layout,
                                        Index bottleneck_block) const {
    std::vector<bool> found;
    for (const auto& block : layout.blocks()) {
      const bool of_layer = !has_bottleneck || static_cast<Index>(found.size()) < bottleneck_block;
      found.push_back(of_layer && (delivers<Given>(block.layer) || ...));
    }
    for (std::size_t i = 0; i < LayerStack::size; ++i)
      if (const Index weight = stack.layer_info[i].blocks.weight;
          weight >= 0 && (delivers<Given>(static_cast<Index>(i)) || ...))
        found[static_cast<std::size_t>(weight)] = true;
    return found;
  }

 private:
  template <class P>
  static constexpr std::string_view term_of() {
    if constexpr (requires { P::term.view(); }) return P::term.view();
    else if constexpr (requires { std::string_view(P::term); }) return P::term;
    else return P::kind;
  }

  template <class P>
  static constexpr bool delivers([[maybe_unused]] Index layer) {
    if constexpr (Sweeps<P>) return P::template delivers<LayerStack>(layer);
    else return false;
  }
};

}  // namespace eigencoder::detail
