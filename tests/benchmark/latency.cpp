// How long one sample takes on one thread, as in a loop that reconstructs each reading when it comes.
#include "comparison.hpp"
#include "modes.hpp"
#include "rivals.hpp"
#include "rounds.hpp"

namespace benchmark {

Json run_latency(const Options& options) {
  std::printf("Nanoseconds to reconstruct one sample on one thread, medians of %d rounds in turns.\n"
              "The ratio is libtorch's / ours, its median (lowest-highest), and the ratio expected.\n\n"
              "model               ours   libtorch  %s\n", options.rounds, Comparison::head);
  Json report;
  for (const Workload& workload : latency_workloads()) {
    const Rivals rivals(workload, 1);
    Figures times;
    for (int round = 0; round < options.rounds; ++round)
      take_turns(times, round, options.seconds, *rivals.ours, rivals.torch.get(), &Contender::latency);
    const Comparison comparison{workload.targets.latency,
                                times.theirs.empty() ? Series{} : ratios(times.theirs, times.ours)};
    std::printf("%-15s %8.0f %10.0f  %s\n", workload.name.c_str(), 1e9 * median(times.ours),
                1e9 * median(times.theirs), comparison.text().c_str());
    std::fflush(stdout);
    Json json;
    json.add("ours", times.ours).add("libtorch", times.theirs);
    comparison.add_to(json);
    report.add(workload.name, json);
  }
  return report;
}

}  // namespace benchmark
