#pragma once

#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/training/batches.hpp>
#include <eigencoder/detail/training/gradient_sinks.hpp>
#include <eigencoder/detail/training/loop_interfaces.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/training/fit_options.hpp>
#include <string>

/// @file
/// Whether a call of `fit` continues from what another one, or a checkpoint, left: the optimizer's arrays, the run.
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

/// How this call of `fit` differs from the run that a checkpoint was written in; empty where it continues that run.
template <class Scalar>
[[gnu::cold]] std::string difference_from_checkpoint(const TrainingState<Scalar>& state, const FitFingerprint& run,
                                                     const Batches& batches, const AnyOptimizer<Scalar>& optimizer,
                                                     const FitOptions<Scalar>& options) {
  const RunProgress<Scalar>& progress = state.progress;
  const auto& stored = state.optimizer;
  const Index completed = state.completed_epochs() - progress.begin;
  if (std::string other = progress.run.difference(run); !other.empty()) return other;
  if (!is_state_of(stored, optimizer) && stored.steps > 0)
    return "the optimizer was " + stored.type + " with " + std::to_string(stored.arrays.size()) +
           " state values per parameter, now it is " + optimizer.type() + " with " +
           std::to_string(optimizer.state_arrays());
  const auto exceeds = [](std::int64_t done, const char* what, const char* option, std::int64_t limit) {
    return std::to_string(done) + " " + what + " are completed, and FitOptions." + option + ", " +
           std::to_string(limit) + ", counts from its beginning";
  };
  if (options.epochs < completed) return exceeds(completed, "epochs", "epochs", options.epochs);
  if (const std::int64_t steps = state.steps - progress.begin_steps; options.max_steps && *options.max_steps < steps)
    return exceeds(steps, "steps", "max_steps", *options.max_steps);
  if (progress.seen != batches.samples_in(progress.batches))
    return "its epoch stopped after " + std::to_string(progress.batches) + " batches of " +
           std::to_string(progress.seen) + " samples, which no run of this batch size does";
  return "";
}

/// Continues the run that a checkpoint was written in, or begins a new one.
/// @throws OptionError where a checkpoint was loaded and this call of `fit` is of another run
template <class Scalar>
[[gnu::cold]] void begin_run(TrainingState<Scalar>& state, const FitFingerprint& run, const Batches& batches,
                             const AnyOptimizer<Scalar>& optimizer, const FitOptions<Scalar>& options) {
  RunProgress<Scalar>& progress = state.progress;
  if (progress.open) {
    if (const std::string other = difference_from_checkpoint(state, run, batches, optimizer, options); !other.empty())
      throw OptionError("eigencoder: fit: a checkpoint was loaded, so this call continues its run, but " + other +
                        " (to begin anew from its weights, load it as a model)");
  } else {
    progress = {};
    progress.run = run;
    progress.begin = state.completed_epochs();
    progress.begin_steps = state.steps;
  }
  progress.resumed = progress.open;
  progress.open = false;
  progress.running = true;
}

}  // namespace eigencoder::detail
