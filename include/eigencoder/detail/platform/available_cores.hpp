#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <thread>

#ifdef __linux__
#include <sched.h>
#endif

/// @file
/// How many processors a process may use: those that the system lets it run on, within the share of their time that its
/// container grants.
namespace eigencoder::detail {

/// The text of a file of the system's, empty if it cannot be read.
inline std::string system_file(const std::string& path) {
  std::string text;
  if (std::FILE* const file = std::fopen(path.c_str(), "r")) {
    char block[4096];
    for (std::size_t count; (count = std::fread(block, 1, sizeof block, file)) > 0;) text.append(block, count);
    std::fclose(file);
  }
  return text;
}

/// The processors whose time one control group grants: infinity without a limit. `folder` is the group's.
inline double group_quota(const std::string& folder) {
  double quota = 0, period = 0;
  const std::string both = system_file(folder + "/cpu.max");  // version 2: "200000 100000", or "max 100000"
  if (std::sscanf(both.c_str(), "%lf %lf", &quota, &period) != 2) {
    const std::string quota_text = system_file(folder + "/cpu.cfs_quota_us");  // version 1: -1 without a limit
    const std::string period_text = system_file(folder + "/cpu.cfs_period_us");
    if (std::sscanf(quota_text.c_str(), "%lf", &quota) != 1 || std::sscanf(period_text.c_str(), "%lf", &period) != 1)
      quota = 0;
  }
  return quota > 0 && period > 0 ? quota / period : std::numeric_limits<double>::infinity();
}

/// The processors whose time the control groups of a process grant, the least of its own and those around it; infinity
/// without a limit. Source: Linux, "Control Group v2", "CPU interface files"; "CFS bandwidth control".
/// @param groups  the groups of the process, as in /proc/self/cgroup: lines "0::/path" of version 2, and
///                "4:cpu,cpuacct:/path" of version 1
/// @param mount   where the groups' files are
inline double processor_quota(const std::string& groups, const std::string& mount = "/sys/fs/cgroup") {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t start = 0; start < groups.size();) {
    const std::size_t end = (std::min)(groups.find('\n', start), groups.size());
    const std::string line = groups.substr(start, end - start);
    start = end + 1;
    const std::size_t controllers = line.find(':'), path = line.find(':', controllers + 1);
    if (controllers == std::string::npos || path == std::string::npos) continue;
    const std::string names = "," + line.substr(controllers + 1, path - controllers - 1) + ",";
    const bool is_version_2 = names == ",,";
    if (!is_version_2 && names.find(",cpu,") == std::string::npos) continue;
    const std::string root = mount + (is_version_2 ? "" : "/cpu");
    // Within a container the path may be the host's, which is not here; the groups that are here lie around it.
    for (std::string group = line.substr(path + 1);; group.resize(group.rfind('/'))) {
      least = (std::min)(least, group_quota(root + group));
      if (group.find('/') == std::string::npos) break;
    }
  }
  return least;
}

/// The number of processors that this process may use: the least of those that its affinity names and the floor of its
/// control groups' quota, at least 1.
inline int available_cores() {
  double cores = std::thread::hardware_concurrency();
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) cores = CPU_COUNT(&set);
  cores = (std::min)(cores, std::floor(processor_quota(system_file("/proc/self/cgroup"))));
#endif
  return static_cast<int>((std::max)(1.0, cores));
}

}  // namespace eigencoder::detail
