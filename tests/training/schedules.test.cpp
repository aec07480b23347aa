#include <eigencoder/training/schedule.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace eigencoder;

namespace schedules_test {

namespace {

constexpr std::int64_t steps_per_epoch = 8;
constexpr Index total_epochs = 20;

ScheduleContext at(std::int64_t step) {
  return {.step = step,
          .steps_per_epoch = steps_per_epoch,
          .epoch = static_cast<Index>(step / steps_per_epoch),
          .total_epochs = total_epochs,
          .losses = {},
          .epoch_step = step % steps_per_epoch};
}

ScheduleContext after(const std::vector<double>& losses) {
  ScheduleContext context = at(steps_per_epoch * static_cast<std::int64_t>(losses.size()));
  context.losses = losses;
  return context;
}

std::vector<double> repeated(double loss, int epochs) {
  return std::vector<double>(static_cast<std::size_t>(epochs), loss);
}

}  // namespace

TEST_CASE("the schedules are schedules") {
  for (const Schedule& schedule : {Schedule(ConstantSchedule{}), Schedule(StepSchedule{}),
                                   Schedule(ExponentialSchedule{}), Schedule(CosineSchedule{}),
                                   Schedule(ReduceOnPlateau{})})
    CHECK(schedule(at(0)) == 1);
}

TEST_CASE("the constant schedule is constant") {
  for (const std::int64_t step : {0, 1, 50, 159, 1000}) CHECK(ConstantSchedule{}(at(step)) == 1);
}

TEST_CASE("the step schedule is a power of whole periods") {
  const StepSchedule schedule{.every_epochs = 3, .factor = 0.5};
  double expected = 1;
  for (Index epoch = 0; epoch < total_epochs; ++epoch) {
    if (epoch > 0 && epoch % 3 == 0) expected /= 2;
    for (std::int64_t i = 0; i < steps_per_epoch; ++i)
      CHECK(schedule(at(epoch * steps_per_epoch + i)) == Approx(expected));
  }
}

TEST_CASE("the exponential schedule multiplies once an epoch") {
  const ExponentialSchedule schedule{.factor = 0.9};
  double expected = 1;
  for (Index epoch = 0; epoch < total_epochs; ++epoch, expected *= 0.9)
    for (std::int64_t i = 0; i < steps_per_epoch; ++i)
      CHECK(schedule(at(epoch * steps_per_epoch + i)) == Approx(expected));
}

TEST_CASE("the cosine schedule falls along half a cosine") {
  const CosineSchedule schedule{.floor = 0.2};
  const double steps = static_cast<double>(total_epochs * steps_per_epoch);
  for (std::int64_t step = 0; step <= total_epochs * steps_per_epoch; ++step) {
    const double half_angle = std::acos(-1.0) * static_cast<double>(step) / (2 * steps);
    CHECK(schedule(at(step)) == Approx(0.2 + 0.8 * std::cos(half_angle) * std::cos(half_angle)));
  }
  CHECK(schedule(at(3 * total_epochs * steps_per_epoch)) == 0.2);
}

TEST_CASE("the cosine schedule ends where the last epoch does") {
  const CosineSchedule schedule{.floor = 0.2};
  for (std::int64_t last = 1; last <= steps_per_epoch; ++last) {
    const std::int64_t steps = (total_epochs - 1) * steps_per_epoch + last;
    for (std::int64_t step = 0; step <= steps; ++step) {
      ScheduleContext context = at(step);
      context.last_epoch_fraction = static_cast<double>(last) / static_cast<double>(steps_per_epoch);
      const double angle = std::acos(-1.0) * static_cast<double>(step) / static_cast<double>(steps);
      CHECK(schedule(context) == Approx(0.6 + 0.4 * std::cos(angle)));
    }
  }
}

TEST_CASE("the cosine schedule warms up in equal steps to 1") {
  for (const double warmup_epochs : {0.5, 2.0, 5.0}) {
    const CosineSchedule schedule{.warmup_epochs = warmup_epochs};
    const auto warm = static_cast<std::int64_t>(warmup_epochs * steps_per_epoch);
    for (std::int64_t step = 0; step <= warm; ++step)
      CHECK(schedule(at(step)) == Approx(static_cast<double>(step + 1) / static_cast<double>(warm + 1)));
    for (std::int64_t step = warm; step < total_epochs * steps_per_epoch; ++step)
      CHECK(schedule(at(step + 1)) < schedule(at(step)));
    const std::int64_t middle = (warm + total_epochs * steps_per_epoch) / 2;
    CHECK(schedule(at(middle)) == Approx(0.5));
  }
}

TEST_CASE("a warm-up as long as the training still ends in a number") {
  const CosineSchedule schedule{.warmup_epochs = static_cast<double>(total_epochs), .floor = 0.1};
  CHECK(schedule(at(total_epochs * steps_per_epoch - 1)) < 1);
  CHECK(schedule(at(total_epochs * steps_per_epoch)) == 0.1);
}

TEST_CASE("the cosine schedule does not depend on how many steps earlier epochs had") {
  const CosineSchedule schedule;
  for (const std::int64_t step : {80, 81, 87})
    for (const std::int64_t before : {4 * step, step / 4}) {
      ScheduleContext context = at(step);
      context.step = before;
      CHECK(schedule(context) == schedule(at(step)));
    }
}

TEST_CASE("a plateau reduces after more epochs than its patience") {
  const ReduceOnPlateau schedule{.factor = 0.5, .patience = 3, .floor = 0.2};
  CHECK(schedule(after({})) == 1);
  // The first epoch sets the best; each reduction then takes patience + 1 epochs.
  for (int epochs = 1; epochs <= 20; ++epochs) {
    const int reductions = (epochs - 1) / 4;
    CHECK(schedule(after(repeated(7, epochs))) == Approx(std::max(std::pow(0.5, reductions), 0.2)));
  }
}

TEST_CASE("without patience every epoch without improvement reduces the rate") {
  const ReduceOnPlateau schedule{.factor = 0.5, .patience = 0};
  CHECK(schedule(after({3, 3, 2, 4, 1, 1})) == Approx(0.125));
}

TEST_CASE("an improvement by more than the threshold restarts the count") {
  const ReduceOnPlateau schedule{.factor = 0.1, .patience = 2, .threshold = 0.1};
  CHECK(schedule(after({10, 10, 10, 8.9, 8.9, 8.9})) == 1);
  CHECK(schedule(after({10, 10, 10, 8.9, 8.9, 8.9, 8.9})) == Approx(0.1));
  CHECK(schedule(after({10, 9.9, 9.8, 9.1})) == Approx(0.1));  // each too small against the best, 10
  CHECK(schedule(after({10, 9.9, 9.8, 8.9})) == 1);
  CHECK(schedule(after({10, 20, 9.5, 20})) == Approx(0.1));
}

TEST_CASE("losses that never stop falling never reduce, negative ones included") {
  const ReduceOnPlateau schedule{.patience = 0, .threshold = 1e-3};
  std::vector<double> falling, resting;
  for (int i = 0; i < 30; ++i) {
    falling.push_back(10.5 - i);
    resting.push_back(-10.5);
  }
  CHECK(schedule(after(falling)) == 1);
  CHECK(schedule(after({-10.5, -10.5})) == Approx(0.1));
  CHECK(schedule(after(resting)) < 1e-20);
}

TEST_CASE("a NaN is no improvement") {
  const ReduceOnPlateau schedule{.patience = 1};
  CHECK(schedule(after({1, std::nan(""), std::nan("")})) == Approx(0.1));
}

TEST_CASE("schedules refuse options outside their ranges, also when called") {
  const double nan = std::nan("");
  CHECK_THROWS_AS((StepSchedule{.every_epochs = 0}.validate()), OptionError);
  CHECK_THROWS_AS((StepSchedule{.factor = 0}.validate()), OptionError);
  CHECK_THROWS_AS((StepSchedule{.factor = nan}.validate()), OptionError);
  CHECK_THROWS_AS((ExponentialSchedule{.factor = -1}.validate()), OptionError);
  CHECK_THROWS_AS((ExponentialSchedule{.factor = HUGE_VAL}.validate()), OptionError);
  CHECK_THROWS_AS((CosineSchedule{.warmup_epochs = -1}.validate()), OptionError);
  CHECK_THROWS_AS((CosineSchedule{.warmup_epochs = nan}.validate()), OptionError);
  CHECK_THROWS_AS((CosineSchedule{.floor = 1.5}.validate()), OptionError);
  CHECK_THROWS_AS((ReduceOnPlateau{.factor = 1}.validate()), OptionError);
  CHECK_THROWS_AS((ReduceOnPlateau{.patience = -1}.validate()), OptionError);
  CHECK_THROWS_AS((ReduceOnPlateau{.threshold = -0.1}.validate()), OptionError);
  CHECK_THROWS_AS((ReduceOnPlateau{.floor = nan}.validate()), OptionError);

  CHECK_THROWS_AS((StepSchedule{.every_epochs = 0}(at(0))), OptionError);
  CHECK_THROWS_AS((ExponentialSchedule{.factor = 0}(at(0))), OptionError);
  CHECK_THROWS_AS((CosineSchedule{.floor = -1}(at(0))), OptionError);
  CHECK_THROWS_AS((ReduceOnPlateau{.factor = 2}(at(0))), OptionError);
}

}  // namespace schedules_test
