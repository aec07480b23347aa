#include <eigencoder/detail/base/task_shares.hpp>

#include "support/catch.hpp"

#include <set>

using eigencoder::Index;
using eigencoder::detail::TaskShares;

TEST_CASE("each thread is given neighbors in order, then the backs of the others' shares") {
  TaskShares shares(7, 3);  // 0 1, 2 3, 4 5 6
  CHECK(shares.next(1) == 2);
  CHECK(shares.next(0) == 0);
  CHECK(shares.next(1) == 3);
  CHECK(shares.next(1) == 6);
  CHECK(shares.next(2) == 4);
  CHECK(shares.next(1) == 5);
  CHECK(shares.next(2) == 1);
  for (const int thread : {0, 1, 2}) CHECK(shares.next(thread) == -1);
}

TEST_CASE("every task is given once, whichever threads ask") {
  for (const Index tasks : {0, 1, 2, 63, 64, 65, 1000})
    for (const int team : {1, 2, 3, 64, 100})
      for (const int step : {0, 1, 7}) {
        TaskShares shares(tasks, team);
        std::set<Index> given;
        int thread = 0;
        for (Index task = shares.next(0); task >= 0; task = shares.next(thread)) {
          CHECK(task < tasks);
          CHECK(given.insert(task).second);
          thread = (thread + step) % team;
        }
        CHECK(given.size() == static_cast<std::size_t>(tasks));
      }
}
