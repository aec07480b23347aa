#pragma once

#include <cstdint>
#include <eigencoder/core/buffer.hpp>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/training/history.hpp>
#include <eigencoder/training/run_key.hpp>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// What an optimizer remembers.
template <class Scalar>
struct OptimizerState {
  std::string type = {};              ///< of the optimizer that filled the slots
  Index layout = 0;                   ///< which values they hold, where the type alone does not tell
  std::int64_t steps = 0;             ///< since they were empty
  std::vector<Buffer<Scalar>> slots;  ///< one array a slot
};

/// All that training changes and a failed epoch must give back.
template <class Scalar>
struct Resumable {
  Buffer<Scalar> parameters;
  Buffer<Scalar> statistics;
  OptimizerState<Scalar> optimizer;
  std::int64_t steps = 0;  ///< steps completed: keys the random streams, drives schedules

  /// Takes everything back from a copy of the same sizes, without allocating. The values stay where they are in
  /// memory, for the user may look at them.
  [[gnu::cold]] void restore(Resumable& kept) {
    parameters = kept.parameters;
    statistics = kept.statistics;
    optimizer = std::move(kept.optimizer);
    steps = kept.steps;
  }
};

/// How far a call of `fit` has come. A checkpoint holds it, so that the next call goes on in the middle.
template <class Scalar>
struct Progress {
  bool open = false;     ///< read from a checkpoint: the next `fit` goes on with that run
  bool running = false;  ///< a `fit` is under way
  bool resumed = false;  ///< it went on with a run
  RunKey run;
  Index begin = 0;           ///< epochs completed before the run
  Index batches = 0;         ///< batches completed of the epoch under way
  Index seen = 0;            ///< samples in these
  double sum = 0;            ///< of their losses
  double learning_rate = 0;  ///< of the last step
  std::vector<double> sums;  ///< of their terms
  double best_loss = std::numeric_limits<double>::infinity();
  Index best_epoch = 0;                             ///< 0: none yet
  Buffer<Scalar> best_parameters, best_statistics;  ///< where they are to be restored
};

/// What the model learned, and what a further `fit` goes on from. A copy, made by an observer, has no part in the run
/// under way.
template <class Scalar>
struct TrainingState : Resumable<Scalar> {
  std::vector<EpochReport> epochs;  ///< reports of all completed epochs
  Progress<Scalar> progress;

  TrainingState() = default;
  TrainingState(const TrainingState& other) : Resumable<Scalar>(other), epochs(other.epochs) {
    if (!other.progress.running) progress = other.progress;
  }
  TrainingState(TrainingState&&) = default;
  TrainingState& operator=(const TrainingState& other) {
    Resumable<Scalar>::operator=(other);
    epochs = other.epochs;
    progress = other.progress.running ? Progress<Scalar>{} : other.progress;
    return *this;
  }
  TrainingState& operator=(TrainingState&&) = default;

  /// Forgets all but the values.
  [[gnu::cold]] void forget() {
    this->optimizer = {};
    this->steps = 0;
    epochs.clear();
    progress = {};
  }
};

/// Whether a model is being trained: what an observer does must not take it from under the training loop.
/// A copy of such a model is not being trained.
class InTraining {
 public:
  InTraining() = default;
  InTraining(const InTraining&) noexcept {}
  InTraining& operator=(const InTraining&) {
    refuse("assigned to");
    return *this;
  }

  bool on() const { return on_; }
  /// Throws `OptionError` while the model is being trained.
  [[gnu::cold]] void refuse(const char* what) const {
    if (on_) throw OptionError(message({"a model cannot be ", what, " while it is being trained"}));
  }

  /// The time of one training; there is no second within it.
  class Scope {
   public:
    explicit Scope(InTraining& of) : of_(of) {
      of_.refuse("trained");
      of_.on_ = true;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { of_.on_ = false; }

   private:
    InTraining& of_;
  };

 private:
  bool on_ = false;
};

}  // namespace eigencoder::detail
