// The peak memory of a training run, each in a process of its own.
#include "child.hpp"
#include "memory_budget.hpp"
#include "modes.hpp"
#include "peak_memory.hpp"
#include "rivals.hpp"

namespace benchmark {
namespace {

/// Megabytes that training takes, the data among them; 0 where there is no such contender. A small model is trained
/// first, so that what the libraries themselves bring along does not count.
template <class Build>
double training_memory(const Workload& workload, const Build& build) {
  return in_child([&] {
    const auto train = [&](const Workload& of) {
      const Data data = of.data();
      const std::unique_ptr<Contender> contender = build(of, data);
      if (contender) contender->train(0);
      return contender != nullptr;
    };
    if (!train(latency_workloads().front())) return 0.0;
    const double before = peak_memory();
    train(workload);
    return peak_memory() - before;
  });
}

}  // namespace

Json run_memory(const Options& options) {
  std::printf("Megabytes at the peak of a training run on %d threads, over those of the program itself. Allowed are\n"
              "parameters and optimizer state, a snapshot of both, one batch's workspace and the data, plus 10%%.\n\n"
              "workload           ours  allowed              libtorch\n", options.threads);
  use_threads(options.threads);
  Json report;
  for (const Workload& workload : workloads()) {
    if (!options.wants(workload)) continue;
    const double allowed = memory_budget(workload) / 1e6;
    const double ours = training_memory(workload, [](const auto& of, const Data& data) { return of.ours(of, data); });
    const double torch = training_memory(workload, [&](const auto& of, const Data& data) {
      return torch_contender(of, data, options.threads);
    });
    std::printf("%-13s %9.1f %8.1f %-11s %9.1f\n", workload.name.c_str(), ours, allowed,
                ours <= allowed ? "kept" : "exceeded", torch);
    std::fflush(stdout);
    Json json;
    json.add("ours", ours).add("allowed", allowed).add("kept", ours <= allowed).add("libtorch", torch);
    report.add(workload.name, json);
  }
  return report;
}

}  // namespace benchmark
