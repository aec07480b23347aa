#include <common/digits.hpp>
#include <common/mnist.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <vector>
#include "examples/drawings.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using eigencoder::Index;
using examples::draw_digits;
using examples::UsageError;

namespace {

/// MNIST's files of one part in a folder: black images and labels of 0.
void write_part(const TemporaryFolder& folder, const std::string& part, unsigned char count, unsigned char side) {
  const auto write = [&](const std::string& name, const std::string& header, std::size_t values) {
    std::ofstream(folder / (part + name), std::ios::binary) << header << std::string(values, '\0');
  };
  const auto size = [](unsigned char n) { return std::string(3, '\0') + static_cast<char>(n); };
  const std::string magic(2, '\0');
  write("-images-idx3-ubyte", magic + "\x8\x3" + size(count) + size(side) + size(side),
        std::size_t{count} * side * side);
  write("-labels-idx1-ubyte", magic + "\x8\x1" + size(count), count);
}

}  // namespace

TEST_CASE("digits are the same on every run and for every count") {
  check_repeatable([](Index count, std::uint64_t seed) { return draw_digits(count, seed); });
}

TEST_CASE("digits are white strokes on black that stay within their sheet, and differ") {
  const auto drawn = draw_digits(400, 1);
  CHECK(drawn.shape == eigencoder::Shape{28, 28, 1});
  CHECK(drawn.samples.rows() == 28 * 28);
  CHECK(drawn.samples.minCoeff() == 0);
  CHECK(drawn.samples.colwise().maxCoeff().minCoeff() == 1);  // each shows something
  CHECK(drawn.samples.row(0).maxCoeff() == 0);
  CHECK(drawn.samples.row(28 * 28 - 1).maxCoeff() == 0);
  CHECK((drawn.samples.array() == 0).count() > drawn.samples.size() / 2);
  std::set<std::vector<float>> pictures;
  for (Index i = 0; i < drawn.size(); ++i)
    pictures.insert(std::vector<float>(drawn.samples.col(i).begin(), drawn.samples.col(i).end()));
  CHECK(pictures.size() == 400);
}

TEST_CASE("MNIST comes from the named folder, and anything else there is refused") {
  const TemporaryFolder folder;
  examples::Options options;
  options.images = folder / "none";
  CHECK_THROWS_AS(examples::load_mnist(options), UsageError);
  options.images = folder / "";
  CHECK_THROWS_AS(examples::load_mnist(options), UsageError);  // no such file in it
  write_part(folder, "train", 9, 28);
  write_part(folder, "t10k", 4, 28);
  const examples::Mnist digits = examples::load_mnist(options);
  CHECK(digits.train.size() == 9);
  CHECK(digits.test.size() == 4);
  write_part(folder, "t10k", 4, 27);
  CHECK_THROWS_AS(examples::load_mnist(options), UsageError);
  write_part(folder, "t10k", 4, 28);
  write_part(folder, "train", 2, 28);  // too few to hold some out
  CHECK_THROWS_AS(examples::load_mnist(options), UsageError);
  write_part(folder, "train", 12, 28);
  CHECK_NOTHROW(examples::load_mnist(options));
  std::fstream labels(folder / "train-labels-idx1-ubyte", std::ios::binary | std::ios::in | std::ios::out);
  labels.seekp(8 + 3);
  labels.put(10);  // no digit
  labels.close();
  CHECK_THROWS_AS(examples::load_mnist(options), UsageError);
}

TEST_CASE("without MNIST digits are drawn, those of the test no copies of those of the training") {
  unsetenv("EIGENCODER_DATA");
  examples::Options options;
  options.quick = true;
  const examples::Mnist digits = examples::load_mnist(options);
  CHECK(digits.train.size() > digits.test.size());
  CHECK_FALSE(digits.train.samples.leftCols(digits.test.size()) == digits.test.samples);
}
