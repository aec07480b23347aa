#include "table_plots.hpp"

#include <algorithm>
#include <cmath>
#include <common/histogram.hpp>
#include <cstddef>
#include <eigencoder/evaluation/detection.hpp>
#include <numeric>
#include "text.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX;

namespace {

/// A curve without the points that a plot cannot tell from the ones before them.
class Curve {
 public:
  explicit Curve(const std::string& name) { series_.name = name; }
  void add(double x, double y, bool last) {
    constexpr double visible = 1e-3;
    const bool moved =
        series_.x.empty() || std::abs(x - series_.x.back()) >= visible || std::abs(y - series_.y.back()) >= visible;
    if (!moved && !last) return;
    series_.x.push_back(x);
    series_.y.push_back(y);
  }
  Series take() { return std::move(series_); }

 private:
  Series series_;
};

}  // namespace

std::vector<Series> histogram_of(const ScoredRows& scored, std::size_t bins) {
  if (scored.is_anomaly.empty()) return histograms({{"", scored.scores}}, bins, Tally::count);
  std::vector<NamedValues> kinds{{"normal rows", {}}, {"anomalies", {}}};
  for (std::size_t k = 0; k < scored.scores.size(); ++k)
    kinds[scored.is_anomaly[k] ? 1 : 0].values.push_back(scored.scores[k]);
  return histograms(kinds, bins);
}

std::vector<Series> roc_of(const std::vector<MethodScores>& methods, const std::vector<bool>& is_anomaly) {
  std::vector<Series> all;
  for (const MethodScores& method : methods) {
    Curve curve(method.name);
    const auto points = eigencoder::roc_curve(method.scores, is_anomaly);
    for (std::size_t k = 0; k < points.size(); ++k)
      curve.add(points[k].false_positive_rate, points[k].true_positive_rate, k + 1 == points.size());
    all.push_back(curve.take());
  }
  return all;
}

std::vector<Series> precision_recall_of(const std::vector<MethodScores>& methods, const std::vector<bool>& is_anomaly) {
  std::vector<Series> all;
  for (const MethodScores& method : methods) {
    Curve curve(method.name);
    const auto points = eigencoder::precision_recall_curve(method.scores, is_anomaly);
    for (std::size_t k = 0; k < points.size(); ++k)
      curve.add(points[k].recall, points[k].precision, k + 1 == points.size());
    all.push_back(curve.take());
  }
  return all;
}

HeatTable contributions_table(const ScoredRows& scored, const std::vector<std::size_t>& of_scored,
                              const MatrixX<double>& contributions, const eigencoder::Table& cells,
                              const std::vector<std::string>& names) {
  constexpr std::size_t most_columns = 16;
  MatrixX<double> shares = contributions;
  for (Index j = 0; j < shares.cols(); ++j) {
    const double sum = shares.col(j).sum();
    if (sum > 0) shares.col(j) /= sum;
  }
  std::vector<Index> columns(names.size());
  std::iota(columns.begin(), columns.end(), Index{0});
  std::stable_sort(columns.begin(), columns.end(),
                   [&](Index a, Index b) { return shares.row(a).sum() > shares.row(b).sum(); });
  if (columns.size() > most_columns) columns.resize(most_columns);
  std::sort(columns.begin(), columns.end());

  HeatTable table{.title = "What makes the oddest rows odd",
                  .note = "Texts are the values; the color is a column's share of the score"};
  if (columns.size() < names.size())
    table.note += ". " + std::to_string(columns.size()) + " of " + std::to_string(names.size()) + " columns";
  for (const Index i : columns) table.columns.push_back(shortened(names[static_cast<std::size_t>(i)], 24));
  for (std::size_t k = 0; k < of_scored.size(); ++k) {
    const std::size_t at = of_scored[k];
    const bool anomaly = !scored.is_anomaly.empty() && scored.is_anomaly[at];
    table.rows.push_back("row " + std::to_string(scored.rows[at] + 1) + (anomaly ? ", anomaly" : ""));
    for (const Index i : columns) {
      const auto& column = cells.column(names[static_cast<std::size_t>(i)]);
      table.cells.push_back(shortened(cell_text(cell_of(column, scored.rows[at]), 4), 12));
      table.heat.push_back(shares(i, static_cast<Index>(k)));
    }
  }
  return table;
}

}  // namespace examples
