// How fast we train and reconstruct beside libtorch: the same work in the same process on the same threads,
// in turns. A training step is forward, loss, backward and Adam on one batch of random samples.
//
// libtorch multiplies matrices with the machine's BLAS: let it be OpenBLAS for OpenMP (Debian:
// libopenblas0-openmp, chosen with update-alternatives). Ratios want an idle machine and no OMP_WAIT_POLICY:
// libtorch opens many short parallel regions, and loses more than we do where each has to wake its threads.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <eigencoder/core/parallel.hpp>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "json.hpp"
#include "rounds.hpp"
#include "table.hpp"
#include "workload.hpp"

namespace benchmark {
namespace {

struct Options {
  int rounds = 5;
  int threads = 2;
  double seconds = 2;
  std::string only;
  std::string json;
};

void read(int argc, char** argv, Options& options) {
  CLI::App app("Measures training and inference beside libtorch's, in turns:\n"
               "the medians of samples per second, and the median and the range of the ratio.", "benchmark");
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
  app.footer("libtorch wants the machine's BLAS to be OpenBLAS for OpenMP\n"
             "(libopenblas0-openmp, update-alternatives).\n"
             "Ratios want an idle machine and no OMP_WAIT_POLICY=passive,\n"
             "which slows libtorch down more than us.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error) == 0 ? 0 : 2);
  }
}

/// A handicap of libtorch's must not pass for a lead of ours.
void warn_of_waiting(int threads) {
  const char* const policy = std::getenv("OMP_WAIT_POLICY");
  if (threads > 1 && policy && CLI::detail::to_lower(policy) == "passive")
    std::cerr << "benchmark: OMP_WAIT_POLICY=passive slows libtorch down more than us: "
                 "do not quote these ratios\n";
}

void require_fall(const char* whose, double before, double after) {
  std::printf("  loss of %s: %.1f -> %.1f\n", whose, before, after);
  if (!(after < before)) throw std::runtime_error(std::string("the loss does not fall: ") + whose);
}

Outcome run(const Workload& workload, const Options& options) {
  const Data data(workload.size, workload.batch);
  const auto ours = workload.ours(data);
  const auto torch = torch_contender(workload, data, options.threads);
  const auto parameters = ours->parameters();
  if (torch && torch->parameters() != parameters)
    throw std::runtime_error(workload.name + ": the models differ, ours has " + std::to_string(parameters) +
                             " parameters, libtorch's " + std::to_string(torch->parameters()));
  const double our_loss = ours->loss(), torch_loss = torch ? torch->loss() : 0;

  std::cout << workload.name << ": " << workload.size.height << " x " << workload.size.width << " x "
            << workload.size.channels << ", batch " << workload.batch << ", " << parameters
            << " parameters\n";
  if (torch) warn_of_waiting(options.threads);
  if (torch) std::cout << "  " << torch->tune(options.seconds / 4) << '\n' << std::flush;
  const Outcome outcome = run_rounds(options.rounds, options.seconds, *ours, torch.get());
  require_fall("ours", our_loss, ours->loss());
  if (torch) require_fall("libtorch", torch_loss, torch->loss());
  print_table(outcome);
  return outcome;
}

}  // namespace
}  // namespace benchmark

int main(int argc, char** argv) {
  using namespace benchmark;
  Options options;
  read(argc, argv, options);
  try {
    eigencoder::set_threads(options.threads);
    std::vector<std::pair<std::string, Outcome>> outcomes;
    for (const Workload& workload : workloads())
      if (options.only.empty() || options.only == workload.name)
        outcomes.emplace_back(workload.name, run(workload, options));
    if (!options.json.empty()) {
      std::ofstream file(options.json);
      write_json(file, options.threads, outcomes);
      if (!file.flush()) throw std::runtime_error("cannot write " + options.json);
    }
  } catch (const std::exception& error) {
    std::cerr << "benchmark: " << error.what() << '\n';
    return 1;
  }
}
