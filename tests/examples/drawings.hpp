#pragma once

#include "support/catch.hpp"

/// Checks that the pictures drawn depend on the seed alone, not on the run or on how many are drawn.
template <class Draw>
void check_repeatable(const Draw& draw) {
  const auto few = draw(20, 7), again = draw(20, 7), more = draw(50, 7);
  CHECK(few.samples == again.samples);
  CHECK(more.samples.leftCols(20) == few.samples);
  CHECK_FALSE(draw(20, 8).samples == few.samples);
}
