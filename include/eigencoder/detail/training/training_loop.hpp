#pragma once

#include <algorithm>
#include <eigencoder/data/batch_loader.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/detail/base/check_values.hpp>
#include <eigencoder/detail/base/index_runs.hpp>
#include <eigencoder/detail/platform/clock.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/training/batches.hpp>
#include <eigencoder/detail/training/gradient_sinks.hpp>
#include <eigencoder/detail/training/loop_interfaces.hpp>
#include <eigencoder/detail/training/observer_calls.hpp>
#include <eigencoder/detail/training/run_end.hpp>
#include <eigencoder/detail/training/run_start.hpp>
#include <eigencoder/detail/training/sample_weighting.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/training/fit_options.hpp>

namespace eigencoder::detail {

/// Runs epochs of training steps, with validation, reports and early stopping, and restores the last completed epoch
/// where something throws. A template on the scalar only, so it is compiled once for all models.
template <class Scalar>
class TrainingLoop {
 public:
  TrainingLoop(const Trainable<Scalar>& step, TrainingState<Scalar>& state, const AnyOptimizer<Scalar>& optimizer,
               const FitOptions<Scalar>& options)
      : step_(step),
        state_(state),
        optimizer_(optimizer),
        options_(options),
        gradients_(stores_gradients(step, options) ? step.layout().parameters() : 0),
        rules_{step.layout(), state.parameters.data(), gradients_.data(), step.decay(), step.early_blocks(),
               options.clip_value.value_or(0)} {}

  TrainingLoop(const TrainingLoop&) = delete;  // members refer to one another
  TrainingLoop& operator=(const TrainingLoop&) = delete;

  /// Trains on a loader's samples; see `Autoencoder::fit`.
  [[gnu::cold]] History run(BatchLoader<Scalar>& loader) {
    check_arguments(loader);
    InMemoryLoader<Scalar> validation_set(options_.validation.view(), validation_targets(loader));
    BatchLoader<Scalar>& validation = options_.has_validation() ? validation_set : loader;
    const auto [train_indices, validation_indices] = split_indices(loader.size());
    check_any_counts(weighting_, train_indices);
    step_.check_batch((std::min)(options_.batch_size, static_cast<Index>(train_indices.size())));
    Batches batches(train_indices, options_.batch_size, step_.couples_batch());

    completed_ = state_;
    const Index epochs_before = state_.completed_epochs();
    RunProgress<Scalar> interrupted = state_.progress;
    try {
      begin_run(state_, fingerprint(loader), batches, optimizer_, options_);
      end_ = run_end(state_, options_, batches.count());
      state_.progress.sums.resize(step_.term_count());
      options_.observer.on_begin();
      prepare_optimizer(state_.optimizer, optimizer_, state_.parameters.size());
      std::vector<double> losses = watched_losses();
      Signal signal = Signal::proceed;
      while (state_.completed_epochs() < end_.epochs && signal == Signal::proceed && !stops_early() && !out_of_time_) {
        const double start = now();
        EpochReport report;
        report.epoch = state_.completed_epochs() + 1;
        report.epochs = end_.epochs;
        if (options_.shuffle) batches.shuffle_for(options_.seed, state_.completed_epochs(), loader.shuffle_window());
        train_epoch(loader, batches, losses, report);
        if (!validation_indices.empty())
          report.validation_loss = finite(step_.validate(workspace_, validation, validation_indices), report.epoch,
                                          state_.progress.batches, "the validation loss");
        report.seconds = now() - start;
        complete_epoch(report);
        losses.push_back(report.watched_loss());
        signal = calls_.after_epoch(report);
        check_time();
      }
      History history = finish(batches.count(), signal == Signal::stop || stops_early());
      state_.progress = {};
      options_.observer.on_end();
      return history;
    } catch (...) {
      state_.restore(completed_);
      if (state_.completed_epochs() != epochs_before) interrupted = {};
      state_.progress = std::move(interrupted);
      options_.observer.on_end();
      throw;
    }
  }

