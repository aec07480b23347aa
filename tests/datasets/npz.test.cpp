#include "support/catch.hpp"

#include <eigencoder/datasets/csv.hpp>
#include <eigencoder/datasets/npy.hpp>

#include <algorithm>
#include <cstdlib>

#include "support/deflated.hpp"
#include "support/npy_bytes.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"
#include "support/zip_builder.hpp"

using namespace eigencoder;

namespace npz_test {
namespace {

const Bytes codes = npy(dictionary("|u1", "(2, 3)"), {1, 2, 3, 4, 5, 6});
const Bytes labels = npy(dictionary("|u1", "(2,)"), {7, 8});

std::string refusal(const Bytes& file, const std::string& array = "x") {
  return thrown<FileError>([&] { parse_npz(file, "a.npz", array); });
}
std::string refusal(const Zip& zip) { return refusal(zip.bytes()); }

Zip stored() {
  Zip zip;
  zip.store("x.npy", codes);
  zip.store("y.npy", labels);
  return zip;
}

void is_read(const Zip& zip) {
  const Bytes file = zip.bytes();
  CHECK(parse_npz_names(file, "a.npz") == std::vector<std::string>{"x", "y"});
  CHECK(parse_npz(file, "a.npz", "x").samples == parse_npy(codes, "x").samples);
  CHECK(parse_npz<double>(file, "a.npz", "y").samples == Eigen::RowVector2d(7, 8));
}

}  // namespace

TEST_CASE("arrays of an NPZ file are read by name") {
  Zip zip = stored();
  is_read(zip);
  zip.comment = "PK\5\6: a comment that looks like the end of a directory";
  is_read(zip);
  zip.comment.clear();
  for (Zip::Member& member : zip.members) member.long_sizes = true;
  is_read(zip);
  zip.long_end = true;
  is_read(zip);
  zip.members[0].flags = 8;  // sizes after the bytes: those of the directory are used
  is_read(zip);
  zip.store("notes.txt", {1, 2, 3});
  is_read(zip);

  const TemporaryFolder folder;
  const std::string path = folder.put("a.npz", zip.bytes());
  CHECK(npz_names(path).size() == 2);
  CHECK(read_npz(path, "x", {.samples_last = true}).samples.rows() == 2);
  CHECK(read_npz_labels(path, "y") == std::vector<int>{7, 8});
  CHECK(says(thrown<FileError>([&] { read_npz(path, "z"); }), {"a.npz", "'z'", "'x', 'y'"}));
  CHECK(says(thrown<FileError>([&] { read_npz_labels(path, "x"); }), {"a.npz", "'x'", "one label"}));
  CHECK_THROWS_AS(read_npz(folder / "nowhere.npz", "x"), FileError);
  CHECK(parse_npz_names(Zip().bytes(), "a.npz").empty());
}

TEST_CASE("an NPZ file cut off anywhere, or followed by something, is refused by name") {
  for (const bool longer : {false, true}) {
    Zip zip = stored();
    zip.long_end = longer;
    Bytes file = zip.bytes();
    for (std::size_t size = 0; size < file.size(); ++size)
      CHECK(says(refusal(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size))), {"a.npz"}));
    file.push_back(0);
    CHECK(says(refusal(file), {"a.npz"}));
  }
}

TEST_CASE("a flipped bit in an NPZ file is refused, or changes nothing that is read") {
  Zip zip = stored();
  zip.members[0].long_sizes = zip.long_end = true;
  const Bytes file = zip.bytes();
  for (std::size_t i = 0; i < file.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      Bytes damaged = file;
      damaged[i] = static_cast<std::uint8_t>(damaged[i] ^ 1 << bit);
      Dataset<float> set = parse_npy(codes, "x");
      try {
        set = parse_npz(damaged, "a.npz", "x");
      } catch (const FileError&) {
      }
      REQUIRE(set.samples == parse_npy(codes, "x").samples);
    }
}

