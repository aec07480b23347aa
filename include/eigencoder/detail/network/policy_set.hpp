#pragma once

#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/stack/stack_penalty.hpp>
#include <eigencoder/extend/bottleneck.hpp>
#include <eigencoder/extend/input_policy.hpp>
#include <eigencoder/extend/pack.hpp>
#include <eigencoder/extend/penalty.hpp>
#include <string>
#include <type_traits>
#include <vector>

namespace eigencoder::detail {

/// The number of terms that a policy adds to those of a batch.
template <class P>
inline constexpr std::size_t term_count_of = PenalizesActivations<P> || PenalizesStack<P> ? 1 : 0;
template <Bottleneck P>
inline constexpr std::size_t term_count_of<P> = std::size(P::terms);

/// Whether a policy is a bottleneck that cannot learn from a batch of one sample.
template <class P>
inline constexpr bool bottleneck_couples_batch = false;
template <Bottleneck P>
  requires requires { P::couples_batch; }
inline constexpr bool bottleneck_couples_batch<P> = P::couples_batch;

/// The position of the first true value, or the number of values.
template <std::size_t N>
consteval std::size_t first_true(const bool (&values)[N]) {
  std::size_t i = 0;
  while (i < N && !values[i]) ++i;
  return i;
}

/// All policies of a model, and what they require of a pass together. The concepts that a policy satisfies tell what it
/// does.
template <class LayerStack, class... PolicyTypes>
class PolicySet {
  static constexpr std::size_t encoder_depth = LayerStack::encoder_depth;
  using PassRequirements = typename LayerStack::PassRequirements;

 public:
  static constexpr bool augments = (Augments<PolicyTypes> || ...);
  static constexpr bool corrupts = (Corrupts<PolicyTypes> || ...);
  static constexpr bool emphasizes = (Emphasizes<PolicyTypes> || ...);
  static constexpr bool allows_missing = (AllowsMissing<PolicyTypes> || ...);
  static constexpr bool feeds_mask = (eigencoder::feeds_mask<PolicyTypes> || ...);
  static constexpr bool sets_target = (SetsTarget<PolicyTypes> || ...);
  static constexpr bool freezes = (Freezes<PolicyTypes> || ...);
  static constexpr bool has_bottleneck = (Bottleneck<PolicyTypes> || ...);
  static constexpr bool weighs_draws = (WeighsDraws<PolicyTypes> || ...);
  /// Whether the bottleneck cannot learn from a batch of one sample.
  static constexpr bool couples_batch = (bottleneck_couples_batch<PolicyTypes> || ...);

  Pack<PolicyTypes...> policies;

  /// Calls `visit.template operator()<K>(policy)` for each policy.
  template <class Visit>
  void each(const Visit& visit) const {
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (visit.template operator()<K>(get<K>(policies)), ...);
    }(std::index_sequence_for<PolicyTypes...>());
  }

  /// The bottleneck, and the policy that emphasizes corrupted or intact values, of models that have one.
  const auto& bottleneck() const { return get<first_true({Bottleneck<PolicyTypes>..., true})>(policies); }
  const auto& emphasis() const { return get<first_true({Emphasizes<PolicyTypes>..., true})>(policies); }

