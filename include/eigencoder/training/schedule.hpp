#pragma once

#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <functional>
#include <span>

namespace eigencoder {

/// What a schedule knows. Steps and epochs are counted over the life of the model, across calls of `fit`, so that a
/// schedule needs no memory of its own and training goes on where it stopped; losses are those of one `fit`.
struct ScheduleContext {
  std::int64_t step = 0;             ///< steps completed
  std::int64_t steps_per_epoch = 1;  ///< steps of one epoch
  Index epoch = 0;                   ///< epochs completed
  Index total_epochs = 1;            ///< epochs completed when this `fit` ends
  /// The watched loss (of validation where there is one, else of training) after each epoch that this `fit` completed,
  /// those before a checkpoint that it resumed included.
  std::span<const double> losses;
};

/// A learning-rate schedule: a factor on the optimizer's `learning_rate`, asked before each step.
/// Any callable `double(const ScheduleContext&)` will do; it should depend on its argument alone.
using Schedule = std::function<double(const ScheduleContext&)>;

}  // namespace eigencoder