TEST_CASE("members that cannot be read as they say are refused by name") {
  Zip zip = stored();
  for (const int flag : {1, 1 << 6, 1 << 13}) {
    zip.members[0].flags = static_cast<std::uint16_t>(flag);
    CHECK(says(refusal(zip), {"a.npz", "'x.npy'", "encrypted"}));
  }
  zip = stored();
  zip.members[0].method = 12;
  CHECK(says(refusal(zip), {"'x.npy'", "method 12"}));
  zip = stored();
  zip.members[0].crc ^= 1;
  CHECK(says(refusal(zip), {"'x.npy'", "checksum"}));
  for (const std::uint64_t size : {std::uint64_t{0}, codes.size() - 1, codes.size() + 1, std::uint64_t{0xFFFFFFFE}}) {
    zip = stored();
    zip.members[0].size = size;
    CHECK(says(refusal(zip), {"'x.npy'", "claims"}));
  }
  zip = stored();
  zip.store("x.npy", labels);
  CHECK(says(refusal(zip), {"two members named 'x.npy'"}));

  zip = stored();
  zip.members[0].name = "x\n" + std::string(80, 'y') + ".npy";  // shown short, and on one line
  zip.members[0].flags = 1;
  const std::string message = refusal(zip.bytes(), "x\n" + std::string(80, 'y'));
  CHECK(says(message, {"'x?yyy", "...'"}));
  CHECK(message.size() < 200);
}

TEST_CASE("a zip directory that says what cannot be is refused") {
  const Bytes file = stored().bytes();
  const auto offset_of = [&](const std::string& signature, int nth = 0) {
    for (std::size_t i = 0; i + 4 <= file.size(); ++i)
      if (std::equal(signature.begin(), signature.end(), file.begin() + static_cast<std::ptrdiff_t>(i)) && nth-- == 0)
        return i;
    return file.size();
  };
  const std::size_t first = offset_of("PK\1\2"), second = offset_of("PK\1\2", 1), end = offset_of("PK\5\6");
  const auto with = [&](std::size_t at, std::size_t width, std::uint64_t value) {
    Bytes changed = file, bytes;
    put(bytes, value, width);
    std::copy(bytes.begin(), bytes.end(), changed.begin() + static_cast<std::ptrdiff_t>(at));
    return changed;
  };
  CHECK(refusal(with(end + 4, 2, 0)).empty());  // as it was
  CHECK(says(refusal(with(end + 4, 2, 1)), {"several parts"}));
  CHECK(says(refusal(with(end + 8, 2, 1)), {"several parts"}));
  CHECK(says(refusal(with(end + 8, 4, 0xFFFFFFFF)), {"directory"}));  // 65535 members
  CHECK(says(refusal(with(end + 8, 4, 0x00010001)), {"directory"}));  // fewer than there are
  CHECK(says(refusal(with(end + 12, 4, 0xFFFFFFFF)), {"directory"}));
  CHECK(says(refusal(with(end + 16, 4, 0xFFFFFFF0)), {"directory"}));
  CHECK(says(refusal(with(end + 16, 4, end)), {"directory"}));
  CHECK(says(refusal(with(end + 20, 2, 1)), {"end is missing"}));
  CHECK(says(refusal(with(first + 28, 2, 0xFFFF)), {"directory is damaged"}));   // length of the name
  CHECK(says(refusal(with(first + 20, 4, 0xFFFFFFFF)), {"'x.npy'", "beyond"}));  // packed bytes, no 64-bit field
  CHECK(says(refusal(with(first + 42, 4, 0xFFFFFFF0)), {"'x.npy'", "not where"}));
  CHECK(says(refusal(with(first + 42, 4, 1)), {"'x.npy'", "not where"}));
  CHECK(says(refusal(with(second + 42, 4, 0)), {"'y.npy'", "another name"}));
  CHECK(says(refusal(with(first + 10, 2, 8)), {"'x.npy'", "another name or method"}));

  // Two members that share bytes: the first reaches over the second.
  CHECK(says(refusal(with(first + 20, 4, codes.size() + 1)), {"'x.npy'", "'y.npy'", "overlap"}));

  Zip zip = stored();
  zip.long_end = true;
  Bytes longer = zip.bytes();
  const std::size_t locator = longer.size() - 22 - 20;
  for (const std::uint64_t where :
       {std::uint64_t{0}, std::uint64_t{locator}, ~std::uint64_t{0}, std::uint64_t{locator - 55}}) {
    Bytes changed = longer, bytes;
    put(bytes, where, 8);
    std::copy(bytes.begin(), bytes.end(), changed.begin() + static_cast<std::ptrdiff_t>(locator + 8));
    CHECK(says(refusal(changed), {"64-bit end"}));
  }
  // The 64-bit end claims 2^64 - 1 members, bytes, and an offset that wraps.
  for (const std::size_t field : {24U, 40U, 48U}) {
    Bytes changed = longer;
    for (std::size_t i = 0; i < (field == 24 ? 16U : 8U); ++i) changed[locator - 56 + field + i] = 0xFF;
    CHECK(says(refusal(changed), {"directory"}));
  }
  // An extra field that ends early, and one without the sizes that it should hold.
  zip = stored();
  zip.members[0].long_sizes = true;
  longer = zip.bytes();
  const std::size_t extra = offset_of("PK\1\2") + 46 + 5;
  Bytes changed = longer;
  changed[extra + 2] = 0xFF;
  CHECK(says(refusal(changed), {"extra field of 'x.npy'"}));
  changed = longer;
  changed[extra + 6 + 2] = 8;
  CHECK(says(refusal(changed), {"'x.npy'", "64-bit sizes"}));
}

