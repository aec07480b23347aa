// Finds the odd rows of a table of numbers, words and dates, with gaps: autoencoders learn what rows are like, and a
// row that they cannot reconstruct is odd. It says how odd each row is, whether that is worth an alarm, and which
// columns gave it away.
//
//   table_anomalies --csv pumps.csv --label state    trains on half of the normal rows, tests on all others
//   table_anomalies --csv pumps.csv                  has no labels: trains on all rows, and scores them
//   table_anomalies --model detector.safetensors --csv new.csv
//
// Without any it draws a table of its own. With --benchmark it compares itself with classic methods on many tables.
#include <string>
#include <vector>
#include "common/run_example.hpp"
#include "tables/benchmark.hpp"
#include "tables/table_options.hpp"
#include "tables/table_run.hpp"

using namespace examples;

namespace {

/// The command line's words.
struct Words : TableWords {
  std::string benchmark, draw = "pump", train_on = "normal";
  double false_alarms = 0.05;
  eigencoder::Index seeds = 5;
};

void add_options(CommandLine& line, TableSettings& settings, Words& words) {
  line.text("--csv", settings.csv, "FILE", "Table, its first line the names of the columns; .gz too");
  line.text("--label", settings.format.label.column, "COLUMN", "Column that says which rows are anomalies");
  line.text("--anomaly", settings.format.label.anomaly, "VALUE", "Label of an anomaly; else 1, or the rarer of two");
  line.text("--normal", settings.format.label.normal, "VALUE", "Label of a normal row; all others are anomalies");
  line.texts("--ignore", settings.format.ignored, "COLUMN", "Column to leave out; may be given several times");
  line.texts("--number", settings.format.numbers, "COLUMN",
             "Column that has to hold numbers; may be given several times");
  line.texts("--category", settings.format.categories, "COLUMN", "Column whose numbers only name something; the same");
  line.choice("--draw", words.draw, {"pump", "trips"},
              "Table to draw without --csv: of numbers, or of words too, with gaps");
  line.choice("--train-on", words.train_on, {"normal", "all"}, "Rows to train on");
  line.show_default("--train-on", "normal with labels, else all");
  line.number("--false-alarms", words.false_alarms, 0, "Share of normal rows that may be flagged");
  line.text("--model", settings.model, "FILE", "Saved detector that scores the rows of --csv");
  line.text("--benchmark", words.benchmark, "DIR", "Compares methods on all tables of a folder, with columns 'label'");
  line.whole("--seeds", words.seeds, 1, "Runs of a benchmark on each table, by seeds from --seed on");
  add_table_options(line, words, settings.steps);
  line.explain("--seed", "Seed of the division of the rows, the models and all draws");
}

}  // namespace

int main(int argc, char** argv) {
  TableSettings settings;
  Words words;
  Options options{.program = "table_anomalies",
                  .about = "Finds the odd rows of a table, and says which columns give them away."};
  const CommandLine* line = nullptr;  // alive while the program runs
  return run_example(
      argc, argv, options,
      [&](CommandLine& shared) {
        add_options(shared, settings, words);
        line = &shared;
      },
      [&] {
        settings.format.separator = one_character("--separator", words.separator);
        settings.draws_mixed = words.draw == "trips";
        settings.format.decimal = one_character("--decimal", words.decimal);
        if (line->given("--train-on")) settings.train_on = words.train_on == "all" ? TrainOn::all : TrainOn::normal;
        if (!(words.false_alarms > 0 && words.false_alarms < 1))
          throw UsageError("--false-alarms: has to lie between 0 and 1, such as 0.05");
        if (line->given("--false-alarms")) settings.false_alarms = words.false_alarms;
        if (options.quick && settings.steps == 0) settings.steps = quick_steps;
        if (!words.benchmark.empty())
          run_benchmark(options, {.folder = words.benchmark,
                                  .seeds = options.quick && !line->given("--seeds") ? 1 : words.seeds,
                                  .false_alarms = words.false_alarms,
                                  .steps = settings.steps});
        else if (!settings.model.empty())
          run_saved_detector(options, settings);
        else
          run_table(options, settings);
      });
}
