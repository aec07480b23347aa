#include "support/catch.hpp"

#include <eigencoder/datasets/csv.hpp>

#include <cmath>
#include <limits>
#include <string>

#include "support/deflated.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace csv_test {
namespace {

std::vector<std::uint8_t> bytes(const std::string& text) { return {text.begin(), text.end()}; }

CsvTable<double> parse(const std::string& text, const CsvOptions& options = {}) {
  return parse_csv<double>(bytes(text), "a.csv", options);
}
std::string refusal(const std::string& text, const CsvOptions& options = {}) {
  return thrown<FileError>([&] { parse(text, options); });
}

const Eigen::Matrix2d table{{1, 3}, {2, 4}};  // rows 1,2 and 3,4 as columns

}  // namespace

TEST_CASE("CSV rows become samples, with a header or without") {
  const CsvTable<double> named = parse("a,b\n1,2\n3,4\n");
  CHECK(named.samples == table);
  CHECK(named.shape == Shape::flat(2));
  CHECK(named.columns == std::vector<std::string>{"a", "b"});
  CHECK(named.labels.empty());
  const CsvTable<double> bare = parse("1,2\n3,4", {.header = false});
  CHECK(bare.samples == table);
  CHECK(bare.columns.empty());
  CHECK(parse_csv(bytes("a\n0.1\n"), "a.csv").samples(0, 0) == 0.1F);
}

TEST_CASE("lines end in LF or CRLF, a file in empty lines, and it may begin with a byte order mark") {
  for (const char* text :
       {"a,b\r\n1,2\r\n3,4\r\n", "a,b\n1,2\r\n3,4",
        "\xEF\xBB\xBF"
        "a,b\n1,2\n3,4\n\n\r\n\n",
        "\xEF\xBB\xBF\"a\",b\n1,2\n3,4\r", "a,b\n\"1\",\"2\"\r\n\"3\",\"4\"\r\n\r\n", "a,b\n1,2\n3,\"4\"\r"}) {
    const CsvTable<double> set = parse(text);
    CHECK(set.samples == table);
    CHECK(set.columns == std::vector<std::string>{"a", "b"});
  }
}

TEST_CASE("fields in quotes hold separators, line breaks and quotes, as RFC 4180 says") {
  const CsvTable<double> set = parse(
      "\"a \"\"x\"\"\",\"b,\r\nc\",kind\n1,2,\"two\nlines, \"\"quoted\"\"\"\n\"3\",4,\"\"\"\"\n", {.label = "kind"});
  CHECK(set.columns == std::vector<std::string>{"a \"x\"", "b,\r\nc"});
  CHECK(set.label_names == std::vector<std::string>{"two\nlines, \"quoted\"", "\""});
  CHECK(set.samples == table);
}

TEST_CASE("columns are chosen by name or number, in the order given, and labels by a column of their own") {
  const std::string text = "id,age,class,height\n7,1,dog,10\n8,2,cat,20\n9,3,dog,30\n";
  const CsvTable<double> set = parse(text, {.columns = {"height", 1}, .label = "class"});
  CHECK(set.samples == Eigen::MatrixXd{{10, 20, 30}, {1, 2, 3}});
  CHECK(set.columns == std::vector<std::string>{"height", "age"});
  CHECK(set.labels == std::vector<int>{0, 1, 0});
  CHECK(set.label_names == std::vector<std::string>{"dog", "cat"});
  const CsvTable<double> rest = parse(text, {.label = 2});
  CHECK(rest.columns == std::vector<std::string>{"id", "age", "height"});
  CHECK(parse(text, {.columns = {0}}).labels.empty());

  const CsvTable<double> whole = parse("x;y\n1;5\n2;-3\n3; +5.0\n", {.separator = ';', .label = "y"});
  CHECK(whole.labels == std::vector<int>{5, -3, 5});
  CHECK(whole.label_names.empty());
  CHECK(whole.samples == Eigen::RowVector3d(1, 2, 3));
  // Whole numbers of 32 bits, or names: a mixture is an error in the file.
  for (const std::string other : {"1.5.2", "nan", "x"}) {
    const CsvTable<double> texts = parse("x,y\n1," + other + "\n2,z\n3," + other + "\n", {.label = "y"});
    CHECK(texts.labels == std::vector<int>{0, 1, 0});
    CHECK(texts.label_names == std::vector<std::string>{other, "z"});
    CHECK(says(refusal("x,y\n1,5\n2," + other + "\n", {.label = "y"}),
               {"line 3, column 'y': '" + other + "' is no whole number, but the labels before it are"}));
    CHECK(says(refusal("x,y\n1," + other + "\n2,5\n", {.label = "y"}),
               {"line 3, column 'y': '5' is a whole number, but the labels before it are names"}));
  }
  // Other numbers are refused, as those of other files are.
  for (const std::string number : {"1.5", "2147483648", "1e10", "1e-9", "1e999"})
    for (const std::string before : {"", "0,7\n", "0,x\n"})
      CHECK(
          says(refusal("x,y\n" + before + "1," + number + "\n", {.label = "y"}),
               {before.empty() ? "line 2" : "line 3", "column 'y': the label '" + number + "' is a number, but not"}));
}

