// How the columns of a table become values, and back.
#include "support/catch.hpp"

#include <eigencoder/data/encoded_table.hpp>
#include <eigencoder/data/quantile_scaling.hpp>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/data/stream.hpp>
#include <eigencoder/data/table_encoder.hpp>
#include <eigencoder/extend/random.hpp>
#include <eigencoder/extend/threads.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "data/table_parts.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace table_encoder_test {
namespace {

using Names = std::vector<std::string>;

/// Ages, cities and dates, with gaps.
Table people() {
  Table table;
  table.add("age", {31, missing_number, 54, 23});
  table.add("city", {"Oslo", "Bergen", "", "Oslo"});
  table.add("born", {"1990-05-17", "", "1967-01-02", "1998-12-31"});
  return table;
}

Table numbers(std::vector<double> cells) {
  Table table;
  table.add("x", std::move(cells));
  return table;
}
Table words(std::vector<std::string> cells) {
  Table table;
  table.add("w", std::move(cells));
  return table;
}

/// The table with a column more, so that no row has missing cells alone.
Table known(Table table) {
  table.add("row", std::vector<double>(static_cast<std::size_t>(table.rows()), 1));
  return table;
}

/// 300 numbers from 0.01 to 200, some negative.
std::vector<double> skewed() {
  Random random(7, Purpose::user);
  std::vector<double> all;
  for (int i = 0; i < 300; ++i) all.push_back(std::exp(1.5 * random.normal()) * (i % 10 == 0 ? -1 : 1));
  return all;
}

MatrixX<double> scaled(const std::vector<double>& cells, NumberScaling scaling) {
  const Table table = numbers(cells);
  return TableEncoder(table, {.scaling = scaling}).transform<double>(table);
}

MatrixX<double> row_of(const std::vector<double>& cells) {
  return Eigen::Map<const Eigen::RowVectorXd>(cells.data(), static_cast<Index>(cells.size()));
}

double difference(const MatrixX<double>& a, const MatrixX<double>& b) { return (a - b).cwiseAbs().maxCoeff(); }

bool all_nan(const MatrixX<float>& values) { return values.array().isNaN().all(); }

/// Whether all values are equal, or NaN in both.
bool same(const MatrixX<float>& a, const MatrixX<float>& b) {
  return ((a.array() == b.array()) || (a.array().isNaN() && b.array().isNaN())).all();
}

}  // namespace

TEST_CASE("columns are found to be numbers, categories and dates, and their values have names") {
  const TableEncoder encoder(people());
  const std::vector<EncodedColumn> columns = encoder.columns();
  REQUIRE(columns.size() == 3);
  CHECK(columns[0].kind == ColumnKind::number);
  CHECK(columns[1].kind == ColumnKind::category);
  CHECK_FALSE(columns[1].hashed);
  CHECK(columns[2].kind == ColumnKind::date);
  CHECK(columns[2].first_value == 4);
  CHECK(columns[2].value_count == 5);
  CHECK(columns[2].counts.missing == 1);
  CHECK(encoder.value_count() == 9);
  CHECK(encoder.value_names() == Names{"age", "city=Bergen", "city=Oslo", "city=(other)", "born", "born:sin(year)",
                                       "born:cos(year)", "born:sin(week)", "born:cos(week)"});
  CHECK(encoder.word_columns() == Names{"city", "born"});
  CHECK(encoder.number_columns() == Names{"age"});
}

TEST_CASE("words are one-hot, missing cells NaN in all of their column's values") {
  const MatrixX<float> x = TableEncoder(people()).transform(people());
  CHECK(x.col(0).segment(1, 3) == Eigen::Vector3f(0, 1, 0));
  CHECK(x.col(1).segment(1, 3) == Eigen::Vector3f(1, 0, 0));
  CHECK(all_nan(x.col(2).segment(1, 3)));
  CHECK(std::isnan(x(0, 1)));
  CHECK(all_nan(x.col(1).tail(5)));
  CHECK(x.array().isNaN().count() == 3 + 1 + 5);
  const double mean = (31 + 54 + 23) / 3.0, variance = (31 * 31 + 54 * 54 + 23 * 23) / 3.0 - mean * mean;
  CHECK(x(0, 2) == Approx((54 - mean) / std::sqrt(variance)));
}

