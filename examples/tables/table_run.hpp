#pragma once

#include <common/options.hpp>
#include <eigencoder/extend/types.hpp>
#include <optional>
#include <string>
#include "parts.hpp"
#include "table.hpp"

namespace examples {

/// What the command line asks for.
struct TableSettings {
  std::string csv = {};      ///< a file; empty: the program draws a table
  bool draws_mixed = false;  ///< whether that has words and gaps, as `mixed_table`, or numbers alone, as `drawn_table`
  std::string model = {};    ///< a saved detector; empty: a detector is trained
  TableFormat format = {};
  std::optional<TrainOn> train_on = {};     ///< empty: normal rows where there are labels, else all
  std::optional<double> false_alarms = {};  ///< empty: 0.05, or what the saved detector has
  eigencoder::Index steps = 0;              ///< as `DetectorTraining`
};

/// Trains a detector on a table, tests it, and writes scores, plots, figures and the detector.
/// @throws UsageError for a table that cannot be used
void run_table(const Options& options, const TableSettings& settings);

/// Scores a table with a saved detector.
/// @throws UsageError also where a column of the detector is missing
void run_saved_detector(const Options& options, const TableSettings& settings);

}  // namespace examples
