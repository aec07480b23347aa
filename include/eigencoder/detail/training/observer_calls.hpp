#pragma once

#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/detail/training/model_state.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/training/reports.hpp>
#include <exception>
#include <string>

namespace eigencoder::detail {

/// Calls the observer of a training, and reports what goes wrong in it.
template <class Scalar>
class ObserverCalls {
 public:
  ObserverCalls(const Observer& observer, const TrainingState<Scalar>& state, const ModelState<Scalar>& completed)
      : observer_(observer), state_(state), completed_(completed) {}

  /// @throws ObserverError where the observer throws, OptionError where it moved the model away
  [[gnu::cold]] Signal after_epoch(const EpochReport& report) const {
    Signal signal = Signal::proceed;
    call(report.epoch, [&] { signal = observer_.on_epoch(report); });
    return signal;
  }
  void after_batch(const BatchReport& report) const {
    call(report.epoch, [&] { observer_.on_batch(report); });
  }

 private:
  template <class Call>
  void call(Index epoch, const Call& to_observer) const {
    try {
      to_observer();
    } catch (...) {
      observer_threw(epoch);
    }
    // A move constructor does not throw, so it could not refuse.
    if (state_.parameters.size() != completed_.parameters.size())
      throw OptionError("eigencoder: an observer moved the model away that was being trained");
  }

  /// To be called within the handler of what the observer threw.
  [[noreturn]] void observer_threw(Index epoch) const {
    std::string reason;
    try {
      throw;
    } catch (const std::exception& error) {
      reason = std::string(" (") + error.what() + ")";
    } catch (...) {
    }
    std::throw_with_nested(
        ObserverError(message({"an observer threw in epoch ", epoch, reason,
                               "; the model stands at its last completed epoch, ", state_.completed_epochs()})));
  }

  const Observer& observer_;
  const TrainingState<Scalar>& state_;
  const ModelState<Scalar>& completed_;
};

}  // namespace eigencoder::detail
