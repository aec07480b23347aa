#pragma once

#include <algorithm>
#include <eigencoder/eigencoder.hpp>
#include <iostream>
#include <memory>
#include <vector>
#include "options.hpp"
#include "report.hpp"

/// @file
/// How the programs train: a rate that falls along a cosine, progress on the screen, and an end on time.
namespace examples {

/// What an experiment does where the command line says nothing.
struct Recipe {
  eigencoder::Index epochs;
  eigencoder::Index batch_size;
  double learning_rate;
};

/// The time that `--seconds` leaves for training (0: no limit), and what has been used of it.
struct Clock {
  double limit = 0;
  double seconds = 0;
  eigencoder::Index epochs = 0;

  /// How many epochs fit into the limit, judged by those that have passed; `total` without a limit.
  eigencoder::Index reachable(eigencoder::Index total) const {
    if (limit <= 0 || epochs == 0 || seconds <= 0) return total;
    const double fit = static_cast<double>(epochs) * limit / seconds;
    return fit >= static_cast<double>(total) ? total : std::max(static_cast<eigencoder::Index>(fit), epochs);
  }
};

/// An observer that shows progress, keeps the time, and stops when it is up. Another may look on.
struct Watch {
  std::shared_ptr<Clock> clock;
  eigencoder::Observer other = {};
  eigencoder::ProgressBar bar = {};

  eigencoder::Signal operator()(const eigencoder::EpochReport& report) {
    clock->seconds += report.seconds;
    ++clock->epochs;
    eigencoder::EpochReport shown = report;
    shown.epochs = clock->reachable(report.epochs);
    bar(shown);
    other.on_epoch(report);
    const bool over = clock->limit > 0 && clock->seconds >= clock->limit;
    return over ? eigencoder::Signal::stop : eigencoder::Signal::go_on;
  }
  void on_batch(const eigencoder::BatchReport& report) { bar.on_batch(report); }
};

/// A cosine that ends with the epochs or with the time, whichever comes first.
struct CosineInTime {
  std::shared_ptr<Clock> clock;
  eigencoder::CosineSchedule cosine = {.warmup_epochs = 2};

  double operator()(eigencoder::ScheduleContext context) const {
    context.total_epochs = clock->reachable(context.total_epochs);
    return cosine(context);
  }
};

/// Initializes the model from the seed and trains it on the samples, saying how. An observer may look on.
template <class Model, class Optimizer = eigencoder::Adam>
eigencoder::History train(Model& model, eigencoder::View<float> samples, const Options& options,
                          const Recipe& recipe, Optimizer optimizer = {},
                          const eigencoder::Observer& observer = {}) {
  const eigencoder::Index epochs = options.epochs > 0 ? options.epochs : recipe.epochs;
  const eigencoder::Index batch_size = options.batch_size > 0 ? options.batch_size : recipe.batch_size;
  optimizer.learning_rate = recipe.learning_rate;
  std::cout << "\n" << model.summary() << "\n" << eigencoder::detail::type_name<Optimizer>().view() << ", learning rate "
            << recipe.learning_rate
            << " falling along a cosine; " << epochs << " epochs, batches of " << batch_size << ".\n";
  if (options.seconds > 0) std::cout << "Training ends with the first epoch that passes " << options.seconds
              << " s, and the rate falls in time for that.\n";
  std::cout << "\n" << std::flush;
  model.initialize(options.seed);
  const auto clock = std::make_shared<Clock>(Clock{.limit = options.seconds});
  return model.fit(samples, optimizer,
                   {.epochs = epochs,
                    .batch_size = batch_size,
                    .seed = options.seed,
                    .schedule = CosineInTime{clock},
                    .observer = Watch{clock, observer}});
}

/// The loss is summed over a sample's values; the curves show it per value, as the table does.
inline std::vector<double> per_value(const eigencoder::History& history, eigencoder::Index values) {
  std::vector<double> losses;
  for (const auto& epoch : history.epochs) losses.push_back(epoch.train_loss / static_cast<double>(values));
  return losses;
}

/// Enters what is known of a model and its training.
template <class Model>
void describe(Report& report, const Model& model, const eigencoder::History& history) {
  report.parameters = model.parameter_count();
  report.epochs = static_cast<eigencoder::Index>(history.epochs.size());
  const eigencoder::EpochReport& last = history.epochs.back();
  report.train_objective = last.train_loss;
  report.terms = {{"loss", last.loss()}};
  for (const auto& term : last.terms) {
    report.terms.emplace_back(std::string(term.name), term.value);
    std::replace(report.terms.back().first.begin(), report.terms.back().first.end(), ' ', '_');
  }
  report.seconds = 0;
  for (const auto& epoch : history.epochs) report.seconds += epoch.seconds;
}

}  // namespace examples
