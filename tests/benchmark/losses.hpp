#pragma once

#include <cstdio>
#include <stdexcept>
#include <string>

#include "rivals.hpp"

namespace benchmark {

/// The mean loss of a sample on each side, 0 without libtorch.
struct Losses {
  double ours = 0, torch = 0;

  static Losses of(const Rivals& rivals) { return {rivals.ours->loss(), rivals.torch ? rivals.torch->loss() : 0}; }
};

/// Throws unless both sides began alike (up to how weights are drawn, which differs) and both learned.
inline void require_learning(const std::string& name, const Losses& before, const Losses& after) {
  const auto refuse = [&](const char* what, double a, double b) {
    throw std::runtime_error(name + ": " + what + ", " + std::to_string(a) + " and " + std::to_string(b));
  };
  if (!(after.ours < before.ours)) refuse("our loss does not fall", before.ours, after.ours);
  if (before.torch == 0) return;
  if (!(after.torch < before.torch)) refuse("libtorch's loss does not fall", before.torch, after.torch);
  if (before.ours > 10 * before.torch || before.torch > 10 * before.ours)
    refuse("the losses before training are far apart", before.ours, before.torch);
}

}  // namespace benchmark
