#pragma once

#include <concepts>
#include <eigencoder/extend/policy.hpp>
#include <eigencoder/extend/types.hpp>
#include <functional>
#include <initializer_list>
#include <limits>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// @file
/// What training reports of batches, of epochs and of a whole `fit`, and the observers that it reports to.
namespace eigencoder {

/// The results of one epoch, the last of which may have ended before its last batch (`FitOptions::max_steps`). Losses
/// are means over the samples of a loss summed over the values of each (see `Loss`).
struct EpochReport {
  Index epoch = 0;   ///< counted from 1 over the life of the model
  Index epochs = 0;  ///< the number of the last epoch of this `fit`
  /// The objective, penalties included, as training computed it: with weights of the samples, trimming, dropout and
  /// augmentation, while the parameters changed.
  double train_loss = 0;
  /// The loss of the validation set in inference, without penalties; for a variational model with its divergence. NaN
  /// without a validation set.
  double validation_loss = std::numeric_limits<double>::quiet_NaN();
  double learning_rate = 0;  ///< of the epoch's last step
  double seconds = 0;        ///< the epoch's duration, validation included
  /// The further parts of the objective and measurements beside it: means per sample over the epoch, as training
  /// computed them; those of penalties on weights alone are their values at the epoch's end.
  std::vector<Term> terms;

  /// The training loss alone: the objective without the terms that are a part of it.
  double loss() const {
    double rest = train_loss;
    for (const Term& term : terms) rest -= term.in_objective ? term.value : 0;
    return rest;
  }
  /// Whether there was a validation set.
  bool has_validation() const { return validation_loss == validation_loss; }
  /// The loss that schedules and early stopping watch: the validation loss or, without one, the training loss.
  double watched_loss() const { return has_validation() ? validation_loss : train_loss; }
};

/// The results of one call of `fit`.
struct History {
  std::vector<EpochReport> epochs;  ///< one report for each epoch of this `fit`
  /// The last epoch of this `fit` whose watched loss improved on the best one before it (see `EarlyStopping::improves`;
  /// without early stopping, by any amount).
  Index best_epoch = 0;
  bool stopped_early = false;  ///< early stopping or an observer ended training before the last epoch
  /// `FitOptions::max_steps` or `FitOptions::max_seconds` ended training before the end of the last epoch of
  /// `FitOptions::epochs`.
  bool ended_by_budget = false;
  bool restored_best = false;  ///< the parameters are those of `best_epoch`
};

/// An observer's answer after an epoch.
enum class Signal {
  proceed,  ///< train on
  stop      ///< end training with this epoch
};

/// The progress within an epoch, reported after each batch.
struct BatchReport {
  Index epoch = 0;    ///< counted from 1 over the life of the model
  Index epochs = 0;   ///< the number of the last epoch of this `fit`
  Index batch = 0;    ///< counted from 1
  Index batches = 0;  ///< of a whole epoch
  double loss = 0;    ///< mean per sample over the epoch so far
};

/// Anything that is called during training: a callable that takes an `EpochReport` and returns nothing or a `Signal`.
/// It may have further members: `on_batch(const BatchReport&)`, called after every batch, `on_begin()`, called once
/// before the first batch, and `on_end()`, called once when training ends for whatever reason. Copies of an observer
/// share the callable.
///
/// An exception from an observer ends training with an `ObserverError`, and the model is restored to its last completed
/// epoch. An exception from `on_begin` is passed on as it is, since nothing has happened yet; one from `on_end` is
/// dropped, since training is over. An observer may use and copy the model, but must not initialize, train or assign to
/// it, which throws `OptionError`, nor move from it.
class Observer {
 public:
  /// Observes nothing.
  Observer() = default;

  /// Calls `callable` after each epoch.
  template <class F>
    requires(!std::same_as<F, Observer> && std::invocable<F&, const EpochReport&>)
  Observer(F callable) : callable_(std::make_shared<Callable<F>>(std::move(callable))) {
    static_assert(std::is_void_v<Result<F>> || std::same_as<Result<F>, Signal>,
                  "eigencoder: an observer returns nothing, or a Signal (Signal::proceed, Signal::stop)");
  }

  /// Whether there is a callable.
  explicit operator bool() const { return callable_ != nullptr; }
  /// Reports a completed epoch and returns whether training goes on.
  Signal on_epoch(const EpochReport& report) const {
    return callable_ ? callable_->on_epoch(report) : Signal::proceed;
  }
  /// Reports that training begins.
  void on_begin() const {
    if (callable_) callable_->on_begin();
  }
  /// Reports a completed batch.
  void on_batch(const BatchReport& report) const {
    if (callable_) callable_->on_batch(report);
  }
  /// Reports that training has ended.
  void on_end() const noexcept {
    if (callable_) callable_->on_end();
  }

 private:
  template <class F>
  using Result = std::remove_cvref_t<std::invoke_result_t<F&, const EpochReport&>>;

  struct AnyCallable {
    virtual ~AnyCallable() = default;
    virtual Signal on_epoch(const EpochReport& report) = 0;
    virtual void on_begin() = 0;
    virtual void on_batch(const BatchReport& report) = 0;
    virtual void on_end() noexcept = 0;
  };

  template <class F>
  struct Callable final : AnyCallable {
    F callable;
    explicit Callable(F&& from) : callable(std::move(from)) {}

    Signal on_epoch(const EpochReport& report) override {
      if constexpr (std::same_as<Result<F>, Signal>) return std::invoke(callable, report);
      else return static_cast<void>(std::invoke(callable, report)), Signal::proceed;
    }
    void on_begin() override {
      if constexpr (requires { callable.on_begin(); }) callable.on_begin();
    }
    void on_batch([[maybe_unused]] const BatchReport& report) override {
      if constexpr (requires { callable.on_batch(report); }) callable.on_batch(report);
    }
    void on_end() noexcept override {
      if constexpr (requires { callable.on_end(); }) {
        try {
          callable.on_end();
        } catch (...) {  // must not replace the exception that may have ended training
        }
      }
    }
  };

  std::shared_ptr<AnyCallable> callable_;
};

/// Several observers as one, called in this order: `.observer = Observers{ProgressBar{}, Checkpoints(model, "run")}`.
/// Training stops if any of them returns `Signal::stop`; the others are called nevertheless.
class Observers {
 public:
  /// Calls `observers`, in this order.
  Observers(std::initializer_list<Observer> observers) : observers_(observers) {}

  /// Calls each observer after an epoch.
  Signal operator()(const EpochReport& report) const {
    Signal signal = Signal::proceed;
    for (const Observer& observer : observers_)
      if (observer.on_epoch(report) == Signal::stop) signal = Signal::stop;
    return signal;
  }
  /// Calls each observer before the first batch.
  void on_begin() const {
    for (const Observer& observer : observers_) observer.on_begin();
  }
  /// Calls each observer after a batch.
  void on_batch(const BatchReport& report) const {
    for (const Observer& observer : observers_) observer.on_batch(report);
  }
  /// Calls each observer when training ends.
  void on_end() const {
    for (const Observer& observer : observers_) observer.on_end();
  }

 private:
  std::vector<Observer> observers_;
};

}  // namespace eigencoder
