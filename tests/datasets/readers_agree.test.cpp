// Of one kind of file, the reader into memory, the source for a stream and the reader of bytes in memory accept and
// refuse the same, with the same values and the same messages.
#include <eigencoder/datasets/cifar10.hpp>
#include <eigencoder/datasets/csv.hpp>
#include <eigencoder/datasets/idx.hpp>
#include <eigencoder/datasets/npy.hpp>

#include <cstring>

#include "support/catch.hpp"
#include "support/deflated.hpp"
#include "support/npy_bytes.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"
#include "support/zip_builder.hpp"

using namespace eigencoder;

namespace readers_agree_test {
namespace {

/// The result of reading: shape, values and labels, or the error message without the name of the file.
struct Outcome {
  Shape shape = {};
  std::vector<std::uint32_t> values = {};  // bits
  std::vector<int> labels = {};
  std::string message = {};
  bool operator==(const Outcome&) const = default;
};

template <class Read>
Outcome outcome(const std::string& name, const Read& read) {
  Outcome out;
  try {
    const Dataset<float> set = read();
    out.shape = set.shape;
    out.labels = set.labels;
    out.values.resize(static_cast<std::size_t>(set.samples.size()));
    std::memcpy(out.values.data(), set.samples.data(), out.values.size() * sizeof(float));
  } catch (const FileError& error) {
    out.message = error.what();
    const std::size_t at = out.message.find(name);
    REQUIRE(at != std::string::npos);
    out.message.replace(at, name.size(), "FILE");
  }
  return out;
}

/// All samples of a random-access source, read from the last to the first and then all at once.
template <class Source>
Dataset<float> all_of(Source source) {
  Dataset<float> set{.samples = MatrixX<float>(source.rows(), source.size()), .shape = source.shape()};
  std::vector<std::uint32_t> indices(static_cast<std::size_t>(source.size()));
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = static_cast<std::uint32_t>(i);
  for (std::size_t i = indices.size(); i-- > 0;)
    source.read(std::span(indices).subspan(i, 1), set.samples.col(static_cast<Index>(i)).data());
  MatrixX<float> again(source.rows(), source.size());
  source.read(indices, again.data());
  REQUIRE(std::memcmp(again.data(), set.samples.data(), sizeof(float) * static_cast<std::size_t>(again.size())) == 0);
  if constexpr (requires { source.labels(); }) set.labels = source.labels();
  return set;
}

/// Variants of a file: whole, cut off, longer; and gzipped: whole, damaged, in several streams, and followed by bytes.
std::vector<Bytes> variants(const Bytes& file) {
  std::vector<Bytes> all{file};
  const auto cut = [](const Bytes& bytes, std::size_t size) {
    return Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
  };
  for (const std::size_t size : {file.size() - 1, file.size() / 2, std::size_t{11}, std::size_t{3}, std::size_t{0}})
    if (size < file.size()) all.push_back(cut(file, size));
  all.push_back(file);
  all.back().push_back('7');
#if EIGENCODER_HAS_ZLIB
  const std::size_t plain = all.size();
  for (std::size_t i = 0; i < plain; ++i) all.push_back(gzipped(all[i]));
  const Bytes packed = gzipped(file);
  all.push_back(cut(packed, packed.size() - 3));
  all.push_back(packed);
  all.back()[packed.size() - 5] ^= 1;  // the checksum
  for (const std::uint8_t following : {std::uint8_t{0}, std::uint8_t{0x1F}}) {
    all.push_back(packed);
    all.back().push_back(following);
  }
  all.push_back(gzipped(cut(file, file.size() / 2)));
  const Bytes second = gzipped(Bytes(file.begin() + static_cast<std::ptrdiff_t>(file.size() / 2), file.end()));
  all.back().insert(all.back().end(), second.begin(), second.end());
#endif
  return all;
}

/// Checks that all ways of reading agree on all variants of a file. @returns how many variants are good
template <class... Reads>
int agree(const Bytes& file, const Reads&... reads) {
  const TemporaryFolder folder;
  int good = 0;
  for (const Bytes& bytes : variants(file)) {
    const std::string path = folder.put("data", bytes);
    const std::vector<Outcome> all{outcome(path, [&] { return reads(bytes, path); })...};
    INFO(all[0].message);
    for (const Outcome& other : all) {
      INFO(other.message);
      CHECK(other == all[0]);
    }
    if (all[0].message.empty()) ++good;
  }
  return good;
}

/// The number of good variants for `plain` good ones: these gzipped as well, and the file in two streams.
constexpr int with_gzipped(int plain) {
#if EIGENCODER_HAS_ZLIB
  return 2 * plain + 1;
#else
  return plain;
#endif
}
constexpr int good_variants = with_gzipped(1);

Bytes idx(std::uint8_t type, const std::vector<std::uint32_t>& sides, std::size_t bytes) {
  Bytes out{0, 0, type, static_cast<std::uint8_t>(sides.size())};
  for (const std::uint32_t side : sides) put(out, side, 4, true);
  for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(i % 60));
  return out;
}

}  // namespace