TEST_CASE("numbers are scaled as by the functions for samples") {
  const std::vector<double> cells = skewed();
  const MatrixX<double> x = row_of(cells);
  CHECK(difference(scaled(cells, NumberScaling::standard), standard_scaling(x).transform(x)) < 1e-12);
  CHECK(difference(scaled(cells, NumberScaling::robust), robust_scaling(x).transform(x)) < 1e-12);
  const auto quantiles = quantile_scaling(x, {.quantiles = 100, .output = OutputDistribution::normal});
  CHECK(difference(scaled(cells, NumberScaling::quantile), quantiles.transform(x)) == 0);
  const MatrixX<double> logarithms = x.unaryExpr([](double v) { return (v < 0 ? -1 : 1) * std::log(1 + std::abs(v)); });
  CHECK(difference(scaled(cells, NumberScaling::logarithmic), standard_scaling(logarithms).transform(logarithms)) <
        1e-12);
  for (const auto scaling :
       {NumberScaling::standard, NumberScaling::robust, NumberScaling::quantile, NumberScaling::logarithmic}) {
    const Table table = numbers(cells);
    const TableEncoder encoder(table, {.scaling = scaling, .quantiles = 300});
    const Table back = encoder.inverse_transform(encoder.transform<double>(table));
    CHECK(difference(row_of({back.column("x").numbers().begin(), back.column("x").numbers().end()}), x) < 1e-9);
    // A constant column is 0, and comes back.
    const Table constant = known(numbers({0.1, missing_number, 0.1, 0.1}));
    const TableEncoder flat(constant, {.scaling = scaling});
    CHECK(flat.transform(constant)(0, 3) == 0);
    CHECK(flat.inverse_transform(flat.transform(constant)) == constant);
  }
}

TEST_CASE("more numbers than are kept have nearly the quartiles of all") {
  std::vector<double> cells(70000);
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = static_cast<double>(i);
  const MatrixX<double> z = scaled(cells, NumberScaling::robust);
  CHECK(std::abs(z(0, 35000)) < 0.02);
  CHECK(std::abs(z(0, 52500) - 0.5) < 0.02);
  CHECK(z(0, 69999) > z(0, 69998));
}

TEST_CASE("rare and unknown words share a value and are counted") {
  const Table table = known(words({"a", "b", "a", "c", "", "b"}));
  const TableEncoder encoder(table, {.min_count = 2});
  CHECK(encoder.value_names() == Names{"w=a", "w=b", "w=(other)", "row"});
  const CellCounts learned = encoder.columns()[0].counts;
  CHECK(learned.known == 5);
  CHECK(learned.missing == 1);
  CHECK(learned.other == 1);
  const Table later = known(words({"a", "z", "c", "", "\xC3\xA9"}));
  const MatrixX<float> x = encoder.transform(later);
  CHECK(x.col(0).head(3) == Eigen::Vector3f(1, 0, 0));
  for (const Index j : {1, 2, 4}) CHECK(x.col(j).head(3) == Eigen::Vector3f(0, 0, 1));
  const std::vector<CellCounts> counts = encoder.count_cells(later);
  CHECK(counts[0].other == 3);
  CHECK(counts[0].known == 4);
  CHECK(counts[0].missing == 1);
  CHECK(encoder.inverse_transform(x) == known(words({"a", "(other)", "(other)", "", "(other)"})));
  CHECK(encoder.transform(encoder.inverse_transform(x)).col(1) == x.col(1));
}

