#include "benchmark.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <common/formatted.hpp>
#include <common/images.hpp>
#include <common/json.hpp>
#include <common/text_file.hpp>
#include <cstddef>
#include <eigencoder/data/split.hpp>
#include <filesystem>
#include <iostream>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>
#include "encoding.hpp"
#include "judged_rows.hpp"
#include "parts.hpp"
#include "swap_test.hpp"
#include "table.hpp"
#include "text.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::TableEncoder, eigencoder::take;

namespace {

/// Sums of figures by name, in order of first appearance.
class Means {
 public:
  void add(const std::string& name, double value) {
    const auto found = std::find_if(sums_.begin(), sums_.end(), [&](const Sum& sum) { return sum.name == name; });
    Sum& sum = found == sums_.end() ? sums_.emplace_back(Sum{.name = name}) : *found;
    sum.value += value;
    sum.count += 1;
  }
  void add(const Means& means) {
    for (const Sum& sum : means.sums_) add(sum.name, sum.value / sum.count);
  }
  double operator[](const std::string& name) const {
    for (const Sum& sum : sums_)
      if (sum.name == name) return sum.value / sum.count;
    return std::numeric_limits<double>::quiet_NaN();
  }
  JsonObject json() const {
    JsonObject object;
    for (const Sum& sum : sums_) object.number(sum.name, sum.value / sum.count);
    return object;
  }

 private:
  struct Sum {
    std::string name;
    double value = 0, count = 0;
  };
  std::vector<Sum> sums_;
};

/// The tables of ADBench on which the recipe was chosen: figures on these lean high.
constexpr std::string_view recipe_tables[] = {"2_annthyroid", "6_cardio", "28_pendigits", "30_satellite"};

/// The tables of a folder: by the number that their names begin with, then by name.
std::vector<std::filesystem::path> tables_in(const std::string& folder) {
  std::error_code error;
  std::vector<std::pair<long, std::filesystem::path>> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".csv") && !name.ends_with(".csv.gz")) continue;
    long number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    found.emplace_back(number, entry.path());
  }
  if (error) throw UsageError("--benchmark: cannot read the folder '" + folder + "': " + error.message());
  if (found.empty()) throw UsageError("--benchmark: there is no *.csv or *.csv.gz in '" + folder + "'");
  std::sort(found.begin(), found.end());
  std::vector<std::filesystem::path> paths;
  for (auto& [number, path] : found) paths.push_back(std::move(path));
  return paths;
}

std::string name_of(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.substr(0, name.rfind(".csv"));
}

/// The figures of one table, protocol and seed.
Means measure(LabeledTable& table, const DetectorTraining& training) {
  const auto start = std::chrono::steady_clock::now();
  const TableParts parts = divide(table.is_anomaly, table.rows(), training.train_on, training.seed);
  const TableEncoder encoder = learn_encoder(table, parts.train, training.train_on, {}, training.seed);
  const MatrixX<float> samples = encode(encoder, table);
  const MatrixX<float> trained = take(samples, parts.train), tested = take(samples, parts.test);
  std::vector<bool> is_anomaly;
  for (const Index j : parts.test) is_anomaly.push_back(table.is_anomaly[static_cast<std::size_t>(j)]);
  const RowDetector detector(encoder, trained, training);
  const ScoredRows scored{.rows = parts.test,
                          .scores = detector.score(tested),
                          .threshold = detector.threshold(),
                          .is_anomaly = is_anomaly};
  Means figures;
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  for (const MethodScores& method : with_own(scored.scores, classic_scores(trained, tested))) {
    const std::string prefix = method.key.empty() ? "" : method.key + "_";
    const Detection found = detection_of(method.scores, is_anomaly);
    if (!found.roc_auc) throw UsageError("--benchmark: '" + table.file + "' has no anomalies");
    figures.add(prefix + "roc_auc", *found.roc_auc);
    figures.add(prefix + "average_precision", *found.average_precision);
  }
  figures.add("seconds", seconds.count());
  figures.add("false_alarm_rate", *alarms_of(scored).false_alarm_rate());
  const bool all_numbers = encoder.value_count() == encoder.column_count();
  if (training.train_on == TrainOn::normal && all_numbers) {
    std::vector<Index> normal;
    for (std::size_t k = 0; k < is_anomaly.size(); ++k)
      if (!is_anomaly[k]) normal.push_back(static_cast<Index>(k));
    const SwappedRows swapped = swap_values(take(tested, normal), detector.scale(), training.seed);
    const auto found = [&](ScoreKind kind) {
      return swaps_found(swapped, detector.contributions_of(kind, swapped.rows, trained));
    };
    if (swapped.columns.empty()) return figures;
    figures.add("swaps_found_by_own_score", swaps_found(swapped, detector.contributions(swapped.rows)));
    figures.add("swaps_found_by_squared_error", found(ScoreKind::squared_error));
    figures.add("swaps_found_by_mahalanobis", found(ScoreKind::mahalanobis));
  }
  if (training.train_on == TrainOn::all) {
    DetectorTraining other = training;
    other.standard_scaling = true;
    const Detection found = detection_of(RowDetector(encoder, trained, other).score(tested), is_anomaly);
    figures.add("standard_scaling_roc_auc", *found.roc_auc);
    figures.add("standard_scaling_average_precision", *found.average_precision);
  }
  return figures;
}

