// Tables in memory.
#include "support/catch.hpp"

#include <eigencoder/data/table.hpp>

#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/thrown.hpp"

using namespace eigencoder;

namespace table_test {

TEST_CASE("a table has named columns of numbers and words, with gaps") {
  Table table;
  CHECK(table.rows() == 0);
  table.add("age", {31, missing_number, 54});
  table.add("city", {"Oslo", "Bergen", ""});
  CHECK(table.rows() == 3);
  CHECK(table.columns().size() == 2);
  CHECK(table.column("age").holds_numbers());
  CHECK(table.column("age").numbers()[2] == 54);
  CHECK(table.column("age").is_missing(1));
  CHECK_FALSE(table.column("age").is_missing(0));
  CHECK_FALSE(table.column("city").holds_numbers());
  CHECK(table.column("city").words()[1] == "Bergen");
  CHECK(table.column("city").is_missing(2));
  CHECK(table.find("town") == nullptr);
  table.words("city")[2] = "Molde";
  CHECK_FALSE(table.find("city")->is_missing(2));
}

TEST_CASE("tables are equal with all of their cells, missing ones too") {
  const auto make = [](double second, const std::string& name = "age") {
    Table table;
    table.add(name, std::vector<double>{31, second});
    return table;
  };
  CHECK(make(missing_number) == make(missing_number));
  CHECK_FALSE(make(missing_number) == make(1));
  CHECK_FALSE(make(2) == make(1));
  CHECK_FALSE(make(1) == make(1, "Age"));
  Table words;
  words.add("age", {"31", "1"});
  CHECK_FALSE(make(1) == words);
}

TEST_CASE("columns of one name or of different lengths, and cells of another kind, are refused") {
  Table table;
  table.add("age", {31, 54});
  CHECK(says(thrown<DataError>([&] { table.add("age", {"a", "b"}); }), {"two columns 'age'"}));
  CHECK(says(thrown<ShapeError>([&] { table.add("city", {"Oslo"}); }), {"column 'city' has 1 cells", "have 2"}));
  CHECK(says(thrown<DataError>([&] { table.column("age").words(); }), {"column 'age' holds numbers, not words"}));
  CHECK(says(thrown<DataError>([&] { table.column("town"); }), {"no column 'town'"}));
  CHECK(says(thrown<DataError>([&] { table.words("age"); }), {"column 'age' holds numbers, not words"}));
  CHECK(says(thrown<DataError>([&] { table.numbers("town"); }), {"no column 'town'"}));
  CHECK(table.columns().size() == 1);
}

TEST_CASE("cells of a table can be changed, its columns cannot") {
  Table table;
  table.add("age", {31, 54});
  table.add("city", {"Oslo", ""});
  static_assert(std::is_same_v<decltype(table.find("age")), const TableColumn*>);
  static_assert(std::is_same_v<decltype(table.column("age")), const TableColumn&>);
  static_assert(std::is_same_v<decltype(std::as_const(table).numbers("age")), std::span<const double>>);
  table.numbers("age")[1] = 7;
  table.words("city")[1] = "Bergen";
  Table expected;
  expected.add("age", {31, 7});
  expected.add("city", {"Oslo", "Bergen"});
  CHECK(table == expected);
  CHECK(std::as_const(table).words("city")[1] == "Bergen");
  // A copy has columns of its own, and a table whose columns were taken can be filled anew.
  Table copy = table;
  copy.numbers("age")[0] = 1;
  CHECK(table == expected);
  CHECK(std::move(copy).columns().size() == 2);
  copy.add("city", {"Molde"});
  CHECK(copy.find("age") == nullptr);
  CHECK(copy.rows() == 1);
}

TEST_CASE("missing cells are filled, and no others") {
  Table gaps, values, expected;
  gaps.add("id", {"a", "", "c"});
  gaps.add("age", {31, missing_number, 54});
  gaps.add("city", {"", "Bergen", ""});
  gaps.add("gone", {missing_number, missing_number, missing_number});
  values.add("gone", {"x", "y", ""});
  values.add("city", {"Oslo", "Molde", ""});
  values.add("age", {1, 2, 3});
  expected.add("id", {"a", "", "c"});
  expected.add("age", {31, 2, 54});
  expected.add("city", {"Oslo", "Bergen", ""});
  expected.add("gone", {"x", "y", ""});
  CHECK(fill_missing(gaps, values) == expected);
  Table other;
  other.add("age", {"1", "2", "3"});
  CHECK(says(thrown<DataError>([&] { fill_missing(gaps, other); }), {"column 'age' holds words, not numbers"}));
  CHECK(says(thrown<ShapeError>([&] { fill_missing(gaps, Table{}); }), {"3 rows", "0"}));
}

}  // namespace table_test
