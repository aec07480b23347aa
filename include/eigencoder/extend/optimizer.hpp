#pragma once

#include <concepts>
#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/value_range.hpp>

namespace eigencoder {

/// What an optimizer is told about a step: the rate in force and the step's number, counted from 1.
struct OptimizerStep {
  double learning_rate = 0;
  std::int64_t number = 1;
};

/// An optimizer holds hyperparameters only. Its state is `state_arrays()` arrays, each with one value per parameter,
/// kept by the model and set to `initial_state()` before the first step. A further `fit` with the same type and number
/// of arrays goes on from them; an optimizer whose settings change what its arrays mean, but not how many they are,
/// says so by another number from a member `layout()`, and then begins afresh. One whose arrays cannot hold every
/// number, as a mean of squares, says so by a member `ValueRange state_range(Index array) const`: a checkpoint with
/// another value is refused.
///
/// `update(step, w, g, state, n)` changes `n` neighboring parameters `w` by their gradient `g`;
/// `state[k]` is array k of the same parameters. It must treat every parameter alike and by itself: the
/// library calls it for tiles of any length, from several threads, once per parameter and step.
/// `validate()` throws `OptionError` for a hyperparameter outside its range.
template <class O>
concept Optimizer = std::copyable<O> && requires(const O& o, OptimizerStep step, double* w,
                                                 const double* g, double* const* state, Index n) {
  { o.learning_rate } -> std::convertible_to<double>;
  { o.state_arrays() } -> std::convertible_to<Index>;
  { o.initial_state() } -> std::convertible_to<double>;
  o.validate();
  o.update(step, w, g, state, n);
};

}  // namespace eigencoder
