#include "support/catch.hpp"

#include <common/options.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/datasets/table_csv.hpp>
#include <eigencoder/extend/random.hpp>
#include <tables/encoding.hpp>
#include <tables/judged_rows.hpp>
#include <tables/labels.hpp>
#include <tables/mixed_table.hpp>
#include <tables/parts.hpp>
#include <tables/row_detector.hpp>
#include <tables/table.hpp>

#include <algorithm>
#include <fstream>
#include <numeric>

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
  LabeledTable read(const TableFormat& format = {}, const TableEncoder* encoder = nullptr) const {
    return read_labeled_table("--csv", path, format, encoder);
  }
  std::string refusal(const TableFormat& format = {}, const TableEncoder* encoder = nullptr) const {
    return thrown<UsageError>([&] { read(format, encoder); });
  }
};

using Names = std::vector<std::string>;

Names names_of(const LabeledTable& table) {
  Names names;
  for (const TableColumn& column : table.cells.columns()) names.push_back(column.name());
  return names;
}

TableEncoder encoder_of(const LabeledTable& table, const Names& categories = {}) {
  LabeledTable copy = table;
  std::vector<Index> rows(static_cast<std::size_t>(table.rows()));
  std::iota(rows.begin(), rows.end(), Index{0});
  return learn_encoder(copy, rows, TrainOn::normal, categories);
}

/// The encoder of numbers in columns a, b and c.
TableEncoder three_numbers(const MatrixX<float>& rows) {
  LabeledTable table;
  for (Index i = 0; i < 3; ++i) {
    std::vector<double> numbers;
    for (Index j = 0; j < rows.cols(); ++j) numbers.push_back(static_cast<double>(rows(i, j)));
    table.cells.add(std::string(1, static_cast<char>('a' + i)), numbers);
  }
  return encoder_of(table);
}

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

TEST_CASE("labels are words, or whole numbers, of every row") {
  CHECK(read_labels(TableColumn("y", std::vector<double>{0, 1, 0}), {.column = "y"}).is_anomaly ==
        Flags{false, true, false});
  CHECK(read_labels(TableColumn("y", std::vector<double>{0.5, 1, 0.5}), {.column = "y", .anomaly = "0.5"}).is_anomaly ==
        Flags{true, false, true});
  CHECK(says(
      thrown<UsageError>([] { read_labels(TableColumn("y", std::vector<std::string>{"ok", ""}), {.column = "y"}); }),
      {"row 2, column 'y'", "missing"}));
}

TEST_CASE("a table is read with its labels, and without columns that are ignored or have no name") {
  const File file(",speed,note,flow,state\n0,1,x,2,ok\n1,,,4,fault\n2,5,y z,6,ok\n");
  const LabeledTable table = file.read({.ignored = {"note"}, .label = {.column = "state"}});
  CHECK(names_of(table) == Names{"speed", "flow"});
  CHECK(table.cells.column("flow").numbers()[2] == 6);
  CHECK(table.cells.column("speed").is_missing(1));
  CHECK(table.is_anomaly == Flags{false, true, false});
  CHECK(table.anomalies() == 1);
  REQUIRE(table.notes.size() == 1);
  CHECK(says(table.notes[0], {"Column 1 has no name"}));
  CHECK_FALSE(File("a\n1\n").read().has_labels());
}

TEST_CASE("a column that names the rows is left out, unless it is a category") {
  std::string text = "id,kind\n";
  for (int i = 0; i < 30; ++i) text += "pump " + std::to_string(i) + (i % 2 == 0 ? ",a\n" : ",b\n");
  const LabeledTable table = File(text).read();
  CHECK(names_of(table) == Names{"kind"});
  REQUIRE(table.notes.size() == 1);
  CHECK(says(table.notes[0], {"'id' is left out", "one row"}));
  CHECK(names_of(File(text).read({.categories = {"id"}})) == Names{"id", "kind"});
  const TableEncoder encoder = encoder_of(File(text).read({.categories = {"id"}}));
  CHECK(names_of(File(text).read({}, &encoder)) == Names{"id", "kind"});
}

