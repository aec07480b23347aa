#include "options.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

namespace benchmark {

Options read_options(int argc, char** argv) {
  Options options;
  CLI::App app("Measures training and inference beside libtorch's, in turns: the medians of samples per second,\n"
               "the median and the range of the ratio, and the share of what the machine can do; 5 minutes.\n"
               "\"expected\" is the ratio that the project sets itself: a figure, not a test.", "benchmark");
  std::string names;
  for (const Workload& workload : workloads()) names += (names.empty() ? "" : ", ") + workload.name;
  app.add_option("--rounds", options.rounds, "Rounds, at least 5")
      ->check(CLI::Range(5, 10000))->capture_default_str();
  app.add_option("--threads", options.threads, "Threads of both libraries")
      ->check(CLI::Range(1, 1024))->capture_default_str();
  app.add_option("--seconds", options.seconds, "Time of a turn")->check(CLI::Range(0.01, 3600.0))
      ->capture_default_str();
  app.add_option("--only", options.only, "One workload alone: " + names)->check([](const std::string& name) {
    for (const Workload& workload : workloads())
      if (workload.name == name) return std::string{};
    return "there is no workload " + name;
  });
  app.add_option("--json", options.json, "A file for all figures");
  auto* const instead = app.add_option_group("Instead", "One of");
  instead->add_flag("--scaling", options.scaling,
                    "Ours on one thread and on two, beside two Eigen products; 6 minutes");
  instead->add_flag("--latency", options.latency, "The time for one sample on one thread; a minute");
  instead->add_flag("--memory", options.memory, "The peak memory of training, beside what it may be");
  instead->add_flag("--busy", options.busy,
                    "Ours beside busy loops that it starts, as a share of one thread's speed without; 8 minutes");
  instead->add_flag("--frozen", options.frozen, "The decoder alone on a frozen encoder, beside the whole model; a minute");
  instead->require_option(0, 1);
  app.footer("libtorch needs the machine's BLAS to be OpenBLAS for OpenMP\n"
             "(libopenblas0-openmp, update-alternatives).\n"
             "Ratios want an idle machine and no OMP_WAIT_POLICY=passive,\n"
             "which slows libtorch down.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error) == 0 ? 0 : 2);
  }
  return options;
}

}  // namespace benchmark
