#include <eigencoder/extend/threads.hpp>
#include <eigencoder/detail/base/parallel.hpp>

#include "support/catch.hpp"

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

using namespace eigencoder;

TEST_CASE("every task runs once, on a thread of the team") {
  for (const int team : {1, 2, 3, 8})
    for (const Index tasks : {0, 1, 2, 5, 100}) {
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(tasks));
      std::atomic<bool> in_team = true;
      detail::parallel_for(tasks, team, [&](Index task, int thread) {
        ++runs.at(static_cast<std::size_t>(task));
        if (thread < 0 || thread >= team) in_team = false;
      });
      for (const auto& count : runs) CHECK(count == 1);
      CHECK(in_team);
    }
}

TEST_CASE("tiles cover every item once and do not depend on the team") {
  for (const Index size : {0, 1, 63, 64, 65, 1000})
    for (const Index tile : {1, 64, 2000}) {
      std::vector<Index> lengths[2];
      for (const int team : {1, 4}) {
        std::vector<Index> length_at(static_cast<std::size_t>(size));
        std::vector<int> covered(static_cast<std::size_t>(size));
        detail::parallel_tiles(size, tile, team, [&](Index first, Index count, int) {
          length_at.at(static_cast<std::size_t>(first)) = count;
          for (Index i = first; i < first + count; ++i) ++covered.at(static_cast<std::size_t>(i));
        });
        for (const int times : covered) REQUIRE(times == 1);
        for (const Index length : length_at) REQUIRE(length <= tile);
        lengths[team > 1] = length_at;
      }
      CHECK(lengths[0] == lengths[1]);
    }
}

TEST_CASE("the number of threads is as set, and by default at least one") {
  const int before = threads();
  CHECK(before >= 1);
#ifndef EIGENCODER_NO_THREADS
  set_threads(3);
  CHECK(threads() == 3);
#else
  set_threads(3);
  CHECK(threads() == 1);
#endif
  set_threads(max_threads + 1);
  CHECK(threads() <= max_threads);
  set_threads(-2);
  CHECK(threads() == before);
  set_threads(0);
  CHECK(threads() == before);
}

TEST_CASE("an exception of a task reaches the caller, and the team works again") {
  for (const int team : {1, 2, 4}) {
    std::atomic<int> begun = 0;
    std::string message;
    try {
      detail::parallel_for(1000, team, [&](Index task, int) {
        ++begun;
        if (task >= 10) throw std::range_error("task " + std::to_string(task));
      });
    } catch (const std::range_error& error) {
      message = error.what();
    }
    CHECK(message.substr(0, 5) == "task ");
    CHECK(begun < 1000);
    std::atomic<int> later = 0;
    detail::parallel_for(100, team, [&](Index, int) { ++later; });
    CHECK(later == 100);
  }
}

TEST_CASE("a pass's loops visit every value and every column once") {
  Workspace<float> workspace(4);
  for (const Index work : {Index{1}, Pass<float>::min_parallel_work}) {
    const Pass<float> pass{workspace, 300};
    std::vector<std::atomic<int>> values(20000), columns(300);
    detail::parallel_values(pass, 20000, work, [&](Index i) { ++values.at(static_cast<std::size_t>(i)); });
    detail::parallel_columns(pass, 100, work, [&](Index j) { ++columns.at(static_cast<std::size_t>(j)); });
    for (const auto& count : values) REQUIRE(count == 1);
    for (const auto& count : columns) REQUIRE(count == 1);
  }
}
