#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

/// Distributes tasks among the threads of a team by work stealing. Each thread has a share of neighboring tasks and
/// takes them from the front, so that from one pass through the layers to the next it finds in its cache what it wrote
/// itself. A thread without tasks steals from the backs of the other shares, so that all finish together.
class TaskShares {
 public:
  /// @param tasks  the number of tasks, fewer than 2^32 for each thread
  /// @param team   the number of threads
  TaskShares(Index tasks, int team) : tasks_(tasks), count_(std::clamp(team, 1, max_shares)) {
    for (int i = 0; i < count_; ++i)
      shares_[i].left.store(static_cast<std::uint64_t>(begin(i + 1) - begin(i)), std::memory_order_relaxed);
  }

  /// A task that no other call returns: the thread's own next one while there is one. -1 when none is left.
  Index next(int thread) {
    const int own = thread % count_;
    if (const Index task = take(own, true); task >= 0) return task;
    for (int other = own + 1; other < own + count_; ++other)
      if (const Index task = take(other % count_, false); task >= 0) return task;
    return -1;
  }

 private:
  static constexpr int max_shares = 64;
  static constexpr int half = 32;
  // The first task left in the upper half and the end in the lower half, both counted from the share's first task. Each
  // share has its own cache line, so that threads do not contend for one.
  struct alignas(64) Share {
    std::atomic<std::uint64_t> left;
  };

  // The last shares are the longer ones, as the last task is often small.
  Index begin(int share) const {
    return tasks_ / count_ * share + std::max<Index>(0, share - (count_ - tasks_ % count_));
  }

  Index take(int share, bool front) {
    std::atomic<std::uint64_t>& left = shares_[share].left;
    std::uint64_t now = left.load(std::memory_order_relaxed);
    while (true) {
      const std::uint64_t first = now >> half, end = now & 0xffffffff;
      if (first == end) return -1;
      const std::uint64_t then = front ? now + (std::uint64_t{1} << half) : now - 1;
      if (left.compare_exchange_weak(now, then, std::memory_order_relaxed))
        return begin(share) + static_cast<Index>(front ? first : end - 1);
    }
  }

  Index tasks_;
  int count_;
  Share shares_[max_shares];
};

}  // namespace eigencoder::detail