 private:
  /// Trains on the batches of one epoch that a run has left, as far as its budgets go.
  [[gnu::cold]] void train_epoch(BatchLoader<Scalar>& loader, const Batches& batches,
                                 const std::vector<double>& losses, EpochReport& report) {
    RunProgress<Scalar>& progress = state_.progress;
    ScheduleContext context{.steps_per_epoch = batches.count(),
                            .epoch = state_.completed_epochs(),
                            .total_epochs = report.epochs,
                            .losses = losses,
                            .last_epoch_fraction = end_.last_epoch_fraction};
    for (Index b = progress.batches; b < batches.count() && state_.steps < end_.steps && !out_of_time_; ++b) {
      const auto indices = batches.batch(b);
      const bool is_last = state_.steps + 1 == end_.steps;
      const Batch<Scalar> batch = loader.fetch(indices, batches.batch(is_last ? batches.count() : b + 1));
      step_.check_fetched(loader, batch, indices);
      context.step = state_.steps;
      context.epoch_step = b;
      progress.learning_rate = learning_rate(context, report.epoch, b + 1);
      const Pass<Scalar> pass{workspace_, static_cast<Index>(indices.size()), true, options_.seed,
                              static_cast<std::uint64_t>(state_.steps), indices.data()};
      rules_.begin_step();
      update_.begin_step({progress.learning_rate, state_.optimizer.steps + 1});
      const double loss = step_.run(pass, batch, weighting_, progress.sums.data(), sink());
      if (!fuses_updates() && std::isfinite(loss))
        update_all(rules_, update_, options_.clip_norm.value_or(0), workspace_.team());
      ++state_.steps;
      ++state_.optimizer.steps;
      progress.sum += finite(loss, report.epoch, b + 1, "the loss");
      progress.seen += pass.batch;
      progress.batches = b + 1;
      calls_.after_batch({report.epoch, report.epochs, b + 1, batches.count(),
                          progress.sum / static_cast<double>(progress.seen)});
      check_time();
    }
    finish_report(report);
  }

  /// The figures of an epoch after its last batch. @throws DivergenceError where one is not finite
  [[gnu::cold]] void finish_report(EpochReport& report) const {
    const RunProgress<Scalar>& progress = state_.progress;
    const Index batches = progress.batches;
    if (!is_finite(state_.parameters.data(), state_.parameters.size())) diverged(report.epoch, batches, "a parameter");
    if (!is_finite(state_.statistics.data(), state_.statistics.size()))
      diverged(report.epoch, batches, "a running statistic");
    report.learning_rate = progress.learning_rate;
    report.terms = step_.terms(progress.sums.data(), progress.seen);
    report.train_loss = progress.sum / static_cast<double>(progress.seen);
    for (const Term& term : report.terms) report.train_loss += term.at_end ? term.value : 0;
    finite(report.train_loss, report.epoch, batches, "the loss");
  }

  /// Records a completed epoch as the restore point, and as the best epoch if it is.
  [[gnu::cold]] void complete_epoch(const EpochReport& report) {
    RunProgress<Scalar>& progress = state_.progress;
    completed_ = state_;
    state_.epochs.push_back(report);
    progress.batches = progress.seen = 0;
    progress.sum = 0;
    std::fill(progress.sums.begin(), progress.sums.end(), 0);
    const EarlyStopping rule = options_.early_stopping.value_or(EarlyStopping{});
    if (!rule.improves(report.watched_loss(), progress.best_loss, progress.best_epoch)) return;
    progress.best_loss = report.watched_loss();
    progress.best_epoch = report.epoch;
    if (!restores_best()) return;
    progress.best_parameters = state_.parameters;
    progress.best_statistics = state_.statistics;
  }

  /// `stopped`: early stopping or the observer ends training.
  [[gnu::cold]] History finish(Index steps_per_epoch, bool stopped) {
    const RunProgress<Scalar>& progress = state_.progress;
    const Index completed = state_.completed_epochs();
    History history;
    history.stopped_early = stopped && completed < end_.epochs;
    if (state_.steps == end_.steps || out_of_time_)
      history.ended_by_budget = completed < epochs_at_end(progress, options_) ||
                                state_.steps - progress.begin_steps < (completed - progress.begin) * steps_per_epoch;
    history.epochs.assign(state_.epochs.begin() + progress.begin, state_.epochs.end());
    history.best_epoch = progress.best_epoch;
    if (restores_best() && progress.best_epoch > 0) {
      state_.parameters = progress.best_parameters;
      state_.statistics = progress.best_statistics;
      history.restored_best = true;
    }
    return history;
  }

  bool restores_best() const { return options_.early_stopping && options_.early_stopping->restore_best; }
  bool stops_early() const {
    return options_.early_stopping &&
           options_.early_stopping->stops_after(state_.completed_epochs(), state_.progress.best_epoch);
  }

  /// Notes whether the time is up, after a step or an observer.
  void check_time() { out_of_time_ = options_.max_seconds && now() >= end_.time; }

  /// The learning rate of the next step.
  double learning_rate(const ScheduleContext& context, Index epoch, Index batch) const {
    const double factor = options_.schedule ? options_.schedule(context) : 1;
    if (!(factor >= 0 && std::isfinite(factor)))
      throw OptionError(message({"FitOptions.schedule: in epoch ", epoch, ", batch ", batch,
                                 " the factor was not finite and at least 0; the model stands at its last completed "
                                 "epoch, ", state_.completed_epochs()}));
    return optimizer_.learning_rate() * factor;
  }

