#pragma once

#include <cstdint>
#include <eigencoder/detail/training/fit_fingerprint.hpp>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/training/history.hpp>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// What an optimizer remembers.
template <class Scalar>
struct OptimizerState {
  std::string type = {};              ///< of the optimizer that filled the arrays
  Index layout = 0;                   ///< which values they hold, where the type alone does not tell
  std::int64_t steps = 0;             ///< since they were empty
  std::vector<Buffer<Scalar>> arrays;  ///< each as long as the parameters
  std::string file = {};               ///< the checkpoint they were read from, until checked
};

/// All that training changes and a failed epoch must give back.
template <class Scalar>
struct ModelState {
  Buffer<Scalar> parameters;
  Buffer<Scalar> statistics;
  OptimizerState<Scalar> optimizer;
  std::int64_t steps = 0;  ///< steps completed: keys the random streams, drives schedules

  /// Takes everything back from a copy of the same sizes, without allocating. The values stay where they are in
  /// memory, for the user may look at them.
  [[gnu::cold]] void restore(ModelState& kept) {
    parameters = kept.parameters;
    statistics = kept.statistics;
    optimizer = std::move(kept.optimizer);
    steps = kept.steps;
  }
};

/// How far a call of `fit` has come. A checkpoint holds it, so that the next call goes on in the middle.
template <class Scalar>
struct RunProgress {
  bool open = false;     ///< read from a checkpoint: the next `fit` goes on with that run
  bool running = false;  ///< a `fit` is under way
  bool resumed = false;  ///< it went on with a run
  FitFingerprint run;
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

  /// Forgets all but the values.
  [[gnu::cold]] void forget() {
    this->optimizer = {};
    this->steps = 0;
    epochs.clear();
    progress = {};
  }
};

/// What may not be done to a model as it stands: an observer must not take it from under the training loop (a copy of
/// it is not being trained), and one that was moved from has no values until another is assigned to it.
class ModelGuard {
 public:
  ModelGuard() = default;
  ModelGuard(const ModelGuard& other) noexcept : moved_from_(other.moved_from_) {}
  ModelGuard(ModelGuard&& other) noexcept : moved_from_(std::exchange(other.moved_from_, true)) {}
  ModelGuard& operator=(const ModelGuard& other) {
    refuse_in_training("assigned to");
    moved_from_ = other.moved_from_;
    return *this;
  }
  ModelGuard& operator=(ModelGuard&& other) {
    refuse_in_training("assigned to");
    other.refuse_in_training("moved from");
    const bool empty = std::exchange(other.moved_from_, true);
    if (this != &other) moved_from_ = empty;  // moved to itself, a model is left empty
    return *this;
  }

  bool in_training() const { return in_training_; }
  /// Throws `OptionError` while the model is being trained.
  [[gnu::cold]] void refuse_in_training(const char* what) const {
    if (in_training_) throw OptionError(message({"a model cannot be ", what, " while it is being trained"}));
  }
  /// Throws `OptionError` where the model was moved from.
  void require_values() const {
    if (moved_from_) no_values();
  }

  /// The time of one training; there is no second within it.
  class Scope {
   public:
    explicit Scope(ModelGuard& of) : of_(of) {
      of_.refuse_in_training("trained");
      of_.in_training_ = true;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { of_.in_training_ = false; }

   private:
    ModelGuard& of_;
  };

 private:
  [[noreturn, gnu::cold]] static void no_values() {
    throw OptionError("eigencoder: this model was moved from: assign a model to it before it is used again");
  }

  bool in_training_ = false;
  bool moved_from_ = false;
};

}  // namespace eigencoder::detail
