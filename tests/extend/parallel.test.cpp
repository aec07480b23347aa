#include <eigencoder/extend/parallel.hpp>

#include "support/catch.hpp"

#include <atomic>
#include <stdexcept>
#include <vector>

using namespace eigencoder;

TEST_CASE("for_each_sample runs once for every column of the pass") {
  for (const int team : {1, 4})
    for (const Index batch : {0, 1, 5, 100}) {
      Workspace<float> workspace(team);
      const Pass<float> pass{workspace, batch};
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(batch));
      for_each_sample(pass, 10000, [&](Index j) { ++runs.at(static_cast<std::size_t>(j)); });
      for (const auto& count : runs) CHECK(count == 1);
    }
}

TEST_CASE("the slices of for_each_slice cover every value once and do not depend on the team") {
  for (const Index size : {0, 1, 1000, 300000}) {
    std::vector<Index> lengths[2];
    for (const int team : {1, 4}) {
      Workspace<double> workspace(team);
      const Pass<double> pass{workspace, 1};
      std::vector<Index> length_at(static_cast<std::size_t>(size));
      std::vector<int> covered(static_cast<std::size_t>(size));
      for_each_slice(pass, size, [&](Index first, Index count) {
        length_at.at(static_cast<std::size_t>(first)) = count;
        for (Index i = first; i < first + count; ++i) ++covered.at(static_cast<std::size_t>(i));
      });
      for (const int times : covered) REQUIRE(times == 1);
      lengths[team > 1] = length_at;
    }
    CHECK(lengths[0] == lengths[1]);
  }
}

TEST_CASE("an exception from a loop over samples is rethrown") {
  Workspace<float> workspace(4);
  const Pass<float> pass{workspace, 100};
  CHECK_THROWS_AS(for_each_sample(pass, 10000, [](Index j) { if (j == 50) throw std::runtime_error("50"); }),
                  std::runtime_error);
}
