#pragma once

#include <algorithm>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/platform/clock.hpp>
#include <eigencoder/detail/training/batches.hpp>
#include <eigencoder/detail/training/gradient_sinks.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/detail/training/optimizer_state.hpp>
#include <eigencoder/detail/training/trainable.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/workspace.hpp>
#include <eigencoder/training/fit_options.hpp>
#include <exception>
#include <limits>

namespace eigencoder::detail {

/// The training loop: epochs of batches, each one call of `Trainable::learn` with a sink that updates the
/// parameters, and around them validation, history, early stopping and the way back when something fails.
/// It knows the scalar alone, so it is compiled once for all models.
template <class Scalar>
class Trainer {
 public:
  Trainer(Trainable<Scalar>& model, TrainingState<Scalar>& state, GradientRules<Scalar> rules,
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
      return {iota(count), iota(options_.validation.view().cols())};
    const Split parts = split(count, options_.validation_split, options_.seed);
    return {{parts.train.begin(), parts.train.end()}, {parts.test.begin(), parts.test.end()}};
  }

  /// `validation`, unless null, is a set of its own.
  [[gnu::cold]] History run(BatchLoader<Scalar>& loader, BatchLoader<Scalar>* validation, const Parts& parts) {
    Batches batches(parts.train, options_.batch_size, couples_batch_);
    completed_ = state_;
    begun_ = epoch();
    RunProgress<Scalar> found = state_.progress;
    try {
      open({options_.seed, loader.size(), options_.batch_size, loader.shuffle_window(), options_.validation_split, options_.shuffle,
            loader.has_targets(), keeps_best()},
           batches);
      options_.observer.on_begin();
      prepare_optimizer();
      History history = loop(loader, validation ? *validation : loader, parts, batches);
      state_.progress = {};
      options_.observer.on_end();
      return history;
    } catch (...) {
      state_.restore(completed_);
      if (epoch() != begun_) found = {};
      state_.progress = std::move(found);
      options_.observer.on_end();
      throw;
    }
  }

 private:
  /// Goes on with the run that a checkpoint was written in, or begins a new one.
  [[gnu::cold]] void open(const FitFingerprint& run, const Batches& batches) {
    RunProgress<Scalar>& progress = state_.progress;
    if (progress.open) {
      std::string other = progress.run.difference(run);
      const auto& kept = state_.optimizer;
      if (other.empty() && !is_optimizers(kept) && kept.steps > 0)
        other = "the optimizer was " + kept.type + " with " + std::to_string(kept.arrays.size()) +
                " values of memory a parameter, now it is " + optimizer_.type() + " with " +
                std::to_string(optimizer_.state_arrays());
      if (other.empty() && options_.epochs < epoch() - progress.begin)
        other = std::to_string(epoch() - progress.begin) + " epochs are completed, and FitOptions.epochs, " +
                std::to_string(options_.epochs) + ", counts from its beginning";
      if (other.empty() && progress.seen != batches.samples_in(progress.batches))
        other = "its epoch stopped after " + std::to_string(progress.batches) + " batches of " +
                std::to_string(progress.seen) + " samples, which no such run does";
      if (!other.empty())
        throw OptionError("eigencoder: fit: a checkpoint was loaded, and this goes on with the run in it, but " + other +
                          " (to begin anew from its weights, load it as a model)");
    } else {
      progress = {};
      progress.run = run;
      progress.begin = epoch();
    }
    progress.resumed = progress.open;
    progress.open = false;
    progress.running = true;
    progress.sums.resize(model_.term_count());
  }

  /// Whether these are arrays that the optimizer goes on from.
  bool is_optimizers(const OptimizerState<Scalar>& kept) const {
    return kept.type == optimizer_.type() && kept.layout == optimizer_.layout() &&
           kept.arrays.size() == static_cast<std::size_t>(optimizer_.state_arrays());
  }

