#pragma once

#include <eigencoder/detail/training/any_optimizer.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/extend/errors.hpp>
#include <string>

namespace eigencoder::detail {

/// Checks arrays that were read from a checkpoint of this optimizer: it must be able to leave such values there.
/// @throws FileError naming the checkpoint, the tensor and the value
template <class Scalar>
[[gnu::cold]] void check_restored(OptimizerState<Scalar>& state, const AnyOptimizer<Scalar>& optimizer) {
  if (state.file.empty()) return;
  for (std::size_t k = 0; k < state.arrays.size(); ++k) {
    const ValueRange range = optimizer.state_range(static_cast<Index>(k));
    const Buffer<Scalar>& array = state.arrays[k];
    for (Index i = 0; i < array.size(); ++i)
      if (const double value = array.data()[i]; !range.holds(value))
        throw FileError(message({"cannot resume from '", state.file, "': its tensor 'training.optimizer.", k, "' holds ",
                                 ValueRange::number(value), " at value ", i, ", which has to be ", range.text(), " for ",
                                 state.type}));
  }
  state.file.clear();
}

}  // namespace eigencoder::detail
