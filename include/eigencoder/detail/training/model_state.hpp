#pragma once

#include <cstdint>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/training/fit_fingerprint.hpp>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/training/history.hpp>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// The state of an optimizer.
template <class Scalar>
struct OptimizerState {
  std::string type = {};              ///< of the optimizer that filled the arrays
  Index layout = 0;                   ///< which values they hold, where the type alone does not tell
  std::int64_t steps = 0;             ///< since they were empty
  std::vector<Buffer<Scalar>> arrays;  ///< each as long as the parameters
  std::string file = {};               ///< the checkpoint they were read from, until checked
};

/// All that training changes, and that is restored where an epoch fails.
template <class Scalar>
struct ModelState {
  Buffer<Scalar> parameters;
  Buffer<Scalar> statistics;
  OptimizerState<Scalar> optimizer;
  std::int64_t steps = 0;  ///< steps completed: keys the random streams, drives schedules

  /// Restores a copy of the same sizes without allocating. The arrays keep their addresses, as users hold spans of
  /// them.
  [[gnu::cold]] void restore(ModelState& copy) {
    parameters = copy.parameters;
    statistics = copy.statistics;
    optimizer = std::move(copy.optimizer);
    steps = copy.steps;
  }
};

/// How far a call of `fit` has come. Checkpoints store it, so that the next call continues in the middle.
template <class Scalar>
struct RunProgress {
  bool open = false;     ///< read from a checkpoint: the next `fit` continues that run
  bool running = false;  ///< a `fit` is running
  bool resumed = false;  ///< that `fit` continues a run
  FitFingerprint run;
  Index begin = 0;           ///< epochs completed before the run
  Index batches = 0;         ///< batches completed of the present epoch
  Index seen = 0;            ///< samples in these
  double sum = 0;            ///< of their losses
  double learning_rate = 0;  ///< of the last step
  std::vector<double> sums;  ///< of their terms
  double best_loss = std::numeric_limits<double>::infinity();
  Index best_epoch = 0;                             ///< 0: none yet
  Buffer<Scalar> best_parameters, best_statistics;  ///< where they are to be restored
};

/// What the model learned, and what a further `fit` continues from. A copy that an observer makes does not take part in
/// the running `fit`.
template <class Scalar>
struct TrainingState : ModelState<Scalar> {
  std::vector<EpochReport> epochs;  ///< reports of all completed epochs
  RunProgress<Scalar> progress;

  TrainingState() = default;
  TrainingState(const TrainingState& other) : ModelState<Scalar>(other), epochs(other.epochs) {
    if (!other.progress.running) progress = other.progress;
  }
  TrainingState(TrainingState&&) = default;
  TrainingState& operator=(const TrainingState& other) {
    ModelState<Scalar>::operator=(other);
    epochs = other.epochs;
    progress = other.progress.running ? RunProgress<Scalar>{} : other.progress;
    return *this;
  }
  TrainingState& operator=(TrainingState&&) = default;

  Index completed_epochs() const { return static_cast<Index>(epochs.size()); }

  /// Forgets everything except the parameters and running statistics.
  [[gnu::cold]] void forget() {
    this->optimizer = {};
    this->steps = 0;
    epochs.clear();
    progress = {};
  }
};

}  // namespace eigencoder::detail