TEST_CASE("columns of an encoder are found by their names, in any order and among others") {
  const TableEncoder encoder = encoder_of(File("speed,code,flow\n1,a,2\n3,7,4\n2,a,2\n").read());
  const File file("flow,more,code,speed\n2,9,1,1\n4,9,2,3\n");
  const LabeledTable table = file.read({}, &encoder);
  CHECK(table.cells.column("code").words()[0] == "1");  // a word there, so it is here
  const MatrixX<float> samples = encode(encoder, table);
  CHECK(samples.rows() == encoder.value_count());
  CHECK(samples(0, 0) < samples(0, 1));
  CHECK(says(File("flow,more,speed\n2,9,1\n").refusal({}, &encoder), {"no column 'code'", "'flow', 'more', 'speed'"}));
  CHECK(says(File("flow,code,speed\n2,x,1\n2,x,old\n").refusal({}, &encoder),
             {"line 3", "column 'speed'", "'old' is not a number"}));
  CHECK(says(File("a,a\n1,2\n").refusal(), {"two columns 'a'"}));
}

TEST_CASE("what is wrong with a table is named with line or row, column, and the option that helps") {
  CHECK(says(File("a,b\n1,2\n3,x\n").refusal({.numbers = {"b"}}),
             {"--csv: ", "line 3", "column 'b'", "'x' is not a number", "--ignore"}));
  const LabeledTable doubtful = File("a,b\n1,2\n3,x\n").read();
  REQUIRE(doubtful.notes.size() == 1);
  CHECK(says(doubtful.notes[0], {"'b' is taken for words", "row 2", "'x'", "--number"}));
  CHECK(File("a,b\n1,2\n3,x\n").read({.categories = {"b"}}).notes.empty());
  CHECK(says(File("a;b\n1;2\n").refusal(), {"(is the separator ';'? see --separator)"}));
  CHECK(says(File("a;b\n1,5;2,5\n").refusal(), {"line 2", "(is the separator ';'? see --separator)"}));
  const TableEncoder encoder = three_numbers(related_rows(9));
  CHECK(says(File("a;b;c\n1;2;3\n").refusal({}, &encoder), {"column 'a'", "(is the separator ';'?"}));
  CHECK(says(File("a,b\n1/2/2024,1\n").read().notes[0], {"'a'", "ISO 8601"}));
  CHECK(says(File("a\n\"1,5\"\n").refusal(), {"'1,5'", "see --decimal"}));
  CHECK(says(File("# made today\na,b\n1,2\n").refusal(), {"line 2"}));
  CHECK(says(File("1,2\n3,4\n").refusal(), {"first line has to name the columns"}));
  CHECK(says(File("a\n1\n").refusal({.label = {.column = "b"}}), {"no column 'b'"}));
  CHECK(says(File("a,\xE9\n1,2\n").refusal(), {"not UTF-8"}));
  CHECK(says(File("a,b\n1,x\n1,\xE9\n").refusal(), {"row 2, column 'b'", "not UTF-8"}));
  CHECK_FALSE(says(File("# made today\na,b\n1,2\n").refusal(), {"CsvOptions"}));
  CHECK(says(thrown<UsageError>([] { read_labeled_table("--csv", "no/such.csv", {}); }), {"no/such.csv"}));
  const LabeledTable european = File("a;b\n1,5;2\n").read({.separator = ';', .decimal = ','});
  CHECK(european.cells.column("a").numbers()[0] == 1.5);
}

TEST_CASE("an encoder is learned of the training rows alone, and refusals count rows from 1") {
  LabeledTable table = File("day,size,empty,kind\n2024-01-01,1,,a\n2024-01-02,2,,b\n2024-01-03,3,7,c\n").read();
  const TableEncoder encoder = learn_encoder(table, {0, 1}, TrainOn::normal);
  CHECK(column_names(encoder) == Names{"day", "size", "kind"});
  CHECK(kinds_of_columns(encoder) == "1 number, 1 category, 1 date");
  CHECK(says(table.notes.back(), {"'empty'", "left out"}));
  CHECK(encoder.columns()[2].value_count == 1);  // the kinds are rare, and share one value
  CHECK(encode(encoder, table).cols() == 3);
  CHECK(other_words(encoder, table.cells).size() == 1);
  LabeledTable broken = File("day,size,kind\n2024-01-01,1,a\n2024-01-02,2,b\nsoon,3,c\n").read();
  const TableEncoder before = learn_encoder(broken, {0, 1}, TrainOn::normal);
  CHECK(says(thrown<UsageError>([&] { encode(before, broken); }), {"row 3, column 'day'", "'soon'"}));
  const LabeledTable blank = File("a,b\n1,2\n,\n3,4\n").read();
  CHECK(says(thrown<UsageError>([&] { encode(three_numbers(related_rows(9)), blank); }), {"no column 'c'"}));
  CHECK(says(thrown<UsageError>([&] { encoder_of(blank); }), {"row 2 holds no known value"}));
  CHECK(says(thrown<UsageError>([&] { encoder_of(File("a\n1\n2\n").read(), {"b"}); }), {"no column 'b'"}));
  const LabeledTable codes = File("code\n7\n8\n7\n8\n7\n8\n").read();
  CHECK(kinds_of_columns(encoder_of(codes)) == "1 number");
  CHECK(kinds_of_columns(encoder_of(codes, {"code"})) == "1 category");
}

