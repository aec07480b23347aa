// The values of numbers, words and dates, and what comes back from them.
#include "support/catch.hpp"

#include <eigencoder/data/quantile_scaling.hpp>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/data/table.hpp>
#include <eigencoder/data/table_encoder.hpp>
#include <eigencoder/detail/tables/number_words.hpp>
#include <eigencoder/extend/random.hpp>

#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "data/toy_tables.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace encoded_columns_test {
namespace {

using Names = std::vector<std::string>;

/// 300 numbers from 0.01 to 200, some negative.
std::vector<double> skewed() {
  Random random(7, Purpose::user);
  std::vector<double> all;
  for (int i = 0; i < 300; ++i) all.push_back(std::exp(1.5 * random.normal()) * (i % 10 == 0 ? -1 : 1));
  return all;
}

MatrixX<double> scaled(const std::vector<double>& cells, NumberScaling scaling) {
  const Table table = number_table(cells);
  return TableEncoder(table, {.scaling = scaling}).transform<double>(table);
}

MatrixX<double> row_of(const std::vector<double>& cells) {
  return Eigen::Map<const Eigen::RowVectorXd>(cells.data(), static_cast<Index>(cells.size()));
}

double difference(const MatrixX<double>& a, const MatrixX<double>& b) { return (a - b).cwiseAbs().maxCoeff(); }

bool all_nan(const MatrixX<float>& values) { return values.array().isNaN().all(); }

}  // namespace

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
    const Table table = number_table(cells);
    const TableEncoder encoder(table, {.scaling = scaling, .quantiles = 300});
    const Table back = encoder.inverse_transform(encoder.transform<double>(table));
    CHECK(difference(row_of({back.column("x").numbers().begin(), back.column("x").numbers().end()}), x) < 1e-9);
    // A constant column is 0, and comes back.
    const Table constant = with_known_column(number_table({0.1, missing_number, 0.1, 0.1}));
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
  const Table table = with_known_column(word_table({"a", "b", "a", "c", "", "b"}));
  const TableEncoder encoder(table, {.min_count = 2});
  CHECK(encoder.value_names() == Names{"w=a", "w=b", "w=(other)", "row"});
  const CellCounts learned = encoder.columns()[0].counts;
  CHECK(learned.known == 5);
  CHECK(learned.missing == 1);
  CHECK(learned.other == 1);
  const Table later = with_known_column(word_table({"a", "z", "c", "", "\xC3\xA9"}));
  const MatrixX<float> x = encoder.transform(later);
  CHECK(x.col(0).head(3) == Eigen::Vector3f(1, 0, 0));
  for (const Index j : {1, 2, 4}) CHECK(x.col(j).head(3) == Eigen::Vector3f(0, 0, 1));
  const std::vector<CellCounts> counts = encoder.count_cells(later);
  CHECK(counts[0].other == 3);
  CHECK(counts[0].known == 4);
  CHECK(counts[0].missing == 1);
  CHECK(encoder.inverse_transform(x) == with_known_column(word_table({"a", "(other)", "(other)", "", "(other)"})));
  CHECK(encoder.transform(encoder.inverse_transform(x)).col(1) == x.col(1));
}

TEST_CASE("the words of a category of too many are hashed by FNV-1a") {
  // Published: the hash of "" is 0xCBF29CE484222325, that of "a" 0xAF63DC4C8601EC8C, of "foobar" 0x85944171F73967E8.
  CHECK(detail::fnv1a("") == 0xCBF29CE484222325);
  CHECK(detail::fnv1a("a") == 0xAF63DC4C8601EC8C);
  CHECK(detail::fnv1a("foobar") == 0x85944171F73967E8);
  CHECK(detail::fnv1a("\xFF") == (0xCBF29CE484222325 ^ 0xFF) * 0x100000001B3);

  const Table table = with_known_column(word_table({"a", "foobar", "a", "", "x"}));
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
  CHECK(single.inverse_transform(single.transform(table)) == with_known_column(word_table({"a", "a", "a", "", "a"})));
  // A value that no training word has: missing.
  MatrixX<float> unused = MatrixX<float>::Zero(17, 1);
  for (Index value = 0; value < 16; ++value)
    if ((x.leftCols(3).row(value).array() != 1).all() && x(value, 4) != 1) unused(value, 0) = 1;
  CHECK(encoder.inverse_transform(unused) == with_known_column(word_table({""})));
}

