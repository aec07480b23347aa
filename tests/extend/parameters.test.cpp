#include <eigencoder/extend/parameters.hpp>

#include "support/catch.hpp"
#include "support/thrown.hpp"

#include <limits>

using namespace eigencoder;

namespace {

constexpr Index unit = 16;  // of floats

}  // namespace

TEST_CASE("blocks follow one another, each at an aligned address") {
  ParameterLayout layout(unit);
  Index end = 0, count = 0;
  for (const Index rows : {1, 3, 16, 17})
    for (const Index cols : {1, 5, 16}) {
      const Index at = layout.add(ParameterKind::weight, rows, rows, cols);
      const ParameterBlock& block = layout.block(at);
      CHECK(block.offset % unit == 0);
      CHECK(block.offset >= end);
      CHECK(block.offset - end < unit);
      CHECK(block.size() == rows * cols);
      end = block.offset + block.size();
      count += rows * cols;
    }
  CHECK(layout.parameter_count() == count);
  CHECK(layout.parameters() % unit == 0);
  CHECK(layout.parameters() >= end);
  CHECK(layout.parameters() - end < unit);
}

TEST_CASE("blocks that no memory holds are refused by layer, and nothing is added") {
  constexpr Index most = std::numeric_limits<Index>::max();
  ParameterLayout layout(unit);
  layout.add(ParameterKind::weight, 0, 100, 10);
  struct Size {
    Index rows, cols;
  };
  for (const auto [rows, cols] : {Size{most, 1}, Size{1, most}, Size{most, most}, Size{Index{1} << 32, Index{1} << 32},
                                  Size{max_bytes / 4, 1}}) {
    const auto message =
        thrown<CompositionError>([&] { layout.add(ParameterKind::weight, 7, rows, cols); });
    CHECK(says(message, {"layer 7", std::to_string(rows), "memory"}));
    CHECK_THROWS_AS(layout.add_statistics(7, most, 0), CompositionError);
    CHECK(layout.parameters() == 1008);
    CHECK(layout.blocks().size() == 1);
    CHECK(layout.statistics() == 0);
  }
  CHECK_NOTHROW(layout.add(ParameterKind::weight, 8, max_bytes / 64 * unit - 1008, 1));
  CHECK_THROWS_AS(layout.add(ParameterKind::bias, 8, 1, 1), CompositionError);
}