TEST_CASE("the readers of NPY files agree") {
  const auto check = [](const Bytes& file, const NpyOptions& options = {}) {
    return agree(
        file, [&](const Bytes&, const std::string& path) { return read_npy(path, options); },
        [&](const Bytes& bytes, const std::string& path) { return parse_npy(bytes, path, options); },
        [&](const Bytes&, const std::string& path) { return all_of(NpySource(path, options)); });
  };
  const auto made = [](const std::string& type, const std::string& shape, bool fortran = false) {
    const std::size_t width = type == "|O" ? 8 : static_cast<std::size_t>(type.back() - '0');
    Bytes values;
    for (std::size_t i = 0; i < 24; ++i) put(values, 0x2A15U + 3 * i, width, type[0] == '>');
    return npy(dictionary(type, shape, fortran), values);
  };
  for (const char* type : {"<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "=f4", "|b1", "|u1", "<u2", ">u4", "<u8", "|i1",
                           ">i2", "<i4", ">i8"}) {
    INFO(type);
    CHECK(check(made(type, "(6, 4)")) == good_variants);
  }
  for (const bool fortran : {false, true})
    for (const char* shape : {"(24,)", "(4, 6)", "(4, 2, 3)", "(2, 2, 3, 2)", "(1, 4, 6)", "(24L, 1L)"})
      for (const bool last : {false, true})
        for (const bool channels_first : {false, true}) {
          INFO(shape);
          CHECK(check(made("<u2", shape, fortran), {.samples_last = last, .channels_first = channels_first}) ==
                good_variants);
        }
  for (const char* type : {"<c8", "|O", "<U1", "<f3", "f4"}) CHECK(check(made(type, "(6, 4)")) == 0);
  for (const char* shape : {"()", "(2, 0)", "(1, 1, 1, 1, 24)", "(4294967296, 4294967296)", "(99999999999, 3)"})
    CHECK(check(made("<f4", shape)) == 0);
  for (const std::uint64_t odd : {0x7FC00000U, 0xFF800000U})  // NaN, -infinity
    for (const bool fortran : {false, true}) {
      Bytes file = made("<f4", "(6, 4)", fortran);
      file.resize(file.size() - 8);
      put(file, odd, 4);
      put(file, 0, 4);
      CHECK(check(file) == 0);
      CHECK(check(file, {.allow_nan = true}) == (odd == 0x7FC00000U ? good_variants : 0));
    }
}

TEST_CASE("an array of an NPZ file is read as an NPY file is") {
  for (const Bytes& file :
       {npy(dictionary("<f2", "(2, 3)"), {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}),
        npy(dictionary("|u1", "(2, 3)", true), {1, 2, 3, 4, 5, 6}), npy(dictionary("<f2", "(2, 1)"), {0, 0x7C, 0, 0}),
        npy(dictionary("<c8", "(0,)"), {}), npy(dictionary("|u1", "(2, 3)"), {1, 2, 3})}) {
    Zip zip;
    zip.store("x.npy", file);
    const Outcome alone = outcome("the array", [&] { return parse_npy(file, "the array"); });
    CHECK(outcome("the archive: 'x'", [&] { return parse_npz(zip.bytes(), "the archive", "x"); }) == alone);
  }
}

