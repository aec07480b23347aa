#include "support/catch.hpp"

#include <eigencoder/datasets/idx.hpp>

#include <bit>
#include <cmath>
#include <cstdlib>

#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace idx_test {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes idx(const std::vector<std::uint32_t>& sizes, const Bytes& values) {
  Bytes out{0, 0, 8, static_cast<std::uint8_t>(sizes.size())};
  for (const std::uint32_t size : sizes)
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(size >> shift));
  out.insert(out.end(), values.begin(), values.end());
  return out;
}

const Bytes images = idx({2, 1, 3}, {0, 51, 255, 102, 153, 204});

#if EIGENCODER_HAS_ZLIB
Bytes gzip(const Bytes& data) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  Bytes out(data.size() + 1000), in = data;
  stream.next_in = in.data();
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}
#endif

}  // namespace

TEST_CASE("an IDX file of images becomes samples in [0,1]") {
  const TemporaryFolder folder;
  const Dataset<float> set = read_idx_images(folder.put("images", images));
  REQUIRE(set.shape == Shape{1, 3, 1});
  REQUIRE(set.size() == 2);
  for (Index i = 0; i < 6; ++i)
    CHECK(set.samples(i % 3, i / 3) == static_cast<float>(images[16 + static_cast<std::size_t>(i)]) / 255.F);
  CHECK(read_idx_labels(folder.put("labels", idx({3}, {7, 0, 255}))) == std::vector<int>{7, 0, 255});
  CHECK(parse_idx_images(images, "memory").samples == set.samples);
  const Eigen::MatrixXd wide = parse_idx_images<double>(images, "memory").samples;
  for (Index i = 0; i < 6; ++i) CHECK(wide(i % 3, i / 3) == images[16 + static_cast<std::size_t>(i)] / 255.0);
  CHECK(parse_idx_labels(idx({3}, {7, 0, 255}), "memory") == std::vector<int>{7, 0, 255});
}

