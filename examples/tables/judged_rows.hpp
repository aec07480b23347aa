#pragma once

#include <common/json.hpp>
#include <eigencoder/data/table.hpp>
#include <eigencoder/extend/types.hpp>
#include <optional>
#include <string>
#include <vector>
#include "classics.hpp"
#include "row_detector.hpp"
#include "scores_file.hpp"

/// @file
/// Scores of tested rows, and how good they are.
namespace examples {

/// Scores rows of a table and finds the reasons.
/// @param samples  the rows, encoded
/// @param indices  the rows' indices in the table
ScoredRows score_rows(const RowDetector& detector, const eigencoder::Table& table,
                      const eigencoder::MatrixX<float>& samples, const std::vector<eigencoder::Index>& indices,
                      const std::vector<bool>& is_anomaly);

/// How well scores tell anomalies from normal rows; empty where there are not both.
struct Detection {
  std::optional<double> roc_auc, average_precision;
};
Detection detection_of(const std::vector<double>& scores, const std::vector<bool>& is_anomaly);

/// What a threshold does to rows with labels.
struct Alarms {
  eigencoder::Index normal = 0, anomalies = 0;              ///< how many there are
  eigencoder::Index false_alarms = 0, found_anomalies = 0;  ///< how many of them are flagged

  std::optional<double> false_alarm_rate() const;
  std::optional<double> detection_rate() const;
};
Alarms alarms_of(const ScoredRows& scored);

/// The detector's own scores and those of the classic methods.
std::vector<MethodScores> with_own(const std::vector<double>& own, const std::vector<MethodScores>& classics);

/// Writes `<key>_roc_auc` and `<key>_average_precision`, for a detector of its own without a key.
void add_metrics(JsonObject& json, const std::vector<MethodScores>& methods, const std::vector<bool>& is_anomaly);

/// A line for each method with its figures, below a heading.
std::string methods_table(const std::vector<MethodScores>& methods, const std::vector<bool>& is_anomaly);

/// A line for each of the oddest rows, with the reasons.
std::string oddest_rows(const ScoredRows& scored, const std::vector<std::string>& names, std::size_t count = 10);

}  // namespace examples
