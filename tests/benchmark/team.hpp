#pragma once

#include <thread>
#include <vector>

namespace benchmark {

/// Calls `run(thread)` on `threads` threads at once and waits for all.
template <class Run>
void on_threads(int threads, const Run& run) {
  std::vector<std::thread> team;
  for (int thread = 1; thread < threads; ++thread) team.emplace_back(run, thread);
  run(0);
  for (std::thread& member : team) member.join();
}

}  // namespace benchmark
