#pragma once

#include <common/json.hpp>
#include <common/options.hpp>
#include <string>
#include <vector>
#include "classics.hpp"
#include "row_detector.hpp"
#include "scores_file.hpp"

namespace examples {

/// The files that show what a detector says of rows, and their names: scores.csv, histogram.svg, contributions.svg, and
/// where both kinds of labels are roc.svg and precision_recall.svg.
/// @param samples  the scored rows, encoded
/// @param methods  the detector's scores and those of others
std::vector<std::string> write_results(const Options& options, const RowDetector& detector,
                                       const eigencoder::Table& table, const eigencoder::MatrixX<float>& samples,
                                       const ScoredRows& scored, const std::vector<MethodScores>& methods);

/// Writes metrics.json and says where the results are. @param more  names of further files
void finish_table(const Options& options, const JsonObject& metrics, std::vector<std::string> files);

}  // namespace examples
