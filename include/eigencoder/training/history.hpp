#pragma once

#include <eigencoder/extend/term.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <string_view>
#include <vector>

namespace eigencoder {

/// What one epoch brought. Losses are means per sample (summed over its values, see `Loss`).
struct EpochReport {
  Index epoch = 0;   ///< counted from 1 over the life of the model
  Index epochs = 0;  ///< the number it will have when this `fit` ends
  /// The objective as met in training: with dropout, augmentation and moving weights; penalties included.
  double train_loss = 0;
  /// The loss in inference, for a variational model with its divergence, penalties left out; NaN without a validation
  /// set.
  double validation_loss = std::numeric_limits<double>::quiet_NaN();
  double learning_rate = 0;  ///< at the epoch's last step
  double seconds = 0;        ///< the epoch's duration, validation included
  /// Beside the loss: means per sample over the epoch, as met in training; of penalties on weights alone the values at
  /// the epoch's end.
  std::vector<Term> terms;

  /// The loss alone, as met in training: what remains of the objective without the terms that count.
  double loss() const {
    double rest = train_loss;
    for (const Term& term : terms) rest -= term.in_objective ? term.value : 0;
    return rest;
  }
  bool has_validation() const { return validation_loss == validation_loss; }
  /// What schedules and early stopping watch: the validation loss, without one the training loss.
  double watched_loss() const { return has_validation() ? validation_loss : train_loss; }
};

/// What one call of `fit` did.
struct History {
  std::vector<EpochReport> epochs;
  /// The last epoch that was better than the best before it in this `fit`: by a watched loss lower by more than
  /// `EarlyStopping::min_delta` (without early stopping: lower).
  Index best_epoch = 0;
  bool stopped_early = false;  ///< by early stopping or an observer, before the last epoch
  bool restored_best = false;  ///< the parameters are those of `best_epoch`
};

}  // namespace eigencoder
