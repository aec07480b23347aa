#pragma once

#include <string>
#include <vector>

#include "workload.hpp"

namespace benchmark {

struct Options {
  int rounds = 5;
  int threads = 2;
  double seconds = 2;
  std::string only;
  std::string json;
  bool scaling = false, latency = false, memory = false, busy = false, frozen = false;

  /// Whether a workload is to be run.
  bool wants(const Workload& workload) const { return only.empty() || only == workload.name; }
};

/// What the command line says; ends the program where it is wrong, or asks for help.
Options read_options(int argc, char** argv);

}  // namespace benchmark
