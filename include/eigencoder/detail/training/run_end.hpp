#pragma once

#include <algorithm>
#include <cstdint>
#include <eigencoder/detail/platform/clock.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/training/fit_options.hpp>
#include <limits>

namespace eigencoder::detail {

/// Where the options let a run end, the latest.
struct RunEnd {
  Index epochs = 0;                ///< completed epochs of the model
  double last_epoch_fraction = 1;  ///< the fraction of the last one's steps that are trained
  std::int64_t steps = (std::numeric_limits<std::int64_t>::max)();  ///< completed steps of the model
  double time = std::numeric_limits<double>::infinity();            ///< by `now()`
};

/// The completed epochs of the model after those of a run; they saturate, so that the largest `FitOptions::epochs` mean
/// "until the observer stops" after an earlier `fit` too.
template <class Scalar>
Index epochs_at_end(const RunProgress<Scalar>& run, const FitOptions<Scalar>& options) {
  return run.begin + (std::min)(options.epochs, (std::numeric_limits<Index>::max)() - run.begin);
}

/// The end of the run that has begun or continues.
template <class Scalar>
[[gnu::cold]] RunEnd run_end(const TrainingState<Scalar>& state, const FitOptions<Scalar>& options,
                             std::int64_t steps_per_epoch) {
  const RunProgress<Scalar>& run = state.progress;
  RunEnd end;
  end.epochs = epochs_at_end(run, options);
  if (options.max_seconds) end.time = now() + *options.max_seconds;
  if (!options.max_steps) return end;
  end.steps = run.begin_steps + (std::min<std::int64_t>)(*options.max_steps, end.steps - run.begin_steps);

  const std::int64_t steps = end.steps - (state.steps - run.batches);  // from the beginning of the present epoch on
  const std::int64_t whole = steps / steps_per_epoch, rest = steps % steps_per_epoch;
  const Index completed = state.completed_epochs();
  if (whole >= end.epochs - completed) return end;
  end.epochs = completed + static_cast<Index>(whole) + (rest > 0 ? 1 : 0);
  if (rest > 0) end.last_epoch_fraction = static_cast<double>(rest) / static_cast<double>(steps_per_epoch);
  return end;
}

}  // namespace eigencoder::detail