TEST_CASE("IDX values of every type stay as they are, but unsigned bytes, and take two to four dimensions") {
  const auto file = [](std::uint8_t type, const std::vector<std::uint32_t>& sizes, std::size_t width,
                       const std::vector<std::uint64_t>& values) {
    Bytes out = idx(sizes, {});
    out[2] = type;
    for (const std::uint64_t value : values)
      for (std::size_t i = width; i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return out;
  };
  const auto number = [](double value) { return std::bit_cast<std::uint64_t>(value); };
  const auto single = [](float value) { return std::uint64_t{std::bit_cast<std::uint32_t>(value)}; };
  const auto minus = [](std::int64_t value) { return static_cast<std::uint64_t>(-value); };
  const auto values = [](const Bytes& bytes) { return parse_idx_images<double>(bytes, "a.idx").samples; };

  CHECK(values(file(0x09, {1, 3}, 1, {5, minus(1), 127})) == Eigen::Vector3d(5, -1, 127));
  CHECK(values(file(0x0B, {1, 3}, 2, {5, minus(1), 30000})) == Eigen::Vector3d(5, -1, 30000));
  CHECK(values(file(0x0C, {1, 3}, 4, {5, minus(1), 2000000000})) == Eigen::Vector3d(5, -1, 2e9));
  CHECK(values(file(0x0D, {1, 3}, 4, {single(0.5F), single(-3e38F), single(1e-40F)})) ==
        Eigen::Vector3d(0.5, static_cast<double>(-3e38F), static_cast<double>(1e-40F)));
  CHECK(values(file(0x0E, {1, 3}, 8, {number(0.1), number(-1e300), number(5e-324)})) ==
        Eigen::Vector3d(0.1, -1e300, 5e-324));
  CHECK(parse_idx_images(file(0x08, {2, 2}, 1, {0, 51, 255, 7}), "a.idx").samples ==
        Eigen::Matrix2f{{0, 1}, {51 / 255.F, 7 / 255.F}});

  const Bytes color = file(0x09, {2, 1, 2, 3}, 1, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  const Dataset<float> set = parse_idx_images(color, "a.idx");
  CHECK(set.shape == Shape{1, 2, 3});
  CHECK((set.size() == 2 && set.samples(0, 1) == 7 && set.samples(5, 1) == 12));
  CHECK(parse_idx_images(file(0x09, {4, 3}, 1, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}), "a.idx").shape ==
        Shape::flat(3));

  const auto refused = [](const Bytes& bytes) { return thrown<FileError>([&] { parse_idx_images(bytes, "a.idx"); }); };
  CHECK(says(refused(file(0x0D, {2, 2}, 4, {0, 0, single(HUGE_VALF), 0})),
             {"a.idx", "sample 1 holds infinity at value 0"}));
  CHECK(says(refused(file(0x0E, {2, 2}, 8, {0, 0, 0, number(std::nan(""))})),
             {"a.idx", "sample 1 holds NaN at value 1"}));
  CHECK(says(refused(file(0x0E, {1, 2}, 8, {0, number(1e39)})), {"a.idx", "too large for a float"}));
  CHECK(says(refused(file(0x0A, {1, 2}, 1, {0, 0})), {"a.idx", "magic number"}));
  CHECK(says(refused(file(0x09, {1, 1, 1, 1, 1}, 1, {0})), {"a.idx", "5 dimensions"}));
  CHECK(says(refused(file(0x0B, {1, 2}, 2, {0})), {"a.idx", "cut off", "4 bytes", "2"}));
  CHECK(says(refused(file(0x09, {3}, 1, {0, 1, 2})), {"a.idx", "read_idx_labels"}));

  CHECK(parse_idx_labels(file(0x0C, {3}, 4, {7, minus(2), 70000}), "a.idx") == std::vector<int>{7, -2, 70000});
  CHECK(parse_idx_labels(file(0x0E, {2, 1}, 8, {number(3), number(-1)}), "a.idx") == std::vector<int>{3, -1});
  const auto no_label = [](const Bytes& bytes) { return thrown<FileError>([&] { parse_idx_labels(bytes, "a.idx"); }); };
  CHECK(says(no_label(file(0x0D, {2}, 4, {single(3), single(2.5F)})), {"a.idx", "label 1 is not a whole number"}));
  CHECK(says(no_label(file(0x0E, {1}, 8, {number(3e9)})), {"a.idx", "label 0 is not a whole number"}));
  CHECK(says(no_label(file(0x0C, {1, 2}, 4, {1, 2})), {"a.idx", "one label for each sample, it has 2"}));
}

TEST_CASE("an IDX file that is not whole is refused by name") {
  const TemporaryFolder folder;
  const auto refused = [&](const Bytes& bytes) {
    const std::string file = folder.put("damaged-idx", bytes);
    const std::string message = message_of<FileError>([&] { read_idx_images(file); });
    return message.find("damaged-idx") != std::string::npos;
  };
  for (std::size_t size = 0; size < images.size(); ++size)
    CHECK(refused(Bytes(images.begin(), images.begin() + static_cast<std::ptrdiff_t>(size))));
  Bytes longer = images;
  longer.push_back(0);
  CHECK(refused(longer));
  for (const std::size_t i : {0U, 1U, 2U, 3U}) {
    Bytes magic = images;
    magic[i] ^= 2;
    CHECK(refused(magic));
  }
  CHECK(refused(idx({0, 28, 28}, {})));
  CHECK(refused(idx({6}, {1, 2, 3, 4, 5, 6})));                       // labels
  CHECK(refused(idx({0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, {1, 2})));  // nothing of that size is allocated
  CHECK(refused(idx({0x80000000, 0x80000000, 4}, {1, 2})));           // 2^64
  CHECK_THROWS_AS(read_idx_labels(folder.put("images", images)), FileError);
  CHECK_THROWS_AS(read_idx_images(folder / "nowhere"), FileError);
  CHECK_THROWS_AS(read_idx_images(folder.path()), FileError);
}

#if EIGENCODER_HAS_ZLIB
TEST_CASE("a gzipped IDX file is recognized by its content and checked to its end") {
  const TemporaryFolder folder;
  const Bytes zipped = gzip(images);
  CHECK(read_idx_images(folder.put("images", zipped)).samples ==
        read_idx_images(folder.put("plain.gz", images)).samples);
  for (std::size_t size = 0; size < zipped.size(); ++size)
    REQUIRE_THROWS_AS(read_idx_images(folder.put("cut", std::span(zipped).first(size))), FileError);
  for (std::size_t i = 10; i < zipped.size(); ++i) {  // the bytes before are the header's
    Bytes damaged = zipped;
    damaged[i] ^= 0x04;
    REQUIRE_THROWS_AS(read_idx_images(folder.put("damaged", damaged)), FileError);
  }
  Bytes longer = zipped;
  longer.push_back(0);
  CHECK_THROWS_AS(read_idx_images(folder.put("longer", longer)), FileError);
  Bytes more = images;
  more.push_back(0);
  CHECK_THROWS_AS(read_idx_images(folder.put("more", gzip(more))), FileError);
  CHECK_THROWS_AS(read_idx_images(folder.put("huge", gzip(idx({0xFFFFFFFF, 0xFFFF, 1}, {1})))), FileError);
}
#else
TEST_CASE("without zlib a gzipped file is refused and the message says why") {
  const TemporaryFolder folder;
  const std::string file = folder.put("zipped", Bytes{0x1F, 0x8B, 8, 0});
  CHECK(message_of<FileError>([&] { read_idx_images(file); }).find("without zlib") != std::string::npos);
}
#endif

TEST_CASE("MNIST is read") {
  const char* data = std::getenv("EIGENCODER_DATA");
  if (data == nullptr) {
    WARN("EIGENCODER_DATA is not set: MNIST not read");
    return;
  }
#if EIGENCODER_HAS_ZLIB
  const std::string folder = std::string(data) + "/mnist/";
  const Dataset<float> set = read_idx_images(folder + "t10k-images-idx3-ubyte.gz");
  CHECK(set.shape == Shape{28, 28, 1});
  CHECK(set.size() == 10000);
  CHECK(set.samples.maxCoeff() == 1);
  CHECK(set.samples.minCoeff() == 0);
  const std::vector<int> labels = read_idx_labels(folder + "t10k-labels-idx1-ubyte.gz");
  REQUIRE(labels.size() == 10000);
  CHECK(std::vector<int>(labels.begin(), labels.begin() + 5) == std::vector<int>{7, 2, 1, 0, 4});
#endif
}

}  // namespace idx_test
