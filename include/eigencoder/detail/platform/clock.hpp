#pragma once

#include <ctime>
#if !defined(CLOCK_MONOTONIC) || defined(_WIN32)
#include <chrono>
#endif

namespace eigencoder::detail {

/// Seconds on a monotonic clock. `<chrono>` costs every user compile time, so it is included only where POSIX's clock
/// is missing.
inline double now() {
#if defined(CLOCK_MONOTONIC) && !defined(_WIN32)
  std::timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
#else
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
#endif
}

}  // namespace eigencoder::detail
