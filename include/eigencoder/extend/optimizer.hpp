#pragma once

#include <concepts>
#include <cstdint>
#include <eigencoder/extend/parameters.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder {

/// The largest number of arrays of state that an optimizer may have.
inline constexpr Index max_state_arrays = 8;

/// One step of training, as an optimizer sees it.
struct OptimizerStep {
  double learning_rate = 0;  ///< the rate of this step, as the schedule has it
  std::int64_t number = 1;   ///< the number of the step, counted from 1
};

/// An optimizer holds hyperparameters only. Its state is arrays with one value for each parameter, which the model
/// keeps. A further `fit` continues from them if the optimizer's type, number of arrays and `layout()` are the same,
/// and begins afresh otherwise.
///
/// Required:
///
/// - `learning_rate`: the rate from which schedules begin
/// - `state_arrays()`: the number of arrays of state, at most `max_state_arrays`
/// - `initial_state()`: every value of the state before the first step
/// - `update(step, w, g, state, n)`, a const template on the scalar: changes `n` neighboring parameters `w` by their
///   gradient `g`; `state[k]` is array k for these parameters. It must treat every parameter by itself and all alike:
///   the library calls it for tiles of any length, from several threads, once for each parameter and step.
/// - `validate()`: throws `OptionError` for a hyperparameter outside its range
///
/// Optional:
///
/// - `layout()`: a number that differs between settings which change what the arrays mean, but not how many there are
/// - `state_range(array)`: the `ValueRange` of an array that cannot hold every number, such as a mean of squares; a
///   checkpoint with a value outside is refused
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
