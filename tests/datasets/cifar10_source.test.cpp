// Training from CIFAR-10 files that stay where they are.
#include <eigencoder/datasets/cifar10.hpp>

#include "support/catch.hpp"
#include "support/file_sources.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

static_assert(RandomAccessSource<Cifar10Source>);

namespace cifar10_source_test {
namespace {

std::vector<std::uint8_t> records(int count, int seed) {
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < count; ++i) {
    bytes.push_back(static_cast<std::uint8_t>((i + seed) % 10));
    for (int v = 0; v < 3072; ++v) bytes.push_back(static_cast<std::uint8_t>(v * (i + seed) / 7));
  }
  return bytes;
}

}  // namespace

TEST_CASE("from CIFAR-10 files a model learns the same bits as from their images in memory") {
  const TemporaryFolder folder;
  const std::vector<std::string> paths{folder.put("a.bin", records(5, 1)), folder.put("b.bin", records(1, 2)),
                                       folder.put("c.bin", records(9, 3))};
  Cifar10Source source(paths);
  const Dataset<float> set = read_cifar10(paths);
  CHECK(source.size() == 15);
  CHECK(source.shape() == set.shape);
  CHECK(source.labels() == set.labels);
  CHECK(learns_the_same<Small<3072>>(std::move(source), set.samples));
}

TEST_CASE("CIFAR-10 files that shrink, or none, are named") {
  const TemporaryFolder folder;
  const std::string good = folder.put("good.bin", records(2, 1));
  CHECK_THROWS_AS(Cifar10Source(std::vector<std::string>{}), FileError);
  CHECK(says(message_of_shrunk(Cifar10Source(good), good), {"good.bin", "shorter"}));
}

}  // namespace cifar10_source_test
