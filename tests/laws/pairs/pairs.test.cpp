// The pairs of one stack and of every EIGENCODER_PAIRS_STEP-th row of the list, for each program.
#include "laws/pairs/pairs.hpp"

TEST_CASE("pairs of policies: gradients, and the same bits fused and unfused") {
  laws::check_rows<laws::EIGENCODER_PAIRS_STACK, EIGENCODER_PAIRS_FIRST, EIGENCODER_PAIRS_STEP>(laws::Policies());
}