TEST_CASE("numbers may name a category, and come back as numbers") {
  const Table table = with_known_column(number_table({3, 1, -0.5, missing_number, 3}));
  const TableEncoder encoder(table, {.columns = {{"x", ColumnKind::category}}});
  CHECK(encoder.value_names() == Names{"x=-0.5", "x=1", "x=3", "x=(other)", "row"});
  CHECK(encoder.inverse_transform(encoder.transform(table)) == table);
  CHECK(encoder.word_columns().empty());
  CHECK(encoder.number_columns() == Names{"row"});
  Table text;
  text.add("x", {"1", "7"});
  const MatrixX<float> x = encoder.transform(with_known_column(text));
  CHECK(x(1, 0) == 1);
  CHECK(x(3, 1) == 1);
  CHECK(encoder.inverse_transform(x) ==
        with_known_column(number_table({1, missing_number})));  // no number is the other words'
}

TEST_CASE("a category of numbers takes words that are numbers for these") {
  const Table table = with_known_column(number_table({1, 2, 100000, 0, -0.0, 1e15, 0.5}));
  for (const Index max_words : {Index{64}, Index{1}}) {
    const TableEncoder encoder(
        table, {.max_words = max_words, .hash_values = 64, .columns = {{"x", ColumnKind::category}}});
    Table text;
    text.add("x", {"1.0", " +2.00", "100000", "-0", "0", "1000000000000000", ".5"});
    const MatrixX<float> x = encoder.transform(with_known_column(text));
    CHECK(x == encoder.transform(table));
    CHECK(x.col(3) == x.col(4));
    CHECK(encoder.count_cells(with_known_column(text))[0].other == 0);
  }
  const TableEncoder encoder(table, {.columns = {{"x", ColumnKind::category}}});
  CHECK(encoder.value_names() == Names{"x=0", "x=0.5", "x=1", "x=100000", "x=1e+15", "x=2", "x=(other)", "row"});
  // Words that were learned from words stay apart.
  CHECK(TableEncoder(word_table({"1", "1.0", "x"})).value_count() == 4);
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
  CHECK(says(thrown<DataError>([&] { TableEncoder(number_table({2024}), {.columns = {{"x", ColumnKind::date}}}); }),
             {"row 0, column 'x': '2024' is not a date"}));
}

TEST_CASE("values in single precision come back without digits that it does not have") {
  CHECK(detail::with_fewest_digits(static_cast<double>(0.1F), 1e-8) == 0.1);
  CHECK(detail::with_fewest_digits(-37.4, 0.3) == -37.4);
  CHECK(detail::with_fewest_digits(-37.4, 0.5) == -37);
  CHECK(detail::with_fewest_digits(0.1 + 0.2, 0) == 0.1 + 0.2);
  CHECK(detail::with_fewest_digits(-0.3, 0.5) == 0);
  const Table table = number_table({37, 0.1, 12.25, 99, 1e-3});
  const TableEncoder encoder(table);
  const Table back = encoder.inverse_transform(encoder.transform(table));
  for (const double x : back.column("x").numbers()) CHECK(detail::number_word(x).size() <= 12);
  CHECK(back.column("x").numbers()[2] == Approx(12.25).epsilon(1e-6));
}

TEST_CASE("numbers that are large against their spread come back from single precision") {
  const Table stamps = number_table({1700000000, 1700000003, 1700000007, 1700000010});
  for (const auto scaling : {NumberScaling::standard, NumberScaling::robust, NumberScaling::quantile}) {
    const TableEncoder encoder(stamps, {.scaling = scaling});
    CHECK(encoder.inverse_transform(encoder.transform(stamps)) == stamps);
    CHECK(encoder.inverse_transform(encoder.transform<double>(stamps)) == stamps);
  }
  std::vector<double> ids, cents;
  for (int i = 0; i < 3000; ++i) {
    ids.push_back(9000000001.0 + i);
    cents.push_back(1e8 + i / 100.0);
  }
  Table table;
  table.add("id", ids);
  table.add("cents", cents);
  const TableEncoder encoder(table);
  CHECK(encoder.inverse_transform(encoder.transform(table)) == table);
}

TEST_CASE("values far from all that was learned come back as finite numbers") {
  for (const auto scaling : {NumberScaling::standard, NumberScaling::robust, NumberScaling::logarithmic}) {
    const TableEncoder encoder(number_table({1, 10, 1e30}), {.scaling = scaling});
    MatrixX<double> far(1, 4);
    far << 1e300, -1e300, std::numeric_limits<double>::infinity(), missing_number;
    const Table back = encoder.inverse_transform(far);
    CHECK(back.numbers("x")[0] == (std::numeric_limits<double>::max)());
    CHECK(back.numbers("x")[1] == std::numeric_limits<double>::lowest());
    CHECK(back.numbers("x")[2] == (std::numeric_limits<double>::max)());
    CHECK(std::isnan(back.numbers("x")[3]));
  }
}

}  // namespace encoded_columns_test
