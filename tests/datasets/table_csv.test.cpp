// Tables in CSV files.
#include "support/catch.hpp"

#include <eigencoder/data/encoded_table.hpp>
#include <eigencoder/data/stream.hpp>
#include <eigencoder/datasets/table_csv.hpp>

#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "data/toy_tables.hpp"
#include "support/counted_memory.hpp"
#include "support/deflated.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace table_csv_test {
namespace {

using Words = std::vector<std::string>;

std::vector<std::uint8_t> bytes(const std::string& text) { return {text.begin(), text.end()}; }
Table parse(const std::string& text, const TableCsvOptions& options = {}) {
  return parse_table(bytes(text), "a.csv", options);
}
std::string refusal(const std::string& text, const TableCsvOptions& options = {}) {
  return thrown<FileError>([&] { parse(text, options); });
}
Words words_of(const Table& table, const std::string& name) {
  const auto words = table.column(name).words();
  return {words.begin(), words.end()};
}
std::string text_of(const std::string& path) {
  const std::vector<std::uint8_t> all = bytes_of(path);
  return {all.begin(), all.end()};
}

}  // namespace

TEST_CASE("columns of a CSV file are numbers where all cells are, else words") {
  const Table table = parse("age, city ,code,gone\n31,Oslo, 7,\n ,\"Ber\"\"gen\",x,NA\nNA,?,-2e1,\n");
  Table expected;
  expected.add("age", {31, missing_number, missing_number});
  expected.add("city", {"Oslo", "Ber\"gen", ""});
  expected.add("code", {"7", "x", "-2e1"});
  expected.add("gone", {missing_number, missing_number, missing_number});
  CHECK(table == expected);
  CHECK(parse("\xEF\xBB\xBF\"a\nb\",\"c \"\"d\"\"\"\r\n1,2\r\n\r\n").columns()[0].name() == "a\nb");
  CHECK(parse("a\n1\n").column("a").numbers()[0] == 1);
}

TEST_CASE("options tell the conventions of a file, its missing words and its columns") {
  const Table european =
      parse("# of May\na;b\n1,5;x\n-;y\n2.5;z\n", {.separator = ';', .decimal = ',', .comment = '#', .missing = {"-"}});
  CHECK(words_of(european, "a") == Words{"1,5", "", "2.5"});
  CHECK(parse("a;b\n1,5;NA\n", {.separator = ';', .decimal = ',', .missing = {}}).column("a").numbers()[0] == 1.5);
  CHECK(words_of(parse("a,b\n1,NA\n", {.missing = {}}), "b") == Words{"NA"});
  for (const std::string gap : {"", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "None", "NULL", "null", "?"}) {
    CAPTURE(gap);
    CHECK(parse("a,b\n1,x\n" + gap + ",y\n2,z\n").column("a").is_missing(1));
  }
  const Table bare = parse("1,x\n2,y\n", {.header = false});
  CHECK(bare.column("column 0").numbers()[1] == 2);
  CHECK(words_of(bare, "column 1") == Words{"x", "y"});
  const Table told = parse("code,n,junk\n0150,1,x\n,2,1\n", {.words = {"code"}, .numbers = {"n"}, .ignored = {"junk"}});
  CHECK(words_of(told, "code") == Words{"0150", ""});
  CHECK(told.columns().size() == 2);
}