TEST_CASE("the words of a category of too many are hashed by FNV-1a") {
  // Published: the hash of "" is 0xCBF29CE484222325, that of "a" 0xAF63DC4C8601EC8C, of "foobar" 0x85944171F73967E8.
  CHECK(detail::fnv1a("") == 0xCBF29CE484222325);
  CHECK(detail::fnv1a("a") == 0xAF63DC4C8601EC8C);
  CHECK(detail::fnv1a("foobar") == 0x85944171F73967E8);
  CHECK(detail::fnv1a("\xFF") == (0xCBF29CE484222325 ^ 0xFF) * 0x100000001B3);

  const Table table = known(words({"a", "foobar", "a", "", "x"}));
  CHECK_FALSE(TableEncoder(table, {.max_words = 3}).columns()[0].hashed);
  const TableEncoder encoder(table, {.max_words = 2, .hash_values = 16});
  CHECK(encoder.columns()[0].hashed);
  CHECK(encoder.value_count() == 17);
  CHECK(encoder.value_names()[12] == "w#12");
  const MatrixX<float> x = encoder.transform(table);
  CHECK(x(0xC, 0) == 1);
  CHECK(x(0x8, 1) == 1);
  CHECK(x.col(0).sum() == 1);
  CHECK(all_nan(x.col(3).head(16)));
  CHECK(encoder.inverse_transform(x) == table);
  // With a single value all words share it, and the most frequent one stands for them.
  const TableEncoder single(table, {.max_words = 2, .hash_values = 1});
  CHECK(single.inverse_transform(single.transform(table)) == known(words({"a", "a", "a", "", "a"})));
  // A value that no training word has: missing.
  MatrixX<float> unused = MatrixX<float>::Zero(17, 1);
  for (Index value = 0; value < 16; ++value)
    if ((x.leftCols(3).row(value).array() != 1).all() && x(value, 4) != 1) unused(value, 0) = 1;
  CHECK(encoder.inverse_transform(unused) == known(words({""})));
}

TEST_CASE("numbers may name a category, and come back as numbers") {
  const Table table = known(numbers({3, 1, -0.5, missing_number, 3}));
  const TableEncoder encoder(table, {.columns = {{"x", ColumnKind::category}}});
  CHECK(encoder.value_names() == Names{"x=-0.5", "x=1", "x=3", "x=(other)", "row"});
  CHECK(encoder.inverse_transform(encoder.transform(table)) == table);
  CHECK(encoder.word_columns().empty());
  CHECK(encoder.number_columns() == Names{"row"});
  Table text;
  text.add("x", {"1", "7"});
  const MatrixX<float> x = encoder.transform(known(text));
  CHECK(x(1, 0) == 1);
  CHECK(x(3, 1) == 1);
  CHECK(encoder.inverse_transform(x) == known(numbers({1, missing_number})));  // no number is the other words'
}

TEST_CASE("dates have the time and the phases of year, week and day") {
  Table table;
  table.add("at", {"2024-02-29T06:00", "1970-01-01T00:00", "", "2023-12-31T12:00"});  // Thursday, Thursday, Sunday
  table.add("row", {1, 1, 1, 1});
  const TableEncoder encoder(table);
  CHECK(encoder.value_names()[6] == "at:cos(day)");
  const MatrixX<double> x = encoder.transform<double>(table);
  const auto phase_is = [&](Index value, Index j, double turns) {
    const double angle = 2 * std::numbers::pi * turns;
    return std::abs(x(value, j) - std::sin(angle)) < 1e-12 && std::abs(x(value + 1, j) - std::cos(angle)) < 1e-12;
  };
  CHECK(phase_is(1, 0, 59.25 / 366));
  CHECK(phase_is(3, 0, 3.25 / 7));
  CHECK(phase_is(5, 0, 0.25));
  CHECK(phase_is(1, 1, 0));
  CHECK(phase_is(3, 1, 3.0 / 7));
  CHECK(phase_is(1, 3, 364.5 / 365));
  CHECK(phase_is(3, 3, 6.5 / 7));
  CHECK(phase_is(5, 3, 0.5));
  CHECK(std::abs(x(0, 0) + x(0, 1) + x(0, 3)) < 1e-12);
  CHECK(encoder.inverse_transform(encoder.transform(table)) == table);
}

TEST_CASE("dates come back in single precision, to the digits that they have") {
  Table table;
  table.add("day", {"1850-01-31", "2024-02-29", "1999-12-31", "2399-06-01"});
  table.add("second", {"2024-02-29T13:05:59Z", "1950-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2030-07-01T04:00:01Z"});
  const TableEncoder encoder(table);
  CHECK(encoder.inverse_transform(encoder.transform(table)) == table);
  // A phase of the day that is none is not used.
  MatrixX<double> x = encoder.transform<double>(table);
  x.bottomRows(2).setZero();
  CHECK(encoder.inverse_transform(x) == table);
}

