#pragma once

#include <sys/resource.h>

#include <fstream>
#include <string>

namespace benchmark {

/// The peak memory of this process in megabytes. In a child it begins with the memory at the fork.
inline double peak_memory() {
  std::ifstream status("/proc/self/status");  // Linux: getrusage would count the parent's memory, too
  for (std::string word; status >> word;)
    if (double kib = 0; word == "VmHWM:" && status >> kib) return kib * 1024 / 1e6;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
  return static_cast<double>(usage.ru_maxrss) / 1e6;  // counts bytes, elsewhere KiB
#else
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
#endif
}

}  // namespace benchmark
