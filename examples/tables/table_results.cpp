#include "table_results.hpp"

#include <common/plots.hpp>
#include <common/text_file.hpp>
#include <eigencoder/data/split.hpp>
#include <iostream>
#include "encoding.hpp"
#include "heat_table.hpp"
#include "judged_rows.hpp"
#include "table_plots.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::take;

std::vector<std::string> write_results(const Options& options, const RowDetector& detector,
                                       const eigencoder::Table& table, const MatrixX<float>& samples,
                                       const ScoredRows& scored, const std::vector<MethodScores>& methods) {
  constexpr std::size_t explained = 20;
  const std::vector<std::string> names = column_names(detector.encoder());
  write_text(options.result("scores.csv"), scores_csv(scored, names));
  const bool labels = !scored.is_anomaly.empty();
  write_plot(options, "histogram.svg", histogram_of(scored),
             {.title = "Scores of " + std::to_string(scored.rows.size()) + " rows",
              .x_label = "score: higher is odder",
              .y_label = labels ? "% of the rows of a kind" : "rows",
              .mark = PlotMark{"threshold", scored.threshold}});
  const std::vector<std::size_t> oddest = scored.oddest(explained);
  std::vector<Index> indices;
  for (const std::size_t k : oddest) indices.push_back(static_cast<Index>(k));
  write_text(options.result("contributions.svg"),
             heat_table_svg(
                 contributions_table(scored, oddest, detector.contributions(take(samples, indices)), table, names)));
  std::vector<std::string> files{"scores.csv", "histogram.svg", "contributions.svg"};
  if (!detection_of(scored.scores, scored.is_anomaly).roc_auc) return files;
  write_plot(options, "roc.svg", roc_of(methods, scored.is_anomaly),
             {.title = "ROC curve",
              .x_label = "share of normal rows that are flagged",
              .y_label = "share of anomalies that are flagged"});
  write_plot(options, "precision_recall.svg", precision_recall_of(methods, scored.is_anomaly),
             {.title = "Precision and recall",
              .x_label = "recall: share of anomalies that are flagged",
              .y_label = "precision: share of anomalies among flagged rows"});
  files.insert(files.end(), {"roc.svg", "precision_recall.svg"});
  return files;
}

void finish_table(const Options& options, const JsonObject& metrics, std::vector<std::string> files) {
  write_text(options.result("metrics.json"), metrics.document());
  if (options.quick) std::cout << "\nA quick run shows that all works; its figures mean nothing.\n";
  std::cout << "\nResults are in " << options.out << ": metrics.json";
  for (const std::string& name : files) std::cout << ", " << name;
  std::cout << "\n";
}

}  // namespace examples