TEST_CASE("numbers are read without rounding, whatever the locale, blanks and a plus before them allowed") {
  const CsvTable<double> set = parse("1,-2.5,3e-4, +.5\t,0x,1e308,5e-324,0.1\n", {.header = false, .label = 4});
  const double expected[] = {1, -2.5, 3e-4, 0.5, 1e308, 5e-324, 0.1};
  for (Index i = 0; i < 7; ++i) CHECK(set.samples(i, 0) == expected[i]);
  CHECK(parse("a\t b \n1\t 2\n3\t4\n", {.separator = '\t'}).samples == table);
  const std::string zeros(400, '0');
  for (const std::string& tiny :
       std::vector<std::string>{"1e-400", "-1e-400", "0.0001e-330", "1e-99999999999999999999", "0." + zeros + "1",
                                "1." + zeros + "e-500", "0." + zeros + "1e+9", "+2e-400"}) {
    CAPTURE(tiny);
    const double zero = parse("a\n" + tiny + "\n").samples(0, 0);
    CHECK((zero == 0 && std::signbit(zero) == (tiny[0] == '-')));
    CHECK(parse_csv(bytes("a\n" + tiny + "\n"), "a.csv").samples(0, 0) == 0);
  }
  CHECK(parse_csv(bytes("a\n1e-46\n"), "a.csv").samples(0, 0) == 0);
  for (const std::string& huge : std::vector<std::string>{"1e400", "-1e+400", "1" + zeros, "1" + zeros + "e-9",
                                                          "1e99999999999999999999"})
    CHECK(says(refusal("a\n" + huge + "\n"), {"line 2", "is out of range"}));
  for (const char* text : {"abc", "1,5", "0x10", "1e", "1 2", "--1", "+-1", "++1", "+", "1f", "1'000", "\xFF"})
    CHECK(says(refusal(std::string("a\n1\n\"") + text + "\"\n"),
               {"a.csv", "line 3", "column 'a'", text, "is not a number"}));
}

TEST_CASE("a message names file, line and column") {
  CHECK(says(refusal("name,age\n1,2\n1,abc\n"), {"a.csv", "line 3, column 'age': 'abc' is not a number"}));
  CHECK(says(refusal("1,2\n1,abc\n", {.header = false}), {"line 2, column 1 (counted from 0): 'abc'"}));
  CHECK(says(refusal("a,\"b\nc\"\n1,2\n\n"), {}) == false);  // nothing wrong
  CHECK(says(refusal("a,\"b\nc\"\n1,2\n3,x\n"), {"line 4", "'b?c'"}));
  CHECK(says(refusal("a,b\n\"x\n\n\",2\n"), {"line 2",
                                             "'x?"
                                             "?'"}));
  CHECK(says(refusal("a\n1e999\n"), {"line 2", "'1e999' is out of range"}));
  CHECK(says(thrown<FileError>([] { parse_csv<float>(bytes("a\n1e99\n"), "a.csv"); }), {"'1e99' is out of range"}));
  CHECK(says(refusal("a\n1\n" + std::string(1000, 'x') + "\n"), {"line 3", "xxx...'"}));
  CHECK(refusal("a\n" + std::string(1000, 'x') + "\n").size() < 200);
}

