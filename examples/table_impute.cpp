// Fills the gaps of a table of numbers, words and dates: autoencoders learn from the known cells of each row what the
// others are. It writes the table without gaps, with columns of how sure that is, and says how large the errors are on
// known cells that it had removed, beside those of the column's mean or most frequent word and of the nearest rows.
//
//   table_impute --csv patients.csv                     fills all gaps
//   table_impute --csv patients.csv --missing unknown   'unknown' is a gap as well
//   table_impute --csv complete.csv --remove 0.2        judges by a fifth of the known cells
//
// Without --csv it draws a table of its own.
#include <string>
#include "common/run_example.hpp"
#include "tables/impute_run.hpp"
#include "tables/table_options.hpp"

using namespace examples;

namespace {

void add_options(CommandLine& line, ImputeSettings& settings, TableWords& words) {
  line.text("--csv", settings.csv, "FILE", "Table, its first line the names of the columns; .gz too");
  line.texts("--ignore", settings.format.ignored, "COLUMN", "Column to leave as it is; may be given several times");
  line.texts("--number", settings.format.numbers, "COLUMN", "Column that has to hold numbers; likewise");
  line.texts("--category", settings.format.categories, "COLUMN", "Column whose numbers only name something; likewise");
  line.texts("--missing", settings.format.missing, "WORD", "Word for a gap, beside NA, None, null, ?, ...; likewise");
  line.number("--remove", settings.remove, 0, "Share of the known cells that are removed to judge by");
  add_table_options(line, words, settings.steps);
  line.explain("--seed", "Seed of the cells that are removed, the models and all draws");
}

}  // namespace

int main(int argc, char** argv) {
  ImputeSettings settings;
  TableWords words;
  Options options{.program = "table_impute",
                  .about = "Fills the gaps of a table of numbers, words and dates, and says how sure that is."};
  return run_example(
      argc, argv, options, [&](CommandLine& line) { add_options(line, settings, words); },
      [&] {
        settings.format.separator = one_character("--separator", words.separator);
        settings.format.decimal = one_character("--decimal", words.decimal);
        if (!(settings.remove > 0 && settings.remove <= 0.5))
          throw UsageError("--remove: has to lie above 0, and be 0.5 at most");
        if (options.quick && settings.steps == 0) settings.steps = quick_steps;
        run_impute(options, settings);
      });
}
