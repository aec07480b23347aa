// What it gains to train the decoder alone, on a frozen encoder.
#include "comparison.hpp"
#include "modes.hpp"
#include "ours.hpp"

namespace benchmark {
namespace {

using namespace eigencoder;
using Decoding = Autoencoder<Encoder<Input<784>, Dense<1000>, Relu, Dense<500>, Relu, Dense<250>, Relu, Dense<30>>,
                             Decoder<Mirror>, Bernoulli, Frozen<WholeEncoder>>;

constexpr double wanted_gain = 1 / 0.75;

}  // namespace

Json run_frozen(const Options& options) {
  use_threads(options.threads);
  std::printf("Our samples per second on %d threads, medians of %d rounds in turns: the decoder alone on a frozen\n"
              "encoder, and the whole model. The ratio is what the first gains.\n\n"
              "workload        decoder     whole  %s\n", options.threads, options.rounds, Comparison::head);
  Json report;
  for (const Workload& workload : workloads()) {
    if (workload.name != "mlp_deep") continue;
    const Data data = workload.data();
    const auto whole = workload.ours(workload, data), decoder = ours<Decoding>(workload, data);
    Series of_decoder, of_whole;
    for (int round = 0; round < options.rounds; ++round)
      for (const bool whole_first : {round % 2 == 0, round % 2 != 0})
        (whole_first ? of_whole : of_decoder).push_back((whole_first ? *whole : *decoder).train(options.seconds));
    const Comparison comparison{wanted_gain, ratios(of_decoder, of_whole)};
    std::printf("%-13s %9.0f %9.0f  %s\n", workload.name.c_str(), median(of_decoder), median(of_whole),
                comparison.text().c_str());
    Json json;
    json.add("decoder", of_decoder).add("whole", of_whole);
    comparison.add_to(json);
    report.add(workload.name, json);
  }
  return report;
}

}  // namespace benchmark
