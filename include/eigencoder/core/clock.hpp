#pragma once

#include <ctime>

namespace eigencoder::detail {

/// Seconds on the clock of the day. (`<chrono>` would cost every user compile time.)
inline double now() {
  std::timespec time{};
  std::timespec_get(&time, TIME_UTC);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace eigencoder::detail
