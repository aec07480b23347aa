#pragma once

#include <algorithm>

#include "work.hpp"

namespace benchmark {

/// What the machine can do at most on some threads, as measured.
struct Machine {
  double operations, bytes;  ///< a second

  /// The shortest time for some work, in seconds: one of the two limits binds.
  double limit(const Work& work) const { return std::max(work.operations / operations, work.bytes / bytes); }
  bool bound_by_operations(const Work& work) const { return work.operations / operations > work.bytes / bytes; }
};

/// Operations by multiplying and adding within registers, bytes by a triad over more than 1 GB.
Machine measure_machine(int threads);

/// The total of Eigen products per second of `threads` threads, independent of each other.
double eigen_products(int threads, double seconds);

}  // namespace benchmark
