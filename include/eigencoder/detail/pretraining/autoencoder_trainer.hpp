#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/corruption/denoising.hpp>
#include <eigencoder/detail/network/model_access.hpp>
#include <eigencoder/detail/pretraining/greedy_run.hpp>
#include <eigencoder/detail/pretraining/segment_autoencoder.hpp>
#include <eigencoder/detail/pretraining/segment_blocks.hpp>
#include <eigencoder/pretraining/greedy_autoencoders.hpp>

namespace eigencoder::detail {

/// Trains the segments of a model as autoencoders.
template <class C, class O, class Scalar>
struct SegmentTrainer<GreedyAutoencoders<C, O, Scalar>> {
  using How = GreedyAutoencoders<C, O, Scalar>;

  template <class Stack, class D, class L, class... P>
  static constexpr bool suits() {
    return true;
  }

  static void validate(const How& how) { Denoising<C>{how.corruption}.validate(); }

  template <std::size_t K, class D, class Network>
  static auto build(const Network& network, const How& how) {
    return segment_autoencoder<K, D>(network, how.corruption);
  }
  template <std::size_t K, class D, class Network, class Learner>
  static void load(const Network& network, const ModelState<Scalar>& state, std::uint64_t, Learner& learner) {
    load_segment(network.layout, state, Segments<typename Network::Stack, D>::list.at[K], learner.layout(),
                 ModelAccess::state(learner, "pretrained"));
  }
  template <std::size_t K, class D, class Network, class Learner>
  static void store(const Learner& learner, const Network& network, ModelState<Scalar>& state) {
    store_segment(learner.layout(), ModelAccess::state(learner), Segments<typename Network::Stack, D>::list.at[K],
                  network.layout, state);
  }
};

}  // namespace eigencoder::detail