TEST_CASE("unknown values are errors, or where their words are listed what the options say") {
  const std::vector<std::string> words{"", "NA", "nan", "NaN", "-inf", "Infinity", "?", "n/a", "-999"};
  for (const std::string& word : words) {
    const std::string file = "a,b\n1,2\n \t" + word + " ,4\n";
    if (word != "-999")
      CHECK(says(refusal(file), {"line 3, column 'a'", word.empty()                   ? "the field is empty"
                                                       : word == "?" || word == "n/a" ? "is not a number"
                                                                                      : "is not a finite number"}));
    CHECK(parse(file, {.missing = {"x", " " + word}, .missing_value = -9}).samples == Eigen::Matrix2d{{1, -9}, {2, 4}});
    const Eigen::MatrixXd samples = parse(file, {.missing = words}).samples;
    CHECK((std::isnan(samples(0, 1)) && samples.array().isNaN().count() == 1));
    CHECK(std::isnan(parse_csv(bytes(file), "a.csv", {.missing = words}).samples(0, 1)));
  }
  CHECK(std::isnan(parse("a,b\n\"\",2\n", {.missing = {""}}).samples(0, 0)));
  CHECK(says(refusal("a,b\n,2\n"), {"CsvOptions.missing"}));
  // Only the words that are listed.
  for (const char* other : {"na", "NAN", "-999.0", "inf", "NA NA"})
    CHECK(says(
        refusal(std::string("a,b\n") + (std::string(other) == "-999.0" ? "x" : other) + ",2\n", {.missing = words}),
        {"line 2, column 'a'"}));
  CHECK(says(refusal("a,b\n1,x\n", {.missing = {""}}), {"not a number"}));
  CHECK(says(refusal("a,b\n1,2\n3,\n", {.label = "b", .missing = {""}}), {"line 3, column 'b'", "label is empty"}));
  CHECK(says(refusal("a,b\n1,x\n3,?\n", {.label = "b", .missing = {"?"}}),
             {"line 3, column 'b'", "label is unknown: '?'"}));
}

TEST_CASE("decimal commas are read where the options say so, thousands separators never") {
  const CsvOptions european{.separator = ';', .decimal = ','};
  CHECK(parse("a;b\n1;2,0\n 3,00;+4e0\n", european).samples == table);
  CHECK(parse("a;b\n\"-1,5\";,25\n", european).samples == Eigen::Vector2d(-1.5, 0.25));
  CHECK(parse("a,b\n\"1,5\",\"2,5\"\n", {.decimal = ','}).samples == Eigen::Vector2d(1.5, 2.5));
  const CsvTable<double> labeled = parse("a;y\n1;2,0\n3;4\n", {.separator = ';', .decimal = ',', .label = "y"});
  CHECK(labeled.labels == std::vector<int>{2, 4});
  for (const char* text : {"1.234,5", "1,2,3", "1.5", "1 000", "1'000"})
    CHECK(
        says(refusal(std::string("a;b\n") + text + ";2\n", european), {"line 2, column 'a'", text, "is not a number"}));
  for (const char* text : {"1,234.5", "1,234,567", "1.2.3"})
    CHECK(says(refusal(std::string("a;b\n") + text + ";2\n", {.separator = ';'}), {"line 2", text, "is not a number"}));
}

TEST_CASE("a file for other options is named as what it may be") {
  const std::string semicolons = "are its fields separated by ';'? set CsvOptions.separator";
  const std::string comma = "is its decimal point ','? set CsvOptions.decimal";
  CHECK(says(refusal("a;b\n1;2\n"), {"line 2, column 'a;b': '1;2' is not a number", semicolons}));
  CHECK(says(refusal("a;b\n1,5;2,5\n"), {"line 2 has 3 fields, the first line has 1", semicolons}));
  CHECK(says(refusal("1,5;2,5\n3,5;4,5\n", {.header = false}),
             {"line 1, column 1", "'5;2' is not a number", semicolons}));
  CHECK(says(refusal("a\tb\n1,5\t2,5\n"), {"line 2 has 3 fields", "separated by tabs?"}));
  CHECK(says(refusal("a;b\n1,5;2\n", {.separator = ';'}), {"line 2, column 'a': '1,5' is not a number", comma}));
  CHECK(says(refusal("a;b\n1.5;2\n", {.separator = ';', .decimal = ','}), {"'1.5' is not a number", "point '.'?"}));
  CHECK(says(refusal("# made today\na,b\n1,2\n"), {"line 2 has 2 fields", "set CsvOptions.comment"}));
  CHECK(!says(refusal("a,b\n1,x\n"), {"set CsvOptions"}));
}