  /// Checks options and samples before anything changes.
  [[gnu::cold]] void check_arguments(const BatchLoader<Scalar>& loader) const {
    optimizer_.validate();
    options_.validate();
    step_.check_samples(loader, "fit: inputs", "fit: targets");
    step_.check_columns(loader, "fit: inputs", "fit: targets");
    if (options_.sample_weights)
      check_sample_weights(options_.sample_weights.values(), loader.size(), "fit: FitOptions.sample_weights");
    if (options_.validation_split > 0 && loader.shuffle_window() > 0)
      throw OptionError("eigencoder: FitOptions.validation_split: a source that is read from first to last cannot be "
                        "split; give FitOptions.validation");
    if (options_.has_validation())
      step_.check_samples(InMemoryLoader<Scalar>(options_.validation.view(), validation_targets(loader)),
                          "fit: validation inputs", "fit: validation targets");
  }
  View<Scalar> validation_targets(const BatchLoader<Scalar>& loader) const {
    return options_.has_validation() ? options_.effective_validation_targets(loader.has_targets()) : View<Scalar>();
  }

  struct Indices {
    std::vector<std::uint32_t> train, validation;
  };
  /// The indices of the samples to train on, and of those for validation: a part held back, or a set of its own.
  [[gnu::cold]] Indices split_indices(Index count) const {
    if (options_.validation_split == 0) return {iota(count), iota(options_.validation.view().cols())};
    const Split parts = split(count, options_.validation_split, options_.seed);
    return {{parts.train.begin(), parts.train.end()}, {parts.test.begin(), parts.test.end()}};
  }

  bool fuses_updates() const { return options_.fuse_updates && !options_.clip_norm; }
  GradientSink<Scalar>& sink() { return fuses_updates() ? static_cast<GradientSink<Scalar>&>(fused_) : stored_; }
  /// Whether the whole gradient, or that of some blocks, has to be stored before the optimizer takes it.
  static bool stores_gradients(const Trainable<Scalar>& step, const FitOptions<Scalar>& options) {
    const auto early = step.early_blocks();
    return !options.fuse_updates || options.clip_norm || step.shares_weights() ||
           std::find(early.begin(), early.end(), true) != early.end();
  }

  /// The losses of this run's completed epochs, for schedules.
  [[gnu::cold]] std::vector<double> watched_losses() const {
    std::vector<double> losses;
    for (Index e = state_.progress.begin; e < state_.completed_epochs(); ++e)
      losses.push_back(state_.epochs[static_cast<std::size_t>(e)].watched_loss());
    return losses;
  }
  FitFingerprint fingerprint(const BatchLoader<Scalar>& loader) const {
    return {options_.seed, loader.size(), options_.batch_size, loader.shuffle_window(), options_.validation_split,
            options_.shuffle, loader.has_targets(), restores_best()};
  }

  double finite(double value, Index epoch, Index batch, const char* what) const {
    return std::isfinite(value) ? value : (diverged(epoch, batch, what), value);
  }
  [[noreturn]] void diverged(Index epoch, Index batch, const char* what) const {
    throw DivergenceError(message({"training diverged in epoch ", epoch, ", batch ", batch, ": ", what,
                                   " is not finite; the model stands at its last completed epoch, ",
                                   state_.completed_epochs(), " (a lower learning rate may help)"}),
                          static_cast<std::size_t>(epoch), static_cast<std::size_t>(batch));
  }

  const Trainable<Scalar>& step_;
  TrainingState<Scalar>& state_;
  const AnyOptimizer<Scalar>& optimizer_;
  const FitOptions<Scalar>& options_;
  const SampleWeighting weighting_{options_.sample_weights ? options_.sample_weights.values().data() : nullptr,
                                   options_.trim};
  Workspace<Scalar> workspace_;
  Buffer<Scalar> gradients_;
  GradientRules<Scalar> rules_;
  OptimizerUpdate<Scalar> update_{optimizer_, state_.parameters.data(), state_.optimizer.arrays};
  FusedUpdateSink<Scalar> fused_{rules_, update_};
  StoringSink<Scalar> stored_{rules_};
  ModelState<Scalar> completed_;  ///< after the last completed epoch, or before the first
  RunEnd end_;                    ///< of the run, by the options
  bool out_of_time_ = false;      ///< `FitOptions::max_seconds` have passed
  ObserverCalls<Scalar> calls_{options_.observer, state_, completed_};
};

}  // namespace eigencoder::detail
