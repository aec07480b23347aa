#pragma once

#include "contender.hpp"
#include "series.hpp"

namespace benchmark {

/// Both contenders in turn, `torch` may be null; who begins changes from round to round.
inline Outcome run_rounds(int rounds, double seconds, Contender& ours, Contender* torch) {
  Outcome outcome;
  const auto measure = [&](Figures& figures, double (Contender::*work)(double), bool ours_first) {
    if (ours_first) figures.ours.push_back((ours.*work)(seconds));
    if (torch) figures.torch.push_back((torch->*work)(seconds));
    if (!ours_first) figures.ours.push_back((ours.*work)(seconds));
  };
  for (int round = 0; round < rounds; ++round) {
    measure(outcome.training, &Contender::train, round % 2 == 0);
    measure(outcome.inference, &Contender::infer, round % 2 == 0);
  }
  return outcome;
}

}  // namespace benchmark