  /// Optimizers of the same type go on from the arrays they left, if these are the same; another begins afresh.
  [[gnu::cold]] void prepare_optimizer() {
    const auto arrays = static_cast<std::size_t>(optimizer_.state_arrays());
    if (arrays > Update<Scalar>::max_arrays)
      throw OptionError("eigencoder: an optimizer may ask for at most 8 arrays of state");
    auto& kept = state_.optimizer;
    if (is_optimizers(kept)) return check_restored(kept, optimizer_);
    kept = {optimizer_.type(), optimizer_.layout(), 0, {}};
    kept.arrays.assign(arrays, Buffer<Scalar>(state_.parameters.size()));
    for (auto& array : kept.arrays) array.fill(static_cast<Scalar>(optimizer_.initial_state()));
  }

  [[gnu::cold]] History loop(BatchLoader<Scalar>& loader, BatchLoader<Scalar>& validation, const Parts& parts, Batches& batches) {
    const RunProgress<Scalar>& progress = state_.progress;
    // As many epochs as an Index counts stand for "until the observer stops", after an earlier `fit` too.
    const Index left = (std::numeric_limits<Index>::max)() - progress.begin;
    const Index end = progress.begin + (std::min)(options_.epochs, left);
    std::vector<double> losses;  // of this run alone: another may have had other data, targets or options
    for (Index e = progress.begin; e < epoch(); ++e)
      losses.push_back(state_.epochs[static_cast<std::size_t>(e)].watched_loss());
    Signal signal = Signal::proceed;
    while (epoch() < end && signal == Signal::proceed && patient()) {
      EpochReport report;
      report.epoch = epoch() + 1;
      report.epochs = end;
      const double start = now();
      if (options_.shuffle) batches.shuffle_for(options_.seed, epoch(), loader.shuffle_window());
      train_epoch(loader, batches, losses, report);
      if (!parts.validation.empty()) {
        report.validation_loss = model_.evaluate(workspace_, validation, parts.validation);
        if (!std::isfinite(report.validation_loss)) diverged(report.epoch, batches.count(), "the validation loss");
      }
      report.seconds = now() - start;
      complete(report);
      losses.push_back(report.watched_loss());
      signal = notify(report);
    }
    History history;
    history.stopped_early = epoch() < end;
    history.epochs.assign(state_.epochs.end() - (epoch() - progress.begin), state_.epochs.end());
    history.best_epoch = progress.best_epoch;
    if (keeps_best() && progress.best_epoch > 0) {
      state_.parameters = progress.best_parameters;
      state_.statistics = progress.best_statistics;
      history.restored_best = true;
    }
    return history;
  }

  [[gnu::cold]] void train_epoch(BatchLoader<Scalar>& loader, const Batches& batches, const std::vector<double>& losses,
                                 EpochReport& report) {
    ScheduleContext context{state_.steps, batches.count(), epoch(), report.epochs, losses};
    RunProgress<Scalar>& progress = state_.progress;
    for (Index b = progress.batches; b < batches.count(); ++b) {
      const auto places = batches.batch(b);
      const Batch<Scalar> columns = model_.fetch(loader, places, batches.batch(b + 1));
      progress.learning_rate = rate(context, report.epoch, b + 1);
      Pass<Scalar> pass{workspace_, static_cast<Index>(places.size()), true, options_.seed,
                        static_cast<std::uint64_t>(state_.steps), places.data()};
      const double loss = step(pass, columns, progress.sums.data(), progress.learning_rate);
      if (!std::isfinite(loss)) diverged(report.epoch, b + 1, "the loss");
      progress.sum += loss;
      progress.seen += pass.batch;
      progress.batches = b + 1;
      notify(BatchReport{report.epoch, report.epochs, b + 1, batches.count(),
                         progress.sum / static_cast<double>(progress.seen)});
    }
    if (!is_finite(state_.parameters.data(), state_.parameters.size()))
      diverged(report.epoch, batches.count(), "a parameter");
    if (!is_finite(state_.statistics.data(), state_.statistics.size()))
      diverged(report.epoch, batches.count(), "a running statistic");
    report.learning_rate = progress.learning_rate;
    report.train_loss = progress.sum / static_cast<double>(progress.seen);
    report.terms = model_.terms(progress.sums.data(), progress.seen);
    for (const Term& term : report.terms) report.train_loss += term.at_end ? term.value : 0;
    if (!std::isfinite(report.train_loss)) diverged(report.epoch, batches.count(), "the loss");
  }

