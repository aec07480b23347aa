// How fast we train and reconstruct beside libtorch: the same work in the same process on the same threads,
// in turns. A training step is forward, loss, backward and the optimizer on one batch.
//
// libtorch multiplies matrices with the machine's BLAS: let it be OpenBLAS for OpenMP (Debian:
// libopenblas0-openmp, chosen with update-alternatives). Ratios want an idle machine and no OMP_WAIT_POLICY:
// it would slow libtorch down, whose many short parallel regions would each have to wake their threads.
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>

#include "modes.hpp"

int main(int argc, char** argv) {
  using namespace benchmark;
  const Options options = read_options(argc, argv);
  try {
    Json report;
    if (options.memory) report.add("memory", run_memory(options));  // first: it forks, before there are threads
    if (options.scaling) report.add("scaling", run_scaling(options));
    if (options.latency) report.add("latency", run_latency(options));
    if (options.busy) report.add("busy", run_busy(options));
    if (options.frozen) report.add("frozen", run_frozen(options));
    if (!options.memory && !options.scaling && !options.latency && !options.busy && !options.frozen)
      report.add("speed", run_speed(options));
    if (!options.json.empty()) {
      std::ofstream file(options.json);
      file << report.text() << '\n';
      if (!file.flush()) throw std::runtime_error("cannot write " + options.json);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "benchmark: %s\n", error.what());
    return 1;
  }
}
