#include "support/catch.hpp"

#include <eigencoder/datasets/cifar10.hpp>

#include <cstdlib>

#include "support/counted_memory.hpp"
#include "support/deflated.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace cifar10_test {
namespace {

using Bytes = std::vector<std::uint8_t>;

// The value of a record's image at row h, column w, in a plane of red, green or blue.
std::uint8_t value(std::size_t n, std::size_t plane, std::size_t h, std::size_t w) {
  return static_cast<std::uint8_t>(101 * n + 67 * plane + 31 * h + 7 * w);
}

Bytes records(std::size_t first, std::size_t count) {
  Bytes out;
  for (std::size_t n = first; n < first + count; ++n) {
    out.push_back(static_cast<std::uint8_t>(n % 10));
    for (std::size_t plane = 0; plane < 3; ++plane)
      for (std::size_t h = 0; h < 32; ++h)
        for (std::size_t w = 0; w < 32; ++w) out.push_back(value(n, plane, h, w));
  }
  return out;
}

void are_the_records(const Dataset<float>& set, std::size_t count) {
  REQUIRE(set.size() == static_cast<Index>(count));
  REQUIRE(set.shape == Shape{32, 32, 3});
  REQUIRE(set.labels.size() == count);
  int wrong = 0;
  for (std::size_t n = 0; n < count; ++n) {
    wrong += set.labels[n] != static_cast<int>(n % 10);
    for (std::size_t h = 0; h < 32; ++h)
      for (std::size_t w = 0; w < 32; ++w)
        for (std::size_t c = 0; c < 3; ++c)
          wrong += set.samples(static_cast<Index>((h * 32 + w) * 3 + c), static_cast<Index>(n)) !=
                   static_cast<float>(value(n, c, h, w)) / 255.F;
  }
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("CIFAR-10 records become images with the channel fastest, in [0,1], and labels") {
  are_the_records(parse_cifar10(records(0, 3), "a.bin"), 3);
  const TemporaryFolder folder;
  const std::string one = folder.put("one.bin", records(0, 40)), two = folder.put("two.bin", records(40, 2));
  are_the_records(read_cifar10(one), 40);
  are_the_records(read_cifar10({one, two}), 42);
  are_the_records(read_cifar10(std::vector{one, two}), 42);
  CHECK(read_cifar10(two.c_str()).labels == std::vector<int>{0, 1});
  std::vector<double> wide(3072);
  const std::uint32_t third[] = {2};
  Cifar10Source(one).read(third, wide.data());
  CHECK(wide[3 * (4 * 32 + 5) + 1] == value(2, 1, 4, 5) / 255.0);
#if EIGENCODER_HAS_ZLIB
  const Bytes zipped = gzipped(records(0, 3));
  are_the_records(parse_cifar10(zipped, "a.bin"), 3);
  for (std::size_t size = 0; size < zipped.size(); size += 7)
    CHECK(says(thrown<FileError>([&] { parse_cifar10(std::span(zipped).first(size), "a.bin"); }), {"a.bin"}));
#endif
}

TEST_CASE("CIFAR-10 files that are not whole are refused by name") {
  const Bytes file = records(0, 2);
  for (std::size_t size = 0; size < file.size(); ++size)
    if (size != 3073)
      REQUIRE(says(thrown<FileError>([&] { parse_cifar10(std::span(file).first(size), "a.bin"); }), {"a.bin"}));
  Bytes wrong = file;
  wrong[3073] = 10;
  CHECK(says(thrown<FileError>([&] { parse_cifar10(wrong, "a.bin"); }), {"a.bin", "record 1", "label 10"}));
  wrong.push_back(0);
  CHECK(says(thrown<FileError>([&] { parse_cifar10(wrong, "a.bin"); }), {"6147 bytes"}));
#if EIGENCODER_HAS_ZLIB
  const Bytes packed = gzipped(wrong), other = gzipped(Bytes(10'000'000, 'x'));
  CHECK(says(thrown<FileError>([&] { parse_cifar10(packed, "a.gz"); }), {"a.gz", "record 1 has the label 10"}));
#ifdef EIGENCODER_COUNTS_MEMORY
  std::string message;  // a file of another kind is refused by its first label, not once it is inflated
  CHECK(memory_of([&] { message = thrown<FileError>([&] { parse_cifar10(other, "a.gz"); }); }) < 1'000'000);
  CHECK(says(message, {"record 0 has the label 120"}));
#endif
#endif
  const TemporaryFolder folder;
  CHECK(says(thrown<FileError>([&] { read_cifar10({folder.put("a", file), folder.put("empty", {})}); }), {"empty"}));
  CHECK_THROWS_AS(read_cifar10(folder / "nowhere"), FileError);
  CHECK_THROWS_AS(read_cifar10(std::vector<std::string>{}), FileError);
}

TEST_CASE("CIFAR-10 is read") {
  const char* data = std::getenv("EIGENCODER_DATA");
  if (data == nullptr) {
    WARN("EIGENCODER_DATA is not set: CIFAR-10 not read");
    return;
  }
  const std::string folder = std::string(data) + "/cifar10/";
  const Dataset<float> set = read_cifar10({folder + "data_batch_1_first4000.bin", folder + "test_batch_first1000.bin"});
  REQUIRE(set.size() == 5000);
  CHECK(std::vector<int>(set.labels.begin(), set.labels.begin() + 5) == std::vector<int>{6, 9, 9, 4, 1});
  CHECK(set.samples(0, 0) == 59 / 255.F);
  CHECK(std::vector<int>(set.labels.begin() + 4000, set.labels.begin() + 4005) == std::vector<int>{3, 8, 8, 0, 6});
  CHECK(set.samples(0, 4000) == 158 / 255.F);
}

}  // namespace cifar10_test
