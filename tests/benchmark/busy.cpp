// What two threads are worth on a machine that is not idle.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include "modes.hpp"

namespace benchmark {
namespace {

/// Other programs that do nothing but compute, while it lives.
class BusyLoops {
 public:
  explicit BusyLoops(int count) {
    std::fflush(nullptr);  // or the children would print it again
    for (int i = 0; i < count; ++i) {
      const pid_t child = fork();
      if (child == 0) {
        ::alarm(3600);  // should the benchmark be killed
        for (volatile unsigned counter = 0;;) counter = counter + 1;
      }
      if (child < 0) {
        end();
        throw std::runtime_error("no child process");
      }
      children_.push_back(child);
    }
  }
  BusyLoops(const BusyLoops&) = delete;
  BusyLoops& operator=(const BusyLoops&) = delete;
  ~BusyLoops() { end(); }

 private:
  void end() {
    for (const pid_t child : children_) {
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
    }
  }

  std::vector<pid_t> children_;
};

constexpr int max_loops = 2;

/// Rates of one kind of work.
struct Rates {
  Series one;                   ///< on one thread of an idle machine
  Series team[1 + max_loops];  ///< on the team, beside none, one and two busy loops
};

void measure(Rates& rates, Contender& ours, double (Contender::*work)(double), const Options& options) {
  use_threads(1);
  rates.one.push_back((ours.*work)(options.seconds));
  use_threads(options.threads);
  for (int loops = 0; loops <= max_loops; ++loops) {
    const BusyLoops beside(loops);
    rates.team[loops].push_back((ours.*work)(options.seconds));
  }
}

Json print_row(const Workload& workload, const char* what, const Rates& rates) {
  std::printf("%-13s %-9s %9.0f", workload.name.c_str(), what, median(rates.one));
  Json json;
  json.add("one_thread", rates.one);
  for (int loops = 0; loops <= max_loops; ++loops) {
    const Series shares = ratios(rates.team[loops], rates.one);
    const auto [lowest, highest] = std::minmax_element(shares.begin(), shares.end());
    std::printf("  %5.2f (%.2f-%.2f)", median(shares), *lowest, *highest);
    json.add("beside_" + std::to_string(loops), rates.team[loops]);
  }
  std::printf("\n");
  std::fflush(stdout);
  return json;
}

}  // namespace

Json run_busy(const Options& options) {
  std::printf("Our speed on %d threads of an idle machine, beside one and beside two busy loops of other programs, as a\n"
              "share of one thread's speed on the idle machine: medians of %d rounds (lowest-highest).\n\n"
              "workload                samples/s   share, idle        beside one loop    beside two loops\n",
              options.threads, options.rounds);
  Json report;
  for (const Workload& workload : workloads()) {
    if (!options.wants(workload)) continue;
    const Data data = workload.data();
    const auto ours = workload.ours(workload, data);
    Rates training, inference;
    for (int round = 0; round < options.rounds; ++round) {
      measure(training, *ours, &Contender::train, options);
      measure(inference, *ours, &Contender::infer, options);
    }
    Json json;
    json.add("training", print_row(workload, "training", training));
    json.add("inference", print_row(workload, "inference", inference));
    report.add(workload.name, json);
  }
  return report;
}

}  // namespace benchmark
