#include "training.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <optional>

namespace examples {

using eigencoder::EpochReport, eigencoder::FitOptions, eigencoder::History, eigencoder::Index, eigencoder::Observer;

namespace {

/// The time for training by `--seconds` (0: no limit), and the time used.
struct Clock {
  double limit = 0;
  double seconds = 0;
  Index epochs = 0;

  /// How many of `total` epochs fit into the limit, judged by those that have passed, the last one in part.
  double reachable(Index total) const {
    const auto all = static_cast<double>(total), passed = static_cast<double>(epochs);
    if (limit <= 0 || epochs == 0 || seconds <= 0) return all;
    return (std::min)(all, (std::max)(passed * limit / seconds, passed));
  }
};

/// An observer that shows progress and keeps the time. Another may look on.
struct Watch {
  std::shared_ptr<Clock> clock;
  Observer other = {};
  eigencoder::ProgressBar bar = {};

  void operator()(const EpochReport& report) {
    clock->seconds += report.seconds;
    ++clock->epochs;
    EpochReport shown = report;
    shown.epochs = static_cast<Index>(std::ceil(clock->reachable(report.epochs)));
    bar(shown);
    other.on_epoch(report);
  }
  void on_batch(const eigencoder::BatchReport& report) { bar.on_batch(report); }
};

/// A cosine that ends with the epochs or with the time, whichever comes first.
struct CosineInTime {
  std::shared_ptr<Clock> clock;
  eigencoder::CosineSchedule cosine = {.warmup_epochs = 2};

  double operator()(eigencoder::ScheduleContext context) const {
    const double end = clock->reachable(context.total_epochs), whole = std::ceil(end);
    context.total_epochs = static_cast<Index>(whole);
    context.last_epoch_fraction = 1 - (whole - end);
    return cosine(context);
  }
};

}  // namespace

FitOptions<float> fit_options(const Options& options, const Recipe& recipe, const Observer& observer) {
  const auto clock = std::make_shared<Clock>(Clock{.limit = options.seconds});
  return {.epochs = options.epochs > 0 ? options.epochs : recipe.epochs,
          .max_seconds = options.seconds > 0 ? std::optional(options.seconds) : std::nullopt,
          .batch_size = options.batch_size > 0 ? options.batch_size : recipe.batch_size,
          .seed = options.seed,
          .schedule = CosineInTime{clock},
          .clip_norm = recipe.clip_norm,
          .observer = Watch{clock, observer}};
}

void announce(const std::string& summary, std::string_view optimizer, const Options& options, const Recipe& recipe,
              const FitOptions<float>& how) {
  std::cout << "\n" << summary << "\n" << optimizer << ", learning rate " << recipe.learning_rate
            << " falling along a cosine; " << how.epochs << " epochs, batches of " << how.batch_size << ".\n";
  if (options.seconds > 0)
    std::cout << "Training ends after " << options.seconds << " s, and the rate falls in time for that.\n";
  std::cout << "\n" << std::flush;
}

std::vector<double> per_value(const History& history, Index values) {
  std::vector<double> losses;
  for (const EpochReport& epoch : history.epochs) losses.push_back(epoch.train_loss / static_cast<double>(values));
  return losses;
}

void describe(Report& report, const History& history) {
  report.epochs = static_cast<Index>(history.epochs.size());
  const EpochReport& last = history.epochs.back();
  report.train_objective = last.train_loss;
  report.terms = {{"loss", last.loss()}};
  for (const auto& term : last.terms) {
    report.terms.emplace_back(std::string(term.name), term.value);
    std::replace(report.terms.back().first.begin(), report.terms.back().first.end(), ' ', '_');
  }
  report.seconds = 0;
  for (const EpochReport& epoch : history.epochs) report.seconds += epoch.seconds;
}

}  // namespace examples
