// Training from NPY files that stay where they are.
#include <eigencoder/io/npy.hpp>
#include <eigencoder/io/npy_source.hpp>

#include "catch.hpp"
#include "file_sources.hpp"
#include "npy_bytes.hpp"
#include "temporary_folder.hpp"
#include "thrown.hpp"

using namespace eigencoder;

static_assert(RandomAccessSource<NpySource> && RandomAccessSource<NpySource, double>);

TEST_CASE("from an NPY file a model learns the same bits as from its array in memory", "[npy_source]") {
  const TemporaryFolder folder;
  const std::string path = folder / "x.npy";
  write_npy(path, Dataset<float>{.samples = unit_samples(40, 53), .shape = {4, 5, 2}});
  NpySource source(path);
  CHECK(source.size() == 53);
  CHECK(source.shape() == Shape{4, 5, 2});
  CHECK(learns_the_same<Busy>(std::move(source), read_npy(path).samples));

  write_npy(path, MatrixX<double>(unit_samples(40, 53).cast<double>()));  // rounded on the way
  CHECK(learns_the_same<Busy>(NpySource(path), read_npy(path).samples));
}

TEST_CASE("an NPY source gives the values of every layout that keeps a sample in one piece", "[npy_source]") {
  const TemporaryFolder folder;
  Bytes values;
  for (int i = 0; i < 48; ++i) put(values, static_cast<std::uint64_t>(i * i), 2, true);
  const auto gives = [&](const std::string& shape, const NpyOptions& options, bool fortran = false) {
    INFO(shape);
    const std::string path = folder.put("x.npy", npy(dictionary(">u2", shape, fortran), values));
    const Dataset<float> wanted = read_npy(path, options);
    NpySource source(path, options);
    CHECK(source.shape() == wanted.shape);
    REQUIRE(source.size() == wanted.size());
    std::vector<float> sample(static_cast<std::size_t>(source.rows()));
    for (std::uint32_t place = 0; place < wanted.size(); ++place) {
      source.read(std::span(&place, 1), sample.data());
      CHECK(std::equal(sample.begin(), sample.end(), wanted.samples.col(place).data()));
    }
  };
  gives("(48,)", {});
  gives("(6, 8)", {});
  gives("(6, 2, 4)", {});
  gives("(4, 2, 3, 2)", {});
  gives("(4, 2, 3, 2)", {.channels_first = true});
  gives("(8, 6)", {.samples_last = true}, true);
  gives("(1, 6, 8)", {}, true);  // one sample, however it lies
}

TEST_CASE("an NPY file that cannot be read sample by sample is refused", "[npy_source]") {
  const TemporaryFolder folder;
  const auto refused = [&](const Bytes& bytes, const NpyOptions& options = {}) {
    const std::string path = folder.put("x.npy", bytes);
    return thrown<FileError>([&] { NpySource(path, options); });
  };
  const Bytes six{1, 2, 3, 4, 5, 6};
  CHECK(says(refused(npy(dictionary("|u1", "(2, 3)", true), six)), {"x.npy", "C order"}));
  CHECK(says(refused(npy(dictionary("|u1", "(2, 3)"), six), {.samples_last = true}), {"x.npy", "C order"}));
  CHECK(says(refused(npy(dictionary("|u1", "(0, 3)"), {})), {"x.npy", "empty"}));
  const Bytes whole = npy(dictionary("|u1", "(2, 3)"), six);
  for (std::size_t size = 0; size < whole.size(); ++size)
    REQUIRE(says(refused({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}), {"x.npy"}));
  Bytes longer = whole;
  longer.push_back(7);
  CHECK(says(refused(longer), {"x.npy", "bytes follow"}));
  CHECK(says(thrown<FileError>([&] { NpySource(folder / "nowhere"); }), {"nowhere"}));
}

TEST_CASE("an NPY file that shrinks while it trains ends training", "[npy_source]") {
  const TemporaryFolder folder;
  const std::string path = folder / "x.npy";
  write_npy(path, unit_samples(40, 53));
  CHECK(says(message_of_shrunk(NpySource(path), path), {"x.npy", "shorter"}));

  write_npy(path, unit_samples(40, 53));
  Stream stream{NpySource(path)};
  std::filesystem::resize_file(path, 2000);
  Busy model;
  const auto before = bits(model);
  CHECK(says(thrown<FileError>([&] { model.fit(stream, Adam{}, few_epochs()); }), {"x.npy", "shorter"}));
  CHECK(bits(model) == before);
}
