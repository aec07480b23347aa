#pragma once

#include <atomic>
#include <cstdint>
#include <eigencoder/detail/platform/available_cores.hpp>
#include <eigencoder/detail/platform/flush_subnormals.hpp>
#include <eigencoder/detail/platform/native_threads.hpp>
#include <eigencoder/detail/platform/wake_up.hpp>
#include <exception>
#include <memory>
#include <vector>

namespace eigencoder::detail {

/// The threads that share the work of a loop with the thread that calls it: one pool for the whole program. A region is
/// one such loop. Workers join the open region one by one, and the caller waits only for those that are inside: a
/// worker that has not begun, because another program has its processor, delays nobody.
///
/// Workers are made at first use and live until `release`, or until the process ends: the pool itself is never
/// destroyed. Where the system refuses a thread, regions run on those that there are.
class ThreadPool {
 public:
  /// What each thread of a region calls with its number; a worker may come twice.
  using Run = void (*)(void* work, int thread) noexcept;

  /// Calls `run(work, 0)` on the calling thread and meanwhile `run(work, thread)` on workers 1, ..., team - 1, those
  /// that come in time. Returns when all calls have. Returns false at once, with nothing called, if the pool is taken:
  /// by a region of another thread, by the one that this call is part of, or by `release`.
  bool run_region(int team, Run run, void* work) noexcept;

  /// Ends all workers and waits for them; the next region makes new ones. Not for a task of a region.
  void release();

  /// Forgets the workers. For a child of `fork`, which has none of its parent's threads.
  void forget() noexcept {
    if (workers_) {
      workers_->forgotten = forgotten_;
      forgotten_ = workers_;
    }
    workers_ = nullptr;
    is_ending_ = false;
    state_ = 0;
    is_claimed_ = false;
    forks_.fetch_add(1, std::memory_order_relaxed);
  }
  /// How often this process or one of its parents was forked off while forks were watched. What holds a thread of its
  /// own has lost it when this changes.
  unsigned forks() const { return forks_.load(std::memory_order_relaxed); }

 private:
  struct Workers;
  struct Worker {
    ThreadPool& pool;
    Workers& all;
    int number;
    std::uint32_t seen;  // the last region that it knows of
    Thread thread{};

    void operator()() noexcept { pool.serve(*this); }
  };
  struct Workers {
    std::vector<std::unique_ptr<Worker>> list;
    int cores = available_cores();
    std::uint32_t refused_until = 0;  // the ticket at which to ask again for a thread that the system refused
    WakeUp opened, left;
    Workers* forgotten = nullptr;
  };

  static constexpr std::uint32_t open = std::uint32_t{1} << 31;

  bool claim() noexcept {
    return !is_claimed_.load(std::memory_order_relaxed) && !is_claimed_.exchange(true, std::memory_order_acquire);
  }
  void add_workers(int wanted) noexcept;
  void serve(Worker& worker) noexcept;
  bool enter() noexcept {
    auto state = state_.load(std::memory_order_relaxed);
    while (state & open)
      if (state_.compare_exchange_weak(state, state + 1)) return true;
    return false;
  }

  alignas(64) std::atomic<std::uint32_t> ticket_{0};  // the number of the latest region
  alignas(64) std::atomic<std::uint32_t> state_{0};   // `open`, while workers may enter, plus how many are inside
  std::atomic<bool> is_claimed_{false};               // a thread has a region, or is ending the workers
  std::atomic<bool> is_ending_{false};
  std::atomic<int> team_{0};  // of the open region, as the next three; these are read inside it
  Run run_ = nullptr;
  void* work_ = nullptr;
  FlushSubnormals::Register mode_ = 0;
  Workers* workers_ = nullptr;    // only the thread that claimed the pool changes it
  Workers* forgotten_ = nullptr;  // the parents', so that no tool reports them as leaked
  std::atomic<unsigned> forks_{0};
};

inline constinit ThreadPool thread_pool;

#if defined(__unix__) || defined(__APPLE__)
// Hidden: each shared object that uses the pool watches, since a handler goes when its object is unloaded.
[[gnu::visibility("hidden")]] inline constinit std::atomic<bool> forks_are_watched{false};

/// From now on a child of `fork` begins with an empty pool.
[[gnu::visibility("hidden")]] inline void watch_forks() noexcept {
  if (!forks_are_watched && pthread_atfork(nullptr, nullptr, [] { thread_pool.forget(); }) == 0)
    forks_are_watched = true;
}
#else
inline void watch_forks() noexcept {}
#endif

inline bool ThreadPool::run_region(int team, Run run, void* work) noexcept {
  watch_forks();
  if (!claim()) return false;
  add_workers(team - 1);
  if (workers_) {
    run_ = run;
    work_ = work;
    mode_ = FlushSubnormals::mode();
    team_.store(team, std::memory_order_relaxed);
    state_.store(open);
    ticket_.fetch_add(1);
    workers_->opened.notify();
    run(work, 0);
    if (state_.fetch_and(~open) != open) workers_->left.wait([this] { return state_ == 0; });
  }
  const bool has_run = workers_ != nullptr;
  is_claimed_.store(false, std::memory_order_release);
  return has_run;
}

inline void ThreadPool::release() {
  watch_forks();
  while (!claim()) yield_processor();
  if (workers_) {
    is_ending_ = true;
    ticket_.fetch_add(1);
    workers_->opened.notify();
    for (const auto& worker : workers_->list) worker->thread.join();
    is_ending_ = false;
    delete workers_;
    workers_ = nullptr;
  }
  is_claimed_.store(false, std::memory_order_release);
}

inline void ThreadPool::add_workers(int wanted) noexcept {
  const std::uint32_t ticket = ticket_;
  try {
    if (!workers_) workers_ = new Workers;
    auto& list = workers_->list;
    while (static_cast<int>(list.size()) < wanted && workers_->refused_until <= ticket) {
      const int number = static_cast<int>(list.size()) + 1;
      list.push_back(std::unique_ptr<Worker>(new Worker{*this, *workers_, number, ticket}));
      if (list.back()->thread.start(list.back().get())) continue;
      list.pop_back();
      workers_->refused_until = ticket + 10000;
    }
  } catch (const std::exception&) {  // no memory: the region goes on with the workers that there are
  }
}

/// What a worker does.
inline void ThreadPool::serve(Worker& worker) noexcept {
  const FlushSubnormals flush;
  while (true) {
    worker.all.opened.wait([&] { return ticket_ != worker.seen; }, worker.number < worker.all.cores);
    worker.seen = ticket_;
    if (is_ending_) return;
    if (worker.number >= team_.load(std::memory_order_relaxed) || !enter()) continue;
    if (worker.number < team_.load(std::memory_order_relaxed)) {
      FlushSubnormals::set_mode(mode_);  // rounds as the caller does
      run_(work_, worker.number);
    }
    if (state_.fetch_sub(1) == 1) worker.all.left.notify();  // the last one of a closed region
  }
}

}  // namespace eigencoder::detail
