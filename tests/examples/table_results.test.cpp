#include "support/catch.hpp"

#include <tables/drawn_table.hpp>
#include <tables/heat_table.hpp>
#include <tables/judged_rows.hpp>
#include <tables/reasons.hpp>
#include <tables/scores_file.hpp>
#include <tables/swap_test.hpp>
#include <tables/table_plots.hpp>
#include <tables/text.hpp>

#include <eigencoder/datasets/csv.hpp>
#include <eigencoder/datasets/table_csv.hpp>
#include <eigencoder/extend/errors.hpp>
#include <numeric>

#include "support/thrown.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++found;
  return found;
}

std::vector<std::uint8_t> bytes(const std::string& text) { return {text.begin(), text.end()}; }

/// Three rows of two columns; the second is the oddest, and flagged with the third.
ScoredRows three_rows() {
  ScoredRows scored{.rows = {4, 7, 9}, .scores = {0.5, 3, 2}, .p_values = {0.75, 0.25, 0.5}, .threshold = 1};
  scored.is_anomaly = {false, true, false};
  const MatrixX<double> contributions{{1, 1, 2}, {3, 1, 0}};
  const double values[2][3] = {{10, 20, 30}, {0.1, 0.2, 0.3}};
  scored.reasons = reasons_of(contributions);
  for (std::size_t j = 0; j < 3; ++j)
    for (Reason& reason : scored.reasons[j]) {
      reason.value = values[reason.column][j];
      reason.expected = 0.0;
    }
  return scored;
}

}  // namespace

TEST_CASE("numbers for people keep what matters") {
  CHECK(plain_number(0) == "0");
  CHECK(plain_number(93.04) == "93");
  CHECK(plain_number(12345.6) == "12346");
  CHECK(plain_number(-0.012345) == "-0.0123");
  CHECK(plain_number(1.5e-7) == "1.5e-07");
  CHECK(plain_number(2.5e12) == "2.5e+12");
  CHECK(plain_numbers(93.04, 93.02).first == "93.04");
  CHECK(plain_numbers(93.04, 93.02).second == "93.02");
  CHECK(plain_numbers(93.04, 41).first == "93");
  CHECK(plain_numbers(5, 5).second == "5");
  CHECK(counted(1, "row") == "1 row");
  CHECK(counted(0, "row") == "0 rows");
}

