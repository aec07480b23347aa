#pragma once

#include <algorithm>
#include <ctime>
#include <eigencoder/core/errors.hpp>
#include <eigencoder/core/view.hpp>
#include <eigencoder/core/workspace.hpp>
#include <eigencoder/data/batches.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/training/options.hpp>
#include <eigencoder/training/sinks.hpp>
#include <eigencoder/training/state.hpp>
#include <exception>
#include <limits>

namespace eigencoder::detail {

/// What the loop needs of a model.
template <class Scalar>
class Trainee {
 public:
  /// Forward, loss and backward for one batch (the columns `pass.samples` of the data); returns the objective summed
  /// over it, but for penalties on weights alone, and adds each term's sum to `sums`.
  virtual double learn(const Pass<Scalar>& pass, View<Scalar> inputs, View<Scalar> targets, double* sums,
                       GradientSink<Scalar>& sink) = 0;
  /// The mean loss in inference over some columns of the data, with the bottleneck's part.
  virtual double assess(Workspace<Scalar>& workspace, View<Scalar> inputs, View<Scalar> targets,
                        std::span<const std::uint32_t> places) = 0;
  /// The terms of an epoch of `seen` samples, from their sums; how many sums there are.
  virtual std::vector<Term> terms(const double* sums, Index seen) const = 0;
  virtual std::size_t term_count() const = 0;

