#pragma once

#include <atomic>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace eigencoder {

namespace detail {
inline std::atomic<int> thread_setting{0};
}

/// How many threads training and inference use from now on; 0 (the default) is all the machine offers
/// through OpenMP. Results do not depend on it, bit for bit. Without OpenMP everything runs on one.
inline void set_threads(int threads) { detail::thread_setting = threads > 0 ? threads : 0; }

/// The number of threads in force.
inline int threads() {
#ifdef _OPENMP
  const int wanted = detail::thread_setting;
  return wanted > 0 ? wanted : omp_get_max_threads();
#else
  return 1;
#endif
}

}  // namespace eigencoder
