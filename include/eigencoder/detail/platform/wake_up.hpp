#pragma once

#include <atomic>
#include <cstdint>
#include <eigencoder/detail/platform/clock.hpp>
#include <eigencoder/detail/platform/native_threads.hpp>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#endif

namespace eigencoder::detail {

/// Makes threads wait until a condition holds. `notify` costs one load while none of them sleeps.
///
/// On Linux they sleep on an atomic number, which is a futex. Elsewhere they sleep on a condition: libstdc++'s
/// std::atomic::wait loses wake-ups there, but a thread that loses its processor while it holds the mutex delays others.
class WakeUp {
 public:
  /// Returns when `done()` does: others change what it reads, by sequentially consistent operations, before they call
  /// `notify`. The thread first waits awake for 50 microseconds, unless `spin` is false, as sleeping and waking takes
  /// that long; then it sleeps, so that other programs have the processor.
  template <class Done>
  void wait(const Done& done, bool spin = true) {
    if (done()) return;
    for (const double end = now() + spin_seconds; spin && now() < end;)
      for (int i = 0; i < 16; ++i) {
        if (done()) return;
        pause();
      }
    sleepers_.fetch_add(1);  // before `done` reads; `notify` reads it after the change: one of them sees the other
    sleep(done);
    sleepers_.fetch_sub(1);
  }

  void notify() {
    if (sleepers_.load() != 0) wake_all();
  }

 private:
  /// By the clock: a pause takes from 5 to 150 cycles, depending on the processor.
  static constexpr double spin_seconds = 50e-6;

  static void pause() {
#if defined(__SSE2__) || defined(_M_X64)
    _mm_pause();
#elif defined(__aarch64__) && defined(__GNUC__)
    asm volatile("yield");
#endif
  }

#ifdef __linux__
  template <class Done>
  void sleep(const Done& done) {
    for (auto seen = calls_.load(); !done(); seen = calls_.load()) calls_.wait(seen);
  }
  void wake_all() {
    calls_.fetch_add(1);
    calls_.notify_all();
  }

  std::atomic<std::uint32_t> calls_{0};
#else
  template <class Done>
  void sleep(const Done& done) {
    const Lock lock(mutex_);
    while (!done()) changed_.wait(mutex_);
  }
  void wake_all() {
    { const Lock lock(mutex_); }  // a thread that has tested its condition is asleep now
    changed_.notify_all();
  }

  Mutex mutex_;
  Condition changed_;
#endif
  std::atomic<int> sleepers_{0};
};

}  // namespace eigencoder::detail
