#pragma once

#include <cstdint>
#include <eigencoder/core/buffer.hpp>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/training/history.hpp>
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

/// What of a call of `fit` decides in which order it sees which samples: a run that is gone on with must be the same.
struct RunKey {
  std::uint64_t seed = 0;
  Index samples = 0;
  Index batch_size = 0;
  Index window = 0;
  bool shuffle = true;
  double validation_split = 0;

  /// The first that differs, in words; empty where none does.
  [[gnu::cold]] std::string difference(const RunKey& other) const {
    const auto words = [](const char* what, auto was, auto is) {
      return std::string(what) + " was " + std::to_string(was) + ", now it is " + std::to_string(is);
    };
    if (seed != other.seed) return words("seed", seed, other.seed);
    if (samples != other.samples) return words("the number of samples", samples, other.samples);
    if (batch_size != other.batch_size) return words("batch_size", batch_size, other.batch_size);
    if (window != other.window) return words("the window of the stream", window, other.window);
    if (shuffle != other.shuffle) return words("shuffle", int{shuffle}, int{other.shuffle});
    if (validation_split != other.validation_split)
      return words("validation_split", validation_split, other.validation_split);
    return "";
  }
};

/// How far a call of `fit` has come. A checkpoint holds it, so that the next call goes on in the middle.
template <class Scalar>
struct Progress {
  bool open = false;  ///< there is such a call, or was when the checkpoint was written
  RunKey run;
  Index begin = 0;             ///< epochs completed before it
  Index batches = 0;           ///< batches completed of the epoch under way
  Index seen = 0;              ///< samples in these
  double sum = 0;              ///< of their losses
  double learning_rate = 0;    ///< of the last step
  std::vector<double> sums;    ///< of their terms
  double best_loss = std::numeric_limits<double>::infinity();
  Index best_epoch = 0;        ///< 0: none yet
  Buffer<Scalar> best_parameters, best_statistics;  ///< where they are to be restored
};

/// What the model learned, and what a further `fit` goes on from.
template <class Scalar>
struct TrainingState : Resumable<Scalar> {
  std::vector<EpochReport> epochs;  ///< reports of all completed epochs
  Progress<Scalar> progress;

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
