#include "impute_run.hpp"

#include <algorithm>
#include <cmath>
#include <common/formatted.hpp>
#include <common/json.hpp>
#include <common/text_file.hpp>
#include <cstddef>
#include <eigencoder/data/split.hpp>
#include <eigencoder/data/table_encoder.hpp>
#include <eigencoder/extend/threads.hpp>
#include <iostream>
#include <utility>
#include "bar_plot.hpp"
#include "filled_table.hpp"
#include "imputation_errors.hpp"
#include "mixed_table.hpp"
#include "nearest_rows.hpp"
#include "removed_cells.hpp"
#include "row_imputer.hpp"
#include "text.hpp"

namespace examples {

using eigencoder::ColumnKind, eigencoder::EncodedColumn, eigencoder::Index, eigencoder::MatrixX;
using eigencoder::TableEncoder;

namespace {

constexpr const char *filled_file = "filled.csv", *errors_file = "errors.svg";

/// The table that is asked for, or one that the program draws and puts among the results.
GappyTable open_table(const Options& options, ImputeSettings& settings) {
  constexpr Index drawn = 20000, few = 2000;
  constexpr double gaps = 0.05;
  if (settings.csv.empty()) {
    settings.csv = options.result("trips.csv");
    settings.format = {};
    write_text(settings.csv, mixed_table(options.quick ? few : drawn, options.seed, gaps, 0));
    std::cout << "No --csv: this program draws trips of vehicles, with gaps.\n";
  }
  return read_gappy_table("--csv", settings.csv, settings.format);
}

TableEncoder encoder_of(const eigencoder::Table& table, const GappyFormat& format) {
  eigencoder::TableEncoderOptions options{.max_words = 200};
  for (const std::string& name : format.categories)
    if (table.find(name)) options.columns.push_back({name, ColumnKind::category});
  return TableEncoder(table, options);
}

void describe(const GappyTable& table, const TableEncoder& encoder) {
  Index kinds[3] = {};
  for (const EncodedColumn& column : encoder.columns())
    ++kinds[column.kind == ColumnKind::number ? 0 : column.kind == ColumnKind::category ? 1 : 2];
  const Index rows = table.cells.rows(), cells = rows * encoder.column_count();
  std::cout << "Table: " << counted(rows, "row") << " of " << counted(kinds[0], "number") << ", "
            << counted(kinds[1], "word") << " and " << counted(kinds[2], "date") << ", from " << table.file << "; "
            << table.missing() << " of " << cells << " cells are missing.\n";
  for (const std::string& note : table.notes) std::cout << one_line(note) << "\n";
}

/// The same values for all rows: means, which are 0 for scaled numbers, and how frequent words are.
MatrixX<float> means_of(const MatrixX<float>& samples, Index rows) {
  MatrixX<float> means(samples.rows(), rows);
  for (Index i = 0; i < samples.rows(); ++i) {
    double sum = 0, count = 0;
    for (Index j = 0; j < samples.cols(); ++j)
      if (!std::isnan(samples(i, j))) {
        sum += static_cast<double>(samples(i, j));
        ++count;
      }
    means.row(i).setConstant(static_cast<float>(sum / count));
  }
  return means;
}

/// What this program, means and nearest rows make of rows of which cells were removed.
std::vector<FilledRows> fill_removed(const ImputedRows& imputed, const TableEncoder& encoder,
                                     const MatrixX<float>& samples, const MatrixX<float>& gappy, std::uint64_t seed) {
  constexpr Index max_references = 8000;
  const MatrixX<float> means = means_of(samples, gappy.cols());
  MatrixX<float> references = samples;
  if (samples.cols() > max_references) {
    const double share = static_cast<double>(max_references) / static_cast<double>(samples.cols());
    references = eigencoder::take(samples, eigencoder::split(samples.cols(), share, seed).test);
  }
  const MatrixX<float> neighbors = filled_by_neighbors(gappy, references, encoder.column_sizes());
  return {{"", "autoencoders", imputed.values},
          {"mean", "mean / frequent", means},
          {"knn", "5 neighbors", neighbors.array().isNaN().select(means, neighbors)}};
}

/// What is said of how sure answers are, and what is.
std::string calibration_sentence(const Calibration& found, const std::vector<ColumnErrors>& errors) {
  std::string text;
  if (found.within_two_spreads)
    text += formatted("%.1f %% of the removed numbers lie within two spreads.\n", 100 * *found.within_two_spreads);
  if (const auto right = overall(errors, 0, true); found.mean_probability && right)
    text += formatted("Removed words are right with a mean probability of %.1f %%, and %.1f %% are.\n",
                      100 * *found.mean_probability, 100 * *right);
  return text;
}

/// Errors in parts of those of the mean and of the most frequent word.
BarPlot errors_plot(const std::vector<ColumnErrors>& columns, const std::vector<FilledRows>& methods) {
  constexpr std::size_t most = 40, name_length = 24;
  BarPlot plot{.title = "Errors on removed cells",
               .note = "1: the root mean square error of the column's mean, the share of wrong most frequent words",
               .series = {methods[0].name, methods[2].name},
               .limit = 1.5,
               .mark = 1};
  for (const ColumnErrors& column : columns) {
    if (column.removed == 0 || plot.groups.size() == most) continue;
    const auto error = [&](std::size_t m) { return column.is_category() ? 1 - column.figures[m] : column.figures[m]; };
    if (error(1) == 0) continue;  // a constant column
    plot.groups.push_back(shortened(column.name, name_length));
    plot.values.push_back({error(0) / error(1), error(2) / error(1)});
  }
  return plot;
}

/// The number of gaps in each column.
std::vector<Index> gaps_of(const TableEncoder& encoder, const eigencoder::Table& table) {
  std::vector<Index> gaps;
  for (const eigencoder::CellCounts& counts : encoder.count_cells(table)) gaps.push_back(counts.missing);
  return gaps;
}

}  // namespace

void run_impute(const Options& options, const ImputeSettings& asked) {
  ImputeSettings settings = asked;
  const GappyTable table = open_table(options, settings);
  const RemovedCells removed = remove_cells(table.cells, settings.remove, options.seed);
  if (removed.cells.empty())
    throw UsageError("--csv: '" + table.file + "': too few cells are known to remove some and judge by them");
  const TableEncoder encoder = encoder_of(removed.table, settings.format);
  describe(table, encoder);
  std::cout << "To judge how gaps are filled, " << counted(std::ssize(removed.cells), "known cell")
            << ", drawn by seed " << options.seed << ", are removed before training.\n\n"
            << std::flush;

  const MatrixX<float> samples = encoder.transform(removed.table);
  const RowImputer imputer(
      encoder, samples,
      {.seed = options.seed, .steps = settings.steps, .seconds = options.seconds, .show_progress = true});
  const MatrixX<float> gappy = eigencoder::take(samples, removed.rows);
  const ImputedRows judged = imputer.impute(gappy);
  const std::vector<FilledRows> methods = fill_removed(judged, encoder, samples, gappy, options.seed);
  const std::vector<ColumnErrors> errors = errors_by_column(encoder, removed, methods);
  const Calibration calibration = calibration_of(encoder, removed, judged, errors);
  std::cout << "\n"
            << errors_table(errors, methods, gaps_of(encoder, table.cells)) << "\n"
            << calibration_sentence(calibration, errors) << imputer.summary()
            << formatted(", %.1f s.\n", imputer.seconds());

  write_text(options.result(filled_file),
             filled_csv(table, encoder, imputer.impute(encoder.transform(table.cells)), errors, settings.format));
  write_text(options.result(errors_file), bar_plot_svg(errors_plot(errors, methods)));
  JsonObject json;
  json.text("example", options.program);
  json.text("table", table.file);
  json.whole("rows", table.cells.rows());
  json.whole("values", encoder.value_count());
  json.whole("filled", table.missing());
  json.whole("judged", std::ssize(removed.cells));
  json.number("remove", settings.remove);
  add_errors(json, errors, methods);
  json.number("within_two_spreads", calibration.within_two_spreads);
  json.number("mean_probability", calibration.mean_probability);
  json.whole("parameters", imputer.parameters());
  json.whole("steps", imputer.steps());
  json.number("seconds", imputer.seconds());
  json.whole("threads", eigencoder::threads());
  json.natural("seed", options.seed);
  write_text(options.result("metrics.json"), json.document());
  if (options.quick) std::cout << "\nA quick run shows that all works; its figures mean nothing.\n";
  std::cout << "\nResults are in " << options.out << ": metrics.json, " << filled_file << ", " << errors_file << "\n";
}

}  // namespace examples