#if EIGENCODER_HAS_ZLIB
TEST_CASE("deflated arrays are read, and checked to their end") {
  Zip zip;
  zip.deflate("x.npy", codes);
  zip.deflate("y.npy", labels);
  is_read(zip);
  const Zip whole = zip;
  for (std::size_t size = 0; size < whole.members[0].packed.size(); ++size) {
    zip.members[0].packed = whole.members[0].packed;
    zip.members[0].packed.resize(size);
    CHECK(says(refusal(zip), {"a.npz", "'x.npy'"}));
  }
  for (std::size_t i = 0; i < whole.members[0].packed.size(); ++i) {
    zip = whole;
    zip.members[0].packed[i] ^= 0x10;
    CHECK(says(refusal(zip), {"a.npz", "'x.npy'"}));
  }
  zip = whole;
  zip.members[0].packed.push_back(0);
  CHECK(says(refusal(zip), {"'x.npy'", "follow"}));
  for (const std::uint64_t size : {codes.size() - 1, codes.size() + 1}) {
    zip = whole;
    zip.members[0].size = size;
    CHECK(says(refusal(zip), {"'x.npy'", "not as long"}));
  }
  zip = whole;  // more than deflate can make of its bytes: refused before any memory is taken
  zip.members[0].size = 1032 * whole.members[0].packed.size() + 1;
  CHECK(says(refusal(zip), {"'x.npy'", "claims"}));
}

TEST_CASE("the eight tables of the anomaly benchmark are read, as their CSV twins say") {
  const char* data = std::getenv("EIGENCODER_DATA");
  if (data == nullptr) {
    WARN("EIGENCODER_DATA is not set: the anomaly tables not read");
    return;
  }
  struct Table {
    const char* name;
    Index rows, features;
    int anomalies;
  };
  for (const Table& table :
       {Table{"2_annthyroid", 7200, 6, 534}, Table{"4_breastw", 683, 9, 239}, Table{"6_cardio", 1831, 21, 176},
        Table{"23_mammography", 11183, 6, 260}, Table{"28_pendigits", 6870, 16, 156},
        Table{"30_satellite", 6435, 36, 2036}, Table{"32_shuttle", 49097, 9, 3511}, Table{"38_thyroid", 3772, 6, 93}}) {
    const std::string path = std::string(data) + "/adbench/" + table.name;
    CHECK(npz_names(path + ".npz") == std::vector<std::string>{"X", "y"});
    Dataset<double> set = read_npz<double>(path + ".npz", "X");
    set.labels = read_npz_labels(path + ".npz", "y");
    CHECK(set.size() == table.rows);
    CHECK(set.shape == Shape::flat(table.features));
    CHECK(std::count(set.labels.begin(), set.labels.end(), 1) == table.anomalies);
    const CsvTable<double> csv = read_csv<double>(path + ".csv.gz", {.label = "label"});
    CHECK(csv.samples == set.samples);
    CHECK(csv.labels == set.labels);
  }
}
#else
TEST_CASE("without zlib a deflated array is refused and the message says why") {
  Zip zip = stored();
  for (Zip::Member& member : zip.members) member.method = 8;
  CHECK(says(refusal(zip), {"'x.npy'", "without zlib"}));
}
#endif

}  // namespace npz_test
