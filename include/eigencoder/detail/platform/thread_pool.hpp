#pragma once

#include <atomic>
#include <cstdint>
#include <eigencoder/detail/platform/clock.hpp>
#include <eigencoder/detail/platform/flush_subnormals.hpp>
#include <exception>
#include <memory>
#include <thread>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif
#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#endif

namespace eigencoder::detail {

/// The threads that share the work of a loop with the thread that calls it: one pool for the whole program. A region is
/// one such loop. Workers join the open region one by one, and the caller waits only for those that are inside, so a
/// worker whose processor another program uses delays nobody.
///
/// Workers are made at first use and live until `release`, or until the process ends: the pool itself is never
/// destroyed. Where the system refuses a thread, regions run on those that there are.
class ThreadPool {
 public:
  /// What each thread of a region calls once, with its number.
  using Run = void (*)(void* work, int thread) noexcept;

  /// Calls `run(work, 0)` on the calling thread and meanwhile `run(work, thread)` on workers 1, ..., team - 1, those
  /// that come in time. Returns when all calls have. Returns false at once, with nothing called, if another region is
  /// open: of another thread, or the one that this call is part of.
  bool run_region(int team, Run run, void* work) noexcept {
    if (is_claimed_.load(std::memory_order_relaxed) || is_claimed_.exchange(true, std::memory_order_acquire))
      return false;
    add_workers(team - 1);
    run_ = run;
    work_ = work;
    team_ = team;
    state_.store(open, std::memory_order_release);
    ticket_.fetch_add(1, std::memory_order_release);
    ticket_.notify_all();
    run(work, 0);
    if (state_.fetch_and(~open, std::memory_order_acq_rel) != open)
      wait([this] { return state_.load(std::memory_order_acquire) == 0; }, state_);
    is_claimed_.store(false, std::memory_order_release);
    return true;
  }

  /// Ends all workers and waits for them; the next region makes new ones. Not for a task of a region.
  void release() {
    while (is_claimed_.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
    is_ending_ = true;
    ticket_.fetch_add(1, std::memory_order_release);
    ticket_.notify_all();
    while (workers_) {
      const std::unique_ptr<Worker> worker(workers_);
      workers_ = worker->next;
      worker->thread.join();
    }
    is_ending_ = false;
    count_ = 0;
    was_refused_ = false;
    is_claimed_.store(false, std::memory_order_release);
  }

  /// From now on a child of `fork`, which has none of its parent's threads, begins with an empty pool.
  void watch_forks() noexcept;
  /// How often this process or one of its parents was forked off while forks were watched. What holds a thread of its
  /// own has lost it when this changes.
  unsigned forks() const { return forks_.load(std::memory_order_relaxed); }

 private:
  struct Worker {
    std::thread thread;
    Worker* next;
  };

  static constexpr std::uint32_t open = std::uint32_t{1} << 31;

  /// By the clock: a pause takes from 5 to 150 cycles, depending on the processor.
  static constexpr double spin_seconds = 50e-6;

  static void pause() {
#if defined(__SSE2__) || defined(_M_X64)
    _mm_pause();
#elif defined(__aarch64__) && defined(__GNUC__)
    asm volatile("yield");
#endif
  }

  /// Waits until `done()`, which changes with `word`: first awake, since to wake a thread takes as long as many a
  /// region, then asleep, so that other programs have the processor.
  template <class Done>
  static void wait(const Done& done, const std::atomic<std::uint32_t>& word, bool spin = true) {
    if (done()) return;
    for (const double end = now() + spin_seconds; spin && now() < end;)
      for (int i = 0; i < 16; ++i) {
        if (done()) return;
        pause();
      }
    for (auto seen = word.load(std::memory_order_acquire); !done(); seen = word.load(std::memory_order_acquire))
      word.wait(seen, std::memory_order_acquire);
  }

  void add_workers(int wanted) noexcept {
    if (count_ >= wanted || was_refused_) return;
    watch_forks();
    try {
      while (count_ < wanted) {
        auto worker = std::make_unique<Worker>();
        worker->thread = std::thread(&ThreadPool::serve, this, count_ + 1, ticket_.load(std::memory_order_relaxed));
        worker->next = workers_;
        workers_ = worker.release();
        ++count_;
      }
    } catch (const std::exception&) {
      was_refused_ = true;  // no thread, or no memory for one
    }
  }

  /// What worker number `thread` does; the last region that it knows of is `seen`.
  void serve(int thread, std::uint32_t seen) noexcept {
    const FlushSubnormals flush;
    const bool has_processor = static_cast<unsigned>(thread) < std::thread::hardware_concurrency();
    while (true) {
      wait([&] { return ticket_.load(std::memory_order_acquire) != seen; }, ticket_, has_processor);
      seen = ticket_.load(std::memory_order_acquire);
      if (is_ending_) return;
      if (!enter()) continue;
      if (thread < team_) run_(work_, thread);
      if (state_.fetch_sub(1, std::memory_order_acq_rel) == 1) state_.notify_one();  // the last one of a closed region
    }
  }

  bool enter() noexcept {
    auto state = state_.load(std::memory_order_relaxed);
    while (state & open)
      if (state_.compare_exchange_weak(state, state + 1, std::memory_order_acquire)) return true;
    return false;
  }

  void forget() noexcept {
    forgotten_ = workers_;
    workers_ = nullptr;
    count_ = 0;
    was_refused_ = false;
    is_ending_ = false;
    state_ = 0;
    is_claimed_ = false;
    forks_.fetch_add(1, std::memory_order_relaxed);
  }

  std::atomic<std::uint32_t> ticket_{0};    // the number of the latest region
  std::atomic<std::uint32_t> state_{0};     // `open`, while workers may enter, plus how many are inside
  std::atomic<bool> is_claimed_{false};     // a thread has a region, or is ending the workers
  std::atomic<bool> is_ending_{false};
  std::atomic<bool> is_watching_{false};
  std::atomic<unsigned> forks_{0};
  Run run_ = nullptr;                    // of the open region, as the next two; read inside it
  void* work_ = nullptr;
  int team_ = 0;
  Worker* workers_ = nullptr;               // these three belong to who has claimed the pool
  int count_ = 0;
  bool was_refused_ = false;
  Worker* forgotten_ = nullptr;             // the parent's, so that no tool reports them as leaked
};

inline constinit ThreadPool thread_pool;

inline void ThreadPool::watch_forks() noexcept {
#if defined(__unix__) || defined(__APPLE__)
  if (!is_watching_.exchange(true)) pthread_atfork(nullptr, nullptr, [] { thread_pool.forget(); });
#endif
}

}  // namespace eigencoder::detail
