#include <eigencoder/detail/training/batches.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

using namespace eigencoder;
using detail::Batches;

namespace {

using Indices = std::vector<std::uint32_t>;

Indices counted(std::size_t n, std::uint32_t from = 0) {
  Indices indices(n);
  std::iota(indices.begin(), indices.end(), from);
  return indices;
}

Indices all(const Batches& batches) {
  Indices indices;
  for (Index b = 0; b < batches.count(); ++b)
    indices.insert(indices.end(), batches.batch(b).begin(), batches.batch(b).end());
  return indices;
}

}  // namespace

TEST_CASE("batches contain every index once: full ones, and a last one with the rest") {
  for (const std::size_t n : {1U, 2U, 5U, 6U, 7U, 36U, 37U})
    for (const Index size : {1, 2, 3, 6, 36, 100})
      for (const bool join : {false, true}) {
        INFO(n << " samples, batches of " << size << ", join " << join);
        const Batches batches(counted(n, 10), size, join);
        CHECK(all(batches) == counted(n, 10));
        CHECK(batches.samples() == static_cast<Index>(n));
        for (Index b = 0; b + 1 < batches.count(); ++b)
          CHECK(static_cast<Index>(batches.batch(b).size()) == size);
        const auto last = static_cast<Index>(batches.batch(batches.count() - 1).size());
        const Index rest = static_cast<Index>(n) % size;
        const bool joined = join && rest == 1 && static_cast<Index>(n) > size;
        CHECK(last == (joined ? size + 1 : rest == 0 ? size : rest));
      }
}

TEST_CASE("a batch size beyond all samples is one batch, however large") {
  for (const std::size_t n : {1U, 2U, 7U})
    for (const bool join : {false, true}) {
      const Batches batches(counted(n), std::numeric_limits<Index>::max(), join);
      CHECK(batches.count() == 1);
      CHECK(all(batches) == counted(n));
    }
}

TEST_CASE("an order permutes the indices and follows from seed and epoch alone") {
  Batches batches(counted(100, 7), 8, false), fresh(counted(100, 7), 32, false);
  batches.shuffle_for(3, 0);
  const Indices first = all(batches);
  CHECK(std::is_permutation(first.begin(), first.end(), counted(100, 7).begin()));
  CHECK(first != counted(100, 7));
  batches.shuffle_for(3, 1);
  const Indices second = all(batches);
  CHECK(second != first);
  batches.shuffle_for(4, 1);
  CHECK(all(batches) != second);
  fresh.shuffle_for(3, 1);
  CHECK(all(fresh) == second);
  batches.shuffle_for(3, 0);
  CHECK(all(batches) == first);
}
