#pragma once

#include <eigencoder/detail/training/batches.hpp>
#include <eigencoder/detail/training/optimizer_state.hpp>
#include <string>

namespace eigencoder::detail {

/// How this call of `fit` differs from the run that a checkpoint was written in; empty where it continues that run.
template <class Scalar>
[[gnu::cold]] std::string difference_from_checkpoint(const TrainingState<Scalar>& state, const FitFingerprint& run,
                                                     const Batches& batches, const AnyOptimizer<Scalar>& optimizer,
                                                     Index epochs) {
  const RunProgress<Scalar>& progress = state.progress;
  const auto& stored = state.optimizer;
  const Index completed = state.completed_epochs() - progress.begin;
  if (std::string other = progress.run.difference(run); !other.empty()) return other;
  if (!is_state_of(stored, optimizer) && stored.steps > 0)
    return "the optimizer was " + stored.type + " with " + std::to_string(stored.arrays.size()) +
           " state values per parameter, now it is " + optimizer.type() + " with " +
           std::to_string(optimizer.state_arrays());
  if (epochs < completed)
    return std::to_string(completed) + " epochs are completed, and FitOptions.epochs, " + std::to_string(epochs) +
           ", counts from its beginning";
  if (progress.seen != batches.samples_in(progress.batches))
    return "its epoch stopped after " + std::to_string(progress.batches) + " batches of " +
           std::to_string(progress.seen) + " samples, which no run of this batch size does";
  return "";
}

/// Continues the run that a checkpoint was written in, or begins a new one.
/// @throws OptionError where a checkpoint was loaded and this call of `fit` is of another run
template <class Scalar>
[[gnu::cold]] void begin_run(TrainingState<Scalar>& state, const FitFingerprint& run, const Batches& batches,
                             const AnyOptimizer<Scalar>& optimizer, Index epochs) {
  RunProgress<Scalar>& progress = state.progress;
  if (progress.open) {
    if (const std::string other = difference_from_checkpoint(state, run, batches, optimizer, epochs); !other.empty())
      throw OptionError("eigencoder: fit: a checkpoint was loaded, so this call continues its run, but " + other +
                        " (to begin anew from its weights, load it as a model)");
  } else {
    progress = {};
    progress.run = run;
    progress.begin = state.completed_epochs();
  }
  progress.resumed = progress.open;
  progress.open = false;
  progress.running = true;
}

}  // namespace eigencoder::detail