TEST_CASE("the readers of IDX files agree") {
  const auto check = [](const Bytes& file) {
    return agree(
        file, [](const Bytes&, const std::string& path) { return read_idx_images(path); },
        [](const Bytes& bytes, const std::string& path) { return parse_idx_images(bytes, path); },
        [](const Bytes&, const std::string& path) { return all_of(IdxSource(path)); });
  };
  const std::pair<std::uint8_t, std::size_t> types[]{{0x08, 1}, {0x09, 1}, {0x0B, 2}, {0x0C, 4}, {0x0D, 4}, {0x0E, 8}};
  for (const auto& [type, width] : types) {
    INFO(int{type});
    CHECK(check(idx(type, {4, 6}, 24 * width)) == good_variants);
    CHECK(check(idx(type, {4, 2, 3}, 24 * width)) == good_variants);
    CHECK(check(idx(type, {2, 2, 3, 2}, 24 * width)) == good_variants);
    CHECK(check(idx(type, {24}, 24 * width)) == 0);
    CHECK(check(idx(type, {1, 2, 2, 3, 2}, 24 * width)) == 0);
    CHECK(check(idx(type, {4, 0, 6}, 0)) == 0);
  }
  CHECK(check(idx(0x0A, {4, 6}, 24)) == 0);
  CHECK(check(idx(0x08, {0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, 24)) == 0);
  Bytes file = idx(0x0D, {3, 2}, 20);
  put(file, 0x7F800000, 4, true);
  CHECK(check(file) == 0);
}

TEST_CASE("the readers of CIFAR-10 files agree") {
  const auto check = [](const Bytes& file) {
    return agree(
        file, [](const Bytes&, const std::string& path) { return read_cifar10(path); },
        [](const Bytes& bytes, const std::string& path) { return parse_cifar10(bytes, path); },
        [](const Bytes&, const std::string& path) { return all_of(Cifar10Source(path)); });
  };
  Bytes records;
  for (std::size_t i = 0; i < 3 * 3073; ++i) records.push_back(static_cast<std::uint8_t>(i % 3073 == 0 ? i % 10 : i));
  CHECK(check(records) == good_variants);
  records[2 * 3073] = 10;
  CHECK(check(records) == 0);
}

TEST_CASE("the readers of CSV files agree") {
  const auto check = [](const std::string& text, const CsvOptions& options = {}) {
    return agree(
        Bytes(text.begin(), text.end()), [&](const Bytes&, const std::string& path) { return read_csv(path, options); },
        [&](const Bytes& bytes, const std::string& path) { return parse_csv(bytes, path, options); },
        [&](const Bytes&, const std::string& path) {
          CsvSource source(path, options);
          Dataset<float> set{.samples = MatrixX<float>(source.rows(), source.size())};
          set.shape = Shape::flat(source.rows());
          set.labels = source.labels();
          for (int turn = 0; turn < 2; ++turn, source.rewind()) {
            const Index made = source.next(set.samples.data(), source.size());
            REQUIRE(made == source.size());
          }
          return set;
        });
  };
  // A text that is cut off is often a table as well: without its last line end, after a row, or within a first one.
  CHECK(check("a,b,y\n1,2,x\n3,4,z\n5,6,x\n", {.label = "y"}) == with_gzipped(4));
  CHECK(check("a;b\n1,5;2\n?;4\n", {.separator = ';', .decimal = ',', .missing = {"?"}}) == with_gzipped(2));
  CHECK(check("#\n1\t2\n#\n3\t4\n", {.header = false, .separator = '\t', .comment = '#'}) == with_gzipped(5));
  CHECK(check("a,b\r\n\"1\",\"2\"\r\n3,4\r\n\r\n", {.columns = {"b"}}) == with_gzipped(2));
  for (const char* text :
       {"a,y\n1,2\n2,x\n3,4\n", "a,y\n1,x\n2,5\n3,z\n", "a,y\n1,x\n2,\n3,z\n"})  // labels of two sorts, or none
    CHECK(says(
        outcome("a", [&] { return parse_csv(Bytes(text, text + std::strlen(text)), "a", {.label = "y"}); }).message,
        {"line 3, column 'y'"}));
  check("a,y\n1,2\n2,x\n3,4\n", {.label = "y"});
  check("a,y\n1,x\n2,5\n3,z\n", {.label = "y"});
  check("a,y\n1,x\n2,\n3,z\n", {.label = "y"});
  check("a,b\n1,2\n3,nan\n5,6\n");
  check("a\n1\n1e39\n");  // in a table that no variant spoils: the source finds it only when it reads floats
  check("a,b\n1,2\n3,1e999\n5,6\n");
  check("a,b\n1,2\n3,\n5,6\n");
  check("a;b\n1;2\n");
  check("a,b\n1,2\n\n3,4\n");
  check("a,a\n1,2\n", {.columns = {"a"}});
  check("a,b\r1,2\r");
  check(std::string("\xFF\xFE") + "a\0,\0b\0\n\0");
}

}  // namespace readers_agree_test
