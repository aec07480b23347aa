#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/detail/compose/assertions.hpp>
#include <eigencoder/detail/pretraining/greedy_options.hpp>
#include <eigencoder/detail/pretraining/greedy_run.hpp>
#include <eigencoder/detail/pretraining/rbm_blocks.hpp>
#include <eigencoder/detail/pretraining/rbm_segments.hpp>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/penalties/weight_decay.hpp>
#include <eigencoder/pretraining/greedy_rbms.hpp>
#include <eigencoder/pretraining/rbm.hpp>

namespace eigencoder::detail {

/// Trains the segments of a model as restricted Boltzmann machines.
template <class Sampling, class O, class Scalar>
struct SegmentTrainer<GreedyRbms<Sampling, O, Scalar>> {
  using How = GreedyRbms<Sampling, O, Scalar>;

  /// Does not compile for a model that is no stack of machines. Whether it is one.
  template <class Stack, class D, class L, class... P>
  static constexpr bool suits() {
    using Ability = StackOfRbms<Stack, D, L, P...>;
    static_assert(StatedBy<Ability>::template satisfies<Rule::is_stack_of_rbms>,
                  "eigencoder: a stack of Rbms makes dense layers with biases, each followed by Sigmoid, Relu or "
                  "nothing");
    return Ability::diagnosis.ok();
  }

  static void validate(const How& how) {
    how.sampling.validate();
    require_nonnegative("GreedyRbms.weight_decay", how.weight_decay);
    check_machine_options(how.layers, "GreedyRbms");
  }

  template <std::size_t K, class D, class Network>
  static auto build(const Network& network, const How& how) {
    using Own = Machine<K, D, Network>;
    const auto& info = network.stack.layer_info[Own::segment.encoder.first];
    return Rbm{typename Own::Visible{info.in.values()}, typename Own::Hidden{info.out.values()}, how.sampling,
               WeightDecay<>{how.weight_decay}, Precision<Scalar>{}};
  }
  template <std::size_t K, class D, class Network, class Learner>
  static void load(const Network&, const ModelState<Scalar>&, std::uint64_t seed, Learner& learner) {
    learner.initialize(seed);
  }
  template <std::size_t K, class D, class Network, class Learner>
  static void store(const Learner& learner, const Network& network, ModelState<Scalar>& state) {
    using Own = Machine<K, D, Network>;
    store_rbm(learner,
              {static_cast<Index>(Own::segment.encoder.first), static_cast<Index>(Own::segment.decoder.first),
               Own::transposed},
              network.layout, state.parameters.data());
  }

 private:
  template <std::size_t K, class D, class Network>
  using Machine = RbmSegment<Segments<typename Network::Stack, D>, typename Network::Stack, typename Network::Loss, K>;
};

}  // namespace eigencoder::detail
