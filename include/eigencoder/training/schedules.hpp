#pragma once

#include <cmath>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/training/schedule.hpp>
#include <limits>
#include <numbers>
#include <string>

/// @file
/// Learning-rate schedules, callables for `Schedule`. Each is a function of its context alone, and
/// throws `OptionError` from `validate()` and when called, if an option is outside its range.
namespace eigencoder {

namespace detail {

inline void require_schedule(bool holds, const char* rule, double got) {
  if (!holds) throw OptionError(std::string("eigencoder: ") + rule + ", got " + std::to_string(got));
}

}  // namespace detail

/// The factor is 1 throughout.
struct ConstantSchedule {
  void validate() const {}
  double operator()(const ScheduleContext&) const { return 1; }
};

/// factor^k after k times `every_epochs` epochs. PyTorch's StepLR.
struct StepSchedule {
  Index every_epochs = 30;
  double factor = 0.1;

  /// Throws `OptionError` unless every_epochs >= 1 and factor is positive and finite.
  void validate() const {
    detail::require_schedule(every_epochs >= 1, "StepSchedule.every_epochs must be at least 1",
                             static_cast<double>(every_epochs));
    detail::require_schedule(factor > 0 && std::isfinite(factor),
                             "StepSchedule.factor must be positive and finite", factor);
  }

  double operator()(const ScheduleContext& context) const {
    validate();
    return std::pow(factor, static_cast<double>(context.epoch / every_epochs));
  }
};

/// factor^n after n epochs. PyTorch's ExponentialLR.
struct ExponentialSchedule {
  double factor = 0.95;

  /// Throws `OptionError` unless factor is positive and finite.
  void validate() const {
    detail::require_schedule(factor > 0 && std::isfinite(factor),
                             "ExponentialSchedule.factor must be positive and finite", factor);
  }

  double operator()(const ScheduleContext& context) const {
    validate();
    return std::pow(factor, static_cast<double>(context.epoch));
  }
};

/// Rises in a straight line from near 0 to 1 over the first `warmup_epochs` (of the model's life, whole
/// or not), then falls along half a cosine to `floor` at `total_epochs`; changes at every step.
/// Source: Loshchilov & Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017), eq. 5,
/// without restarts.
struct CosineSchedule {
  double warmup_epochs = 0;
  double floor = 0;

  /// Throws `OptionError` unless warmup_epochs is finite and at least 0, and floor in [0, 1].
  void validate() const {
    detail::require_schedule(warmup_epochs >= 0 && std::isfinite(warmup_epochs),
                             "CosineSchedule.warmup_epochs must be finite and at least 0", warmup_epochs);
    detail::require_schedule(floor >= 0 && floor <= 1, "CosineSchedule.floor must be in [0, 1]", floor);
  }

  double operator()(const ScheduleContext& context) const {
    validate();
    const double step = 1 / static_cast<double>(context.steps_per_epoch);
    const double now = epochs(context);
    // One step ahead, so that the first step is not lost to a rate of 0.
    if (now < warmup_epochs) return (now + step) / (warmup_epochs + step);
    const double length = static_cast<double>(context.total_epochs) - warmup_epochs;
    if (now - warmup_epochs >= length) return floor;
    return floor + (1 - floor) * (1 + std::cos(std::numbers::pi * (now - warmup_epochs) / length)) / 2;
  }

 private:
  // Epochs completed with the part of the present one. The steps are held inside the epoch, for they
  // count differently where an earlier `fit` had batches of another size.
  static double epochs(const ScheduleContext& context) {
    const double whole = static_cast<double>(context.epoch);
    const double exact = static_cast<double>(context.step) / static_cast<double>(context.steps_per_epoch);
    return std::fmin(std::fmax(exact, whole), whole + 1);
  }
};

/// Multiplies by `factor` whenever the watched loss has not improved on its best for more than
/// `patience` epochs, down to `floor`. An improvement lowers the best by more than `threshold` times its
/// size. PyTorch's ReduceLROnPlateau (mode min, threshold relative, no cooldown), save that `floor` is a
/// factor on the learning rate and that losses may be negative. Each `fit` begins its own count, at the full rate.
struct ReduceOnPlateau {
  double factor = 0.1;
  Index patience = 10;
  double threshold = 1e-4;
  double floor = 0;

  /// Throws `OptionError` unless factor is in (0, 1), patience >= 0, threshold in [0, 1), floor in [0, 1].
  void validate() const {
    detail::require_schedule(factor > 0 && factor < 1, "ReduceOnPlateau.factor must be in (0, 1)", factor);
    detail::require_schedule(patience >= 0, "ReduceOnPlateau.patience must be at least 0",
                             static_cast<double>(patience));
    detail::require_schedule(threshold >= 0 && threshold < 1, "ReduceOnPlateau.threshold must be in [0, 1)",
                             threshold);
    detail::require_schedule(floor >= 0 && floor <= 1, "ReduceOnPlateau.floor must be in [0, 1]", floor);
  }

  double operator()(const ScheduleContext& context) const {
    validate();
    double result = 1, bound = std::numeric_limits<double>::infinity();
    Index waited = 0;
    for (const double loss : context.losses) {
      if (loss < bound) {
        bound = loss - threshold * (std::abs)(loss);
        waited = 0;
      } else if (++waited > patience) {
        result = std::fmax(result * factor, floor);
        waited = 0;
      }
    }
    return result;
  }
};

}  // namespace eigencoder
