#pragma once

#include <atomic>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace eigencoder::detail {

/// The number of threads that the user set; 0 for all that OpenMP offers.
inline std::atomic<int> thread_setting{0};

/// The number of threads in force; 1 without OpenMP.
inline int thread_count() {
#ifdef _OPENMP
  const int chosen = thread_setting;
  return chosen > 0 ? chosen : omp_get_max_threads();
#else
  return 1;
#endif
}

}  // namespace eigencoder::detail