TEST_CASE("ignored columns may hold anything") {
  const CsvOptions options{.ignored = {"name", 3}, .label = "y"};
  const CsvTable<double> read = parse("a,name,b,when,y\n1,x,2,\"7, noon\",5\n3,,4,,6\n", options);
  CHECK(read.samples == table);
  CHECK(read.columns == std::vector<std::string>{"a", "b"});
  CHECK(read.labels == std::vector<int>{5, 6});
  CHECK(parse("1,x,2\n3,y,4\n", {.header = false, .ignored = {1}}).samples == table);
  CHECK(says(refusal("a,b\n1,2\n", {.ignored = {"c"}}), {"no column 'c'", "'a', 'b'"}));
  CHECK(says(refusal("a,b\n1,2\n", {.ignored = {"a"}, .label = "b"}), {"no column is left"}));
}

TEST_CASE("lines that begin with the comment character are skipped, and counted") {
  const CsvOptions options{.comment = '#'};
  CHECK(parse("# made today, \"by hand\"\r\n#\na,b\n1,2\n#3,x\n3,4\n\n# end", options).samples == table);
  CHECK(parse("\xEF\xBB\xBF#\na,b\n1,2\n3,4\n#", options).samples == table);
  CHECK(says(refusal("a,b\n#\n#\n1,x\n", options), {"line 4, column 'b'"}));
  CHECK(parse("a,kind\n1,#\n2,\"x\n#y\"\n", {.comment = '#', .label = 1}).label_names ==
        std::vector<std::string>{"#", "x\n#y"});
  CHECK(says(refusal("# only\n#\n", options), {"no rows"}));
  CHECK(says(refusal("a,b\n\n# x\n1,2\n", options), {"line 2", "empty"}));
  CHECK(says(refusal("#\ra,b\r1,2\r", options), {"line 1", "carriage return"}));
}

TEST_CASE("text that is not UTF-8, or has line ends of old Macs, is named") {
  const auto wide = [](const std::string& text, bool big, bool mark) {
    std::string out = !mark ? "" : big ? "\xFE\xFF" : "\xFF\xFE";
    for (const char c : text) out += big ? std::string{'\0', c} : std::string{c, '\0'};
    return out;
  };
  const std::string text = "a,b\r\n1,2\r\n3,4\r\n";
  for (const bool big : {false, true})
    for (const bool mark : {false, true})
      CHECK(says(refusal(wide(text, big, mark)), {"a.csv", "it is UTF-16; save it as UTF-8"}));
  CHECK(says(refusal(std::string("\xFF\xFE\0\0a\0\0\0", 8)), {"it is UTF-32; save it as UTF-8"}));
  CHECK(says(refusal(std::string("a,b\n1,2\n3,4\n\0", 13)), {"NUL bytes"}));
  for (const std::string& few : {std::string(1, '\0'), std::string("1\0", 2), std::string("1\0\n", 3)})
    CHECK(says(refusal(few), {"it holds NUL bytes"}));
  CHECK(says(refusal(std::string(1000, 'x') + '\0'), {"NUL bytes"}));
  for (const char* old : {"a,b\r1,2\r3,4\r", "\"a\",\"b\"\r1,2\r", "a,b\r\r\n1,2\r\r\n"})
    CHECK(says(refusal(old), {"a.csv", "line 1 has a carriage return", "old Macs"}));
  CHECK(says(refusal("a,b\n1,2\n3,4\r5,6\n"), {"line 3 has a carriage return"}));
}

