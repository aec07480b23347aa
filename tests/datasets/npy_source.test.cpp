// Training from NPY files that stay where they are.
#include <eigencoder/datasets/npy.hpp>

#include "support/catch.hpp"
#include "support/file_sources.hpp"
#include "support/npy_bytes.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

static_assert(RandomAccessSource<NpySource> && RandomAccessSource<NpySource, double>);

TEST_CASE("from an NPY file a model learns the same bits as from its array in memory") {
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

TEST_CASE("an NPY source gives the values of every layout") {
  const TemporaryFolder folder;
  Bytes values;
  for (int i = 0; i < 48; ++i) put(values, static_cast<std::uint64_t>(i * i), 2, true);
  const auto gives = [&](const std::string& shape, const NpyOptions& options, bool fortran = false) {
    INFO(shape);
    const std::string path = folder.put("x.npy", npy(dictionary(">u2", shape, fortran), values));
    const Dataset<float> expected = read_npy(path, options);
    NpySource source(path, options);
    CHECK(source.shape() == expected.shape);
    REQUIRE(source.size() == expected.size());
    std::vector<float> sample(static_cast<std::size_t>(source.rows()));
    for (std::uint32_t index = 0; index < expected.size(); ++index) {
      source.read(std::span(&index, 1), sample.data());
      CHECK(std::equal(sample.begin(), sample.end(), expected.samples.col(index).data()));
    }
    std::vector<std::uint32_t> indices;  // 1 2 ... n-1 0 0: runs, and a repeated index
    for (std::uint32_t i = 1; i < expected.size(); ++i) indices.push_back(i);
    indices.insert(indices.end(), 2, 0);
    MatrixX<float> some(source.rows(), static_cast<Index>(indices.size()));
    source.read(indices, some.data());
    CHECK(some == expected.samples(Eigen::all, indices));
  };
  gives("(48,)", {});
  gives("(6, 8)", {});
  gives("(6, 2, 4)", {});
  gives("(4, 2, 3, 2)", {});
  gives("(4, 2, 3, 2)", {.channels_first = true});
  gives("(8, 6)", {.samples_last = true}, true);
  gives("(1, 6, 8)", {}, true);  // one sample, in any layout
  // Samples whose values are not contiguous.
  gives("(6, 8)", {}, true);
  gives("(4, 2, 3, 2)", {}, true);
  gives("(4, 2, 3, 2)", {.channels_first = true}, true);
  gives("(8, 6)", {.samples_last = true});
  gives("(2, 3, 2, 4)", {.samples_last = true, .channels_first = true});
}

TEST_CASE("an NPY file that shrinks while it trains ends training") {
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

TEST_CASE("NaN in an NPY file ends training by its name, and the model stays as it was") {
  const TemporaryFolder folder;
  const std::string path = folder / "x.npy";
  MatrixX<float> samples = unit_samples(40, 53);
  samples(17, 31) = std::nanf("");
  write_npy(path, samples);
  Busy model;
  const auto before = bits(model);
  Stream stream{NpySource(path)};
  CHECK(says(thrown<FileError>([&] { model.fit(stream, Adam{}, few_epochs()); }),
             {"x.npy", "sample 31 holds NaN at value 17"}));
  CHECK(bits(model) == before);
  // Let through, it is refused as NaN in memory is.
  Stream open{NpySource(path, {.allow_nan = true})};
  CHECK(says(thrown<DataError>([&] { model.fit(open, Adam{}, few_epochs()); }), {"sample 31 holds NaN at value 17"}));
  CHECK(bits(model) == before);
}
