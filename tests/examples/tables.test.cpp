#include "support/catch.hpp"

#include <common/options.hpp>
#include <eigencoder/extend/random.hpp>
#include <tables/labels.hpp>
#include <tables/parts.hpp>
#include <tables/row_detector.hpp>
#include <tables/table.hpp>

#include <algorithm>
#include <fstream>

#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;
using namespace examples;

namespace {

/// A file in a folder, and what reading it gives or throws.
struct File {
  TemporaryFolder folder;
  std::string path = folder / "pumps.csv";

  explicit File(const std::string& text) { std::ofstream(path, std::ios::binary) << text; }
  Table read(const TableFormat& format = {}, const std::vector<std::string>& columns = {}) const {
    return read_table("--csv", path, format, columns);
  }
  std::string refusal(const TableFormat& format = {}, const std::vector<std::string>& columns = {}) const {
    return thrown<UsageError>([&] { read(format, columns); });
  }
};

std::string refusal(const std::vector<int>& labels, const std::vector<std::string>& names,
                    const LabelRule& rule = {"y"}) {
  return thrown<UsageError>([&] { read_labels(labels, names, rule); });
}

using Flags = std::vector<bool>;

/// Rows of three numbers: the second is about twice the first, the third has nothing to do with them.
MatrixX<float> related_rows(Index count) {
  Random random(1, Purpose::user, 3);
  MatrixX<float> rows(3, count);
  for (Index j = 0; j < count; ++j) {
    const double x = random.normal();
    rows.col(j) << static_cast<float>(x), static_cast<float>(2 * x + 0.05 * random.normal()),
        static_cast<float>(random.normal());
  }
  return rows;
}

}  // namespace

TEST_CASE("of labels 0 and 1 the 1 means an anomaly, whichever is rarer") {
  const LabelMeaning meaning = read_labels({1, 0, 1, 1}, {}, {.column = "y"});
  CHECK(meaning.is_anomaly == Flags{true, false, true, true});
  CHECK(says(meaning.sentence, {"'y' = 1 is an anomaly"}));
  CHECK(read_labels({0, 0}, {}, {.column = "y"}).is_anomaly == Flags{false, false});
  CHECK(read_labels({1, 1}, {}, {.column = "y"}).is_anomaly == Flags{true, true});
}

TEST_CASE("of two other labels the rarer one means an anomaly, and that is said") {
  const LabelMeaning words = read_labels({0, 1, 0}, {"ok", "fault"}, {.column = "state"});
  CHECK(words.is_anomaly == Flags{false, true, false});
  CHECK(says(words.sentence, {"'state' = fault is an anomaly", "rarer", "--anomaly"}));
  CHECK(read_labels({-1, 1, 1, 1}, {}, {.column = "y"}).is_anomaly == Flags{true, false, false, false});
  CHECK(says(refusal({2, 3}, {}), {"'y' holds 2 (1 row), 3 (1 row)", "--anomaly VALUE", "--normal VALUE"}));
  CHECK(says(refusal({0, 1, 2}, {"a", "b", "c"}), {"a (1 row), b (1 row), c (1 row)", "--anomaly VALUE"}));
  CHECK(says(refusal({5, 5}, {}), {"--anomaly VALUE"}));
}

TEST_CASE("a value that is given decides") {
  CHECK(read_labels({0, 1, 2}, {}, {.column = "y", .anomaly = "2"}).is_anomaly == Flags{false, false, true});
  CHECK(read_labels({0, 1, 2}, {}, {.column = "y", .anomaly = "+2.0"}).is_anomaly == Flags{false, false, true});
  CHECK(read_labels({0, 1, 2}, {}, {.column = "y", .normal = "0"}).is_anomaly == Flags{false, true, true});
  const LabelMeaning words = read_labels({0, 1, 2}, {"ok", "leak", "stuck"}, {.column = "y", .normal = "ok"});
  CHECK(words.is_anomaly == Flags{false, true, true});
  CHECK(says(words.sentence, {"'y' = ok is normal"}));
  CHECK(says(refusal({0, 1}, {}, {.column = "y", .anomaly = "one"}), {"--anomaly", "'one'", "holds 0 (1 row), 1"}));
  CHECK(says(refusal({0, 1}, {"ok", "leak"}, {.column = "y", .normal = "Ok"}), {"--normal", "'Ok'"}));
  CHECK(says(refusal({0, 1}, {}, {.column = "y", .anomaly = "1", .normal = "0"}), {"--anomaly, --normal"}));
  const LabelRule lenient{.column = "y", .anomaly = "1", .lenient = true};
  CHECK(read_labels({0, 0}, {}, lenient).is_anomaly == Flags{false, false});
}

TEST_CASE("a table is read with its labels, and without columns that are ignored or have no name") {
  const File file(",speed,note,flow,state\n0,1,x,2,ok\n1,3,,4,fault\n2,5,y z,6,ok\n");
  const Table table = file.read({.ignored = {"note"}, .label = {.column = "state"}});
  CHECK(table.names == std::vector<std::string>{"speed", "flow"});
  CHECK(table.rows == MatrixX<float>{{1, 3, 5}, {2, 4, 6}});
  CHECK(table.is_anomaly == Flags{false, true, false});
  CHECK(table.anomalies() == 1);
  REQUIRE(table.notes.size() == 1);
  CHECK(says(table.notes[0], {"Column 1 has no name"}));
  CHECK_FALSE(File("a\n1\n").read().has_labels());
}

