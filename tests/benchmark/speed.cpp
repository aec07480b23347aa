// Training and inference beside libtorch's, and beside what the machine can do.
#include <cctype>
#include <cmath>
#include <cstdlib>

#include "comparison.hpp"
#include "losses.hpp"
#include "machine.hpp"
#include "modes.hpp"
#include "rounds.hpp"

namespace benchmark {
namespace {

constexpr double wanted_mean = 2.4;  // of the training ratios

/// A handicap of libtorch's must not pass for a lead of ours.
void warn_of_waiting(int threads) {
  const char* const set = std::getenv("OMP_WAIT_POLICY");
  std::string policy = set ? set : "";
  for (char& letter : policy) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  if (threads > 1 && policy == "passive")
    std::fprintf(stderr, "benchmark: OMP_WAIT_POLICY=passive slows libtorch down: "
                         "do not quote these ratios\n");
}

/// One row of the table: samples per second, the ratio, and our share of what the machine allows.
Json print_row(const Workload& workload, const char* what, const Figures& figures, double expected, const Work& work,
               const Machine& machine) {
  const Comparison comparison{expected, ratios(figures.ours, figures.theirs)};
  const double batches = median(figures.ours) / static_cast<double>(workload.batch);
  const double share = machine.limit(work) * batches;
  const bool by_operations = machine.bound_by_operations(work);
  std::printf("%-13s %5lld  %-9s %9.0f %9.0f  %-41s %4.0f%% of %s\n", workload.name.c_str(),
              static_cast<long long>(workload.batch), what, median(figures.ours), median(figures.theirs),
              comparison.text().c_str(), 100 * share, by_operations ? "operations" : "bytes");
  std::fflush(stdout);
  Json json;
  json.add("ours", figures.ours).add("libtorch", figures.theirs);
  comparison.add_to(json);
  json.add("operations_of_batch", work.operations).add("bytes_of_batch", work.bytes);
  json.add("share_of_limit", share).add("limit", by_operations ? "operations" : "bytes");
  return json;
}

/// The notes below the table about a workload.
std::string note(const Workload& workload, const Rivals& rivals, const Losses& before, const Losses& after,
                 const std::string& setting) {
  char text[160];
  std::snprintf(text, sizeof text, "%-13s %10lld  %8.1f -> %8.1f", workload.name.c_str(),
                static_cast<long long>(rivals.ours->parameters()), before.ours, after.ours);
  std::string line = text;
  if (rivals.torch) {
    std::snprintf(text, sizeof text, "  %8.1f -> %8.1f  %s", before.torch, after.torch, setting.c_str());
    line += text;
  }
  return line + '\n';
}

}  // namespace

Json run_speed(const Options& options) {
  const Machine machine = measure_machine(options.threads);
  std::printf("Samples per second on %d threads, medians of %d rounds in turns. The ratio is ours / libtorch's, its\n"
              "median (lowest-highest), and the ratio expected. The limit is what the machine allows at its measured\n"
              "%.0f GFLOP/s and %.1f GB/s: our share of it, and which of the two binds.\n\n"
              "workload      batch                  ours  libtorch  %-41s of the limit\n",
              options.threads, options.rounds, machine.operations / 1e9, machine.bytes / 1e9, Comparison::head);
  Json report, all;
  std::string notes;
  Series training_ratios;
  for (const Workload& workload : workloads()) {
    if (!options.wants(workload)) continue;
    const Rivals rivals(workload, options.threads);
    const Losses before = Losses::of(rivals);
    const std::string setting = rivals.torch ? rivals.torch->tune(options.seconds / 4) : "absent";
    if (rivals.torch && notes.empty()) warn_of_waiting(options.threads);
    Figures training, inference;
    for (int round = 0; round < options.rounds; ++round) {
      take_turns(training, round, options.seconds, *rivals.ours, rivals.torch.get(), &Contender::train);
      take_turns(inference, round, options.seconds, *rivals.ours, rivals.torch.get(), &Contender::infer);
    }
    const Losses after = Losses::of(rivals);
    require_learning(workload.name, before, after);
    Json json;
    json.add("parameters", static_cast<double>(rivals.ours->parameters())).add("libtorch_setting", setting);
    json.add("training", print_row(workload, "training", training, workload.targets.training,
                                   training_work(workload), machine));
    json.add("inference", print_row(workload, "inference", inference, workload.targets.inference,
                                    inference_work(workload), machine));
    all.add(workload.name, json);
    notes += note(workload, rivals, before, after, setting);
    if (rivals.torch) training_ratios.push_back(median(ratios(training.ours, training.theirs)));
  }
  report.add("threads", options.threads).add("operations", machine.operations).add("bytes", machine.bytes);
  report.add("workloads", all);
  if (options.only.empty() && !training_ratios.empty()) {
    double logarithms = 0;
    for (const double ratio : training_ratios) logarithms += std::log(ratio);
    const Comparison mean{wanted_mean, {std::exp(logarithms / static_cast<double>(training_ratios.size()))}};
    std::printf("%-50s %6.2f %-15s %5.2f %s\n", "geometric mean of the training ratios", mean.ratio(), "", wanted_mean,
                mean.reached() ? "reached" : "not reached");
    Json json;
    mean.add_to(json);
    report.add("geometric_mean", json);
  }
  std::printf("\nworkload      parameters  our loss of a sample  libtorch's            libtorch's best setting\n%s",
              notes.c_str());
  return report;
}

}  // namespace benchmark