TEST_CASE("files that are not tables are refused, and the message says why") {
  for (const char* text : {"", "\n\n", "\xEF\xBB\xBF", "a,b\n", "a,b\r\n\r\n"})
    CHECK(says(refusal(text), {"a.csv", "no rows"}));
  CHECK(says(refusal("a,b\n1,2\n3\n"), {"line 3 has 1 field, the first line has 2"}));
  CHECK(says(refusal("a,b\n1,2\n3,4,5\n"), {"line 3", "3 fields", "2"}));
  CHECK(says(refusal("a,b\n1,2,\n"), {"line 2", "3 fields", "2"}));
  CHECK(says(refusal("a,b\n1,2\n\n\n3,4\n"), {"line 3", "empty"}));
  CHECK(says(refusal("\na,b\n1,2\n"), {"line 1", "empty"}));
  CHECK(says(refusal("a,b\n1,\"2\n3,4\n"), {"line 2", "never closed"}));
  CHECK(says(refusal("a,b\n1,2\"\n"), {"line 2", "quote"}));
  CHECK(says(refusal("a,b\n1,\"2\"3\n"), {"line 2", "closing quote"}));
  CHECK(says(refusal("a,b\n1,\"2\"\r3\n"), {"line 2", "carriage return"}));
  CHECK(says(refusal("y\n1\n", {.label = "y"}), {"no column but the label"}));
  CHECK(says(refusal("a,b\n1,2\n", {.columns = {"c"}}), {"no column 'c'", "'a', 'b'"}));
  CHECK(says(refusal("a,b\n1,2\n", {.label = 2}), {"no column 2", "it has 2"}));
  CHECK(says(refusal("a,b\n1,2\n", {.columns = {-1}}), {"no column -1"}));
  CHECK(
      says(refusal("a;b\n1;2\n", {.columns = {"b"}}), {"no column 'b'", "separated by ';'?", "CsvOptions.separator"}));
  CHECK(says(refusal("a\tb\n1\t2\n", {.label = 1}), {"no column 1", "separated by tabs?"}));
  CHECK(!says(refusal("a;c,b\n1,2\n", {.columns = {"c"}}), {"separated"}));
  CHECK(says(refusal("a,a\n1,2\n", {.columns = {"a"}}), {"two columns 'a'"}));
  CHECK(refusal("a,a\n1,2\n").empty());
  CHECK(says(refusal(std::string((1U << 20) + 1, ',')), {"line 1", "million fields"}));
  CHECK(says(refusal("a\n\"" + std::string(1U << 26, 'x') + "y"), {"line 2", "64 MiB"}));
}

TEST_CASE("options of a CSV file that cannot be are refused") {
  const auto refused = [](const CsvOptions& options) {
    return thrown<OptionError>([&] { parse("a,b\n1,2\n", options); });
  };
  CHECK(says(refused({.columns = {"a", 0}}), {"column 'a' is chosen twice"}));
  CHECK(says(refused({.columns = {"b"}, .label = 1}), {"column 'b' is chosen twice"}));
  CHECK(says(refused({.ignored = {"b"}, .label = 1}), {"column 'b' is chosen twice"}));
  CHECK(says(refused({.columns = {"a"}, .ignored = {"b"}}), {"not both"}));
  CHECK(says(refused({.header = false, .columns = {"a"}}), {"without a header"}));
  for (const char separator : {'"', '\n', '\r', '\0'}) CHECK(says(refused({.separator = separator}), {"separator"}));
  for (const char decimal : {'\0', ' ', '1', ';'}) CHECK(says(refused({.decimal = decimal}), {"decimal point"}));
  for (const char comment : {'"', '\n', '\r', ',', '.', '-', '+', '7', ' ', '\t'})
    CHECK(says(refused({.comment = comment}), {"comment must"}));
  CHECK(says(refused({.separator = '%', .comment = '%'}), {"comment must"}));
  CHECK(says(refused({.missing = {"?"}, .missing_value = HUGE_VAL}), {"missing_value"}));
  const CsvOptions large{.missing = {"?"}, .missing_value = 1e300};
  CHECK(says(thrown<OptionError>([&] { parse_csv<float>(bytes("a\n1\n?\n"), "a.csv", large); }), {"missing_value"}));
  CHECK(parse("a\n1\n?\n", large).samples(0, 1) == 1e300);
}

TEST_CASE("any byte but a quote or a line break separates") {
  for (int c = 1; c < 256; ++c) {
    const char separator = static_cast<char>(c);
    if (separator == '"' || separator == '\n' || separator == '\r' ||
        std::string("0123456789.+-eE \t").find(separator) != std::string::npos)
      continue;
    const std::string s(1, separator);
    CHECK(parse("1" + s + "2\n3" + s + "4\n", {.header = false, .separator = separator}).samples == table);
  }
}