TEST_CASE("a column of which the rows that train a detector know nothing is left out, whatever the seed") {
  LabeledTable table;
  std::vector<double> full, sparse(40, missing_number);
  for (int j = 0; j < 40; ++j) full.push_back(j % 7);
  sparse[3] = sparse[20] = 1;
  table.cells.add("full", full);
  table.cells.add("sparse", sparse);
  std::vector<Index> rows(40);
  std::iota(rows.begin(), rows.end(), Index{0});
  int left_out = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    LabeledTable copy = table;
    const TableEncoder encoder = learn_encoder(copy, rows, TrainOn::all, {}, seed);
    const bool kept = encoder.column_count() == 2;
    CHECK(copy.notes.size() == (kept ? 0U : 1U));
    if (!kept && ++left_out > 1) continue;  // of the others it is enough to train one, as of those that keep it
    if (kept && seed > 3) continue;
    CHECK_NOTHROW(RowDetector(encoder, encode(encoder, copy), {.train_on = TrainOn::all, .seed = seed, .steps = 3}));
  }
  CHECK(left_out > 0);
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
    const RowDetector detector(three_numbers(rows), rows, {.train_on = train_on, .steps = 300});
    CHECK(detector.score(broken)[0] > detector.threshold());
    CHECK(detector.score(sound)[0] < detector.threshold());
    const MatrixX<double> why = detector.contributions(broken);
    CHECK((std::min)(why(0), why(1)) > why(2));
  }
}

TEST_CASE("rows with a value of a wild size train a detector, and are the oddest") {
  MatrixX<float> rows = related_rows(400);
  for (Index j = 0; j < 20; ++j) rows(0, j) = 1e12F;
  const std::vector<double> scores =
      RowDetector(three_numbers(rows), rows, {.train_on = TrainOn::all, .steps = 300}).score(rows);
  CHECK(*std::min_element(scores.begin(), scores.begin() + 20) > *std::max_element(scores.begin() + 20, scores.end()));
}

TEST_CASE("a detector of rows is trained for so many steps, or as long as time allows") {
  const MatrixX<float> rows = related_rows(400);  // 3 steps an epoch
  const TableEncoder encoder = three_numbers(rows);
  CHECK(RowDetector(encoder, rows, {.steps = 10}).steps() == 10);
  const Index in_time = RowDetector(encoder, rows, {.steps = 1000000, .seconds = 0.05}).steps();
  CHECK(in_time >= 1);
  CHECK(in_time < 1000000);
}

