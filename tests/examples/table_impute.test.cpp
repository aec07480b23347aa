#include "support/catch.hpp"

#include <common/options.hpp>
#include <tables/bar_plot.hpp>
#include <tables/column_notes.hpp>
#include <tables/filled_table.hpp>
#include <tables/gappy_table.hpp>
#include <tables/imputation_errors.hpp>
#include <tables/nearest_rows.hpp>
#include <tables/removed_cells.hpp>
#include <tables/row_imputer.hpp>
#include <tables/table.hpp>

#include <cmath>
#include <fstream>
#include <limits>
#include <string>

#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

namespace table_impute_test {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::missing_number, eigencoder::TableEncoder;
using namespace examples;

constexpr float gap = std::numeric_limits<float>::quiet_NaN();

/// A file in a folder, and what reading it gives or throws.
struct GappyFile {
  TemporaryFolder folder;
  std::string path = folder / "trips.csv";

  explicit GappyFile(const std::string& text) { std::ofstream(path, std::ios::binary) << text; }
  GappyTable read(const GappyFormat& format = {}) const { return read_gappy_table("--csv", path, format); }
  std::string refusal(const GappyFormat& format = {}) const {
    return thrown<UsageError>([&] { read(format); });
  }
};

/// The errors of a table of which nothing was removed.
std::vector<ColumnErrors> no_errors(const TableEncoder& encoder) {
  return errors_by_column(encoder, {}, {{"", "ours", {}}});
}

TEST_CASE("gaps are filled by the mean of the nearest rows that know the value") {
  // Distances of the first row to the others by its first value: 1, 2, 3, 10; the second row does not know the second.
  const MatrixX<float> rows{{0}, {gap}}, references{{1, -2, 3, 10}, {gap, 4, 8, 100}};
  CHECK(filled_by_neighbors(rows, references, {1, 1}, 1)(1, 0) == 4);
  CHECK(filled_by_neighbors(rows, references, {1, 1}, 2)(1, 0) == 6);
  CHECK(filled_by_neighbors(rows, references, {1, 1}, 2)(0, 0) == 0);
  CHECK(filled_by_neighbors(rows, references, {1, 1}, 9)(1, 0) == Approx(112 / 3.0));
}

TEST_CASE("the distance of rows is that of the values that both know, scaled up for the others") {
  // Squared distances: (2 * 2 + 2 * 2) * 3 / 2 = 12 where two values are known, x * x * 3 / 1 where one is: nearer
  // below x = 2.
  const MatrixX<float> row{{0}, {0}, {gap}};
  const MatrixX<float> near{{2.1F, 2}, {gap, 2}, {7, 9}}, far{{1.9F, 2}, {gap, 2}, {7, 9}};
  CHECK(filled_by_neighbors(row, near, {1, 1, 1}, 1)(2, 0) == 9);
  CHECK(filled_by_neighbors(row, far, {1, 1, 1}, 1)(2, 0) == 7);
}

TEST_CASE("nearest rows vote for one-hot values, and rows of nothing in common do not") {
  const MatrixX<float> row{{0}, {gap}, {gap}};
  const MatrixX<float> references{{1, 2, 3, 4, gap}, {1, 0, 1, gap, 0}, {0, 1, 0, gap, 1}};
  const MatrixX<float> filled = filled_by_neighbors(row, references, {1, 2}, 5);
  CHECK(filled(1, 0) == Approx(2 / 3.0));
  CHECK(filled(2, 0) == Approx(1 / 3.0));
  CHECK(std::isnan(filled_by_neighbors(row, MatrixX<float>(references.rightCols(1)), {1, 2}, 5)(1, 0)));
}

TEST_CASE("about the wanted share of known cells is removed, and rows and columns keep some") {
  eigencoder::Table table;
  std::vector<double> numbers(1000), rare(1000, missing_number);
  for (std::size_t j = 0; j < numbers.size(); ++j) numbers[j] = static_cast<double>(j);
  rare[3] = rare[5] = 1;
  table.add("a", numbers);
  table.add("b", std::vector<std::string>(1000, "word"));
  table.add("rare", rare);
  const RemovedCells removed = remove_cells(table, 0.2, 1);
  CHECK(removed.cells.size() > 320);  // of 2000 0.2, less 40 of rows that both cells would be removed of
  CHECK(removed.cells.size() < 400);
  const auto& left = removed.table.columns();
  CHECK(!left[2].is_missing(3));
  CHECK(!left[2].is_missing(5));
  std::size_t missing = 0;
  for (Index j = 0; j < 1000; ++j) {
    CHECK(!(left[0].is_missing(j) && left[1].is_missing(j)));
    for (std::size_t k = 0; k < 2; ++k) missing += left[k].is_missing(j) ? 1U : 0U;
  }
  CHECK(missing == removed.cells.size());
  for (const RemovedCell& cell : removed.cells) {
    const Index row = removed.rows[static_cast<std::size_t>(cell.row)];
    CHECK(left[cell.column].is_missing(row));
    CHECK(removed.truth.columns()[0].numbers()[static_cast<std::size_t>(cell.row)] == static_cast<double>(row));
  }
  CHECK(remove_cells(table, 0.2, 1).table == removed.table);
  CHECK(!(remove_cells(table, 0.2, 2).table == removed.table));
  CHECK(remove_cells(table, 0.5, 1, 10).rows.size() <= 10);
}

TEST_CASE("errors are those of standardized numbers, and shares of right words") {
  eigencoder::Table table;
  table.add("size", {1, 3, 1, 3});
  table.add("word", {"a", "b", "b", "b"});
  const TableEncoder encoder(table);  // mean 2, deviation 1
  const RemovedCells removed{
      .table = table, .rows = {0, 1}, .truth = take_rows(table, {0, 1}), .cells = {{0, 0}, {0, 1}, {1, 0}, {1, 1}}};
  MatrixX<float> values = encoder.transform(removed.truth);
  MatrixX<float> means = MatrixX<float>::Zero(values.rows(), 2);
  means.row(2).setOnes();  // word=b
  values(0, 0) = 2;
  const auto errors = errors_by_column(encoder, removed, {{"", "ours", values}, {"mean", "mean", means}});
  CHECK(errors[0].unit == Approx(1));
  CHECK(errors[0].removed == 2);
  CHECK(errors[0].figures[0] == Approx(std::sqrt(4.5)));
  CHECK(errors[0].figures[1] == Approx(1));
  CHECK(errors[1].figures == std::vector<double>{1, 0.5});
  CHECK(*overall(errors, 1, false) == Approx(1));
  CHECK(*overall(errors, 1, true) == 0.5);

  ImputedRows imputed{values, MatrixX<float>::Zero(values.rows(), 2)};  // errors of 3 and 0, where 2.1 is expected
  imputed.values.bottomRows(3) << 0.5F, 0.25F, 0.5F, 0.75F, 0, 0;
  CHECK(expected_error(errors, 0, 2) == Approx(std::sqrt(8.5)));
  CHECK(*calibration_of(encoder, removed, imputed, errors).within_two_spreads == 1);
  CHECK(*calibration_of(encoder, removed, imputed, errors).mean_probability == 0.625);
  imputed.values(0, 0) = 3.5F;  // the truth is -1
  CHECK(*calibration_of(encoder, removed, imputed, errors).within_two_spreads == 0.5);
}

TEST_CASE("words that a spreadsheet would take for formulas get an apostrophe, numbers do not") {
  for (const char* word : {"=1+1", "+cmd", "-x", "@sum", "\tx", "-1-1", "-", "+", "+-1", "-1e"})
    CHECK(without_formula(word) == "'" + std::string(word));
  for (const char* word : {"", "a=1", "-1", "+2.5", "-1e9", "'=1", "x"}) CHECK(without_formula(word) == word);
}

TEST_CASE("a filled file has known cells as they were, and says how sure the others are") {
  const GappyFile file("id,size,name\n007,1.50,\"a, b\"\n008,,=x\n009,+2.25,\n010,1e0,\"say \"\"x\"\"\"\n,,\n");
  const GappyTable table = file.read({.ignored = {"id"}});
  CHECK(table.rows == std::vector<Index>{0, 1, 2, 3});
  CHECK(table.missing() == 2);
  const TableEncoder encoder(table.cells);
  ImputedRows imputed{encoder.transform(table.cells), {}};
  imputed.spread = MatrixX<float>::Zero(imputed.values.rows(), 4);
  imputed.values(0, 1) = 0;
  imputed.spread(0, 1) = 0;
  imputed.values.col(2).tail(4) << 0.75F, 0.125F, 0.125F, 0;
  const std::string text = filled_csv(table, encoder, imputed, no_errors(encoder), {});
  CHECK(text.starts_with("id,size,name,size_spread,name_probability\n007,1.50,\"a, b\",,\n008,1.58"));
  CHECK(text.find(",'=x,0.51") != text.npos);  // the column's deviation, where nothing was removed
  CHECK(text.find("\n009,+2.25,'=x,,0.75\n010,1e0,\"say \"\"x\"\"\",,\n,,,,\n") != text.npos);
}

TEST_CASE("numbers that are filled in have the decimals of known ones, and names of further columns are new") {
  const GappyFile file("a;b;a_spread\n1,5;x;\n;x;1\n3,25;y;2\n");
  const GappyFormat format{.separator = ';', .decimal = ','};
  const GappyTable table = file.read(format);
  const TableEncoder encoder(table.cells);
  ImputedRows imputed{encoder.transform(table.cells), {}};
  imputed.values = imputed.values.array().isNaN().select(0.F, imputed.values);
  imputed.spread = MatrixX<float>::Zero(imputed.values.rows(), 3);
  const std::string text = filled_csv(table, encoder, imputed, no_errors(encoder), format);
  CHECK(text.starts_with("a;b;a_spread;a_spread_;a_spread_spread\n1,5;x;2;;0,5\n2,38;x;1;0,875;\n"));
}

TEST_CASE("the probability of a word that shares a hash is that of the hash, times its share") {
  const GappyFile file("a,word\n1,x\n2,y\n3,y\n4,z\n5,\n");
  const GappyTable table = file.read();
  const TableEncoder encoder(table.cells, {.max_words = 2, .hash_values = 1});
  ImputedRows imputed{encoder.transform(table.cells), {}};
  imputed.spread = MatrixX<float>::Zero(imputed.values.rows(), 5);
  imputed.values(1, 4) = 1;
  CHECK(filled_csv(table, encoder, imputed, no_errors(encoder), {}).ends_with("\n4,z,\n5,y,0.5\n"));
}

TEST_CASE("words of which most are those of one row are not filled in, dates and numbers are") {
  std::string text = "name,when,size,word\n";
  for (int j = 0; j < 28; ++j) {
    const std::string n = std::to_string(10 + j % 19);
    text += "n" + std::to_string(j) + ",2020-0" + std::to_string(1 + j % 9) + "-" + n + "," + std::to_string(j) + ",w" +
            n + "\n";
  }
  const GappyTable table = GappyFile(text).read();
  REQUIRE(table.cells.columns().size() == 2);
  CHECK(table.cells.find("when"));
  CHECK(table.cells.find("size"));
  REQUIRE(table.notes.size() == 2);
  CHECK(says(table.notes[0], {"'name'", "stays as it is"}));
  CHECK(says(table.notes[1], {"'word'", "stays as it is"}));
}

TEST_CASE("an imputer learns what one column says of another") {
  eigencoder::Table table;
  std::vector<double> x, y;
  std::vector<std::string> sign;
  for (int j = 0; j < 400; ++j) {
    const double value = std::sin(j);
    x.push_back(j % 5 == 0 ? missing_number : value);
    y.push_back(j % 7 == 0 && j % 5 != 0 ? missing_number : 3 - value);
    sign.push_back(j % 3 == 0 ? "" : value > 0 ? "plus" : "minus");
  }
  table.add("x", x);
  table.add("y", y);
  table.add("sign", sign);
  const TableEncoder encoder(table);
  const MatrixX<float> samples = encoder.transform(table);
  const RowImputer imputer(encoder, samples, {.steps = 300});
  CHECK(imputer.steps() == 300);
  const ImputedRows filled = imputer.impute(samples);
  const eigencoder::Table out = encoder.inverse_transform(filled.values);
  double sum = 0, right = 0, signs = 0;
  for (std::size_t j = 0; j < 400; ++j) {
    const double value = std::sin(static_cast<double>(j));
    if (std::isnan(x[j])) sum += std::pow(out.columns()[0].numbers()[j] - value, 2) / 80;
    if (sign[j].empty()) {
      ++signs;
      right += out.columns()[2].words()[j] == (value > 0 ? "plus" : "minus") ? 1 : 0;
    }
    if (!std::isnan(x[j])) {
      CHECK(filled.values(0, static_cast<Index>(j)) == samples(0, static_cast<Index>(j)));
      CHECK(filled.spread(0, static_cast<Index>(j)) == 0);
    }
  }
  CHECK(std::sqrt(sum) < 0.2);  // of a column with a deviation of 0.7
  CHECK(right / signs > 0.9);
}

TEST_CASE("a table that cannot be used is refused, and what is left out is said") {
  const GappyFile file(",a,b,c\n1,2,,x\n2,3,,y\n");
  const GappyTable table = file.read();
  REQUIRE(table.notes.size() == 2);
  CHECK(table.cells.columns().size() == 2);
  CHECK(table.texts.columns().size() == 4);
  CHECK(says(thrown<UsageError>([&] { file.read({.ignored = {"c"}}); }), {"--csv", "two columns"}));
}

TEST_CASE("what a table may be meant to be is said, and the separator and --number that help") {
  const GappyFile typo("a,b\n1,2\n3,high\n5,6\n");
  const GappyTable table = typo.read();
  REQUIRE(table.notes.size() == 1);
  CHECK(says(table.notes[0], {"'b' is taken for words", "row 2", "'high'", "--number"}));
  CHECK(typo.read({.categories = {"b"}}).notes.empty());
  CHECK(says(typo.refusal({.numbers = {"b"}}), {"line 3", "column 'b'", "'high' is not a number"}));
  CHECK(typo.read({.numbers = {"b"}, .missing = {"high"}}).missing() == 1);
  CHECK(says(GappyFile("a,b\n1/2/2024,1\n14/02/2024,2\n").read().notes[0], {"'a'", "'1/2/2024'", "ISO 8601"}));
  CHECK(says(GappyFile("a;b\n1;2\n").refusal(), {"(is the separator ';'? see --separator)"}));
  CHECK(says(GappyFile("a;b\n1,5;2,5\n").refusal(), {"line 2", "(is the separator ';'? see --separator)"}));
  CHECK(says(GappyFile("a\tb\n1\t2\n").refusal(), {"(is the separator a tab?"}));
  CHECK_FALSE(says(GappyFile("a,b\n1,2,3\n").refusal(), {"separator"}));
}

TEST_CASE("dates that are not ISO 8601 are those in other orders") {
  const auto doubt = [](const std::string& word) {
    return doubt_about(eigencoder::TableColumn("day", std::vector<std::string>{"", word, word}), '.', "");
  };
  for (const char* word : {"14/01/2024", "1/14/24", "2024/01/14", "14.1.2024", "14-01-2024", "2024-1-14",
                           "14/01/2024 13:05", "2024.01.14"})
    CHECK(says(doubt(word), {"'day'", word, "looks like a date, but not one of ISO 8601 (2024-01-14)"}));
  for (const char* word : {"2024-01-14", "2024-01-14T13:05", "1.2.30", "10.0.0.1", "a/b/2024", "1/2", "14/01-2024",
                           "north", "123/01/2024"})
    CHECK(doubt(word).empty());
}

TEST_CASE("a plot has a bar for each value, cut off at its limit") {
  const BarPlot plot{.title = "t", .series = {"a", "b"}, .groups = {"x & y"}, .values = {{0.5, 7}}, .limit = 1.5};
  const std::string svg = bar_plot_svg(plot);
  CHECK(svg.find("x &amp; y") != svg.npos);
  CHECK(svg.find(">7.00<") != svg.npos);
  CHECK_THROWS_AS(bar_plot_svg({.title = "t", .series = {"a"}, .groups = {"x"}, .values = {}}), eigencoder::ShapeError);
}

}  // namespace table_impute_test
