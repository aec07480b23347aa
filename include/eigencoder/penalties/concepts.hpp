#pragma once

#include <concepts>
#include <eigencoder/core/parameters.hpp>
#include <eigencoder/core/policy.hpp>

namespace eigencoder {

/// A policy that penalizes learned values: by lambda / 2 times the squares of a block's values, where
/// `decay(block)` is the block's lambda, 0 or more; 0 leaves the block alone. The penalty enters the objective of
/// training and, as lambda w, its gradient; the factors of several such policies add up. `WeightDecay` is one.
template <class P>
concept Decays = Policy<P> && requires(const P& policy, const ParameterBlock& block) {
  { policy.decay(block) } -> std::convertible_to<double>;
};

}  // namespace eigencoder
