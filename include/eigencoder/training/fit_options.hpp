#pragma once

#include <concepts>
#include <cstdint>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/training/reports.hpp>
#include <eigencoder/training/schedule.hpp>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

/// @file
/// The options of `fit`, and the parts of them: early stopping, and the samples for validation.
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

/// Samples for `FitOptions`: none, a reference to samples elsewhere, or samples of its own. A temporary matrix or data
/// set, such as the result of a function, is moved in and an expression that refers to part of a matrix is copied, so
/// that the options may be stored and used later. A named matrix or data set is only referred to, as is the memory of a
/// `View` or an `Eigen::Map`: these must outlive the options.
template <class Scalar>
class ValidationSet {
  /// Whether a type owns no samples, but refers to memory that the caller keeps.
  template <class T>
  static constexpr bool refers(const T*) { return false; }
  template <class S>
  static constexpr bool refers(const View<S>*) { return true; }
  template <class Matrix, int Options, class Stride>
  static constexpr bool refers(const Eigen::Map<Matrix, Options, Stride>*) { return true; }

  /// Eigen's blocks and other expressions, which may refer to a temporary matrix.
  template <class T>
  static constexpr bool is_expression =
      std::derived_from<T, Eigen::EigenBase<T>> && !std::derived_from<T, Eigen::PlainObjectBase<T>>;

 public:
  /// No samples.
  ValidationSet() = default;
  /// Refers to `cols` samples of `rows` values each, one a column.
  ValidationSet(const Scalar* data, Index rows, Index cols) : given_(true), view_(data, rows, cols) {}

  /// Anything that converts to a `View`: values x samples.
  template <class Samples>
    requires(!std::same_as<std::remove_cvref_t<Samples>, ValidationSet> &&
             std::convertible_to<const std::remove_cvref_t<Samples>&, View<Scalar>>)
  ValidationSet(Samples&& samples) : given_(true) {
    using Given = std::remove_cvref_t<Samples>;
    if constexpr (std::is_lvalue_reference_v<Samples> || refers(static_cast<const Given*>(nullptr))) view_ = samples;
    else if constexpr (is_expression<Given>) own(MatrixX<Scalar>(View<Scalar>(samples).matrix()));
    else own(std::forward<Samples>(samples));
  }

  /// Whether samples were given; an empty matrix counts as given.
  explicit operator bool() const { return given_; }
  /// The samples, one a column.
  View<Scalar> view() const { return view_; }

 private:
  template <class Samples>
  void own(Samples&& samples) {
    auto owned = std::make_shared<const std::remove_cvref_t<Samples>>(std::forward<Samples>(samples));
    view_ = *owned;
    owner_ = std::move(owned);
  }

  bool given_ = false;
  View<Scalar> view_;
  std::shared_ptr<const void> owner_;
};

/// Weights of samples for `FitOptions`: none, or a copy of those that are given. An empty vector counts as given.
class SampleWeights {
 public:
  /// No weights.
  SampleWeights() = default;
  /// A weight for each sample.
  SampleWeights(std::vector<double> weights) : given_(true), weights_(std::move(weights)) {}

  /// Whether weights were given.
  explicit operator bool() const { return given_; }
  /// The weights, one for each sample.
  std::span<const double> values() const { return weights_; }

 private:
  bool given_ = false;
  std::vector<double> weights_;
};

/// How to train; see `Autoencoder::fit`.
template <class Scalar>
struct FitOptions {
  Index epochs = 10;       ///< passes over the data, at least 1
  /// Steps after which training ends, in the middle of an epoch too; at least 1; empty: no limit. An epoch that is cut
  /// short is validated and reported as one of the batches that it had. It counts as completed: a further `fit` begins
  /// the next. A schedule that knows the end, such as `CosineSchedule`, ends with the last step.
  std::optional<Index> max_steps = {};
  /// Seconds after which training ends likewise, with the step that it is at; above 0; empty: no limit. They begin with
  /// `fit`, and include validation and observers. How far training gets depends on the machine, so that with this
  /// option alone two runs may give different bits; schedules do not know it.
  std::optional<double> max_seconds = {};
  Index batch_size = 32;   ///< samples of one step, at least 1; the last batch may be smaller
  std::uint64_t seed = 0;  ///< of shuffling, augmentation, dropout and the validation split
  bool shuffle = true;     ///< whether the samples of each epoch are drawn in a new order
  Schedule schedule = {};  ///< a factor on the learning rate; empty: constant

  /// How much the loss of each sample counts: a weight for each sample of the data set or stream, by its index, finite
  /// and at least 0, not all 0; none: 1 for each. The loss of a batch of B samples is the sum of w_j loss_j over B: as
  /// in Keras it is not divided by the sum of the weights. A sample of weight 0 gives no gradient of the loss.
  ///
  /// Penalties and the terms of a bottleneck are not weighted, as they say what parameters and codes should be like,
  /// whatever a sample is worth, and may compare the samples of a batch; nor is what normalizations and codebooks learn
  /// from a batch. Training reports the weighted loss. Validation is not weighted: the weights of samples that
  /// `validation_split` holds back are ignored.
  SampleWeights sample_weights = {};

  /// The fraction of each batch that is trimmed, in [0, 1), so that contaminated samples do not shape the model: of the
  /// n samples with a weight other than 0, the floor(trim n) with the largest losses have the weight 0 in this step.
  /// What is compared are the losses before they are weighted, means over a sample's draws; of equal ones, those of the
  /// first samples in the batch are trimmed. A loss that is not finite is not trimmed, but ends training.
  ///
  /// The reported loss is the sum of those that counted over the number of all samples, as with weights of 0.
  /// Validation is not trimmed.
  ///
  /// Sources: Rousseeuw, "Least median of squares regression" (1984), for least trimmed squares; Shen & Sanghavi,
  /// "Learning with bad training data via iterative trimmed loss minimization" (2019), for gradient descent.
  double trim = 0;

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
    if (max_steps) detail::require_at_least("FitOptions.max_steps", 1, *max_steps);
    if (max_seconds) detail::require_option(*max_seconds > 0, "FitOptions.max_seconds", "be above 0");
    detail::require_at_least("FitOptions.batch_size", 1, batch_size);
    detail::require_fraction("FitOptions.trim", trim);
    detail::require_option(trim == 0 || trim * static_cast<double>(batch_size) >= 1, "FitOptions.trim",
                           "be 0, or at least 1 / batch_size: less leaves no sample of a batch out");
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
