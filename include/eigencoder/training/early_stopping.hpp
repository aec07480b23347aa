#pragma once

#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder {

/// Ends training once the watched loss (see `EpochReport::watched_loss`) has not improved for `patience` epochs. The
/// training loop asks `improves` and then `stops_after` at the end of each epoch; both count epochs from 1 over the
/// life of the model, and a `best_epoch` of 0 means that the present `fit` has completed none yet.
struct EarlyStopping {
  Index patience = 10;   ///< epochs without improvement until training ends; 0 ends it as 1 does
  double min_delta = 0;  ///< an improvement lowers the best loss by more than this, which is finite and at least 0
  /// Restore the parameters and running statistics of the best epoch at the end of `fit`. The optimizer's state, the
  /// step count and the epochs are not restored: a further `fit` starts from the best parameters and the optimizer's
  /// latest state.
  bool restore_best = true;

  /// Whether `loss` is lower than `best_loss`, the loss of `best_epoch`, by more than `min_delta`. The first loss of a
  /// `fit` always is an improvement.
  bool improves(double loss, double best_loss, Index best_epoch) const {
    return best_epoch == 0 || loss < best_loss - min_delta;
  }

  /// Whether training ends after `epoch` because the last `patience` epochs brought no improvement on `best_epoch`.
  bool stops_after(Index epoch, Index best_epoch) const {
    const Index epochs_without_improvement = epoch - best_epoch;
    return best_epoch > 0 && epochs_without_improvement > 0 && epochs_without_improvement >= patience;
  }

  /// @throws OptionError for a value outside its range
  [[gnu::cold]] void validate() const {
    if (patience < 0) throw OptionError("eigencoder: EarlyStopping.patience must not be negative");
    detail::require_nonnegative("EarlyStopping.min_delta", min_delta);
  }
};

}  // namespace eigencoder
