#pragma once

#include <common/line_plot.hpp>
#include <eigencoder/data/table.hpp>
#include <string>
#include <vector>
#include "classics.hpp"
#include "heat_table.hpp"
#include "scores_file.hpp"

/// @file
/// The plots of scores and of their reasons.
namespace examples {

/// How many rows have which score, as the outlines of a histogram: of normal rows and anomalies apart, each as a share
/// of its kind, where there are labels.
std::vector<Series> histogram_of(const ScoredRows& scored, std::size_t bins = 50);

/// The ROC curves of methods.
std::vector<Series> roc_of(const std::vector<MethodScores>& methods, const std::vector<bool>& is_anomaly);

/// Their precision-recall curves.
std::vector<Series> precision_recall_of(const std::vector<MethodScores>& methods, const std::vector<bool>& is_anomaly);

/// Cells and contributions of the oddest rows, in the columns that contribute most to them.
/// @param of_scored      the rows' indices in `scored`
/// @param contributions  columns x these rows, in this order
/// @param table          in which `scored.rows` are, with columns of these names
HeatTable contributions_table(const ScoredRows& scored, const std::vector<std::size_t>& of_scored,
                              const eigencoder::MatrixX<double>& contributions, const eigencoder::Table& table,
                              const std::vector<std::string>& names);

}  // namespace examples
