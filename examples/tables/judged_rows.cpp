#include "judged_rows.hpp"

#include <algorithm>
#include <common/formatted.hpp>
#include <cstddef>
#include <eigencoder/evaluation/detection.hpp>
#include <iterator>
#include "text.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::Table, eigencoder::TableColumn;

namespace {

/// Fills in the cells of the reasons, and what is expected there, given all other cells of the row.
/// @param indices  of the rows in the table
void fill_in_cells(const RowDetector& detector, const Table& table, const MatrixX<float>& samples, const Index* indices,
                   std::vector<std::vector<Reason>>& reasons) {
  std::vector<const TableColumn*> known;
  for (const auto& column : detector.encoder().columns()) known.push_back(&table.column(column.name));
  std::size_t most = 0;
  for (const auto& of_row : reasons) most = (std::max)(most, of_row.size());
  for (std::size_t k = 0; k < most; ++k) {
    std::vector<Index> columns;  // any, where there is no such reason
    for (const auto& of_row : reasons) columns.push_back(k < of_row.size() ? of_row[k].column : 0);
    const Table expected = detector.encoder().inverse_transform(detector.expected(samples, columns));
    for (std::size_t j = 0; j < reasons.size(); ++j) {
      if (k >= reasons[j].size()) continue;
      Reason& reason = reasons[j][k];
      const auto column = static_cast<std::size_t>(reason.column);
      reason.value = cell_of(*known[column], indices[j]);
      reason.expected = cell_of(expected.columns()[column], static_cast<Index>(j));
    }
  }
}

}  // namespace

ScoredRows score_rows(const RowDetector& detector, const Table& table, const MatrixX<float>& samples,
                      const std::vector<Index>& indices, const std::vector<bool>& is_anomaly) {
  constexpr Index at_once = 4096;
  ScoredRows scored{.rows = indices, .threshold = detector.threshold(), .is_anomaly = is_anomaly};
  scored.scores = detector.score(samples);
  for (const double score : scored.scores) scored.p_values.push_back(detector.p_value_of(score));
  for (Index first = 0; first < samples.cols(); first += at_once) {
    const MatrixX<float> some = samples.middleCols(first, (std::min)(at_once, samples.cols() - first));
    auto reasons = reasons_of(detector.contributions(some));
    fill_in_cells(detector, table, some, indices.data() + first, reasons);
    std::move(reasons.begin(), reasons.end(), std::back_inserter(scored.reasons));
  }
  return scored;
}

Detection detection_of(const std::vector<double>& scores, const std::vector<bool>& is_anomaly) {
  const auto anomalies = std::count(is_anomaly.begin(), is_anomaly.end(), true);
  if (anomalies == 0 || anomalies == std::ssize(is_anomaly)) return {};
  return {eigencoder::roc_auc(scores, is_anomaly), eigencoder::average_precision(scores, is_anomaly)};
}

std::optional<double> Alarms::false_alarm_rate() const {
  if (normal == 0) return {};
  return static_cast<double>(false_alarms) / static_cast<double>(normal);
}
std::optional<double> Alarms::detection_rate() const {
  if (anomalies == 0) return {};
  return static_cast<double>(found_anomalies) / static_cast<double>(anomalies);
}

Alarms alarms_of(const ScoredRows& scored) {
  Alarms alarms;
  for (std::size_t k = 0; k < scored.is_anomaly.size(); ++k) {
    (scored.is_anomaly[k] ? alarms.anomalies : alarms.normal) += 1;
    if (scored.flagged(k)) (scored.is_anomaly[k] ? alarms.found_anomalies : alarms.false_alarms) += 1;
  }
  return alarms;
}

std::vector<MethodScores> with_own(const std::vector<double>& own, const std::vector<MethodScores>& classics) {
  std::vector<MethodScores> methods{{"", "this detector", own}};
  methods.insert(methods.end(), classics.begin(), classics.end());
  return methods;
}

void add_metrics(JsonObject& json, const std::vector<MethodScores>& methods, const std::vector<bool>& is_anomaly) {
  for (const MethodScores& method : methods) {
    const std::string prefix = method.key.empty() ? "" : method.key + "_";
    const Detection found = detection_of(method.scores, is_anomaly);
    json.number(prefix + "roc_auc", found.roc_auc);
    json.number(prefix + "average_precision", found.average_precision);
  }
}

std::string methods_table(const std::vector<MethodScores>& methods, const std::vector<bool>& is_anomaly) {
  std::string text = formatted("  %-28s %8s %19s\n", "", "ROC-AUC", "average precision");
  for (const MethodScores& method : methods) {
    const Detection found = detection_of(method.scores, is_anomaly);
    if (found.roc_auc)
      text += formatted("  %-28s %8.4f %19.4f\n", method.name.c_str(), *found.roc_auc, *found.average_precision);
  }
  return text;
}

std::string oddest_rows(const ScoredRows& scored, const std::vector<std::string>& names, std::size_t count) {
  std::string text;
  for (const std::size_t k : scored.oddest(count)) {
    text += "  row " + std::to_string(scored.rows[k] + 1);
    if (!scored.is_anomaly.empty()) text += scored.is_anomaly[k] ? " (an anomaly)" : " (normal)";
    text += ": score " + plain_number(scored.scores[k], 4) + ", p " + plain_number(scored.p_values[k], 2) + ": " +
            reason_text(scored.reasons[k], names) + "\n";
  }
  return text;
}

}  // namespace examples
