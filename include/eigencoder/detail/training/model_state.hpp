#pragma once

#include <cstdint>
#include <cstdio>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/training/reports.hpp>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace eigencoder::detail {

/// What decides the order of the samples in a call of `fit`, and what the call keeps. A call that continues a run from
/// a checkpoint must have the same fingerprint.
struct FitFingerprint {
  std::uint64_t seed = 0;
  Index samples = 0;
  Index batch_size = 0;
  Index shuffle_window = 0;
  double validation_split = 0;
  bool shuffle = true;
  bool has_targets = false;  ///< targets other than the inputs
  bool keeps_best = false;   ///< early stopping restores the best parameters

  /// The first difference, in words; empty where there is none.
  [[gnu::cold]] std::string difference(const FitFingerprint& other) const {
    const auto words = [](const char* what, const std::string& was, const std::string& is) {
      return std::string(what) + " was " + was + ", now it is " + is;
    };
    const auto number = [&](const char* what, auto was, auto is) {
      return words(what, std::to_string(was), std::to_string(is));
    };
    const auto flag = [&](const char* what, bool was, bool is) {
      return words(what, was ? "on" : "off", is ? "on" : "off");
    };
    const auto exact = [](double value) {
      char text[32];
      std::snprintf(text, sizeof text, "%.17g", value);
      return std::string(text);
    };
    if (seed != other.seed) return number("seed", seed, other.seed);
    if (samples != other.samples) return number("the number of samples", samples, other.samples);
    if (batch_size != other.batch_size) return number("batch_size", batch_size, other.batch_size);
    if (shuffle_window != other.shuffle_window)
      return number("the window of the stream", shuffle_window, other.shuffle_window);
    if (validation_split != other.validation_split)
      return words("validation_split", exact(validation_split), exact(other.validation_split));
    if (shuffle != other.shuffle) return flag("shuffle", shuffle, other.shuffle);
    if (has_targets != other.has_targets) return flag("training with targets", has_targets, other.has_targets);
    if (keeps_best != other.keeps_best)
      return flag("early stopping that restores the best weights", keeps_best, other.keeps_best);
    return "";
  }
};

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
  Index begin = 0;               ///< epochs completed before the run
  std::int64_t begin_steps = 0;  ///< steps completed before the run
  Index batches = 0;             ///< batches completed of the present epoch
  Index seen = 0;                ///< samples in these
  double sum = 0;                ///< of their losses
  double learning_rate = 0;      ///< of the last step
  std::vector<double> sums;      ///< of their terms
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
