// Training from CSV files that are read row by row.
#include <eigencoder/data/stream_scaling.hpp>
#include <eigencoder/datasets/csv.hpp>

#include "support/catch.hpp"
#include "support/deflated.hpp"
#include "support/file_sources.hpp"
#include "support/sources.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

static_assert(SequentialSource<CsvSource> && SequentialSource<CsvSource, double>);

namespace csv_source_test {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// 53 rows of a label and 6 values.
Bytes table() {
  std::string text = "label,a,b,c,d,e,f\n";
  for (int i = 0; i < 53; ++i) {
    text += "k" + std::to_string(i % 3);
    for (int j = 0; j < 6; ++j) text += "," + std::to_string((i * (j + 3) % 17) / 17.0);
    text += '\n';
  }
  return {text.begin(), text.end()};
}

}  // namespace

TEST_CASE("from a CSV file a model learns the same bits as from memory in the same blocks") {
  const TemporaryFolder folder;
  const CsvOptions options{.label = "label"};
  std::vector<std::string> paths{folder.put("plain.csv", table())};
#if EIGENCODER_HAS_ZLIB
  paths.push_back(folder.put("packed.csv.gz", gzipped(table())));
#endif
  const MatrixX<float> samples = read_csv(paths[0], options).samples;
  for (const std::string& path : paths)
    for (const Index window : {7, 20, 1000}) {
      INFO(path << ", window " << window);
      CsvSource source(path, options);
      CHECK(source.size() == 53);
      CHECK(source.columns() == std::vector<std::string>{"a", "b", "c", "d", "e", "f"});
      CHECK(source.label_names() == std::vector<std::string>{"k0", "k1", "k2"});
      Small<6> expected, streamed;
      InBlocks blocks(samples, window);
      Stream stream{std::move(source), {.shuffle_window = window}};
      expected.fit(blocks, Adam{}, few_epochs());
      streamed.fit(stream, Adam{}, few_epochs());
      CHECK(bits(expected) == bits(streamed));
    }
}

TEST_CASE("an unknown value in a CSV file is refused as NaN is in memory, or replaced") {
  const TemporaryFolder folder;
  std::string text = "a,b\n";
  for (int i = 0; i < 9; ++i) text += std::to_string(i / 9.0) + (i == 6 ? ",?\n" : ",0.5\n");
  const std::string path = folder.put("x.csv", Bytes(text.begin(), text.end()));
  CHECK(says(thrown<FileError>([&] { CsvSource{path}; }), {"x.csv", "line 8, column 'b': '?'"}));
  Small<2> model;
  const auto before = bits(model);
  Stream unknown{CsvSource{path, {.missing = {"?"}}}};
  CHECK(says(thrown<DataError>([&] { model.fit(unknown, Adam{}, few_epochs()); }), {"sample 6 holds NaN at value 1"}));
  CHECK(bits(model) == before);
  Stream replaced{CsvSource{path, {.missing = {"?"}, .missing_value = 0.25}}};
  model.fit(replaced, Adam{}, few_epochs());
  CHECK(bits(model) != before);
}

TEST_CASE("a CSV file that changes while it trains ends training") {
  const TemporaryFolder folder;
  const std::string path = folder.put("x.csv", table());
  const auto trained = [&](const Bytes& later) {
    Stream stream{CsvSource(path, {.label = "label"}), {.shuffle_window = 7}};
    Small<6> model;
    folder.put("x.csv", later);
    model.fit(stream, Adam{}, few_epochs());
  };
  const auto text = [](const std::string& letters) { return Bytes(letters.begin(), letters.end()); };
  Bytes fewer = table();
  fewer.resize(fewer.size() / 2);
  while (fewer.back() != '\n') fewer.pop_back();
  CHECK(says(thrown<FileError>([&] { trained(fewer); }), {"x.csv"}));
  folder.put("x.csv", table());
  CHECK(says(thrown<FileError>([&] { trained(text("label,a\nk,1\n")); }), {"x.csv"}));
}

TEST_CASE("an unknown value that a model refuses is named with its file and row") {
  const TemporaryFolder folder;
  const std::string path = folder / "gaps.csv";
  const std::string text = "a,b\n1,2\n3,NA\n5,6\n";
  folder.put("gaps.csv", Bytes(text.begin(), text.end()));
  Stream stream{CsvSource{path, {.missing = {"NA"}}}};
  const auto refused = [&](const auto& call) {
    return says(thrown<DataError>(call), {path, "sample 1 holds NaN at value 1"});
  };
  Autoencoder<Encoder<Input<2>, Dense<1>>, Decoder<Mirror>, SquaredError> model;
  CHECK(refused([&] { model.fit(stream, Adam{}); }));
  CHECK(refused([&] { model.encode(stream); }));
  CHECK(refused([&] { standard_scaling(stream); }));
  Stream scaled{Scaled{CsvSource{path, {.missing = {"NA"}}}, Scaling<float>{{0, 0}, {1, 1}}}};
  CHECK(refused([&] { model.evaluate(scaled); }));
}

}  // namespace csv_source_test