TEST_CASE("combinations of words and numbers that cannot be are odd, and are named, also by a saved detector") {
  constexpr Index drawn = 1500;
  LabeledTable table = File(mixed_table(drawn, 3, 0.05, 0.1)).read({.label = {.column = "state", .anomaly = "fault"}});
  const TableParts parts = divide(table.is_anomaly, table.rows(), TrainOn::normal, 1);
  const TableEncoder encoder = learn_encoder(table, parts.train, TrainOn::normal);
  CHECK(kinds_of_columns(encoder) == "6 numbers, 4 categories");
  const MatrixX<float> samples = encode(encoder, table), tested = take(samples, parts.test);
  const RowDetector detector(encoder, take(samples, parts.train), {.steps = 400});
  Flags labels;
  for (const Index j : parts.test) labels.push_back(table.is_anomaly[static_cast<std::size_t>(j)]);
  const ScoredRows scored = score_rows(detector, table.cells, tested, parts.test, labels);
  CHECK(detection_of(scored.scores, labels).roc_auc > 0.8);

  const MatrixX<double> why = detector.contributions(tested);
  CHECK(why.rows() == 10);
  CHECK(why.cols() == tested.cols());
  for (std::size_t k = 0; k < scored.reasons.size(); ++k)
    for (const Reason& reason : scored.reasons[k]) {
      const TableColumn& column = table.cells.column(column_names(encoder)[static_cast<std::size_t>(reason.column)]);
      CHECK(std::holds_alternative<double>(reason.value) == column.holds_numbers());
      CHECK(is_missing(reason.value) == column.is_missing(scored.rows[k]));
      CHECK_FALSE(is_missing(reason.expected));
    }

  const TemporaryFolder folder;
  detector.save(folder / "detector.safetensors");
  const RowDetector loaded = RowDetector::load(folder / "detector.safetensors");
  CHECK(loaded.encoder() == encoder);
  CHECK(loaded.score(tested) == scored.scores);
  const File file(
      "fuel,model,region,kind,distance,hours,energy,temperature,power,weight\n"
      "steam,Aster 1,Atlantis,mini,50,1.3,20,5,40,700\ndiesel,Aster 1,Corran,mini,50,,20,-2,45,720\n");
  const LabeledTable new_rows = file.read({}, &loaded.encoder());
  CHECK(other_words(loaded.encoder(), new_rows.cells).size() == 2);
  const MatrixX<float> new_samples = encode(loaded.encoder(), new_rows);
  const ScoredRows found = score_rows(loaded, new_rows.cells, new_samples, {0, 1}, {});
  CHECK(found.scores[0] > found.scores[1]);
  CHECK(std::isfinite(found.scores[0]));
  Names words;
  for (const Reason& reason : found.reasons[0])
    if (const auto* word = std::get_if<std::string>(&reason.value)) words.push_back(*word);
  CHECK(std::count(words.begin(), words.end(), "steam") == 1);
  CHECK(std::count(words.begin(), words.end(), "Atlantis") == 1);
}

TEST_CASE("what is expected in a cell does not depend on it, and is a word for words") {
  std::string text = "kind,size\n";
  Random random(1, Purpose::user, 5);
  for (int j = 0; j < 400; ++j)
    text += j % 2 == 0 ? "small," + std::to_string(1 + 0.1 * random.normal()) + "\n"
                       : "large," + std::to_string(5 + 0.1 * random.normal()) + "\n";
  const LabeledTable table = File(text).read();
  const TableEncoder encoder = encoder_of(table);
  const RowDetector detector(encoder, encode(encoder, table), {.steps = 400});
  const LabeledTable odd = File("kind,size\nlarge,1\nsmall,5\n").read({}, &encoder);
  const MatrixX<float> samples = encode(encoder, odd);
  const Table words = encoder.inverse_transform(detector.expected(samples, {0, 0}));
  CHECK(words.column("kind").words()[0] == "small");
  CHECK(words.column("kind").words()[1] == "large");
  const Table sizes = encoder.inverse_transform(detector.expected(samples, {1, 1}));
  CHECK(sizes.column("size").numbers()[0] == Approx(5).margin(1));
  CHECK(sizes.column("size").numbers()[1] == Approx(1).margin(1));
}

TEST_CASE("the mixed table is the same of the same seed, and gaps change no other cell") {
  const std::string text = mixed_table(300, 1, 0.2, 0.2), whole = mixed_table(300, 1, 0, 0.2);
  CHECK(mixed_table(300, 1, 0.2, 0.2) == text);
  CHECK(mixed_table(300, 2, 0.2, 0.2) != text);
  const File file(text), truth_file(whole);
  const Table cells = read_table(file.path), truth = read_table(truth_file.path);
  CHECK(cells.columns().size() == 11);
  Index missing = 0, differing = 0;
  for (const TableColumn& column : cells.columns())
    for (Index i = 0; i < 300; ++i)
      if (column.is_missing(i))
        ++missing;
      else if (cell_of(column, i) != cell_of(truth.column(column.name()), i))
        ++differing;
  CHECK(differing == 0);
  CHECK(missing > 400);
  CHECK(missing < 700);
  const auto states = cells.column("state").words();
  CHECK(std::count(states.begin(), states.end(), "fault") > 30);
  CHECK(mixed_table(5, 1, 0, 0).find(",state") == std::string::npos);
}
