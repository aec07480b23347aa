#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <eigencoder/detail/platform/native_threads.hpp>
#include <limits>

/// @file
/// How many processors a process may use: those that the system lets it run on, within the share of their time that its
/// container grants. Without std::string, which every user's compiler would pay for.
namespace eigencoder::detail {

/// The longest path of a file of the system's.
inline constexpr int max_path_length = 4096;

/// Reads two numbers at most from the file `folder`/`name`. Returns how many there are.
inline int read_numbers(const char* folder, const char* name, double& first, double& second) {
  char path[2 * max_path_length];
  const int length = std::snprintf(path, sizeof path, "%s/%s", folder, name);
  if (length < 0 || length >= 2 * max_path_length) return 0;
  std::FILE* const file = std::fopen(path, "r");
  if (!file) return 0;
  const int count = std::fscanf(file, "%lf %lf", &first, &second);
  std::fclose(file);
  return count;
}

/// The processors whose time one control group grants: infinity without a limit. `folder` is the group's.
inline double group_quota(const char* folder) {
  double quota = 0, period = 0, none = 0;
  const bool is_limited = read_numbers(folder, "cpu.max", quota, period) == 2 ||  // version 2; "max 100000": no limit
                          (read_numbers(folder, "cpu.cfs_quota_us", quota, none) == 1 &&  // version 1; -1: no limit
                           read_numbers(folder, "cpu.cfs_period_us", period, none) == 1);
  return is_limited && quota > 0 && period > 0 ? quota / period : std::numeric_limits<double>::infinity();
}

/// Whether a list of controllers, "cpu,cpuacct", names that of processors.
inline bool names_processors(const char* controllers) {
  for (; controllers; controllers = std::strchr(controllers, ',')) {
    if (*controllers == ',') ++controllers;
    if (std::strncmp(controllers, "cpu", 3) == 0 && (controllers[3] == ',' || controllers[3] == 0)) return true;
  }
  return false;
}

/// The processors whose time the control groups of a process grant, the least of its own and those around it; infinity
/// without a limit. Source: Linux, "Control Group v2", "CPU interface files"; "CFS bandwidth control".
/// @param groups  a file with the groups of the process: lines "0::/path" of version 2, "4:cpu,cpuacct:/path" of 1
/// @param mount   where the groups' files are
inline double processor_quota(const char* groups = "/proc/self/cgroup", const char* mount = "/sys/fs/cgroup") {
  double least = std::numeric_limits<double>::infinity();
  std::FILE* const file = std::fopen(groups, "r");
  if (!file) return least;
  char line[max_path_length];
  while (std::fgets(line, sizeof line, file)) {
    char* const controllers = std::strchr(line, ':');
    char* const path = controllers ? std::strchr(controllers + 1, ':') : nullptr;
    if (!path) continue;
    *path = 0;
    path[1 + std::strcspn(path + 1, "\n")] = 0;
    const bool is_version_2 = controllers[1] == 0;
    if (!is_version_2 && !names_processors(controllers + 1)) continue;
    char folder[2 * max_path_length];
    const int root = std::snprintf(folder, sizeof folder, "%s%s", mount, is_version_2 ? "" : "/cpu");
    if (root < 0 || root >= max_path_length) continue;
    std::strcpy(folder + root, path + 1);
    // Within a container the path may be the host's, which is not here; the groups that are here lie around it.
    while (true) {
      least = (std::min)(least, group_quota(folder));
      char* const last = std::strrchr(folder + root, '/');
      if (!last) break;
      *last = 0;
    }
  }
  std::fclose(file);
  return least;
}

/// The number of processors that the calling thread may use: the least of those that its affinity names and the floor
/// of its control groups' quota, at least 1.
inline int available_cores() {
  double cores = online_processors();
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) cores = CPU_COUNT(&set);
  cores = (std::min)(cores, std::floor(processor_quota()));
#endif
  return static_cast<int>((std::max)(1.0, cores));
}

}  // namespace eigencoder::detail