  /// The shape of the model's output.
  Shape target_of(Shape input) const {
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return target_shape(input, get<K>(policies)...);
    }(std::index_sequence_for<PolicyTypes...>());
  }

  /// @throws OptionError for a hyperparameter out of its range, alone or beside the other parts of the model
  [[gnu::cold]] void validate(bool separable_loss, std::string_view loss, bool same_shapes) const {
    each([&]<std::size_t K>(const auto& policy) {
      policy.validate();
      if constexpr (requires { policy.validate_layers(Index{}); })
        policy.validate_layers(static_cast<Index>(LayerStack::size));
      if constexpr (requires { policy.validate_decoder(true); }) policy.validate_decoder(draws_are_independent());
      if constexpr (Emphasizes<std::remove_cvref_t<decltype(policy)>>) {
        if (policy.emphasizes() && !separable_loss)
          throw OptionError(message({"Denoising: weights for corrupted and intact values want a loss that treats each "
                                     "value by itself, such as SquaredError; got ", loss}));
        if (policy.emphasizes() && !same_shapes)
          throw OptionError("eigencoder: Denoising: weights for corrupted and intact values want targets of the "
                            "input's shape");
      }
    });
  }

  /// A step sums the terms of all policies in one array of `term_count` values; those of policy K begin at `slot<K>()`.
  static constexpr std::size_t term_count = (std::size_t{0} + ... + term_count_of<PolicyTypes>);
  template <std::size_t K>
  static constexpr std::size_t slot() {
    constexpr std::size_t counts[] = {term_count_of<PolicyTypes>..., 0};
    std::size_t before = 0;
    for (std::size_t k = 0; k < K; ++k) before += counts[k];
    return before;
  }
  static constexpr std::size_t bottleneck_slot = slot<first_true({Bottleneck<PolicyTypes>..., true})>();

  /// The layer whose output a policy reads: the one it names, or the encoder's last.
  template <class P>
  static constexpr std::size_t layer_of() {
    return P::at_layer >= 0 ? static_cast<std::size_t>(P::at_layer) : encoder_depth - 1;
  }

  /// Whether each draw's gradient depends on that draw's loss only: no layer of the decoder mixes columns, and no
  /// penalty adds to one.
  static constexpr bool draws_are_independent() {
    const auto penalizes_decoder = []<class P>(std::type_identity<P>) {
      if constexpr (PenalizesActivations<P>) return layer_of<P>() >= encoder_depth;
      else return false;
    };
    return !LayerStack::StackTraits::decoder_couples_batch() &&
           !(penalizes_decoder(std::type_identity<PolicyTypes>{}) || ...);
  }

  /// What a training pass over `batch` samples has to save.
  PassRequirements requirements(const LayerStack& stack, Index batch) const {
    PassRequirements required;
    each([&]<std::size_t K>(const auto& policy) {
      using P = std::remove_cvref_t<decltype(policy)>;
      if constexpr (PenalizesActivations<P>)
        required.saved_outputs[layer_of<P>()] = required.extra_gradients[layer_of<P>()] = true;
      if constexpr (PenalizesStack<P>) P::template add_requirements<LayerStack>(required);
      if constexpr (Bottleneck<P>) {
        if constexpr (encoder_depth > 1) required.extra_gradients[encoder_depth - 2] = true;
        required.draws = policy.draws();
        required.bottleneck_cache = bottleneck_cache(stack, batch);
      }
    });
    return required;
  }

  /// The number of values that the bottleneck saves for `batch` samples.
  Index bottleneck_cache([[maybe_unused]] const LayerStack& stack, [[maybe_unused]] Index batch) const {
    if constexpr (has_bottleneck) return bottleneck().cache_size(stack.layer_info[encoder_depth - 1], batch);
    else return 0;
  }

  /// Lets the bottleneck add its terms, `add(sums)`, to those of a batch. Returns their part of the objective.
  template <class Add>
  double add_bottleneck_terms(double* sums, const Add& add) const {
    double own[std::size(std::remove_cvref_t<decltype(bottleneck())>::terms)] = {};
    add(own);
    double objective = 0;
    std::size_t k = 0;
    for (const TermName& term : bottleneck().terms) {
      if (term.in_objective) objective += own[k];
      sums[bottleneck_slot + k] += own[k];
      ++k;
    }
    return objective;
  }

  /// The terms of the bottleneck, from their sums over `count` samples, in training or in an evaluation.
  [[gnu::cold]] std::vector<Term> bottleneck_terms([[maybe_unused]] const double* sums, [[maybe_unused]] double count,
                                                   [[maybe_unused]] bool in_evaluation) const {
    std::vector<Term> terms;
    if constexpr (has_bottleneck) {
      std::size_t k = bottleneck_slot;
      for (const TermName& term : bottleneck().terms) {
        if (term.in_evaluation || !in_evaluation)
          terms.push_back({std::string(term.name), sums[k] / count, term.in_objective});
        ++k;
      }
    }
    return terms;
  }

  /// The terms of an epoch of `seen` samples, from their sums over it and, for weight decay, from the parameters now.
  template <class Scalar>
  [[gnu::cold]] std::vector<Term> terms(const ParameterLayout& layout, const Scalar* parameters, const double* sums,
                                        Index seen) const {
    std::vector<Term> terms;
    const auto count = static_cast<double>(seen);
    each([&]<std::size_t K>(const auto& policy) {
      using P = std::remove_cvref_t<decltype(policy)>;
      if constexpr (Bottleneck<P>) {
        for (const Term& term : bottleneck_terms(sums, count, false)) terms.push_back(term);
      } else if constexpr (term_count_of<P> > 0) {
        terms.push_back({std::string(reported_term<P>()), sums[slot<K>()] / count});
      }
      if constexpr (Decays<P>) {
        double sum = 0;
        for (const auto& block : layout.blocks())
          if (const double lambda = policy.decay(block); lambda != 0 && !block.frozen)
            sum += lambda / 2 * squared_norm(parameters + block.offset, block.size());
        terms.push_back({std::string(reported_term<P>()), sum, true, true});
      }
    });
    return terms;
  }

  /// Whether a policy freezes this layer.
  bool freezes_layer([[maybe_unused]] Index layer) const {
    bool frozen = false;
    each([&]<std::size_t K>(const auto& policy) {
      if constexpr (Freezes<std::remove_cvref_t<decltype(policy)>>)
        frozen = frozen || policy.freezes(layer, static_cast<Index>(encoder_depth));
    });
    return frozen;
  }

  /// The lambda of weight decay for each parameter block; 0 for those that are frozen.
  [[gnu::cold]] std::vector<double> decay(const ParameterLayout& layout) const {
    std::vector<double> factors;
    for (const auto& block : layout.blocks()) {
      factors.push_back(0);
      each([&]<std::size_t K>(const auto& policy) {
        if constexpr (Decays<std::remove_cvref_t<decltype(policy)>>)
          if (!block.frozen) factors.back() += policy.decay(block);
      });
    }
    return factors;
  }

  /// Which parameter blocks get early contributions to their gradient, from penalties on the stack: those of the layers
  /// that such a penalty contributes to, and the weight that such a layer shares with another. Blocks from
  /// `bottleneck_block` on belong to no layer.
  [[gnu::cold]] std::vector<bool> early_blocks(const LayerStack& stack, const ParameterLayout& layout,
                                               Index bottleneck_block) const {
    std::vector<bool> found;
    for (const auto& block : layout.blocks()) {
      const bool of_layer = !has_bottleneck || static_cast<Index>(found.size()) < bottleneck_block;
      found.push_back(of_layer && (contributes<PolicyTypes>(block.layer) || ...));
    }
    for (std::size_t i = 0; i < LayerStack::size; ++i)
      if (const Index weight = stack.layer_info[i].blocks.weight;
          weight >= 0 && (contributes<PolicyTypes>(static_cast<Index>(i)) || ...))
        found[static_cast<std::size_t>(weight)] = true;
    return found;
  }

 private:
  /// What reports call a policy's term.
  template <class P>
  static constexpr std::string_view reported_term() {
    if constexpr (requires { P::term.view(); }) return P::term.view();
    else if constexpr (requires { std::string_view(P::term); }) return P::term;
    else return P::kind;
  }

  template <class P>
  static constexpr bool contributes([[maybe_unused]] Index layer) {
    if constexpr (PenalizesStack<P>) return P::template contributes_to<LayerStack>(layer);
    else return false;
  }
};

}  // namespace eigencoder::detail