TEST_CASE("a column of words is one of dates only if all are, or an error where dates were promised") {
  Table table;
  table.add("when", {"2024-02-29", "", "soon"});
  table.add("row", {1, 1, 1});
  CHECK(TableEncoder(table).columns()[0].kind == ColumnKind::category);
  CHECK(says(thrown<DataError>([&] { TableEncoder(table, {.columns = {{"when", ColumnKind::date}}}); }),
             {"row 2, column 'when': 'soon' is not a date of ISO 8601"}));
  CHECK(says(thrown<DataError>([&] { TableEncoder(numbers({2024}), {.columns = {{"x", ColumnKind::date}}}); }),
             {"row 0, column 'x': '2024' is not a date"}));
}

TEST_CASE("columns are found by name: in any order, with others between them") {
  const TableEncoder encoder(people());
  const Table table = people();
  Table shuffled;
  shuffled.add("more", {"x", "", "y", "z"});
  for (const char* name : {"born", "city", "age"}) shuffled.add(table.column(name));
  const MatrixX<float> expected = encoder.transform(table), x = encoder.transform(shuffled);
  CHECK(same(x, expected));

  const TableEncoder strict(people(), {.refuse_extra_columns = true});
  CHECK(strict.transform(table).cols() == 4);
  CHECK(says(thrown<DataError>([&] { strict.transform(shuffled); }), {"does not know these columns", "'more'"}));
  const TableEncoder ignoring(shuffled, {.refuse_extra_columns = true, .columns = {{"more", ColumnKind::ignored}}});
  CHECK(ignoring.transform(shuffled).rows() == encoder.value_count());
  CHECK(ignoring.transform(table).rows() == encoder.value_count());
}

TEST_CASE("what is wrong with a table is said with row and column") {
  const TableEncoder encoder(people());
  const auto refusal = [&](const Table& table) { return thrown<DataError>([&] { encoder.transform(table); }); };
  Table table;
  table.add("age", {"31", "old"});
  table.add("city", {"Oslo", "Oslo"});
  table.add("born", {"1990-05-17", "today"});
  CHECK(says(refusal(table), {"row 0, column 'age': '31' is not a number"}));
  table.column("age").words()[0].clear();
  CHECK(says(refusal(table), {"row 1, column 'age': 'old' is not a number"}));
  table.column("age").words()[1].clear();
  CHECK(says(refusal(table), {"row 1, column 'born': 'today' is not a date of ISO 8601"}));
  table.column("born").words()[1].clear();
  CHECK(encoder.transform(table).cols() == 2);
  table.column("city").words()[1].clear();
  CHECK(says(refusal(table), {"row 1 holds no known value"}));

  Table renamed;
  renamed.add("Age", {31});
  renamed.add("city", {"Oslo"});
  CHECK(says(refusal(renamed), {"no column 'age'", "does not know its columns 'Age'"}));
  Table infinite = people();
  infinite.column("age").numbers()[3] = -std::numeric_limits<double>::infinity();
  CHECK(says(refusal(infinite), {"row 3, column 'age': the number is infinite"}));
  infinite.column("age").numbers()[3] = 1e300;
  CHECK(says(refusal(infinite), {"row 3, column 'age': the number is too far"}));
  CHECK(encoder.transform<double>(infinite)(0, 3) > 1e290);
  Table none;
  none.add("age", std::vector<double>{});
  none.add("city", std::vector<std::string>{});
  none.add("born", std::vector<std::string>{});
  CHECK(says(refusal(none), {"the table has no rows"}));
  CHECK(says(thrown<ShapeError>([&] { encoder.inverse_transform(MatrixX<float>(3, 2)); }), {"3 x 2", "expected 9"}));
}

