// Which columns of a table an encoder learns, finds again and refuses.
#include "support/catch.hpp"

#include <eigencoder/data/table.hpp>
#include <eigencoder/data/table_encoder.hpp>
#include <eigencoder/losses/blocks.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "data/toy_tables.hpp"
#include "support/counted_memory.hpp"
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

bool all_nan(const MatrixX<float>& values) { return values.array().isNaN().all(); }

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
  CHECK(encoder.column_sizes() == std::vector<Index>{1, 3, 5});
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

TEST_CASE("columns are found by name: in any order, with others between them") {
  const TableEncoder encoder(people());
  const Table table = people();
  Table shuffled;
  shuffled.add("more", {"x", "", "y", "z"});
  for (const char* name : {"born", "city", "age"}) shuffled.add(table.column(name));
  const MatrixX<float> expected = encoder.transform(table), x = encoder.transform(shuffled);
  CHECK(equal_or_nan(x, expected));

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
  CHECK(says(refusal(table), {"row 1, column 'age': 'old' is not a number"}));  // which made the column one of words
  table.words("age")[1] = "32";
  CHECK(says(refusal(table), {"column 'age': its numbers are words here", "TableCsvOptions.numbers"}));
  for (std::string& word : table.words("age")) word.clear();
  CHECK(says(refusal(table), {"row 1, column 'born': 'today' is not a date of ISO 8601"}));
  table.words("born")[1].clear();
  CHECK(encoder.transform(table).cols() == 2);
  table.words("city")[1].clear();
  CHECK(says(refusal(table), {"row 1 holds no known value"}));

  Table renamed;
  renamed.add("Age", {31});
  renamed.add("city", {"Oslo"});
  CHECK(says(refusal(renamed), {"no column 'age'", "does not know its columns 'Age'"}));
  Table infinite = people();
  infinite.numbers("age")[3] = -std::numeric_limits<double>::infinity();
  CHECK(says(refusal(infinite), {"row 3, column 'age': the number is infinite"}));
  infinite.numbers("age")[3] = 1e300;
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
  CHECK(says(refusal(number_table({})), {"no rows"}));
  Table gaps = people();
  gaps.add("empty", {"", "", "", ""});
  CHECK(says(refusal(gaps), {"column 'empty' holds no known value"}));
  CHECK(says(refusal(number_table({1, missing_number, 2})), {"row 1 holds no known value"}));
  CHECK(says(refusal(word_table({"1", "x"}), {.columns = {{"w", ColumnKind::number}}}),
             {"row 1, column 'w': 'x' is not a number"}));
  CHECK(says(refusal(word_table({"", "x"}), {.columns = {{"w", ColumnKind::found, NumberScaling::robust}}}),
             {"row 1, column 'w': 'x' is not a number"}));
  CHECK(says(refusal(number_table({0, std::numeric_limits<double>::infinity()})), {"row 1, column 'x'", "infinite"}));
  for (const auto scaling : {NumberScaling::standard, NumberScaling::robust, NumberScaling::quantile})
    CHECK(says(refusal(number_table({-1.7e308, 1.7e308, 0}), {.scaling = scaling}), {"column 'x' spans more than"}));
  CHECK(says(refusal(word_table({"x"}), {.columns = {{"w", ColumnKind::ignored}}}), {"all columns", "ignored"}));

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

TEST_CASE("cells that the encoder refuses are not counted") {
  const TableEncoder encoder(people());
  const auto refusal = [&](const Table& table) { return thrown<DataError>([&] { encoder.count_cells(table); }); };
  Table table = people();
  table.words("born")[2] = "today";
  CHECK(says(refusal(table), {"row 2, column 'born': 'today' is not a date"}));
  table.numbers("age")[0] = std::numeric_limits<double>::infinity();
  CHECK(says(refusal(table), {"row 0, column 'age': the number is infinite"}));
  Table words;
  words.add("age", {"abc"});
  words.add("city", {"Oslo"});
  words.add("born", {""});
  CHECK(says(refusal(words), {"row 0, column 'age': 'abc' is not a number"}));
}

TEST_CASE("learning many columns that options tell about takes memory for each one alone") {
  constexpr int count = 2000;
  Table table;
  TableEncoderOptions options;
  for (int k = 0; k < count; ++k) {
    table.add(std::to_string(k), {1, 2});
    options.columns.push_back({std::to_string(k), ColumnKind::category});
  }
  Index learned = 0;
  const std::size_t memory = memory_of([&] { learned = TableEncoder(table, options).column_count(); });
  CHECK(learned == count);
  CHECK(memory < 20'000'000);
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

}  // namespace table_encoder_test
