#pragma once

#include <common/options.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include "row_detector.hpp"

namespace examples {

/// What a benchmark runs over.
struct BenchmarkSettings {
  std::string folder;  ///< of tables *.csv or *.csv.gz with a column `label`, 1 for an anomaly
  eigencoder::Index seeds = 5;
  double false_alarms = 0.05;
  eigencoder::Index steps = 0;  ///< as `DetectorTraining`
};

/// Trains and tests detectors on every table of a folder by both protocols, each for some seeds, from the option's on;
/// prints the means beside those of the classic methods and writes metrics.json.
/// @throws UsageError for a folder without tables, and for a table that cannot be used
void run_benchmark(const Options& options, const BenchmarkSettings& settings);

}  // namespace examples