TEST_CASE("what cannot be learned is said with row and column") {
  const auto refusal = [](const Table& table, const TableEncoderOptions& options = {}) {
    return thrown<DataError>([&] { TableEncoder(table, options); });
  };
  CHECK(says(refusal(Table{}), {"no rows"}));
  CHECK(says(refusal(numbers({})), {"no rows"}));
  Table gaps = people();
  gaps.add("empty", {"", "", "", ""});
  CHECK(says(refusal(gaps), {"column 'empty' holds no known value"}));
  CHECK(says(refusal(numbers({1, missing_number, 2})), {"row 1 holds no known value"}));
  CHECK(says(refusal(words({"1", "x"}), {.columns = {{"w", ColumnKind::number}}}),
             {"row 0, column 'w': '1' is not a number"}));
  CHECK(says(refusal(words({"", "x"}), {.columns = {{"w", ColumnKind::found, NumberScaling::robust}}}),
             {"row 1, column 'w': 'x' is not a number"}));
  CHECK(says(refusal(numbers({0, std::numeric_limits<double>::infinity()})), {"row 1, column 'x'", "infinite"}));
  for (const auto scaling : {NumberScaling::standard, NumberScaling::robust, NumberScaling::quantile})
    CHECK(says(refusal(numbers({-1.7e308, 1.7e308, 0}), {.scaling = scaling}), {"column 'x' spans more than"}));
  CHECK(says(refusal(words({"x"}), {.columns = {{"w", ColumnKind::ignored}}}), {"all columns", "ignored"}));

  const auto wrong_option = [](const TableEncoderOptions& options) {
    return thrown<OptionError>([&] { TableEncoder(people(), options); });
  };
  CHECK(says(wrong_option({.columns = {{"Age"}}}), {"no column 'Age'"}));
  CHECK(says(wrong_option({.columns = {{"age"}, {"age"}}}), {"two entries for column 'age'"}));
  CHECK(says(wrong_option({.columns = {{"city", ColumnKind::category, NumberScaling::robust}}}), {"scaling"}));
  CHECK(says(wrong_option({.quantiles = 1}), {"quantiles", "at least 2"}));
  CHECK(says(wrong_option({.max_words = 0}), {"max_words", "at least 1"}));
  CHECK(says(wrong_option({.hash_values = 0}), {"hash_values", "at least 1"}));
  CHECK(says(wrong_option({.min_count = 0}), {"min_count", "at least 1"}));
}

TEST_CASE("values belong to columns, over which they are summed") {
  const TableEncoder encoder(people());
  std::vector<Index> columns;
  for (Index value = 0; value < encoder.value_count(); ++value) columns.push_back(encoder.column_of(value));
  CHECK(columns == std::vector<Index>{0, 1, 1, 1, 2, 2, 2, 2, 2});
  CHECK(says(thrown<ShapeError>([&] { encoder.column_of(9); }), {"no value 9"}));
  CHECK(says(thrown<ShapeError>([&] { encoder.column_of(-1); }), {"no value -1"}));
  MatrixX<double> contributions(9, 2);
  contributions.col(0) << 1, 2, 3, 4, 5, 6, 7, 8, 9;
  contributions.col(1).setOnes();
  CHECK(encoder.sum_by_column(contributions) == MatrixX<double>{{1, 1}, {9, 3}, {35, 5}});
  CHECK_THROWS_AS(encoder.sum_by_column(contributions.topRows(8)), ShapeError);
}

TEST_CASE("each column has a block with a loss of its own") {
  const std::vector<Block> blocks = TableEncoder(people()).blocks().blocks;
  REQUIRE(blocks.size() == 3);
  CHECK(blocks[0].name == "age");
  CHECK(blocks[0].size == 1);
  CHECK(blocks[0].loss == BlockLoss::squared_error);
  CHECK(blocks[1].size == 3);
  CHECK(blocks[1].loss == BlockLoss::categorical);
  CHECK(blocks[2].size == 5);
  CHECK(blocks[2].loss == BlockLoss::squared_error);
  CHECK(TableEncoder(people()).blocks(BlockLoss::gaussian).blocks[2].loss == BlockLoss::gaussian);
}

TEST_CASE("a table comes back from its samples") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const Table table = random_table(seed, 50 + static_cast<Index>(seed));
    const auto scaling = static_cast<NumberScaling>(seed % 4);
    const TableEncoder encoder(table, {.scaling = scaling, .quantiles = 1000});
    const Table back = encoder.inverse_transform(encoder.transform<double>(table));
    REQUIRE(back.columns().size() == table.columns().size());
    for (const TableColumn& column : table.columns()) {
      const TableColumn& found = back.column(column.name());
      if (!column.holds_numbers()) {
        CHECK(found == column);
        continue;
      }
      for (Index i = 0; i < table.rows(); ++i) {
        const double expected = column.numbers()[static_cast<std::size_t>(i)];
        const double got = found.numbers()[static_cast<std::size_t>(i)];
        CHECK((std::isnan(expected) ? std::isnan(got) : std::abs(got - expected) <= 1e-10 * (1 + std::abs(expected))));
      }
    }
  }
}

