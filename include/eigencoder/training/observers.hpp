#pragma once

#include <eigencoder/training/observer.hpp>
#include <initializer_list>
#include <vector>

namespace eigencoder {

/// Several observers as one, told in this order: `.observer = Observers{ProgressBar{}, Checkpoints(model, "run")}`.
/// Training stops when any of them says so.
class Observers {
 public:
  Observers(std::initializer_list<Observer> observers) : observers_(observers) {}

  Signal operator()(const EpochReport& report) const {
    Signal signal = Signal::proceed;
    for (const Observer& observer : observers_)
      if (observer.on_epoch(report) == Signal::stop) signal = Signal::stop;
    return signal;
  }
  void on_begin() const {
    for (const Observer& observer : observers_) observer.on_begin();
  }
  void on_batch(const BatchReport& report) const {
    for (const Observer& observer : observers_) observer.on_batch(report);
  }
  void on_end() const {
    for (const Observer& observer : observers_) observer.on_end();
  }

 private:
  std::vector<Observer> observers_;
};

}  // namespace eigencoder
