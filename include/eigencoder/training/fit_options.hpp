#pragma once

#include <cstdint>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/training/early_stopping.hpp>
#include <eigencoder/training/observer.hpp>
#include <eigencoder/training/schedule.hpp>
#include <eigencoder/training/validation_set.hpp>
#include <optional>

namespace eigencoder {

/// How to train; see `Autoencoder::fit`.
template <class Scalar>
struct FitOptions {
  Index epochs = 10;       ///< passes over the data, at least 1
  Index batch_size = 32;   ///< samples of one step, at least 1; the last batch may be smaller
  std::uint64_t seed = 0;  ///< of shuffling, augmentation, dropout and the validation split
  bool shuffle = true;     ///< whether the samples of each epoch are drawn in a new order
  Schedule schedule = {};  ///< a factor on the learning rate; empty: constant

  /// The fraction of the data to hold out for validation, drawn by the seed; in [0, 1). Excludes `validation`.
  double validation_split = 0;
  /// A validation set. A set with a name must outlive the options, a temporary one is kept by them (see
  /// `ValidationSet`).
  ValidationSet<Scalar> validation = {};
  /// The targets of `validation`. Required if training has targets of its own; empty: the validation inputs.
  ValidationSet<Scalar> validation_targets = {};

  std::optional<EarlyStopping> early_stopping = {};  ///< when to stop before the last epoch; empty: never
  std::optional<double> clip_value = {};  ///< clamps each value of the gradient to [-clip_value, clip_value]; above 0
  std::optional<double> clip_norm = {};   ///< scales the whole gradient to at most this Euclidean norm; above 0
  Observer observer = {};                 ///< is called during training

  /// Update each tile of the weights while its gradient is in the cache (same bits, less memory traffic). Has no effect
  /// with `clip_norm`, which needs the whole gradient first.
  bool fuse_updates = true;

  /// Whether there is a validation set.
  bool has_validation() const { return static_cast<bool>(validation); }

  /// The targets with which the outputs of the validation set are compared: `validation_targets`, or the validation
  /// inputs if training has no targets of its own.
  /// @param has_targets  whether training has targets of its own
  /// @throws OptionError if it has and `validation_targets` is empty
  [[gnu::cold]] View<Scalar> effective_validation_targets(bool has_targets) const {
    if (validation_targets) return validation_targets.view();
    if (has_targets)
      throw OptionError("eigencoder: fit: training has targets, so FitOptions.validation needs them too: "
                        "FitOptions.validation_targets");
    return validation.view();
  }

  /// @throws OptionError for an option outside its range and for options that contradict each other
  [[gnu::cold]] void validate() const {
    detail::require_at_least("FitOptions.epochs", 1, epochs);
    detail::require_at_least("FitOptions.batch_size", 1, batch_size);
    detail::require_fraction("FitOptions.validation_split", validation_split);
    if (validation_targets && !has_validation())
      throw OptionError("eigencoder: FitOptions.validation_targets need FitOptions.validation");
    if (validation_split > 0 && has_validation())
      throw OptionError("eigencoder: FitOptions: give a validation set or a validation split, not both");
    if (early_stopping) early_stopping->validate();
    if (clip_value) detail::require_option(*clip_value > 0, "FitOptions.clip_value", "be above 0");
    if (clip_norm) detail::require_option(*clip_norm > 0, "FitOptions.clip_norm", "be above 0");
  }
};

}  // namespace eigencoder
