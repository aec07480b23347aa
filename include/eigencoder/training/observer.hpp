#pragma once

#include <concepts>
#include <eigencoder/training/history.hpp>
#include <functional>
#include <memory>

namespace eigencoder {

/// What an observer says after an epoch.
enum class Signal { go_on, stop };

/// Where an epoch stands, after each batch.
struct BatchReport {
  Index epoch = 0;
  Index epochs = 0;
  Index batch = 0;    ///< counted from 1
  Index batches = 0;  ///< in this epoch
  double loss = 0;    ///< mean per sample over the epoch so far
};

/// Anything that wants to be told about training: a callable that takes an `EpochReport` and returns nothing or a
/// `Signal`; where it also has a member `on_batch(const BatchReport&)`, that is called after every batch.
/// An exception from it ends training with an `ObserverError`; the model stands at the last completed epoch.
class Observer {
 public:
  Observer() = default;

  template <class F>
    requires(!std::same_as<F, Observer> && std::invocable<F&, const EpochReport&>)
  Observer(F callable) : Observer(std::make_shared<F>(std::move(callable))) {}

  explicit operator bool() const { return static_cast<bool>(on_epoch_); }
  Signal on_epoch(const EpochReport& report) const { return on_epoch_ ? on_epoch_(report) : Signal::go_on; }
  void on_batch(const BatchReport& report) const {
    if (on_batch_) on_batch_(report);
  }

 private:
  template <class F>
  explicit Observer(std::shared_ptr<F> shared) {
    on_epoch_ = [shared](const EpochReport& report) {
      if constexpr (std::same_as<std::invoke_result_t<F&, const EpochReport&>, Signal>) return (*shared)(report);
      else return static_cast<void>((*shared)(report)), Signal::go_on;
    };
    if constexpr (requires(F& f, BatchReport report) { f.on_batch(report); })
      on_batch_ = [shared](const BatchReport& report) { shared->on_batch(report); };
  }

  std::function<Signal(const EpochReport&)> on_epoch_;
  std::function<void(const BatchReport&)> on_batch_;
};

}  // namespace eigencoder
