#pragma once

#include <algorithm>
#include <atomic>
#include <eigencoder/detail/base/task_shares.hpp>
#include <eigencoder/detail/platform/flush_subnormals.hpp>
#include <eigencoder/extend/pass.hpp>
#include <eigencoder/extend/types.hpp>
#include <exception>

#ifndef EIGENCODER_NO_THREADS
#include <eigencoder/detail/platform/thread_pool.hpp>
#endif

/// @file
/// Loops over tasks, tiles, values and samples, on a team of threads.
namespace eigencoder::detail {

/// The first exception of a team's tasks, to be rethrown by the caller's thread.
class FirstException {
 public:
  /// Whether a task threw.
  bool caught() const { return caught_.load(std::memory_order_relaxed); }
  /// Keeps the exception that is being handled, if it is the first.
  [[gnu::cold]] void keep() noexcept {
    if (!caught_.exchange(true)) exception_ = std::current_exception();
  }
  [[gnu::cold]] void rethrow() const { std::rethrow_exception(exception_); }

 private:
  std::atomic<bool> caught_{false};
  std::exception_ptr exception_;
};

/// Calls `run(task, thread)` of a loop whose type the team need not know.
using TaskCall = void (*)(const void* run, Index task, int thread);

/// The tasks of one loop and the team's shares of them.
class TeamLoop {
 public:
  TeamLoop(Index tasks, int team, TaskCall call, const void* run) : call_(call), run_(run), shares_(tasks, team) {}

  /// Works on one thread of the team until no task is left.
  void work(int thread) noexcept {
    const FlushSubnormals flush;
    try {
      for (Index task = shares_.next(thread); task >= 0 && !first_.caught(); task = shares_.next(thread))
        call_(run_, task, thread);
    } catch (...) {
      first_.keep();
    }
  }
  void rethrow_first() const {
    if (first_.caught()) first_.rethrow();
  }

 private:
  TaskCall call_;
  const void* run_;
  TaskShares shares_;
  FirstException first_;
};

#ifndef EIGENCODER_NO_THREADS
/// `parallel_for` for more than one thread and task. It runs on the calling thread alone if others use the library's
/// threads, or if it is itself within a task.
inline void run_on_team(Index tasks, int team, TaskCall call, const void* run) {
  team = static_cast<int>(std::min<Index>(team, tasks));
  TeamLoop loop(tasks, team, call, run);
  const auto work = [](void* its, int thread) noexcept { static_cast<TeamLoop*>(its)->work(thread); };
  if (!thread_pool.run_region(team, work, &loop)) loop.work(0);
  loop.rethrow_first();
}
#endif

/// Calls `run(task, thread)` once for every task below `tasks`, on up to `team` threads. What a task computes must
/// depend on its number alone, so that results do not depend on the team. In tasks subnormal numbers count as 0. The
/// first exception from a task is rethrown, and tasks that have not begun are skipped.
template <class Run>
void parallel_for(Index tasks, int team, const Run& run) {
#ifndef EIGENCODER_NO_THREADS
  if (team > 1 && tasks > 1) {
    const auto call = [](const void* its, Index task, int thread) { (*static_cast<const Run*>(its))(task, thread); };
    return run_on_team(tasks, team, call, &run);
  }
#endif
  static_cast<void>(team);
  const FlushSubnormals flush;
  for (Index task = 0; task < tasks; ++task) run(task, 0);
}

/// Divides `size` items into tiles of `tile`, the last one smaller, and calls `run(first, count, thread)` for each.
template <class Run>
void parallel_tiles(Index size, Index tile, int team, const Run& run) {
  parallel_for((size + tile - 1) / tile, team, [&](Index task, int thread) {
    const Index first = task * tile;
    run(first, size - first < tile ? size - first : tile, thread);
  });
}

/// The tile of loops over single values: some microseconds of work.
inline constexpr Index pointwise_tile = 8192;

/// Calls `run(first, count)` for tiles of `size` values, on the pass's team. A value takes `work` scalar operations.
template <class Scalar, class Run>
void parallel_slices(const Pass<Scalar>& pass, Index size, Index work, const Run& run) {
  parallel_tiles(size, pointwise_tile, pass.team(size * work),
                 [&](Index first, Index count, int) { run(first, count); });
}

/// Calls `run(i)` for each of `size` values, on the pass's team. A value takes `work` scalar operations.
template <class Scalar, class Run>
void parallel_values(const Pass<Scalar>& pass, Index size, Index work, const Run& run) {
  parallel_slices(pass, size, work, [&](Index first, Index count) {
    for (Index i = first; i < first + count; ++i) run(i);
  });
}

/// Calls `run(sample, thread)` for each of `samples` samples of `values` values; small samples share a task.
template <class Run>
void parallel_samples(Index samples, Index values, int team, const Run& run) {
  const auto run_range = [&](Index first, Index count, int thread) {
    for (Index j = first; j < first + count; ++j) run(j, thread);
  };
  if (team == 1) return parallel_for(1, 1, [&](Index, int thread) { run_range(0, samples, thread); });
  parallel_tiles(samples, std::max<Index>(1, pointwise_tile / std::max<Index>(1, values)), team, run_range);
}

/// Calls `run(column)` for each column of the pass, of `values` values, on the pass's team. A value takes `work` scalar
/// operations.
template <class Scalar, class Run>
void parallel_columns(const Pass<Scalar>& pass, Index values, Index work, const Run& run) {
  parallel_samples(pass.batch, values, pass.team(values * pass.batch * work), [&](Index j, int) { run(j); });
}

}  // namespace eigencoder::detail
