#include "table_run.hpp"

#include <algorithm>
#include <common/formatted.hpp>
#include <common/text_file.hpp>
#include <cstddef>
#include <eigencoder/data/split.hpp>
#include <eigencoder/extend/threads.hpp>
#include <iostream>
#include <numeric>
#include <vector>
#include "classics.hpp"
#include "drawn_table.hpp"
#include "encoding.hpp"
#include "judged_rows.hpp"
#include "mixed_table.hpp"
#include "row_detector.hpp"
#include "table_results.hpp"
#include "text.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::TableEncoder, eigencoder::take;

namespace {

constexpr const char* detector_file = "detector.safetensors";

/// The table that is asked for, or one that the program draws and puts among the results.
LabeledTable open_table(const Options& options, TableSettings& settings) {
  constexpr Index drawn = 2000, few = 500, drawn_mixed = 20000, few_mixed = 1500;
  if (settings.csv.empty() && settings.draws_mixed) {
    constexpr double gaps = 0.05, anomalies = 0.05;
    settings.csv = options.result("trips.csv");
    settings.format = {.label = {.column = "state", .anomaly = "fault"}};
    write_text(settings.csv, mixed_table(options.quick ? few_mixed : drawn_mixed, 1, gaps, anomalies));
    std::cout << "No --csv: this program draws trips of vehicles, some of which cannot have been.\n";
  } else if (settings.csv.empty()) {
    settings.csv = options.result("pump.csv");
    settings.format = {.label = {.column = "state", .anomaly = "fault"}};
    write_text(settings.csv, drawn_table(options.quick ? few : drawn, 1));
    std::cout << "No --csv: this program draws readings of a pump, with faults.\n";
  }
  return read_labeled_table("--csv", settings.csv, settings.format);
}

void describe_table(const LabeledTable& table, const TableEncoder& encoder) {
  std::cout << "Table: " << counted(table.rows(), "row") << " of " << kinds_of_columns(encoder) << ", from "
            << table.file << "\n";
  if (const double missing = missing_share(encoder, table.cells); missing > 0)
    std::cout << "Missing: " << plain_number(100 * missing, 2) << " % of the cells.\n";
  for (const std::string& note : table.notes) std::cout << note << "\n";
  if (table.has_labels())
    std::cout << "Labels: " << one_line(table.label_sentence) << "; " << table.anomalies() << " anomalies, "
              << (table.rows() - table.anomalies()) << " are normal.\n";
}

/// What the detector learns from, in a sentence.
std::string training_sentence(const LabeledTable& table, const TableParts& parts, TrainOn train_on,
                              std::uint64_t seed) {
  const auto trained = static_cast<Index>(parts.train.size());
  const std::string by_seed = ", drawn by seed " + std::to_string(seed);
  if (!table.has_labels())
    return "Training on all " + counted(trained, "row") +
           (train_on == TrainOn::all ? ", some of which may be anomalies" : ", taken for normal");
  if (train_on == TrainOn::normal) return "Training on half of the normal rows, " + std::to_string(trained) + by_seed;
  return "Training on 70 % of the rows with their anomalies, " + std::to_string(trained) + by_seed;
}

std::vector<bool> labels_of(const LabeledTable& table, const std::vector<Index>& indices) {
  std::vector<bool> labels;
  if (table.has_labels())
    for (const Index j : indices) labels.push_back(table.is_anomaly[static_cast<std::size_t>(j)]);
  return labels;
}

/// What the threshold does, in a sentence.
std::string alarms_sentence(const ScoredRows& scored, std::optional<double> asked) {
  std::string text = "The threshold " + plain_number(scored.threshold, 4);
  if (asked) text += ", set for " + plain_number(100 * *asked) + " % false alarms,";
  if (scored.is_anomaly.empty())
    return text + " flags " + counted(scored.flagged_count(), "row") + " of " + std::to_string(scored.rows.size()) +
           ".\n";
  const Alarms alarms = alarms_of(scored);
  const auto share = [](const std::optional<double>& rate) {
    return rate ? " (" + formatted("%.1f", 100 * *rate) + " %)" : "";
  };
  return text + " flags " + std::to_string(alarms.false_alarms) + " of " + std::to_string(alarms.normal) +
         " normal rows" + share(alarms.false_alarm_rate()) + " and " + std::to_string(alarms.found_anomalies) + " of " +
         std::to_string(alarms.anomalies) + " anomalies" + share(alarms.detection_rate()) + ".\n";
}

void add_alarms(JsonObject& json, const ScoredRows& scored) {
  json.number("threshold", scored.threshold);
  json.whole("flagged", scored.flagged_count());
  const Alarms alarms = alarms_of(scored);
  json.number("false_alarm_rate", alarms.false_alarm_rate());
  json.number("detection_rate", alarms.detection_rate());
}

void print_oddest(const ScoredRows& scored, const std::vector<std::string>& names) {
  std::cout
      << "\nThe oddest rows (row 1 is the first below the names; p is the share of held-back rows that are as odd):\n\n"
      << oddest_rows(scored, names);
}

/// @throws UsageError where the file holds no detector of this program
RowDetector open_detector(const std::string& path) {
  try {
    return RowDetector::load(path);
  } catch (const eigencoder::FileError& error) {
    throw UsageError("--model: " + one_line(error.what()));
  }
}

}  // namespace