/// The columns of both protocols: what stands above a method's figures, and what their names begin with.
std::vector<std::pair<const char*, const char*>> methods_of(bool one_class) {
  std::vector<std::pair<const char*, const char*>> methods{
      {"this detector", ""}, {"5 neighbors", "knn_"}, {"Mahalanobis", "mahalanobis_"}, {"PCA, 90 %", "pca_"}};
  if (!one_class) methods.emplace_back("std. scaling", "standard_scaling_");
  return methods;
}

/// What the table below it shows.
std::string explanation(bool one_class, const BenchmarkSettings& settings) {
  std::string text = one_class
                         ? "\nOne class: trained on half of the normal rows, tested on the others and all anomalies.\n"
                         : "\nUnsupervised: trained on 70 % of all rows with their anomalies, tested on 30 %.\n";
  text += formatted(
      "Means over %td seed%s. AP: average precision. False alarms: of the normal rows that are tested; %g %% "
      "are asked for.\n",
      settings.seeds, settings.seeds == 1 ? "" : "s", 100 * settings.false_alarms);
  text += one_class
              ? "Swapped value found: in how many rows the column of a value that was swapped for another row's has "
                "the largest\ncontribution, to this detector's score, to the squared error and to the Mahalanobis "
                "distance of the residual.\n"
              : "Anomalies among the rows that set the threshold raise it, so fewer normal rows are flagged than "
                "asked.\nStd. scaling: this detector where columns are scaled by mean and deviation, not by median "
                "and quartiles.\n";
  return text + "\n";
}

std::string heading(bool one_class) {
  std::string text = padded("", 20);
  for (const auto& [name, prefix] : methods_of(one_class)) text += padded(name, 16);
  text += padded("false alarms", 15) + padded(one_class ? "swapped value found" : "", one_class ? 21 : 0) + "seconds\n";
  text += padded("", 20) + padded("ROC-AUC / AP", methods_of(one_class).size() * 16 + 15);
  return text + (one_class ? "own / sq. / Mahal.\n" : "\n");
}

std::string line(const std::string& name, const Means& figures, bool one_class) {
  std::string text = padded(shortened(name, 19), 20);
  for (const auto& [method, prefix] : methods_of(one_class))
    text += padded(formatted("%.3f / %.3f", figures[std::string(prefix) + "roc_auc"],
                             figures[std::string(prefix) + "average_precision"]),
                   16);
  text += padded(formatted("%.1f %%", 100 * figures["false_alarm_rate"]), 15);
  if (one_class)
    text +=
        padded(formatted("%.0f / %.0f / %.0f %%", 100 * figures["swaps_found_by_own_score"],
                         100 * figures["swaps_found_by_squared_error"], 100 * figures["swaps_found_by_mahalanobis"]),
               21);
  return text + formatted("%7.1f\n", figures["seconds"]);
}

/// In a quick run few rows, of both kinds.
void shorten(LabeledTable& table) {
  constexpr Index few = 1000;
  const std::vector<Index> kept = evenly(few, table.rows());
  std::vector<bool> labels;
  for (const Index j : kept) labels.push_back(table.is_anomaly[static_cast<std::size_t>(j)]);
  table.cells = take_rows(table.cells, kept);
  table.is_anomaly = labels;
}

}  // namespace

void run_benchmark(const Options& options, const BenchmarkSettings& settings) {
  const auto paths = tables_in(settings.folder);
  JsonObject json;
  json.text("example", options.program);
  json.whole("seeds", settings.seeds);
  json.natural("seed", options.seed);
  json.number("false_alarms", settings.false_alarms);
  for (const TrainOn train_on : {TrainOn::normal, TrainOn::all}) {
    const bool one_class = train_on == TrainOn::normal;
    std::cout << explanation(one_class, settings) << heading(one_class) << std::flush;
    JsonObject protocol;
    Means of_all, of_others;  // but those on which the recipe was chosen
    bool has_chosen = false, has_others = false;
    for (const auto& path : paths) {
      LabeledTable table =
          read_labeled_table("--benchmark", path.string(), {.label = {.column = "label", .anomaly = "1"}});
      if (options.quick) shorten(table);
      Means of_table;
      for (Index k = 0; k < settings.seeds; ++k)
        of_table.add(measure(table, {.train_on = train_on,
                                     .false_alarms = settings.false_alarms,
                                     .seed = options.seed + static_cast<std::uint64_t>(k),
                                     .steps = settings.steps,
                                     .seconds = options.seconds}));
      std::cout << line(name_of(path), of_table, one_class) << std::flush;
      protocol.object(name_of(path), of_table.json());
      of_all.add(of_table);
      const bool chosen = std::ranges::count(recipe_tables, std::string_view(name_of(path))) > 0;
      if (!chosen) of_others.add(of_table);
      (chosen ? has_chosen : has_others) = true;
    }
    std::cout << line("mean", of_all, one_class) << std::flush;
    protocol.object("mean", of_all.json());
    if (has_chosen && has_others) {  // the recipe was chosen on some of these tables
      std::cout << line("mean of the others", of_others, one_class) << std::flush;
      protocol.object("mean_of_tables_not_chosen_on", of_others.json());
    }
    json.object(one_class ? "one_class" : "unsupervised", protocol);
  }
  write_text(options.result("metrics.json"), json.document());
  if (options.quick) std::cout << "\nA quick run shows that all works; its figures mean nothing.\n";
  std::cout << "\nResults are in " << options.out << ": metrics.json\n";
}

}  // namespace examples
