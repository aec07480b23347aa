#pragma once

#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <string_view>
#include <vector>

namespace eigencoder {

/// The results of one epoch. Losses are means over the samples of a loss summed over the values of each (see `Loss`).
struct EpochReport {
  Index epoch = 0;   ///< counted from 1 over the life of the model
  Index epochs = 0;  ///< the number of the last epoch of this `fit`
  /// The objective, penalties included, as training computed it: with dropout and augmentation, while the parameters
  /// changed.
  double train_loss = 0;
  /// The loss of the validation set in inference, without penalties; for a variational model with its divergence. NaN
  /// without a validation set.
  double validation_loss = std::numeric_limits<double>::quiet_NaN();
  double learning_rate = 0;  ///< of the epoch's last step
  double seconds = 0;        ///< the epoch's duration, validation included
  /// The further parts of the objective and measurements beside it: means per sample over the epoch, as training
  /// computed them; those of penalties on weights alone are their values at the epoch's end.
  std::vector<Term> terms;

  /// The training loss alone: the objective without the terms that are a part of it.
  double loss() const {
    double rest = train_loss;
    for (const Term& term : terms) rest -= term.in_objective ? term.value : 0;
    return rest;
  }
  /// Whether there was a validation set.
  bool has_validation() const { return validation_loss == validation_loss; }
  /// The loss that schedules and early stopping watch: the validation loss or, without one, the training loss.
  double watched_loss() const { return has_validation() ? validation_loss : train_loss; }
};

/// The results of one call of `fit`.
struct History {
  std::vector<EpochReport> epochs;  ///< one report for each epoch of this `fit`
  /// The last epoch of this `fit` whose watched loss improved on the best one before it (see `EarlyStopping::improves`;
  /// without early stopping, by any amount).
  Index best_epoch = 0;
  bool stopped_early = false;  ///< early stopping or an observer ended training before the last epoch
  bool restored_best = false;  ///< the parameters are those of `best_epoch`
};

}  // namespace eigencoder
