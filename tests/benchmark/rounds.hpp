#pragma once

#include "contender.hpp"
#include "series.hpp"

namespace benchmark {

/// What two sides did in their turns; `theirs` is empty where there is no rival.
struct Figures {
  Series ours, theirs;
};

/// Adds a round: both contenders' turns at the same work, `torch` may be null. Who begins changes from round to round.
inline void take_turns(Figures& figures, int round, double seconds, Contender& ours, Contender* torch,
                       double (Contender::*work)(double)) {
  for (const bool our_turn : {round % 2 == 0, round % 2 != 0}) {
    if (our_turn) figures.ours.push_back((ours.*work)(seconds));
    else if (torch) figures.theirs.push_back((torch->*work)(seconds));
  }
}

}  // namespace benchmark
