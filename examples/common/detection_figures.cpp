#include "detection_figures.hpp"

#include <algorithm>
#include <eigencoder/evaluation/detection.hpp>
#include <iterator>
#include "formatted.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX;

namespace {

Index above(const std::vector<double>& scores, double threshold) {
  return std::count_if(scores.begin(), scores.end(), [&](double score) { return score > threshold; });
}

Separation separate(const std::vector<double>& normal, const std::vector<double>& odd) {
  if (normal.empty() || odd.empty()) return {};
  std::vector<double> scores = normal;
  scores.insert(scores.end(), odd.begin(), odd.end());
  std::vector<bool> is_odd(scores.size());
  std::fill(is_odd.begin() + static_cast<std::ptrdiff_t>(normal.size()), is_odd.end(), true);
  return {eigencoder::roc_auc(scores, is_odd), eigencoder::average_precision(scores, is_odd), {}};
}

double share(Index part, Index all) { return all > 0 ? static_cast<double>(part) / static_cast<double>(all) : 0; }

/// The mean of the figures that there are.
class Mean {
 public:
  void add(const std::optional<double>& value) {
    if (!value) return;
    sum_ += *value;
    count_ += 1;
  }
  std::optional<double> get() const { return count_ > 0 ? std::optional(sum_ / count_) : std::nullopt; }

 private:
  double sum_ = 0, count_ = 0;
};

}  // namespace

double DetectionFigures::false_alarm_rate() const { return share(false_alarms, normal); }

Separation DetectionFigures::mean_damage(std::size_t detector) const {
  Mean roc_auc, average_precision, pixel_roc_auc;
  for (const GroupFigures& group : groups) {
    if (!group.is_damage) continue;
    const Separation& found = group.by_detector[detector];
    roc_auc.add(found.roc_auc);
    average_precision.add(found.average_precision);
    pixel_roc_auc.add(found.pixel_roc_auc);
  }
  return {roc_auc.get(), average_precision.get(), pixel_roc_auc.get()};
}

DetectionFigures detect(const std::vector<ImageDetector>& detectors, double threshold, const MatrixX<float>& normal,
                        const std::vector<ImageGroup>& groups) {
  DetectionFigures figures;
  figures.normal = normal.cols();
  for (const ImageGroup& group : groups)
    if (group.samples.cols() > 0)
      figures.groups.push_back({group.name, group.is_damage(), group.samples.cols(), 0, {}});
  for (const ImageDetector& detector : detectors) {
    const bool is_first = figures.keys.empty();
    figures.keys.push_back(detector.key);
    figures.names.push_back(detector.name);
    const std::vector<double> normal_scores = detector.score(normal);
    if (is_first) figures.false_alarms = above(normal_scores, threshold);
    auto to = figures.groups.begin();
    for (const ImageGroup& group : groups) {
      if (group.samples.cols() == 0) continue;
      const std::vector<double> scores = detector.score(group.samples);
      if (is_first) to->flagged = above(scores, threshold);
      Separation found = separate(normal_scores, scores);
      const bool has_both = group.is_damage() && group.masks.maxCoeff() > 0 && group.masks.minCoeff() < 1;
      if (detector.heat && has_both)
        found.pixel_roc_auc = eigencoder::roc_auc(detector.heat(group.samples), group.masks);
      (to++)->by_detector.push_back(found);
    }
  }
  return figures;
}

void add_figures(Report& report, const DetectionFigures& figures) {
  report.more.push_back({"false_alarm_rate", figures.false_alarm_rate()});
  for (std::size_t k = 0; k < figures.keys.size(); ++k) {
    const std::string front = figures.keys[k].empty() ? "" : figures.keys[k] + "_";
    const auto add = [&](const std::string& name, const Separation& found, bool is_damage) {
      report.more.push_back({front + name + "_roc_auc", found.roc_auc});
      report.more.push_back({front + name + "_average_precision", found.average_precision});
      if (is_damage) report.more.push_back({front + name + "_pixel_roc_auc", found.pixel_roc_auc});
    };
    for (const GroupFigures& group : figures.groups) {
      add(group.name, group.by_detector[k], group.is_damage);
      if (k == 0) report.more.push_back({group.name + "_flagged", share(group.flagged, group.images)});
    }
    add("damage", figures.mean_damage(k), true);
  }
}

std::string to_table(const DetectionFigures& figures) {
  const auto cell = [](const std::optional<double>& value) { return value ? formatted("%.3f", *value) : "-"; };
  std::string out = "\nROC-AUC, the chance that an odd image has a higher score than a held-out one:\n\n";
  const auto line = [&](const std::string& name, const auto& separation, const std::string& flagged) {
    out += formatted("  %-18s", name.c_str());
    for (std::size_t k = 0; k < figures.keys.size(); ++k) out += formatted(" %8s", cell(separation(k).roc_auc).c_str());
    out += formatted(" | %6s %8s %8s", cell(separation(0).average_precision).c_str(),
                     cell(separation(0).pixel_roc_auc).c_str(), flagged.c_str());
    while (out.back() == ' ') out.pop_back();
    out += "\n";
  };
  out += formatted("  %-18s", "");
  for (std::size_t k = 0; k < figures.keys.size(); ++k)
    out += formatted(" %8s", k == 0 ? "this" : figures.keys[k].c_str());
  out += formatted(" | %6s %8s %8s\n", "AP", "pixels", "flagged");
  for (const GroupFigures& group : figures.groups)
    line(group.name, [&](std::size_t k) { return group.by_detector[k]; },
         formatted("%.0f %%", 100 * share(group.flagged, group.images)));
  line("mean of the damage", [&](std::size_t k) { return figures.mean_damage(k); }, "");
  out += "\n";
  for (std::size_t k = 1; k < figures.keys.size(); ++k) out += figures.keys[k] + ": " + figures.names[k] + ".\n";
  out += "Right of the line, of this detector alone: average precision, the ROC-AUC of\n"
         "damaged pixels in its heat maps, and images above the threshold.\n";
  return out + formatted("The threshold flags %td of %td held-out images (%.1f %%).\n", figures.false_alarms,
                         figures.normal, 100 * figures.false_alarm_rate());
}

}  // namespace examples
