#pragma once

#include "work.hpp"

namespace benchmark {

/// The most bytes that training may hold: parameters and optimizer state, a snapshot of both to go back to, one batch's
/// workspace (the samples, what leaves each layer, two gradients of the widest) and the data, plus 10%. No best
/// epoch is kept, as nothing stops the training early.
inline double memory_budget(const Workload& workload) {
  const Totals all = totals(workload, true);
  const double learned = 2 * (1 + workload.descent.slots()) * all.parameters;
  const auto batch = static_cast<double>(workload.batch), sample = static_cast<double>(workload.size.values());
  const double workspace = batch * (sample + all.kept + 2 * all.widest);
  const double data = static_cast<double>(workload.batches) * batch * sample;
  return 1.1 * sizeof(float) * (learned + workspace + data);
}

}  // namespace benchmark