TEST_CASE("columns are found by their names, in any order and among others") {
  const File file("flow,more,speed\n2,9,1\n4,9,3\n");
  const Table table = file.read({}, {"speed", "flow"});
  CHECK(table.names == std::vector<std::string>{"speed", "flow"});
  CHECK(table.rows == MatrixX<float>{{1, 3}, {2, 4}});
  CHECK(
      says(file.refusal({}, {"speed", "valve"}), {"--csv", file.path, "no column 'valve'", "'flow', 'more', 'speed'"}));
  CHECK(says(File("a,a\n1,2\n").refusal({}, {"a"}), {"two columns 'a'"}));
}

TEST_CASE("what is wrong with a table is named with line and column, and the option that helps") {
  CHECK(
      says(File("a,b\n1,2\n3,x\n").refusal(), {"--csv: ", "line 3", "column 'b'", "'x' is not a number", "--ignore"}));
  CHECK(says(File("a;b\n1;2\n").refusal(), {"see --separator"}));
  CHECK(says(File("a\n\"1,5\"\n").refusal(), {"see --decimal"}));
  CHECK(says(File("a,b\n1,\n").refusal(), {"line 2, column 'b'", "needs every value"}));
  CHECK(says(File("# made today\na,b\n1,2\n").refusal(), {"line 2"}));
  CHECK(says(File("1,2\n3,4\n").refusal(), {"first line has to name the columns"}));
  CHECK(says(File("a,b,a\n1,2,3\n").refusal(), {"two columns have the name 'a'"}));
  CHECK(says(File("a\n1\n").refusal({.label = {.column = "b"}}), {"no column 'b'"}));
  CHECK(says(File("a,\xE9\n1,2\n").refusal(), {"not UTF-8"}));
  for (const char* text : {"a;b\n1;2\n", "a\n\"1,5\"\n", "a,b\n1,\n", "# made today\na,b\n1,2\n"})
    CHECK_FALSE(says(File(text).refusal(), {"CsvOptions"}));
  CHECK(says(thrown<UsageError>([] { read_table("--csv", "no/such.csv", {}); }), {"no/such.csv"}));
  const Table european = File("a;b\n1,5;2\n").read({.separator = ';', .decimal = ','});
  CHECK(european.rows == MatrixX<float>{{1.5F}, {2}});
}

TEST_CASE("rows are divided by their labels and the seed") {
  Flags labels(1000, false);
  for (std::size_t j = 0; j < 100; ++j) labels[10 * j] = true;
  const auto anomalies = [&](const std::vector<Index>& rows) {
    return std::count_if(rows.begin(), rows.end(), [&](Index j) { return labels[static_cast<std::size_t>(j)]; });
  };
  const auto all_once = [](const TableParts& parts) {
    std::vector<Index> all = parts.train;
    all.insert(all.end(), parts.test.begin(), parts.test.end());
    std::sort(all.begin(), all.end());
    return std::ssize(all) == 1000 && std::adjacent_find(all.begin(), all.end()) == all.end() &&
           std::is_sorted(parts.train.begin(), parts.train.end()) &&
           std::is_sorted(parts.test.begin(), parts.test.end());
  };
  const TableParts normal = divide(labels, 1000, TrainOn::normal, 3), all = divide(labels, 1000, TrainOn::all, 3);
  CHECK(normal.train.size() == 450);
  CHECK(anomalies(normal.train) == 0);
  CHECK(anomalies(normal.test) == 100);
  CHECK(all.train.size() == 700);
  CHECK(anomalies(all.train) == 70);
  CHECK(all_once(normal));
  CHECK(all_once(all));
  CHECK(divide(labels, 1000, TrainOn::normal, 3).train == normal.train);
  CHECK(divide(labels, 1000, TrainOn::normal, 4).train != normal.train);

  const TableParts whole = divide({}, 3, TrainOn::all, 3);
  CHECK(whole.train == std::vector<Index>{0, 1, 2});
  CHECK(whole.test == whole.train);
  const TableParts one = divide({false, false, true, false, false}, 5, TrainOn::all, 1);
  CHECK(std::count(one.test.begin(), one.test.end(), 2) == 1);  // a single anomaly is tested
  CHECK(says(thrown<UsageError>([] { divide({true, false, true}, 3, TrainOn::normal, 1); }), {"1 normal row,"}));
}

TEST_CASE("values that lie within their range and do not go together are odd, and are named") {
  const MatrixX<float> rows = related_rows(400);
  const MatrixX<float> broken{{1}, {-2}, {0.5F}}, sound{{1}, {2}, {0.5F}};
  for (const TrainOn train_on : {TrainOn::normal, TrainOn::all}) {
    const RowDetector detector(rows, {.train_on = train_on, .steps = 300});
    CHECK(detector.score(broken)[0] > detector.threshold());
    CHECK(detector.score(sound)[0] < detector.threshold());
    const MatrixX<double> why = detector.contributions(broken);
    CHECK((std::min)(why(0), why(1)) > why(2));
  }
}

TEST_CASE("rows with a value of a wild size train a detector, and are the oddest") {
  MatrixX<float> rows = related_rows(400);
  for (Index j = 0; j < 20; ++j) rows(0, j) = 1e12F;
  const std::vector<double> scores = RowDetector(rows, {.train_on = TrainOn::all, .steps = 300}).score(rows);
  CHECK(*std::min_element(scores.begin(), scores.begin() + 20) > *std::max_element(scores.begin() + 20, scores.end()));
}

TEST_CASE("a detector of rows is trained for so many steps, or as long as time allows") {
  const MatrixX<float> rows = related_rows(400);  // 3 steps an epoch
  CHECK(RowDetector(rows, {.steps = 10}).steps() == 10);
  const Index in_time = RowDetector(rows, {.steps = 1000000, .seconds = 0.05}).steps();
  CHECK(in_time >= 1);
  CHECK(in_time < 1000000);
}
