#pragma once

#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/training/any_optimizer.hpp>
#include <eigencoder/detail/training/gradient_sinks.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/extend/errors.hpp>
#include <string>

/// @file
/// Whether an optimizer continues from the arrays that another call of `fit`, or a checkpoint, left.
namespace eigencoder::detail {

/// Whether an optimizer of this type and layout left these arrays.
template <class Scalar>
bool is_state_of(const OptimizerState<Scalar>& state, const AnyOptimizer<Scalar>& optimizer) {
  return state.type == optimizer.type() && state.layout == optimizer.layout() &&
         state.arrays.size() == static_cast<std::size_t>(optimizer.state_arrays());
}

/// Checks arrays that were read from a checkpoint: the optimizer must be able to leave such values there.
/// @throws FileError naming the checkpoint, the tensor and the value
template <class Scalar>
[[gnu::cold]] void check_restored(OptimizerState<Scalar>& state, const AnyOptimizer<Scalar>& optimizer) {
  if (state.file.empty()) return;
  for (std::size_t k = 0; k < state.arrays.size(); ++k) {
    const ValueRange range = optimizer.state_range(static_cast<Index>(k));
    const Buffer<Scalar>& array = state.arrays[k];
    for (Index i = 0; i < array.size(); ++i)
      if (const double value = array.data()[i]; !range.contains(value))
        throw FileError(message({"cannot resume from '", state.file, "': its tensor 'training.optimizer.", k,
                                 "' holds ", ValueRange::number(value), " at value ", i, ", which must be ",
                                 range.text(), " for ", state.type}));
  }
  state.file.clear();
}

/// Keeps the arrays of an optimizer that left them, and gives another one new arrays, each as long as the parameters.
/// @throws OptionError for an optimizer with more arrays than there may be; FileError as `check_restored`
template <class Scalar>
[[gnu::cold]] void prepare_optimizer(OptimizerState<Scalar>& state, const AnyOptimizer<Scalar>& optimizer,
                                     Index parameters) {
  const auto arrays = static_cast<std::size_t>(optimizer.state_arrays());
  if (optimizer.state_arrays() > max_state_arrays)
    throw OptionError(message({"an optimizer may have at most ", max_state_arrays, " arrays of state"}));
  if (is_state_of(state, optimizer)) return check_restored(state, optimizer);
  state = {optimizer.type(), optimizer.layout(), 0, {}};
  state.arrays.assign(arrays, Buffer<Scalar>(parameters));
  for (auto& array : state.arrays) array.fill(static_cast<Scalar>(optimizer.initial_state()));
}

}  // namespace eigencoder::detail