 protected:
  ~Trainee() = default;
};

inline double now() {
  std::timespec time{};
  std::timespec_get(&time, TIME_UTC);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

inline std::vector<std::uint32_t> first_places(Index n) {
  std::vector<std::uint32_t> places(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = static_cast<std::uint32_t>(i);
  return places;
}

/// The training loop: epochs of batches, each one call of `Trainee::learn` with a sink that updates the
/// parameters, and around them validation, history, early stopping and the way back when something fails.
/// It knows the scalar alone, so it is compiled once for all models.
template <class Scalar>
class Trainer {
 public:
  Trainer(Trainee<Scalar>& model, TrainingState<Scalar>& state, GradientRules<Scalar> rules,
          const AnyOptimizer<Scalar>& optimizer, const FitOptions<Scalar>& options, bool couples_batch)
      : model_(model),
        state_(state),
        rules_(std::move(rules)),
        optimizer_(optimizer),
        options_(options),
        couples_batch_(couples_batch) {}

  /// The places of the samples to train on and of those for validation.
  struct Parts {
    std::vector<std::uint32_t> train, validation;
  };
  [[gnu::cold]] Parts cut(Index count) const {
    if (options_.validation_split == 0)  // then there is a set of its own, or none
      return {first_places(count), first_places(options_.validation.cols())};
    const Split parts = split(count, options_.validation_split, options_.seed);
    return {{parts.train.begin(), parts.train.end()}, {parts.test.begin(), parts.test.end()}};
  }

  /// The data has passed its checks.
  [[gnu::cold]] History run(View<Scalar> inputs, View<Scalar> targets, const Parts& parts) {
    Batches batches(parts.train, options_.batch_size, couples_batch_);
    completed_ = state_;
    try {
      prepare_optimizer();
      History history = loop(inputs, targets, parts, batches);
      options_.observer.on_end();
      return history;
    } catch (...) {
      state_.restore(completed_);
      options_.observer.on_end();
      throw;
    }
  }

 private:
  /// Optimizers of the same type go on from the slots they left, if these are the same; another begins afresh.
  [[gnu::cold]] void prepare_optimizer() {
    const auto slots = static_cast<std::size_t>(optimizer_.slots());
    if (slots > Update<Scalar>::most_slots)
      throw OptionError("eigencoder: an optimizer may ask for at most 8 slots of state");
    auto& kept = state_.optimizer;
    if (kept.type == optimizer_.type() && kept.layout == optimizer_.layout() && kept.slots.size() == slots) return;
    kept = {optimizer_.type(), optimizer_.layout(), 0, {}};
    kept.slots.assign(slots, Buffer<Scalar>(state_.parameters.size()));
    for (auto& slot : kept.slots) slot.fill(static_cast<Scalar>(optimizer_.initial_state()));
  }

  [[gnu::cold]] History loop(View<Scalar> inputs, View<Scalar> targets, const Parts& parts, Batches& batches) {
    History history;
    Best best;
    // As many epochs as an Index counts stand for "until the observer stops", after an earlier `fit` too.
    const Index begin = epoch(), end = begin + std::min(options_.epochs, std::numeric_limits<Index>::max() - begin);
    std::vector<double> losses;
    for (const auto& report : state_.epochs) losses.push_back(report.watched_loss());
    while (epoch() < end) {
      EpochReport report;
      report.epoch = epoch() + 1;
      report.epochs = end;
      const double start = now();
      if (options_.shuffle) batches.shuffle_for(options_.seed, epoch());
      train_epoch(inputs, targets, batches, losses, report);
      report.validation_loss = validate(inputs, targets, parts);
      if (!parts.validation.empty() && !std::isfinite(report.validation_loss))
        diverged(report.epoch, batches.count(), "the validation loss");
      report.seconds = now() - start;
      completed_ = state_;
      state_.epochs.push_back(report);
      losses.push_back(report.watched_loss());
      const bool patient = watch(report, best);
      const bool go_on = notify(report) == Signal::go_on;
      if ((!patient || !go_on) && epoch() < end) {
        history.stopped_early = true;
        break;
      }
    }
    history.epochs.assign(state_.epochs.end() - (epoch() - begin), state_.epochs.end());
    history.best_epoch = best.epoch;
    if (options_.early_stopping && options_.early_stopping->restore_best && best.epoch > 0) {
      state_.parameters = best.parameters;
      state_.statistics = best.statistics;
      history.restored_best = true;
    }
    return history;
  }

  [[gnu::cold]] void train_epoch(View<Scalar> inputs, View<Scalar> targets, const Batches& batches,
                                 const std::vector<double>& losses, EpochReport& report) {
    ScheduleContext context{state_.steps, batches.count(), epoch(), report.epochs, losses};
    std::vector<double> sums(model_.term_count());
    double sum = 0;
    Index seen = 0;
    for (Index b = 0; b < batches.count(); ++b) {
      const auto places = batches.batch(b);
      context.step = state_.steps;
      const double factor = options_.schedule ? options_.schedule(context) : 1;
      if (!(factor >= 0 && std::isfinite(factor))) bad_factor(report.epoch, b + 1);
      report.learning_rate = optimizer_.learning_rate() * factor;
      Pass<Scalar> pass{workspace_, static_cast<Index>(places.size()), true, options_.seed,
                        static_cast<std::uint64_t>(state_.steps), places.data()};
      const double loss = step(pass, inputs, targets, sums.data(), report.learning_rate);
      if (!std::isfinite(loss)) diverged(report.epoch, b + 1, "the loss");
      sum += loss;
      seen += pass.batch;
      notify(BatchReport{report.epoch, report.epochs, b + 1, batches.count(), sum / static_cast<double>(seen)});
    }
    for (const Scalar value : state_.parameters.span())
      if (!std::isfinite(value)) diverged(report.epoch, batches.count(), "a parameter");
    for (const Scalar value : state_.statistics.span())
      if (!std::isfinite(value)) diverged(report.epoch, batches.count(), "a running statistic");
    report.train_loss = sum / static_cast<double>(seen);
    report.terms = model_.terms(sums.data(), seen);
    for (const Term& term : report.terms) report.train_loss += term.at_end ? term.value : 0;
  }

  /// One batch: its gradient goes into the optimizer tile by tile or, where the whole of it is needed, at the end.
  double step(const Pass<Scalar>& pass, View<Scalar> inputs, View<Scalar> targets, double* sums, double learning_rate) {
    const Update<Scalar> update{optimizer_, {learning_rate, state_.optimizer.steps + 1}, state_.parameters.data(),
                                state_.optimizer.slots};
    double loss = 0;
    if (options_.fuse_updates && !options_.clip_norm) {
      UpdatingSink<Scalar> sink(rules_, update);
      loss = model_.learn(pass, inputs, targets, sums, sink);
    } else {
      StoringSink<Scalar> sink(rules_);
      loss = model_.learn(pass, inputs, targets, sums, sink);
      if (std::isfinite(loss)) update_all(rules_, update, options_.clip_norm.value_or(0), workspace_.team());
    }
    ++state_.steps;
    ++state_.optimizer.steps;
    return loss;
  }

  [[gnu::cold]] double validate(View<Scalar> inputs, View<Scalar> targets, const Parts& parts) {
    if (parts.validation.empty()) return EpochReport{}.validation_loss;
    if (!options_.has_validation()) return model_.assess(workspace_, inputs, targets, parts.validation);
    return model_.assess(workspace_, options_.validation, options_.wanted_of_validation(targets != inputs),
                         parts.validation);
  }

  struct Best {
    double loss = std::numeric_limits<double>::infinity();
    Index epoch = 0;
    Buffer<Scalar> parameters, statistics;
  };

  /// Notes the best epoch; false when patience has run out.
  [[gnu::cold]] bool watch(const EpochReport& report, Best& best) const {
    const double margin = options_.early_stopping ? options_.early_stopping->min_delta : 0;
    if (report.watched_loss() < best.loss - margin || best.epoch == 0) {
      best.loss = report.watched_loss();
      best.epoch = report.epoch;
      if (options_.early_stopping && options_.early_stopping->restore_best) {
        best.parameters = state_.parameters;
        best.statistics = state_.statistics;
      }
    }
    const Index waited = report.epoch - best.epoch;
    return !options_.early_stopping || waited == 0 || waited < options_.early_stopping->patience;
  }

  [[gnu::cold]] Signal notify(const EpochReport& report) const {
    try {
      return options_.observer.on_epoch(report);
    } catch (...) {
      observer_threw(report.epoch);
    }
  }
  void notify(const BatchReport& report) const {
    try {
      options_.observer.on_batch(report);
    } catch (...) {
      observer_threw(report.epoch);
    }
  }
  [[noreturn]] void observer_threw(Index in_epoch) const {
    std::throw_with_nested(ObserverError(message({"an observer threw in epoch ", in_epoch,
                                                  "; the model stands at its last completed epoch, ", epoch()})));
  }

  [[noreturn, gnu::cold]] void bad_factor(Index in_epoch, Index batch) const {
    throw OptionError(message({"FitOptions.schedule: in epoch ", in_epoch, ", batch ", batch,
                               " the factor was not finite and at least 0; the model stands at its last completed "
                               "epoch, ", epoch()}));
  }
  [[noreturn]] void diverged(Index in_epoch, Index batch, const char* what) const {
    throw DivergenceError(message({"training diverged in epoch ", in_epoch, ", batch ", batch, ": ", what,
                                   " is not finite; the model stands at its last completed epoch, ", epoch(),
                                   " (a lower learning rate may help)"}),
                          static_cast<std::size_t>(in_epoch), static_cast<std::size_t>(batch));
  }

  /// Completed epochs.
  Index epoch() const { return static_cast<Index>(state_.epochs.size()); }

  Trainee<Scalar>& model_;
  TrainingState<Scalar>& state_;
  GradientRules<Scalar> rules_;
  const AnyOptimizer<Scalar>& optimizer_;
  const FitOptions<Scalar>& options_;
  bool couples_batch_;
  Workspace<Scalar> workspace_;
  Resumable<Scalar> completed_;  ///< as it was after the last completed epoch
};

}  // namespace eigencoder::detail