TEST_CASE("what is wrong with a file is said with line and column") {
  CHECK(says(refusal("age,n\n31,1\n\nold,2\n"), {"'a.csv'", "line 3 is empty"}));
  CHECK(says(refusal("age,n\n31,1\nold,2\n", {.numbers = {"age"}}), {"line 3, column 'age': 'old' is not a number"}));
  CHECK(says(refusal("a\n\"x\ny\"\n1e999\n", {.numbers = {"a"}}), {"line 2, column 'a': 'x?y' is not a number"}));
  CHECK(says(refusal("a,b\n1,1\ninf,2\n3,1\n"), {"line 3, column 'a': 'inf' is not a finite number"}));
  CHECK(says(refusal("a,b\n1,1\n1e999,2\n3,1\n"), {"line 3, column 'a': '1e999' is out of range"}));
  CHECK(words_of(parse("a,b\n1,1\ninf,2\nx,1\n"), "a") == Words{"1", "inf", "x"});
  CHECK(says(refusal("a,b\n1\n"), {"line 2 has 1 field, the first line has 2"}));
  CHECK(says(refusal("a,b,a\n1,2,3\n"), {"two columns 'a'"}));
  CHECK(parse("a,b,,\n1,2,,\n3,4,NA,\n") == parse("a,b\n1,2\n3,4\n"));
  CHECK(says(refusal("a,b,,,\n1,2,,,5\n1,2,x,,5\n"), {"second empty name", "field 5"}));
  CHECK(says(refusal(",\n,\n"), {"no column with a name or a cell"}));
  CHECK(parse(",b\n1,2\n").column("").numbers()[0] == 1);
  const std::string sixty = std::string(59, 'x') + "\xC3\xA6" + "z";
  CHECK(says(refusal("a,b\n1,2\n", {.words = {sixty}}), {"no column '" + std::string(59, 'x') + "...'"}));
  CHECK(says(refusal("a,b\n1,2\n", {.words = {"A"}}), {"no column 'A'", "it has 'a', 'b'"}));
  CHECK(says(refusal("a,b\n"), {"holds no rows"}));
  CHECK(says(refusal(""), {"holds no rows"}));
  CHECK(says(refusal("a,b\n1,2\n", {.ignored = {"a", "b"}}), {"no column is left"}));
  CHECK(says(refusal("a\n\"x\n"), {"line 2", "never closed"}));
  CHECK(says(thrown<FileError>([] { read_table("/nowhere/a.csv"); }), {"'/nowhere/a.csv'"}));
  CHECK(says(thrown<OptionError>([] { parse("a,b\n1,2\n", {.words = {"a"}, .ignored = {"a"}}); }),
             {"column 'a' is named twice"}));
  CHECK(says(thrown<OptionError>([] { parse("a,b\n1,2\n", {.separator = '"'}); }), {"separator"}));
}

TEST_CASE("a table is written as RFC 4180 says, and formulas are escaped") {
  const TemporaryFolder folder;
  Table table;
  table.add("n", {1, -0.1, missing_number, 1e300});
  table.add("a,\"b\"\nc", {"=1+1", "x,y", "", "say \"no\""});
  table.add("-d", {"+1", "@f", "\tg", "'=h"});
  write_table(folder / "t.csv", table);
  CHECK(text_of(folder / "t.csv") ==
        "n,\"a,\"\"b\"\"\nc\",'-d\n"
        "1,'=1+1,'+1\n"
        "-0.1,\"x,y\",'@f\n"
        ",,\"'\tg\"\n"
        "1e+300,\"say \"\"no\"\"\",''=h\n");
  CHECK(read_table(folder / "t.csv", {.escaped_formulas = true}) == table);
  CHECK(words_of(read_table(folder / "t.csv"), "'-d")[3] == "''=h");
  CHECK(folder.entries() == 1);

  write_table(folder / "t.csv", table, {.header = false, .separator = ';', .decimal = ',', .comment = 'x'});
  CHECK(says(text_of(folder / "t.csv"), {"\n-0,1;\"x,y\";'@f\n"}));
  write_table(folder / "t.csv", table, {.decimal = ','});
  CHECK(says(text_of(folder / "t.csv"), {"\n\"-0,1\",\"x,y\",'@f\n"}));
  // Another separator than the file's must not make a formula of a part of a word.
  Table parts;
  parts.add("a;b", {"x,=1+1", "x;=1+1", "x\t=1+1"});
  parts.add("n", {100000, 0.5, -12000000});
  for (const char separator : {',', ';', '\t'}) {
    const std::string s(1, separator);
    write_table(folder / "t.csv", parts, {.separator = separator});
    CHECK(text_of(folder / "t.csv") == "\"a;b\"" + s + "n\n\"x,=1+1\"" + s + "100000\n\"x;=1+1\"" + s +
                                           "0.5\n\"x\t=1+1\"" + s + "-12000000\n");
  }
  Table lone;
  lone.add("w", {"", "\r", ""});
  write_table(folder / "t.csv", lone);
  CHECK(text_of(folder / "t.csv") == "w\n\"\"\n\"'\r\"\n\"\"\n");
  CHECK(read_table(folder / "t.csv", {.escaped_formulas = true}) == lone);
}

