// What a second thread gains us, beside what it gains two products that know nothing of each other.
#include <algorithm>

#include "comparison.hpp"
#include "machine.hpp"
#include "modes.hpp"

namespace benchmark {
namespace {

/// Rates on one thread and on two.
struct Gain {
  Series one, two;
  Series ratios() const { return benchmark::ratios(two, one); }
};

/// Two threads can gain no more than the machine gives: close to what independent products gain will do.
double wanted_gain(const Workload& workload, const Gain& products) {
  return std::min(workload.targets.scaling, 0.93 * median(products.ratios()));
}

void take_turns(Gain& gain, int round, double (Contender::*work)(double), Contender& ours, double seconds) {
  for (const int threads : {round % 2 == 0 ? 1 : 2, round % 2 == 0 ? 2 : 1}) {
    use_threads(threads);
    (threads == 1 ? gain.one : gain.two).push_back((ours.*work)(seconds));
  }
}

Json print_row(const Workload& workload, const char* what, const Gain& gain, const Gain& products) {
  const double expected = wanted_gain(workload, products);
  const Comparison comparison{expected, gain.ratios()};
  std::printf("%-13s %-9s %9.0f %9.0f  %-41s %5.2f\n", workload.name.c_str(), what, median(gain.one),
              median(gain.two), comparison.text().c_str(), median(products.ratios()));
  std::fflush(stdout);
  Json json;
  json.add("one", gain.one).add("two", gain.two);
  comparison.add_to(json);
  return json;
}

}  // namespace

Json run_scaling(const Options& options) {
  std::printf("Our samples per second on 1 thread and on 2, medians of %d rounds in turns; the ratio is their gain.\n"
              "Beside it, from the same turns, that of two independent single-thread Eigen products over one.\n\n"
              "workload                 1 thread 2 threads  %-41s products\n", options.rounds, Comparison::head);
  Json report;
  for (const Workload& workload : workloads()) {
    if (!options.wants(workload)) continue;
    const Data data = workload.data();
    const auto ours = workload.ours(workload, data);
    Gain training, inference, products;
    for (int round = 0; round < options.rounds; ++round) {
      take_turns(training, round, &Contender::train, *ours, options.seconds);
      take_turns(inference, round, &Contender::infer, *ours, options.seconds);
      products.one.push_back(eigen_products(1, options.seconds / 2));
      products.two.push_back(eigen_products(2, options.seconds / 2));
    }
    Json json;
    json.add("training", print_row(workload, "training", training, products));
    json.add("inference", print_row(workload, "inference", inference, products));
    json.add("products", products.ratios());
    report.add(workload.name, json);
  }
  return report;
}

}  // namespace benchmark