TEST_CASE("a CSV file cut off anywhere gives its rows or an error, never anything else") {
  const std::string text = "\xEF\xBB\xBF\"a\"\"\",b,\"c\nd\"\r\n1,2.5,x\r\n\"3\",-4e1,\"y\n\"\n";
  const CsvTable<double> whole = parse(text, {.label = 2});
  REQUIRE(whole.size() == 2);
  for (std::size_t size = 0; size < text.size(); ++size) {
    CsvTable<double> set;
    const std::string message = thrown<FileError>([&] { set = parse(text.substr(0, size), {.label = 2}); });
    if (message.empty())
      CHECK((set.size() >= 1 && set.size() <= 2 && set.samples(0, 0) == 1));
    else
      CHECK(says(message, {"a.csv"}));
  }
}

TEST_CASE("rows come one by one from a file larger than a chunk") {
  const TemporaryFolder folder;
  std::string text = "n,square,parity\r\n";
  const int rows = 30000;
  for (int n = 0; n < rows; ++n)
    text += std::to_string(n) + ",\"" + std::to_string(n * (n % 100)) + "\"," + (n % 2 == 0 ? "even" : "\"o\"\"dd\"") +
            "\r\n";
  REQUIRE(text.size() > 5 * 65536);
  std::vector<std::string> paths{folder.put("rows.csv", bytes(text))};
#if EIGENCODER_HAS_ZLIB
  paths.push_back(folder.put("rows", gzipped(bytes(text))));
  std::vector<std::uint8_t> two = gzipped(bytes(text.substr(0, 100000))), second = gzipped(bytes(text.substr(100000)));
  two.insert(two.end(), second.begin(), second.end());
  paths.push_back(folder.put("two-streams", two));
#endif
  for (const std::string& path : paths) {
    detail::CsvReader reader(path, {.label = "parity"});
    REQUIRE(reader.values() == 2);
    CHECK(reader.columns() == std::vector<std::string>{"n", "square"});
    double row[2];
    int n = 0, wrong = 0;
    for (; reader.next(row); ++n)
      wrong += row[0] != n || row[1] != n * (n % 100) || reader.label() != (n % 2 == 0 ? "even" : "o\"dd");
    CHECK(n == rows);
    CHECK(wrong == 0);
    CHECK_FALSE(reader.next(row));
    CHECK(read_csv(path, {.columns = {"n"}}).samples(0, rows - 1) == static_cast<float>(rows - 1));
  }
  CHECK(says(thrown<FileError>([&] { read_csv(folder / "nowhere.csv"); }), {"nowhere.csv"}));
  CHECK(says(thrown<FileError>([&] { read_csv(folder.path()); }), {"folder"}));
}

#if EIGENCODER_HAS_ZLIB
TEST_CASE("a gzipped CSV file is recognized by its content and checked to its end") {
  const std::vector<std::uint8_t> zipped = gzipped(bytes("a,b\n1,2\n3,4\n"));
  CHECK(parse_csv<double>(zipped, "a.csv").samples == table);
  for (std::size_t size = 1; size < zipped.size(); ++size)
    CHECK(says(thrown<FileError>([&] { parse_csv(std::span(zipped).first(size), "a.csv"); }), {"a.csv"}));
  int refused = 0;
  for (std::size_t i = 10; i < zipped.size(); ++i) {  // the bytes before are the header's
    std::vector<std::uint8_t> damaged = zipped;
    damaged[i] ^= 0x04;
    Eigen::MatrixXd samples = table;  // the last byte of the stream may have bits that mean nothing
    const std::string message = thrown<FileError>([&] { samples = parse_csv<double>(damaged, "a.csv").samples; });
    CHECK((says(message, {"a.csv", "its gzip stream is"}) || samples == table));  // whatever its text looks like
    refused += !message.empty();
  }
  CHECK(refused >= static_cast<int>(zipped.size()) - 11);
  std::vector<std::uint8_t> longer = zipped;
  longer.push_back(7);
  CHECK(says(thrown<FileError>([&] { parse_csv(longer, "a.csv"); }), {"a.csv", "bytes follow its gzip stream"}));
}
#else
TEST_CASE("without zlib a gzipped CSV file is refused and the message says why") {
  CHECK(says(thrown<FileError>([] {
               parse_csv(std::vector<std::uint8_t>{0x1F, 0x8B, 8, 0}, "a.csv");
             }),
             {"without zlib"}));
}
#endif

}  // namespace csv_test
