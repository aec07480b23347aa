#pragma once

#include "work.hpp"

namespace benchmark {

/// The largest number of bytes that training may allocate: parameters and optimizer state, a snapshot of both, one
/// batch's workspace (the samples, each layer's output, two gradients of the widest) and the data, plus 10%. Without
/// early stopping the best epoch is not stored.
inline double memory_budget(const Workload& workload) {
  const Totals all = totals(workload, true);
  const double learned = 2 * (1 + workload.descent.slots()) * all.parameters;
  const auto batch = static_cast<double>(workload.batch), sample = static_cast<double>(workload.size.values());
  const double workspace = batch * (sample + all.stored + 2 * all.widest);
  const double data = static_cast<double>(workload.batches) * batch * sample;
  return 1.1 * sizeof(float) * (learned + workspace + data);
}

}  // namespace benchmark
