// Regions of many threads at once. Meant for ThreadSanitizer too.
#include <eigencoder/detail/base/parallel.hpp>
#include <eigencoder/extend/threads.hpp>

#include "support/catch.hpp"

#include <atomic>
#include <cfenv>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace eigencoder;

namespace {

constexpr int max_team = 5;

/// A sum that no compiler leaves out.
std::uint64_t work(Index task) {
  std::uint64_t sum = static_cast<std::uint64_t>(task);
  for (int i = 0; i < 20; ++i) sum = sum * 6364136223846793005U + 1442695040888963407U;
  return sum;
}

/// One region of a random size, sometimes with a region in each task, sometimes with a task that throws. Returns
/// whether everything came out right.
bool region(std::minstd_rand& random) {
  const auto tasks = static_cast<Index>(random() % 40), inner = static_cast<Index>(random() % 8 == 0 ? 5 : 0);
  const Index fails = random() % 16 == 0 && tasks > 0 ? static_cast<Index>(random()) % tasks : -1;
  std::vector<std::uint64_t> results(static_cast<std::size_t>(tasks));
  std::atomic<int> in_thread[max_team] = {};
  std::atomic<bool> right = true;
  try {
    detail::parallel_for(tasks, 2 + static_cast<int>(random() % (max_team - 1)), [&](Index task, int thread) {
      if (in_thread[thread]++ != 0) right = false;  // a thread's number is its own
      if (task == fails) throw std::out_of_range("the task that fails");
      results[static_cast<std::size_t>(task)] = work(task);
      std::atomic<int> inner_tasks = 0;
      detail::parallel_for(inner, max_team, [&](Index, int) { ++inner_tasks; });
      if (inner_tasks != inner) right = false;
      --in_thread[thread];
    });
  } catch (const std::out_of_range&) {
    return right && fails >= 0;
  }
  for (Index task = 0; task < tasks; ++task)
    if (results[static_cast<std::size_t>(task)] != work(task)) return false;
  return right && fails < 0;
}

/// How many of `regions` regions went wrong.
int wrong_regions(unsigned seed, int regions) {
  std::minstd_rand random(seed);
  int wrong = 0;
  for (int i = 0; i < regions; ++i) wrong += region(random) ? 0 : 1;
  return wrong;
}

}  // namespace

TEST_CASE("a hundred thousand regions of eight callers all come out right") {
  constexpr unsigned callers = 8;
  std::vector<int> wrong(callers);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < callers; ++i) threads.emplace_back([&, i] { wrong[i] = wrong_regions(i, 12500); });
  for (auto& thread : threads) thread.join();
  CHECK(wrong == std::vector<int>(callers));
}

TEST_CASE("a region that finds the pool busy runs on its own thread alone") {
  std::atomic<bool> is_open = false, may_end = false;
  std::thread other([&] {
    detail::parallel_for(2, 2, [&](Index, int) {
      is_open = true;
      while (!may_end) std::this_thread::yield();
    });
  });
  while (!is_open) std::this_thread::yield();
  const auto caller = std::this_thread::get_id();
  int strangers = 0, done = 0;
  detail::parallel_for(100, 4, [&](Index, int thread) {
    ++done;
    strangers += thread != 0 || std::this_thread::get_id() != caller ? 1 : 0;
  });
  CHECK(done == 100);
  CHECK(strangers == 0);
  may_end = true;
  other.join();
}

#ifndef EIGENCODER_NO_THREADS
TEST_CASE("a second thread works in a region") {
  // It has 30 seconds to come.
  std::atomic<int> here = 0;
  detail::parallel_for(2, 2, [&](Index, int) {
    ++here;
    const double start = detail::now();
    while (here < 2 && detail::now() - start < 30) std::this_thread::yield();
  });
  CHECK(here == 2);
}
#endif

TEST_CASE("a caller sleeps while a worker takes long, and is woken") {
  for (int i = 0; i < 30; ++i) {
    std::atomic<bool> is_inside = false, is_done = false;
    detail::parallel_for(2, 2, [&](Index, int thread) {
      const double start = detail::now();
      if (thread == 0) {
        while (!is_inside && detail::now() - start < 1e-2) std::this_thread::yield();
        return;
      }
      is_inside = true;
      while (detail::now() - start < 3e-3) std::this_thread::yield();
      is_done = true;
    });
    CHECK(is_inside == is_done);
  }
}

TEST_CASE("threads are released while other threads use them") {
  std::vector<int> wrong(3);
  std::vector<std::thread> threads;
  std::atomic<int> running = 3;
  for (unsigned i = 0; i < 3; ++i)
    threads.emplace_back([&, i] {
      wrong[i] = wrong_regions(i, 3000);
      --running;
    });
  while (running > 0) release_threads();
  for (auto& thread : threads) thread.join();
  CHECK(wrong == std::vector<int>(3));
}

TEST_CASE("workers round as the caller does") {
  std::fesetround(FE_UPWARD);
  const volatile double one = 1, third = 3;
  std::vector<double> quotients(1000);
  for (int i = 0; i < 20; ++i) {
    detail::parallel_for(1000, 3, [&](Index task, int) { quotients[static_cast<std::size_t>(task)] = one / third; });
    for (const double quotient : quotients) REQUIRE(quotient == one / third);
    std::fesetround(i % 2 == 0 ? FE_TONEAREST : FE_DOWNWARD);
  }
  std::fesetround(FE_TONEAREST);
}

TEST_CASE("after the threads are released, the next region makes new ones") {
  for (int i = 0; i < 20; ++i) {
    CHECK(wrong_regions(1, 5) == 0);
    release_threads();
  }
  release_threads();
  CHECK(wrong_regions(2, 5) == 0);
}
