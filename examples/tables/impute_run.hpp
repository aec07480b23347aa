#pragma once

#include <common/options.hpp>
#include <eigencoder/extend/types.hpp>
#include <string>
#include "gappy_table.hpp"

namespace examples {

/// What the command line asks for.
struct ImputeSettings {
  std::string csv = {};  ///< a file; empty: the program draws a table
  GappyFormat format = {};
  double remove = 0.1;          ///< the share of known cells that the filling is judged by
  eigencoder::Index steps = 0;  ///< as `ImputerTraining`
};

/// Trains autoencoders on a table without some of its known cells, judges how they fill these, fills the gaps of the
/// table, and writes it, a plot and figures.
/// @throws UsageError for a table that cannot be used
void run_impute(const Options& options, const ImputeSettings& settings);

}  // namespace examples
