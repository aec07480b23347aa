#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder {

/// Ends training once the watched loss (see `EpochReport::watched_loss`) has not improved for `patience` epochs. The
/// training loop (detail/training/training_loop.hpp) asks `improves` after each epoch and `stops_after` before the
/// next. Epochs count from 1 over the life of the model; a `best_epoch` of 0 means that the present `fit` has completed
/// no epoch yet.
struct EarlyStopping {
  Index patience = 10;   ///< epochs without improvement after which training ends; 0 acts as 1
  double min_delta = 0;  ///< only a loss that is lower than the best by more than this improves; finite, at least 0
  /// Restore the parameters and running statistics of the best epoch at the end of `fit`. The optimizer's state, the
  /// step count and the epochs are not restored: a further `fit` starts from the best parameters and the optimizer's
  /// latest state.
  bool restore_best = true;

  /// Whether `loss` is lower than `best_loss`, the loss of `best_epoch`, by more than `min_delta`. The first loss of a
  /// `fit` always improves.
  bool improves(double loss, double best_loss, Index best_epoch) const {
    return best_epoch == 0 || loss < best_loss - min_delta;
  }

  /// Whether training ends after `epoch`: there were `patience` epochs since `best_epoch`, the last that improved.
  bool stops_after(Index epoch, Index best_epoch) const {
    const Index epochs_without_improvement = epoch - best_epoch;
    return best_epoch > 0 && epochs_without_improvement > 0 && epochs_without_improvement >= patience;
  }

  /// @throws OptionError for a value outside its range
  [[gnu::cold]] void validate() const {
    detail::require_at_least("EarlyStopping.patience", 0, patience);
    detail::require_nonnegative("EarlyStopping.min_delta", min_delta);
  }
};

}  // namespace eigencoder
