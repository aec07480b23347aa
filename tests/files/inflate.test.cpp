// Memory grows with the bytes that a file has, not with those that it claims.
#include <eigencoder/datasets/cifar10.hpp>
#include <eigencoder/datasets/csv.hpp>
#include <eigencoder/datasets/idx.hpp>
#include <eigencoder/datasets/npy.hpp>

#include <filesystem>

#include "support/catch.hpp"
#include "support/counted_memory.hpp"
#include "support/deflated.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"
#include "support/zip_builder.hpp"

using namespace eigencoder;

#if EIGENCODER_HAS_ZLIB
namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

Bytes noise(std::size_t size) {
  Bytes bytes(size);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

/// Reading takes at most eight times what the file holds, whatever it claims, and counts all of it.
template <class Read>
void refused_in_little_memory(const Read& read, std::size_t held, const char* words) {
  std::string error;
  const std::size_t memory = memory_of([&] { error = thrown<FileError>(read); });
  CHECK(says(error, {"small", words}));
  CHECK(memory <= 8 * held + mebibyte);
#ifdef EIGENCODER_COUNTS_MEMORY
  CHECK(memory >= held);
#endif
}

}  // namespace

TEST_CASE("a gzipped IDX file that claims a thousandfold is refused in little memory") {
  Bytes idx{0, 0, 8, 3, 0, 0, 0x80, 0, 0, 0, 0, 176, 0, 0, 0, 176};  // 1015 MB
  const Bytes values = noise(mebibyte);
  idx.insert(idx.end(), values.begin(), values.end());
  const Bytes file = gzipped(idx);
  refused_in_little_memory([&] { parse_idx_images(file, "small.gz"); }, idx.size(), "it is cut off");
}

TEST_CASE("and so is a member of a zip file") {
  Zip zip;
  zip.deflate("x.npy", noise(mebibyte)).size = 1000 * mebibyte;
  const Bytes file = zip.bytes();
  refused_in_little_memory([&] { parse_npz(file, "small.npz", "x"); }, mebibyte, "not as long as the directory says");
}

TEST_CASE("data that inflate a thousandfold are complete, and take at most three times their inflated size") {
  const Bytes zeros(40 * mebibyte), file = gzipped(zeros);
  REQUIRE(file.size() * 900 < zeros.size());
  Bytes out;
  const auto inflated = [&](std::uint64_t most) {
    detail::ByteStream stream(file, "zeros");
    Bytes bytes;
    detail::read_up_to(most, stream, bytes);
    return bytes;
  };
  const std::size_t memory = memory_of([&] { out = inflated(zeros.size() + 1); });
  CHECK((out == zeros));
  CHECK(memory <= 3 * zeros.size());
  CHECK((inflated(5) == Bytes(5)));
}
#endif

#ifdef EIGENCODER_COUNTS_MEMORY
TEST_CASE("a file that the memory does not hold is refused by name") {
  const TemporaryFolder folder;
  const std::string path = folder.put("large", Bytes{1});
  std::filesystem::resize_file(path, 3'000'000);
  memory_limit = 1'000'000;
  const std::string whole = thrown<FileError>([&] { detail::read_file(path); });
  memory_limit = std::size_t(-1);
  CHECK(says(whole, {path, "3000000 bytes do not fit into the memory"}));
#if EIGENCODER_HAS_ZLIB
  const Bytes file = gzipped(Bytes(3'000'000));
  memory_limit = 1'000'000;
  const std::string inflated = thrown<FileError>([&] { parse_cifar10(file, "large.gz"); });
  memory_limit = std::size_t(-1);
  CHECK(says(inflated, {"large.gz", "do not fit into the memory"}));
#endif
  // The contents of a file may need more memory than the file.
  Bytes table{'a', '\n'}, labels{0, 0, 8, 1, 0, 4, 0x93, 0xE0};  // 300000
  for (int row = 0; row < 300000; ++row) table.insert(table.end(), {'1', '\n'});
  labels.resize(labels.size() + 300000);
  std::vector<std::string> messages(3);  // messages thrown while memory is short are checked later
  memory_limit = 1'000'000;
  messages[0] = thrown<FileError>([&] { parse_csv(table, "f"); });
  messages[1] = thrown<FileError>([&] { parse_idx_labels(labels, "f"); });
  memory_limit = std::size_t(-1);
  CHECK(says(messages[0], {"'f'", "its rows do not fit into the memory"}));
  CHECK(says(messages[1], {"'f'", "300000 labels do not fit into the memory"}));
  memory_limit = 1'300'000;  // for 300000 labels of 4 bytes, but not for as many doubles
  std::vector<int> read;
  messages[2] = thrown<FileError>([&] { read = parse_idx_labels(labels, "f"); });
  memory_limit = std::size_t(-1);
  CHECK((messages[2].empty() && read == std::vector<int>(300000)));
}
#endif

TEST_CASE("samples that no memory holds, or no index counts, are refused by the name of their file") {
  for (const std::uint64_t side : {std::uint64_t{1} << 31, std::uint64_t{1} << 32, std::uint64_t{1} << 63}) {
    const std::string message = thrown<FileError>([&] { detail::allocate_samples<float>(side, side, "f"); });
    const std::string number = std::to_string(side);
    CHECK(says(message, {"'f'", number + " samples of " + number + " values do not fit into the memory"}));
  }
  const MatrixX<float> samples = detail::allocate_samples<float>(2, 3, "f");
  CHECK((samples.rows() == 2 && samples.cols() == 3));
}
