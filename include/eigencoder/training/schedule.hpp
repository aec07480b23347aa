#pragma once

#include <cstdint>
#include <eigencoder/core/types.hpp>
#include <functional>
#include <span>

namespace eigencoder {

/// What a schedule knows. Everything is counted over the life of the model, across calls of `fit`, so
/// that a schedule needs no memory of its own and training goes on where it stopped.
struct ScheduleContext {
  std::int64_t step = 0;             ///< steps completed
  std::int64_t steps_per_epoch = 1;  ///< steps of one epoch
  Index epoch = 0;                   ///< epochs completed
  Index total_epochs = 1;            ///< epochs completed when this `fit` ends
  /// The watched loss after each completed epoch (of validation where there is one, else of training).
  std::span<const double> losses;
};

/// A learning-rate schedule: a factor on the optimizer's `learning_rate`, asked before each step.
/// Any callable `double(const ScheduleContext&)` will do; it should depend on its argument alone.
using Schedule = std::function<double(const ScheduleContext&)>;

}  // namespace eigencoder
