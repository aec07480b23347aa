// Tables that are learned and encoded in parts, as streams and on several threads.
#include "support/catch.hpp"

#include <eigencoder/data/encoded_table.hpp>
#include <eigencoder/data/stream.hpp>
#include <eigencoder/data/table_encoder.hpp>
#include <eigencoder/extend/threads.hpp>

#include <cstdint>
#include <limits>
#include <vector>

#include "data/toy_tables.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace encoded_table_test {
namespace {

/// A `TableSource` whose second part has the column "y" in place of "x".
struct RenamedParts {
  int part = 0;

  Index size() const { return 4; }
  void rewind() { part = 0; }
  Table next(Index) {
    Table table;
    if (++part <= 2) table.add(part == 1 ? "x" : "y", {1, 2});
    return table;
  }
};

}  // namespace

TEST_CASE("the same is learned from a table in parts") {
  const Table table = random_table(11, 9000);  // more rows than are read at a time
  for (const auto scaling : {NumberScaling::standard, NumberScaling::robust, NumberScaling::quantile}) {
    const TableEncoderOptions options{.scaling = scaling, .max_words = 20};
    TableParts parts{table, 700};
    const TableEncoder encoder(parts, options);
    CHECK(encoder == TableEncoder(table, options));
    CHECK(parts.first == 0);
  }
  TableParts empty{number_table({}), 5};
  CHECK(says(thrown<DataError>([&] { TableEncoder{empty}; }), {"no rows"}));
  Table late = number_table(std::vector<double>(5000, 1.0));
  late.numbers("x")[4500] = missing_number;
  TableParts gap{late, 700};
  CHECK(says(thrown<DataError>([&] { TableEncoder{gap}; }), {"row 4500 holds no known value"}));
  RenamedParts renamed;
  CHECK(says(thrown<DataError>([&] { TableEncoder{renamed}; }), {"different columns", "column 0 is 'x', then 'y'"}));
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
    CHECK(equal_or_nan(x, expected));
    source.rewind();
  }
  Stream stream{EncodedTable{TableParts{table, 700}, encoder}};
  const std::vector<std::uint32_t> some{2, 5, 3};
  const View<float> batch = stream.fetch(some, {}).inputs;
  for (Index j = 0; j < 3; ++j)
    CHECK(equal_or_nan(batch.matrix().col(j), expected.col(some[static_cast<std::size_t>(j)])));
  Table wrong = number_table(std::vector<double>(2000, 1.0));
  wrong.numbers("x")[1500] = missing_number;
  EncodedTable broken{TableParts{wrong, 700}, TableEncoder(number_table({1, 2}))};
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
    wrong.numbers("number")[row] = std::numeric_limits<double>::infinity();
  for (const int threads : {1, 2, 5}) {
    set_threads(threads);
    const MatrixX<float> x = encoder.transform(table);
    CHECK(equal_or_nan(x, expected));
    CHECK(says(thrown<DataError>([&] { encoder.transform(wrong); }), {"row 2100, column 'number'"}));
  }
  set_threads(0);
}

}  // namespace encoded_table_test
