#pragma once

#include <cmath>
#include <cstdint>
#include <eigencoder/detail/base/hyperparameters.hpp>
#include <eigencoder/extend/types.hpp>
#include <functional>
#include <limits>
#include <numbers>
#include <span>

/// @file
/// Learning-rate schedules: what a schedule is, and those of the library. Each computes its factor from the
/// `ScheduleContext` alone.
namespace eigencoder {

/// The state of training that a schedule sees. Steps and epochs are counted over the life of the model, across calls of
/// `fit`, so a schedule needs no memory of its own and training continues where it stopped; losses are those of one
/// `fit`.
struct ScheduleContext {
  std::int64_t step = 0;             ///< completed steps
  std::int64_t steps_per_epoch = 1;  ///< steps of a whole epoch
  Index epoch = 0;                   ///< completed epochs
  Index total_epochs = 1;            ///< completed epochs at the end of this `fit`
  /// The watched loss (see `EpochReport::watched_loss`) after each epoch of this `fit`, including the epochs before the
  /// checkpoint from which it was resumed.
  std::span<const double> losses;
  std::int64_t epoch_step = 0;  ///< completed steps of the present epoch
  /// The fraction of the steps of the last one of `total_epochs` that are trained: below 1 where
  /// `FitOptions::max_steps` cuts it short.
  double last_epoch_fraction = 1;
};

/// A learning-rate schedule: returns the factor by which the optimizer's `learning_rate` is multiplied in the next
/// step, at least 0. Any callable `double(const ScheduleContext&)` is one; its result must depend on its argument
/// alone.
using Schedule = std::function<double(const ScheduleContext&)>;

/// The factor is 1 in every step.
struct ConstantSchedule {
  /// Accepts every value: there is no option.
  void validate() const {}
  /// The factor 1.
  double operator()(const ScheduleContext&) const { return 1; }
};

/// The factor is `factor`^k after k times `every_epochs` epochs. PyTorch's StepLR.
struct StepSchedule {
  Index every_epochs = 30;  ///< epochs from one change of the learning rate to the next, at least 1
  double factor = 0.1;      ///< above 0

  /// @throws OptionError for a value outside its range
  void validate() const {
    detail::require_at_least("StepSchedule.every_epochs", 1, every_epochs);
    detail::require_positive("StepSchedule.factor", factor);
  }

  /// The factor of the next step.
  /// @throws OptionError for a value outside its range
  double operator()(const ScheduleContext& context) const {
    validate();
    return std::pow(factor, static_cast<double>(context.epoch / every_epochs));
  }
};

/// The factor is `factor`^n after n epochs. PyTorch's ExponentialLR.
struct ExponentialSchedule {
  double factor = 0.95;  ///< above 0

  /// @throws OptionError for a value outside its range
  void validate() const { detail::require_positive("ExponentialSchedule.factor", factor); }

  /// The factor of the next step.
  /// @throws OptionError for a value outside its range
  double operator()(const ScheduleContext& context) const {
    validate();
    return std::pow(factor, static_cast<double>(context.epoch));
  }
};

/// The factor rises linearly from nearly 0 to 1 over the first `warmup_epochs` of the model's life, then falls along
/// half a cosine to `floor` at `total_epochs`, or where `FitOptions::max_steps` ends the last of them. It changes at
/// every step.
/// Source: Loshchilov & Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017), eq. 5, without restarts.
struct CosineSchedule {
  double warmup_epochs = 0;  ///< at least 0; may be fractional
  double floor = 0;          ///< the last factor, in [0, 1]

  /// @throws OptionError for a value outside its range
  void validate() const {
    detail::require_nonnegative("CosineSchedule.warmup_epochs", warmup_epochs);
    detail::require_probability("CosineSchedule.floor", floor);
  }

  /// The factor of the next step.
  /// @throws OptionError for a value outside its range
  double operator()(const ScheduleContext& context) const {
    validate();
    const double step = 1 / static_cast<double>(context.steps_per_epoch);
    const double now = fractional_epoch(context);
    // The warmup is one step ahead, since a first step at rate 0 would be wasted.
    if (now < warmup_epochs) return (now + step) / (warmup_epochs + step);
    const double total = static_cast<double>(context.total_epochs - 1) + context.last_epoch_fraction;
    const double length = total - warmup_epochs;
    if (now - warmup_epochs >= length) return floor;
    return floor + (1 - floor) * (1 + std::cos(std::numbers::pi * (now - warmup_epochs) / length)) / 2;
  }

 private:
  /// Completed epochs, including the completed fraction of the present one. Earlier epochs may have had other numbers
  /// of steps: calls of `fit` had another batch size, or were cut short.
  static double fractional_epoch(const ScheduleContext& context) {
    const std::int64_t steps = context.epoch * context.steps_per_epoch + context.epoch_step;
    return static_cast<double>(steps) / static_cast<double>(context.steps_per_epoch);
  }
};

/// Multiplies the factor by `factor` whenever the watched loss has not improved for more than `patience` epochs, down
/// to `floor`. A loss improves if it is lower than the best one by more than `threshold` times the magnitude of the
/// best. PyTorch's ReduceLROnPlateau (mode min, relative threshold, no cooldown), except that `floor` is a factor
/// instead of a learning rate and that losses may be negative. Each `fit` starts at the full rate with a new count.
struct ReduceOnPlateau {
  double factor = 0.1;      ///< in (0, 1)
  Index patience = 10;      ///< epochs without improvement that are tolerated, at least 0
  double threshold = 1e-4;  ///< the least relative improvement, in [0, 1)
  double floor = 0;         ///< the lowest factor, in [0, 1]

  /// @throws OptionError for a value outside its range
  void validate() const {
    detail::require_open_fraction("ReduceOnPlateau.factor", factor);
    detail::require_at_least("ReduceOnPlateau.patience", 0, patience);
    detail::require_fraction("ReduceOnPlateau.threshold", threshold);
    detail::require_probability("ReduceOnPlateau.floor", floor);
  }

  /// The factor of the next step.
  /// @throws OptionError for a value outside its range
  double operator()(const ScheduleContext& context) const {
    validate();
    double result = 1, bound = std::numeric_limits<double>::infinity();  // a loss below `bound` is an improvement
    Index epochs_without_improvement = 0;
    for (const double loss : context.losses) {
      if (loss < bound) {
        bound = loss - threshold * (std::abs)(loss);
        epochs_without_improvement = 0;
      } else if (++epochs_without_improvement > patience) {
        result = std::fmax(result * factor, floor);
        epochs_without_improvement = 0;
      }
    }
    return result;
  }
};

}  // namespace eigencoder
