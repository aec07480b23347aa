#pragma once

#include <concepts>
#include <eigencoder/training/history.hpp>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace eigencoder {

/// What an observer says after an epoch.
enum class Signal { proceed, stop };

/// Where an epoch stands, after each batch.
struct BatchReport {
  Index epoch = 0;
  Index epochs = 0;
  Index batch = 0;    ///< counted from 1
  Index batches = 0;  ///< in this epoch
  double loss = 0;    ///< mean per sample over the epoch so far
};

/// Anything that wants to be told about training: a callable that takes an `EpochReport` and returns nothing or a
/// `Signal`. Where it also has a member `on_batch(const BatchReport&)`, that is called after every batch, a member
/// `on_begin()` once before the first, and `on_end()` once when training ends, however it ends. Copies of an observer
/// share the callable.
///
/// An exception from it ends training with an `ObserverError`, and the model stands at the last completed epoch; from
/// `on_begin`, when nothing has happened yet, it comes as it is; from `on_end`, when all is over, it is dropped. While
/// it is being trained a model can be used and copied, but not initialized, trained or assigned to, which throws
/// `OptionError`, nor moved away.
class Observer {
 public:
  Observer() = default;

  template <class F>
    requires(!std::same_as<F, Observer> && std::invocable<F&, const EpochReport&>)
  Observer(F callable) : told_(std::make_shared<Told<F>>(std::move(callable))) {
    static_assert(std::is_void_v<Answer<F>> || std::same_as<Answer<F>, Signal>,
                  "eigencoder: an observer returns nothing, or a Signal (Signal::proceed, Signal::stop)");
  }

  explicit operator bool() const { return told_ != nullptr; }
  Signal on_epoch(const EpochReport& report) const { return told_ ? told_->on_epoch(report) : Signal::proceed; }
  void on_begin() const {
    if (told_) told_->on_begin();
  }
  void on_batch(const BatchReport& report) const {
    if (told_) told_->on_batch(report);
  }
  void on_end() const noexcept {
    if (told_) told_->on_end();
  }

 private:
  template <class F>
  using Answer = std::remove_cvref_t<std::invoke_result_t<F&, const EpochReport&>>;

  struct Anyone {
    virtual ~Anyone() = default;
    virtual Signal on_epoch(const EpochReport& report) = 0;
    virtual void on_begin() = 0;
    virtual void on_batch(const BatchReport& report) = 0;
    virtual void on_end() noexcept = 0;
  };

  template <class F>
  struct Told final : Anyone {
    F callable;
    explicit Told(F&& from) : callable(std::move(from)) {}

    Signal on_epoch(const EpochReport& report) override {
      if constexpr (std::same_as<Answer<F>, Signal>) return std::invoke(callable, report);
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
        } catch (...) {  // training is over, and may have an exception of its own to tell of
        }
      }
    }
  };

  std::shared_ptr<Anyone> told_;
};

}  // namespace eigencoder
