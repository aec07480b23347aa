// How many processors a process may use.
#include <eigencoder/detail/platform/available_cores.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

#include <filesystem>
#include <fstream>
#include <limits>

namespace available_cores_test {
using namespace eigencoder::detail;

namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// A folder like /sys/fs/cgroup.
struct Groups {
  TemporaryFolder folder;

  void put(const std::string& path, const std::string& text) const {
    const std::filesystem::path file = folder.path() + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text << '\n';
  }
  double quota(const std::string& groups) const {
    put("/groups", groups);
    return processor_quota((folder / "groups").c_str(), folder.path().c_str());
  }
};

}  // namespace

TEST_CASE("the quota of control groups of version 2 is the least of a group and those around it") {
  const Groups groups;
  CHECK(groups.quota("0::/\n") == unlimited);
  groups.put("/cpu.max", "max 100000");
  groups.put("/a/cpu.max", "250000 100000");
  groups.put("/a/b/cpu.max", "60000 20000");
  groups.put("/a/b/c/cpu.max", "max 100000");
  groups.put("/d/cpu.max", "50000 100000");
  CHECK(groups.quota("0::/\n") == unlimited);
  CHECK(groups.quota("0::/a\n") == 2.5);
  CHECK(groups.quota("0::/a/b/c\n") == 2.5);
  CHECK(groups.quota("0::/d\n") == 0.5);
  CHECK(groups.quota("0::/host/path/of/a/container\n") == unlimited);
  groups.put("/cpu.max", "300000 100000");  // as a container sees its own
  CHECK(groups.quota("0::/\n") == 3);
  CHECK(groups.quota("0::/host/path/of/a/container") == 3);
}

TEST_CASE("the quota of control groups of version 1 is that of the controller of processors") {
  const Groups groups;
  groups.put("/cpu/a/cpu.cfs_quota_us", "150000");
  groups.put("/cpu/a/cpu.cfs_period_us", "100000");
  groups.put("/cpu/cpu.cfs_quota_us", "-1");
  groups.put("/cpu/cpu.cfs_period_us", "100000");
  CHECK(groups.quota("5:cpuset:/a\n4:cpu,cpuacct:/a\n1:name=systemd:/a\n0::/a\n") == 1.5);
  CHECK(groups.quota("5:cpuset:/a\n4:cpuacct,cpu:/\n") == unlimited);
}

TEST_CASE("damaged or missing files of control groups set no limit") {
  const Groups groups;
  for (const char* const text : {"", "max", "100000", "0 100000", "-5 100000", "100000 0", "words"}) {
    groups.put("/cpu.max", text);
    CHECK(groups.quota("0::/\n") == unlimited);
  }
  for (const char* const lines : {"", "\n", "0", "0:", "0:/", "no colons here\n", "::::\n"})
    CHECK(groups.quota(lines) == unlimited);
}

TEST_CASE("there is at least one processor, and not more than the affinity names") {
  CHECK(available_cores() >= 1);
#ifdef __linux__
  cpu_set_t before, one;
  REQUIRE(sched_getaffinity(0, sizeof before, &before) == 0);
  CPU_ZERO(&one);
  for (std::size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++i)
    if (CPU_ISSET(i, &before)) CPU_SET(i, &one);
  REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
  CHECK(available_cores() == 1);
  REQUIRE(sched_setaffinity(0, sizeof before, &before) == 0);
#endif
}

}  // namespace available_cores_test