TEST_CASE("texts are quoted, cut and padded by characters") {
  CHECK(csv_field("plain") == "plain");
  CHECK(csv_field("a,b") == "\"a,b\"");
  CHECK(csv_field("5\" pipe") == "\"5\"\" pipe\"");
  CHECK(csv_field("two\nlines") == "\"two\nlines\"");
  CHECK(csv_field(" kept ") == "\" kept \"");
  CHECK(csv_field("=1+2") == "'=1+2");
  CHECK(csv_field("@a,b") == "\"'@a,b\"");
  CHECK(csv_field("''-x") == "'''-x");
  CHECK(csv_cell("-x") == "'-x");
  CHECK(csv_cell(-2.5) == "-2.5");
  CHECK(csv_cell(missing_number).empty());
  CHECK(csv_number(0.1F) == "0.1");
  CHECK(shortened("Füße", 4) == "Füße");
  CHECK(shortened("Füße und", 5) == "Füße…");
  CHECK(shortened("a\nb", 9) == "a b");
  CHECK(padded("Füße", 6) == "Füße  ");
  for (const char* good : {"", "a", "\xC3\xBC", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xED\x9F\xBF"})
    CHECK(is_utf8(good));
  for (const char* bad :
       {"\xFC", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xE2\x82"})
    CHECK_FALSE(is_utf8(bad));
}

TEST_CASE("reasons are the largest contributions, and the first of equal ones") {
  const ScoredRows scored = three_rows();
  REQUIRE(scored.reasons.size() == 3);
  REQUIRE(scored.reasons[0].size() == 2);  // as many as there are columns
  CHECK(scored.reasons[0][0].column == 1);
  CHECK(scored.reasons[0][0].share == 0.75);
  CHECK(scored.reasons[1][0].column == 0);
  CHECK(scored.reasons[2][0].share == 1);
  CHECK(reasons_of(MatrixX<double>{{0}, {0}})[0].empty());
  CHECK(reasons_of(MatrixX<double>{{0}, {2}, {0}})[0].size() == 1);  // as where two cells are missing
}

TEST_CASE("reasons are told in words, small ones left out") {
  const std::vector<std::string> names{"pressure", "flow", "valve"};
  const std::vector<Reason> reasons{{0, 0.8, 93.0, 41.0}, {2, 0.15, 2.5, 2.25}, {1, 0.05, 1.0, 2.0}};
  CHECK(reason_text(reasons, names) == "pressure 93 (expected 41), valve 2.5 (expected 2.25)");
  CHECK(reason_text({{1, 0.05, 1.0, 2.0}}, names) == "flow 1 (expected 2)");  // the first is always told
  CHECK(reason_text({{2, 1, "open\nwide", "shut"}}, names) == "valve open wide (expected shut)");
  CHECK(reason_text({{2, 1, "", "shut"}}, names) == "valve missing (expected shut)");
  CHECK(reason_text({{0, 1, missing_number, 2.0}}, names) == "pressure missing (expected 2)");
}

TEST_CASE("the oddest rows come first, with what is known of them") {
  const ScoredRows scored = three_rows();
  CHECK(scored.flagged_count() == 2);
  CHECK(scored.oddest(2) == std::vector<std::size_t>{1, 2});
  CHECK(scored.oddest(9).size() == 3);
  const std::string text = oddest_rows(scored, {"speed", "flow"}, 2);
  CHECK(says(text, {"row 8 (an anomaly): score 3, p 0.25: speed 20 (expected 0)", "row 10 (normal): score 2, p 0.5"}));
  CHECK(count(text, "\n") == 2);
}

TEST_CASE("scores.csv holds every row, with names that need quotes") {
  const std::string text = scores_csv(three_rows(), {"sp,eed", "fl\"ow"});
  CHECK(text.starts_with("row,score,p_value,flag,label,column_1,value_1,expected_1,share_1,column_2"));
  const CsvTable<double> read = parse_csv<double>(bytes(text), "scores.csv",
                                                  {.columns = {"row", "score", "p_value", "flag", "label", "value_1"}});
  CHECK(read.samples.col(0) == VectorX<double>{{5, 0.5, 0.75, 0, 0, 0.1}});
  CHECK(read.samples.col(1) == VectorX<double>{{8, 3, 0.25, 1, 1, 20}});
  const CsvTable<double> columns =
      parse_csv<double>(bytes(text), "scores.csv", {.columns = {"row"}, .label = "column_1"});
  CHECK(columns.label_names == std::vector<std::string>{"fl\"ow", "sp,eed"});
  CHECK(count(text, ",,,,\n") == 3);  // there is no third column
  ScoredRows words = three_rows();
  words.reasons[0][0].value = "=cmd|' /C calc'!A0";
  const std::string with_words = scores_csv(words, {"speed", "+flow"});
  CHECK(says(with_words, {"'=cmd|' /C calc'!A0", "'+flow"}));
  const Table table = parse_table(bytes(with_words), "scores.csv", {.escaped_formulas = true});
  CHECK(table.column("value_1").words()[0] == "=cmd|' /C calc'!A0");
  CHECK(table.column("column_1").words()[0] == "+flow");
}

TEST_CASE("alarms and metrics are those of the labels") {
  const ScoredRows scored = three_rows();
  const Alarms alarms = alarms_of(scored);
  CHECK(alarms.normal == 2);
  CHECK(alarms.false_alarms == 1);
  CHECK(alarms.false_alarm_rate() == 0.5);
  CHECK(alarms.detection_rate() == 1);
  CHECK(detection_of(scored.scores, scored.is_anomaly).roc_auc == 1);
  CHECK_FALSE(detection_of(scored.scores, {}).roc_auc);
  CHECK_FALSE(detection_of({1, 2}, {true, true}).average_precision);
}

TEST_CASE("a swapped value is another row's, a deviation or more away") {
  MatrixX<float> rows(3, 50);
  for (Index j = 0; j < 50; ++j) rows.col(j) << static_cast<float>(j), static_cast<float>(j % 2), 7;
  const SwappedRows swapped = swap_values(rows, {10, 1, 1}, 5, 20);
  REQUIRE(swapped.rows.cols() == 20);
  REQUIRE(swapped.columns.size() == 20);
  bool both[2] = {false, false};
  for (Index k = 0; k < 20; ++k) {
    const Index i = swapped.columns[static_cast<std::size_t>(k)];
    REQUIRE(i < 2);  // a constant column has no other value
    both[i] = true;
    const float speed = swapped.rows(0, k), parity = swapped.rows(1, k);
    CHECK(speed == std::floor(speed));
    if (i == 1) CHECK(parity != static_cast<float>(static_cast<int>(speed) % 2));
    CHECK(swapped.rows(2, k) == 7);
  }
  CHECK((both[0] && both[1]));
  CHECK(swap_values(rows, {10, 1, 1}, 5, 20).rows == swapped.rows);
  CHECK(swap_values(rows, {10, 1, 1}, 6, 20).rows != swapped.rows);
  CHECK(swap_values(rows, {100, 2, 1}, 5).columns.empty());  // no value is that far away

  MatrixX<double> contributions = MatrixX<double>::Zero(3, 20);
  for (Index k = 0; k < 20; ++k) contributions(swapped.columns[static_cast<std::size_t>(k)], k) = 1;
  CHECK(swaps_found(swapped, contributions) == 1);
  contributions.row(2).leftCols(5).setConstant(2);
  CHECK(swaps_found(swapped, contributions) == 0.75);
}

TEST_CASE("a histogram counts every row once") {
  ScoredRows scored = three_rows();
  const auto area = [](const Series& series) {
    double sum = 0;
    for (std::size_t k = 0; k < series.y.size(); k += 2) sum += series.y[k];
    return sum;
  };
  const auto of_kinds = histogram_of(scored, 10);
  REQUIRE(of_kinds.size() == 2);
  CHECK(area(of_kinds[0]) == Approx(100));
  CHECK(area(of_kinds[1]) == Approx(100));
  CHECK(of_kinds[0].x.front() == 0.5);
  CHECK(of_kinds[0].x.back() == Approx(3));
  scored.is_anomaly.clear();
  CHECK(area(histogram_of(scored, 10).at(0)) == 3);
  scored.scores = {1, 1, 1};
  CHECK(area(histogram_of(scored, 10).at(0)) == 3);
}

TEST_CASE("curves go from corner to corner") {
  std::vector<double> scores(5000);
  std::vector<bool> labels(5000);
  for (std::size_t j = 0; j < scores.size(); ++j) {
    scores[j] = static_cast<double>(j * 7919 % 5000);
    labels[j] = j % 3 == 0;
  }
  const auto roc = roc_of({{"", "ours", scores}}, labels);
  REQUIRE(roc.size() == 1);
  CHECK(roc[0].name == "ours");
  CHECK(roc[0].x.front() == 0);
  CHECK(roc[0].x.back() == 1);
  CHECK(roc[0].y.back() == 1);
  CHECK(roc[0].x.size() < 2500);  // what cannot be seen is left out
  CHECK(precision_recall_of({{"", "ours", scores}}, labels)[0].x.back() == 1);
}

TEST_CASE("the table of contributions shows the columns that matter, and escapes names") {
  ScoredRows scored = three_rows();
  std::vector<std::string> names;
  for (int i = 0; i < 20; ++i) names.push_back("c<" + std::to_string(i));
  MatrixX<double> contributions = MatrixX<double>::Ones(20, 2);
  contributions.row(3).setZero();
  contributions(19, 1) = 100;
  Table cells;
  for (const std::string& name : names) cells.add(name, std::vector<double>(10, 1.5));
  const HeatTable table = contributions_table(scored, {1, 2}, contributions, cells, names);
  CHECK(table.rows == std::vector<std::string>{"row 8, anomaly", "row 10"});
  CHECK(table.columns.size() == 16);
  CHECK(std::count(table.columns.begin(), table.columns.end(), "c<3") == 0);
  CHECK(table.columns.back() == "c<19");
  CHECK(table.heat[15] == Approx(1 / 19.0));
  CHECK(table.heat[31] == Approx(100 / 118.0));
  const std::string svg = heat_table_svg(table);
  CHECK(count(svg, "c&lt;19") == 1);
  CHECK(count(svg, ">1.5<") == 32);
  HeatTable broken = table;
  broken.cells.pop_back();
  CHECK_THROWS_AS(heat_table_svg(broken), ShapeError);
}

TEST_CASE("the drawn table can be read, and has faults in it") {
  const auto read = [](std::uint64_t seed) {
    return parse_csv<float>(bytes(drawn_table(400, seed)), "pump.csv", {.label = "state"});
  };
  const CsvTable<float> table = read(1);
  CHECK(table.samples.rows() == 10);
  CHECK(table.samples.cols() == 400);
  CHECK(table.label_names == std::vector<std::string>{"ok", "fault"});
  const auto faults = std::accumulate(table.labels.begin(), table.labels.end(), 0);
  CHECK(faults > 8);
  CHECK(faults < 40);
  CHECK(read(1).samples == table.samples);
  CHECK(read(2).samples != table.samples);
}