  /// The learning rate of the next step.
  double rate(ScheduleContext& context, Index in_epoch, Index batch) const {
    context.step = state_.steps;
    const double factor = options_.schedule ? options_.schedule(context) : 1;
    if (!(factor >= 0 && std::isfinite(factor))) bad_factor(in_epoch, batch);
    return optimizer_.learning_rate() * factor;
  }

  /// One batch: its gradient goes into the optimizer tile by tile or, where the whole of it is needed, at the end.
  double step(const Pass<Scalar>& pass, const Batch<Scalar>& batch, double* sums, double learning_rate) {
    const Update<Scalar> update{optimizer_, {learning_rate, state_.optimizer.steps + 1}, state_.parameters.data(),
                                state_.optimizer.arrays};
    double loss = 0;
    if (options_.fuse_updates && !options_.clip_norm) {
      UpdatingSink<Scalar> sink(rules_, update);
      loss = model_.learn(pass, batch, sums, sink);
    } else {
      StoringSink<Scalar> sink(rules_);
      loss = model_.learn(pass, batch, sums, sink);
      if (std::isfinite(loss)) update_all(rules_, update, options_.clip_norm.value_or(0), workspace_.team());
    }
    ++state_.steps;
    ++state_.optimizer.steps;
    return loss;
  }

  /// Ends an epoch: what it brought is what training goes back to, should it fail.
  [[gnu::cold]] void complete(const EpochReport& report) {
    RunProgress<Scalar>& progress = state_.progress;
    completed_ = state_;
    state_.epochs.push_back(report);
    progress.batches = progress.seen = 0;
    progress.sum = 0;
    std::fill(progress.sums.begin(), progress.sums.end(), 0);
    const double margin = options_.early_stopping ? options_.early_stopping->min_delta : 0;
    if (progress.best_epoch > 0 && !(report.watched_loss() < progress.best_loss - margin)) return;
    progress.best_loss = report.watched_loss();
    progress.best_epoch = report.epoch;
    if (!keeps_best()) return;
    progress.best_parameters = state_.parameters;
    progress.best_statistics = state_.statistics;
  }

  bool keeps_best() const { return options_.early_stopping && options_.early_stopping->restore_best; }
  /// Whether early stopping waits on.
  bool patient() const {
    const Index waited = epoch() - state_.progress.best_epoch;
    return !options_.early_stopping || state_.progress.best_epoch == 0 || waited == 0 ||
           waited < options_.early_stopping->patience;
  }

  [[gnu::cold]] Signal notify(const EpochReport& report) const {
    Signal signal = Signal::proceed;
    try {
      signal = options_.observer.on_epoch(report);
    } catch (...) {
      observer_threw(report.epoch);
    }
    return require_values(), signal;
  }
  void notify(const BatchReport& report) const {
    try {
      options_.observer.on_batch(report);
    } catch (...) {
      observer_threw(report.epoch);
    }
    require_values();
  }
  /// An observer can move the model away without a word, since a move constructor does not throw.
  void require_values() const {
    if (state_.parameters.size() != completed_.parameters.size())
      throw OptionError("eigencoder: an observer moved the model away that was being trained");
  }
  /// Within the handler of what it threw.
  [[noreturn]] void observer_threw(Index in_epoch) const {
    std::string reason;
    try {
      throw;
    } catch (const std::exception& error) {
      reason = std::string(" (") + error.what() + ")";
    } catch (...) {
    }
    std::throw_with_nested(ObserverError(message({"an observer threw in epoch ", in_epoch, reason,
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

  Trainable<Scalar>& model_;
  TrainingState<Scalar>& state_;
  GradientRules<Scalar> rules_;
  const AnyOptimizer<Scalar>& optimizer_;
  const FitOptions<Scalar>& options_;
  bool couples_batch_;
  Workspace<Scalar> workspace_;
  ModelState<Scalar> completed_;  ///< as it was after the last completed epoch, or where this training was taken up
  Index begun_ = 0;              ///< epochs completed when it was
};

}  // namespace eigencoder::detail
