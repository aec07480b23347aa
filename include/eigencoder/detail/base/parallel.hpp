#pragma once

#include <algorithm>
#include <atomic>
#include <eigencoder/detail/base/task_shares.hpp>
#include <eigencoder/detail/platform/flush_subnormals.hpp>
#include <eigencoder/extend/types.hpp>
#include <exception>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace eigencoder::detail {

/// The first exception of a team's tasks: none may leave the region in which they run.
class FirstException {
 public:
  bool caught() const { return caught_.load(std::memory_order_relaxed); }
  /// To be called while an exception is handled.
  [[gnu::cold]] void keep() noexcept {
    if (!caught_.exchange(true)) exception_ = std::current_exception();
  }
  [[gnu::cold]] void rethrow() const { std::rethrow_exception(exception_); }

 private:
  std::atomic<bool> caught_{false};
  std::exception_ptr exception_;
};

/// Calls `run(task, thread)` once for every task below `tasks`, on up to `team` threads. What a task
/// computes must depend on its number alone: that is what makes results independent of the team. In tasks subnormal
/// numbers count as 0.
/// The first exception from a task passes on to the caller, and tasks not yet begun are left out.
template <class Run>
void parallel_for(Index tasks, int team, const Run& run) {
#ifdef _OPENMP
  if (team > 1 && tasks > 1) {
    FirstException first;
    TaskShares shares(tasks, team);
#pragma omp parallel num_threads(team)
    {
      const FlushSubnormals flush;
      const int thread = omp_get_thread_num();
      try {
        for (Index task = shares.next(thread); task >= 0 && !first.caught(); task = shares.next(thread))
          run(task, thread);
      } catch (...) {
        first.keep();
      }
    }
    if (first.caught()) first.rethrow();
    return;
  }
#endif
  static_cast<void>(team);
  const FlushSubnormals flush;
  for (Index task = 0; task < tasks; ++task) run(task, 0);
}

/// Cuts `size` items into tiles of `tile` and calls `run(first, count, thread)` for each.
template <class Run>
void parallel_tiles(Index size, Index tile, int team, const Run& run) {
  parallel_for((size + tile - 1) / tile, team, [&](Index task, int thread) {
    const Index first = task * tile;
    run(first, size - first < tile ? size - first : tile, thread);
  });
}

/// What is done value by value is cut into stretches of so many: some microseconds of work.
inline constexpr Index pointwise_tile = 8192;

/// Calls `run(sample, thread)` for each of some samples of `values` values; small ones share a task.
template <class Run>
void parallel_samples(Index samples, Index values, int team, const Run& run) {
  const auto some = [&](Index first, Index count, int thread) {
    for (Index j = first; j < first + count; ++j) run(j, thread);
  };
  if (team == 1) return parallel_for(1, 1, [&](Index, int thread) { some(0, samples, thread); });
  parallel_tiles(samples, std::max<Index>(1, pointwise_tile / std::max<Index>(1, values)), team, some);
}
}  // namespace eigencoder::detail