void run_table(const Options& options, const TableSettings& asked) {
  TableSettings settings = asked;
  LabeledTable table = open_table(options, settings);
  const TrainOn train_on = settings.train_on.value_or(table.has_labels() ? TrainOn::normal : TrainOn::all);
  const double false_alarms = settings.false_alarms.value_or(0.05);
  const TableParts parts = divide(table.is_anomaly, table.rows(), train_on, options.seed);
  const TableEncoder encoder = learn_encoder(table, parts.train, train_on, settings.format.categories, options.seed);
  describe_table(table, encoder);
  std::cout << training_sentence(table, parts, train_on, options.seed) << ".\n\n" << std::flush;

  const MatrixX<float> samples = encode(encoder, table);
  const MatrixX<float> trained = take(samples, parts.train), tested = take(samples, parts.test);
  const RowDetector detector(encoder, trained,
                             {.train_on = train_on,
                              .false_alarms = false_alarms,
                              .seed = options.seed,
                              .steps = settings.steps,
                              .seconds = options.seconds,
                              .show_progress = true});
  const ScoredRows scored = score_rows(detector, table.cells, tested, parts.test, labels_of(table, parts.test));
  const bool judged = detection_of(scored.scores, scored.is_anomaly).roc_auc.has_value();
  const auto methods = with_own(scored.scores, judged ? classic_scores(trained, tested) : std::vector<MethodScores>{});

  JsonObject json;
  json.text("example", options.program);
  json.text("table", table.file);
  json.text("train_on", train_on == TrainOn::normal ? "normal" : "all");
  json.whole("rows", table.rows());
  json.whole("columns", encoder.column_count());
  json.whole("values", encoder.value_count());
  json.number("missing_share", missing_share(encoder, table.cells));
  json.whole("train_rows", trained.cols());
  json.whole("test_rows", tested.cols());
  json.whole("test_anomalies", table.has_labels() ? std::optional(alarms_of(scored).anomalies) : std::nullopt);
  add_metrics(json, methods, scored.is_anomaly);
  json.number("false_alarms", false_alarms);
  add_alarms(json, scored);
  json.whole("parameters", detector.parameters());
  json.whole("steps", detector.steps());
  json.number("seconds", detector.seconds());
  json.whole("threads", eigencoder::threads());
  json.natural("seed", options.seed);

  if (judged)
    std::cout << "Held out: " << counted(tested.cols(), "row") << ", of which " << alarms_of(scored).anomalies
              << " are anomalies.\n\n"
              << methods_table(methods, scored.is_anomaly) << "\n";
  std::cout << alarms_sentence(scored, false_alarms);
  if (table.has_labels() && train_on == TrainOn::all)
    std::cout << "Anomalies among the rows that set the threshold raise it: it flags fewer normal rows than asked.\n";
  if (!table.has_labels())
    std::cout << "About as many are flagged whatever the rows are like; so look at the oddest first. Four fifths of "
                 "the rows trained the detector, so they seem less odd than new ones: their p-values are too high.\n";
  print_oddest(scored, column_names(encoder));
  std::cout << "\n" << detector.summary() << formatted(", %.1f s.\n", detector.seconds());

  std::vector<std::string> files = write_results(options, detector, table.cells, tested, scored, methods);
  detector.save(options.result(detector_file));
  files.push_back(detector_file);
  finish_table(options, json, files);
  std::cout << "New rows: " << options.program << " --model " << options.result(detector_file) << " --csv FILE\n";
}

void run_saved_detector(const Options& options, const TableSettings& settings) {
  if (settings.csv.empty()) throw UsageError("--model: --csv has to name the rows that it is to score");
  RowDetector detector = open_detector(settings.model);
  const TableEncoder& encoder = detector.encoder();
  if (settings.false_alarms) detector.set_false_alarms(*settings.false_alarms);
  TableFormat format = settings.format;
  format.label.lenient = true;
  LabeledTable table = read_labeled_table("--csv", settings.csv, format, &encoder);
  const MatrixX<float> samples = encode(encoder, table);
  for (const std::string& sentence : other_words(encoder, table.cells)) table.notes.push_back(sentence);
  std::cout << "Detector: trained on " << counted(detector.trained_rows(), "row") << ", from " << settings.model << "; "
            << detector.summary() << ".\n";
  describe_table(table, encoder);

  std::vector<Index> indices(static_cast<std::size_t>(table.rows()));
  std::iota(indices.begin(), indices.end(), Index{0});
  const ScoredRows scored = score_rows(detector, table.cells, samples, indices, table.is_anomaly);
  const std::vector<MethodScores> methods = with_own(scored.scores, {});

  JsonObject json;
  json.text("example", options.program);
  json.text("table", table.file);
  json.text("model", settings.model);
  json.whole("rows", table.rows());
  json.whole("columns", encoder.column_count());
  json.number("missing_share", missing_share(encoder, table.cells));
  json.whole("train_rows", detector.trained_rows());
  add_metrics(json, methods, scored.is_anomaly);
  add_alarms(json, scored);
  json.whole("threads", eigencoder::threads());

  std::cout << "\n";
  if (detection_of(scored.scores, scored.is_anomaly).roc_auc)
    std::cout << methods_table(methods, scored.is_anomaly) << "\n";
  std::cout << alarms_sentence(scored, settings.false_alarms);
  print_oddest(scored, column_names(encoder));
  finish_table(options, json, write_results(options, detector, table.cells, samples, scored, methods));
}

}  // namespace examples