TEST_CASE("values in single precision come back without digits that it does not have") {
  CHECK(detail::without_excess_digits<float>(static_cast<double>(0.1F)) == 0.1);
  CHECK(detail::without_excess_digits<float>(-37) == -37);
  CHECK(detail::without_excess_digits<double>(0.1 + 0.2) == 0.1 + 0.2);
  const Table table = numbers({37, 0.1, 12.25, 99, 1e-3});
  const TableEncoder encoder(table);
  const Table back = encoder.inverse_transform(encoder.transform(table));
  for (const double x : back.column("x").numbers()) CHECK(detail::number_word(x).size() <= 12);
  CHECK(back.column("x").numbers()[2] == Approx(12.25).epsilon(1e-6));
}

TEST_CASE("the same is learned from a table in parts") {
  const Table table = random_table(11, 9000);  // more rows than are read at a time
  for (const auto scaling : {NumberScaling::standard, NumberScaling::robust, NumberScaling::quantile}) {
    const TableEncoderOptions options{.scaling = scaling, .max_words = 20};
    TableParts parts{table, 700};
    const TableEncoder encoder(parts, options);
    CHECK(encoder == TableEncoder(table, options));
    CHECK(parts.first == 0);
  }
  TableParts empty{numbers({}), 5};
  CHECK(says(thrown<DataError>([&] { TableEncoder{empty}; }), {"no rows"}));
  Table late = numbers(std::vector<double>(5000, 1.0));
  late.column("x").numbers()[4500] = missing_number;
  TableParts gap{late, 700};
  CHECK(says(thrown<DataError>([&] { TableEncoder{gap}; }), {"row 4500 holds no known value"}));
}

TEST_CASE("a stream of a table gives the samples of the table") {
  const Table table = random_table(12, 3000);
  const TableEncoder encoder(table);
  const MatrixX<float> expected = encoder.transform(table);
  EncodedTable source{TableParts{table, 700}, encoder};
  static_assert(SequentialSource<decltype(source)>);
  CHECK(source.size() == 3000);
  CHECK(source.rows() == encoder.value_count());
  MatrixX<float> x(source.rows(), source.size());
  for (int pass = 0; pass < 2; ++pass) {
    Index read = 0;
    for (Index count = 1; count > 0; read += count) count = source.next(x.data() + read * x.rows(), 999);
    CHECK(read == 3000);
    CHECK(same(x, expected));
    source.rewind();
  }
  Stream stream{EncodedTable{TableParts{table, 700}, encoder}};
  const std::vector<std::uint32_t> some{2, 5, 3};
  const View<float> batch = stream.fetch(some, {}).inputs;
  for (Index j = 0; j < 3; ++j) CHECK(same(batch.matrix().col(j), expected.col(some[static_cast<std::size_t>(j)])));
  Table wrong = numbers(std::vector<double>(2000, 1.0));
  wrong.column("x").numbers()[1500] = missing_number;
  EncodedTable broken{TableParts{wrong, 700}, TableEncoder(numbers({1, 2}))};
  const auto read_all = [&] {
    while (broken.next(x.data(), 500) > 0) continue;
  };
  CHECK(says(thrown<DataError>(read_all), {"row 1500 holds no known value"}));
}

TEST_CASE("samples and errors are the same for any number of threads") {
  const Table table = random_table(13, 5000);
  const TableEncoder encoder(table, {.scaling = NumberScaling::quantile});
  set_threads(1);
  const MatrixX<float> expected = encoder.transform(table);
  Table wrong = table;
  for (const std::size_t row : {4000U, 2100U, 2200U})
    wrong.column("number").numbers()[row] = std::numeric_limits<double>::infinity();
  for (const int threads : {1, 2, 5}) {
    set_threads(threads);
    const MatrixX<float> x = encoder.transform(table);
    CHECK(same(x, expected));
    CHECK(says(thrown<DataError>([&] { encoder.transform(wrong); }), {"row 2100, column 'number'"}));
  }
  set_threads(0);
}

}  // namespace table_encoder_test