TEST_CASE("a number is written with the fewest digits that are read back as the same number") {
  const TemporaryFolder folder;
  Random random(3, Purpose::user);
  std::vector<double> cells{0, -0.0, 0.1, 1.0 / 3, 5e-324, std::numeric_limits<double>::max(), 123456789012345680.0};
  for (int i = 0; i < 500; ++i) cells.push_back(random.normal() * std::pow(10.0, random.below(600) - 300.0));
  Table table;
  table.add("x", cells);
  write_table(folder / "x.csv", table);
  CHECK(read_table(folder / "x.csv") == table);
  CHECK(text_of(folder / "x.csv").starts_with("x\n0\n-0\n0.1\n0.3333333333333333\n5e-324\n"));
  table.numbers("x")[7] = -std::numeric_limits<double>::infinity();
  CHECK(says(thrown<DataError>([&] { write_table(folder / "y.csv", table); }), {"row 7, column 'x'", "infinite"}));
  CHECK(says(thrown<DataError>([&] { write_table(folder / "y.csv", Table{}); }), {"no columns"}));
  CHECK(folder.entries() == 1);
  table.numbers("x")[7] = 0;
  CHECK(says(thrown<FileError>([&] { write_table(folder / "no/y.csv", table); }), {"cannot write", "no/y.csv"}));
}

TEST_CASE("a table comes back from the file that it was written to") {
  const TemporaryFolder folder;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Table table = random_table(seed, 200);
    for (const char separator : {',', ';', '\t'}) {
      const TableCsvOptions options{
          .separator = separator, .decimal = separator == ';' ? ',' : '.', .comment = '#', .escaped_formulas = true};
      write_table(folder / "t.csv", table, options);
      CHECK(read_table(folder / "t.csv", options) == table);
    }
  }
}

TEST_CASE("a source gives the rows of a file in parts, as often as needed") {
  const TemporaryFolder folder;
  const Table table = random_table(6, 500);
  write_table(folder / "t.csv", table);
  CsvTableSource source(folder / "t.csv", {.escaped_formulas = true});
  CHECK(source.size() == 500);
  CHECK(source.name() == "'" + folder / "t.csv" + "'");
  for (int pass = 0; pass < 2; ++pass) {
    TableParts expected{table, 70};
    for (Index read = 0; read < 500;) {
      const Table part = source.next(70);
      CHECK(part == expected.next(70));
      read += part.rows();
    }
    CHECK(source.next(70).rows() == 0);
    source.rewind();
  }
#if EIGENCODER_HAS_ZLIB
  folder.put("t.csv.gz", gzipped(bytes_of(folder / "t.csv")));
  CHECK(read_table(folder / "t.csv.gz", {.escaped_formulas = true}) == table);
#endif
  std::ofstream(folder / "t.csv") << "whole,number\n1,2\n";
  CHECK(says(thrown<FileError>([&] { source.rewind(); }), {"t.csv", "has changed"}));
}

TEST_CASE("a long file is learned and encoded in bounded memory, as in one piece") {
  const TemporaryFolder folder;
  constexpr Index rows = 100000;
  {
    std::ofstream file(folder / "long.csv");
    file << "n,kind,id,day\n";
    Random random(5, Purpose::user);
    for (Index i = 0; i < rows; ++i)
      file << random.below(100000) << ",kind " << random.below(9) << ",id " << i << ",20" << 10 + random.below(90)
           << "-07-0" << 1 + random.below(9) << '\n';
  }
  const TableEncoderOptions options{.scaling = NumberScaling::robust};
  CsvTableSource source(folder / "long.csv");
  const std::size_t learning = memory_of([&] {
    const TableEncoder encoder(source, options);
    CHECK(encoder.columns()[2].hashed);
  });
  // Of 65536 words and numbers at most, and some thousand rows.
  CHECK(learning < 16'000'000);
  const TableEncoder encoder(source, options);
  Table table;
  [[maybe_unused]] const std::size_t whole = memory_of([&] { table = read_table(folder / "long.csv"); });
#ifdef EIGENCODER_COUNTS_MEMORY
  CHECK(whole > 8'000'000);
#endif
  CHECK(TableEncoder(table, options) == encoder);
  const MatrixX<float> expected = encoder.transform(table);
  MatrixX<float> x(encoder.value_count(), rows);
  EncodedTable samples{CsvTableSource(folder / "long.csv"), encoder};
  const std::size_t encoding = memory_of([&] {
    Index read = 0;
    for (Index count = 1; count > 0; read += count) count = samples.next(x.data() + read * x.rows(), 2048);
    CHECK(read == rows);
  });
  CHECK(encoding < 2'000'000);
  CHECK(x == expected);
}

}  // namespace table_csv_test
