#pragma once

#include <cstdint>
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
  Index epochs = 10;
  Index batch_size = 32;   ///< the last batch may be shorter
  std::uint64_t seed = 0;  ///< of shuffling, augmentation, dropout and the validation split
  bool shuffle = true;
  Schedule schedule = {};  ///< a factor on the learning rate; empty: constant

  /// A part of the data to hold back for validation, drawn by the seed; or a set of its own, which must outlive the
  /// options where it has a name, and is kept by them where it has none (see `ValidationSet`).
  double validation_split = 0;
  ValidationSet<Scalar> validation = {};
  /// None: the validation inputs themselves. Where the training targets are not the inputs, they are needed.
  ValidationSet<Scalar> validation_targets = {};

  std::optional<EarlyStopping> early_stopping = {};
  std::optional<double> clip_value = {};  ///< every value of the gradient into [-clip_value, clip_value]
  std::optional<double> clip_norm = {};   ///< the whole gradient to at most this Euclidean norm
  Observer observer = {};

  /// Update each tile of the weights while its gradient is in the cache (same bits, less memory traffic).
  /// Clipping by norm needs the whole gradient first and does without.
  bool fuse_updates = true;

  bool has_validation() const { return static_cast<bool>(validation); }
  /// What the validation set's outputs are compared with. `pairs`: in training, inputs and targets are two sets.
  [[gnu::cold]] View<Scalar> wanted_of_validation(bool pairs) const {
    if (validation_targets) return validation_targets.view();
    if (pairs) throw OptionError("eigencoder: fit: training has targets, so FitOptions.validation needs them too: "
                                 "FitOptions.validation_targets");
    return validation.view();
  }

  /// Throws `OptionError` for an option outside its range and for options that contradict each other.
  [[gnu::cold]] void validate() const {
    if (epochs < 1) throw OptionError("eigencoder: FitOptions.epochs must be at least 1");
    if (batch_size < 1) throw OptionError("eigencoder: FitOptions.batch_size must be at least 1");
    if (!(validation_split >= 0 && validation_split < 1))
      throw OptionError("eigencoder: FitOptions.validation_split must lie in [0, 1)");
    if (validation_targets && !has_validation())
      throw OptionError("eigencoder: FitOptions.validation_targets stand beside FitOptions.validation, not alone");
    if (validation_split > 0 && has_validation())
      throw OptionError("eigencoder: FitOptions: give a validation set or a validation split, not both");
    if (early_stopping) early_stopping->validate();
    if (clip_value && !(*clip_value > 0)) throw OptionError("eigencoder: FitOptions.clip_value must be positive");
    if (clip_norm && !(*clip_norm > 0)) throw OptionError("eigencoder: FitOptions.clip_norm must be positive");
  }
};

}  // namespace eigencoder
