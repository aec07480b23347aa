#include "support/catch.hpp"

#include <eigencoder/datasets/npy.hpp>

#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "support/npy_bytes.hpp"
#include "support/temporary_folder.hpp"
#include "support/thrown.hpp"

using namespace eigencoder;

namespace npy_test {
namespace {

// An array whose value at (i, j, k, l) is 1000 i + 100 j + 10 k + l, as two bytes each.
Bytes counted(const std::vector<std::uint64_t>& sides, bool fortran) {
  std::string shape = "(";
  std::uint64_t count = 1;
  for (const std::uint64_t side : sides) {
    shape += std::to_string(side) + ",";
    count *= side;
  }
  Bytes values;
  for (std::uint64_t n = 0; n < count; ++n) {
    std::vector<std::uint64_t> at(sides.size());
    std::uint64_t rest = n;
    for (std::size_t a = 0; a < sides.size(); ++a) {
      const std::size_t axis = fortran ? a : sides.size() - 1 - a;
      at[axis] = rest % sides[axis];
      rest /= sides[axis];
    }
    std::uint64_t value = 0, digit = 1000;
    for (const std::uint64_t i : at) {
      value += digit * i;
      digit /= 10;
    }
    put(values, value, 2);
  }
  return npy(dictionary("<u2", shape + ")", fortran), values);
}

std::string refusal(const Bytes& file, const NpyOptions& options = {}) {
  return thrown<FileError>([&] { parse_npy(file, "a.npy", options); });
}
std::string refusal(const std::string& header, std::size_t bytes = 24) { return refusal(npy(header, Bytes(bytes))); }

const Bytes small = npy(dictionary("<f4", "(2, 1)"), {0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0});  // 1, -2

}  // namespace

TEST_CASE("NPY values of every type, in either order of bytes") {
  const auto read = [](const std::string& type, const Bytes& values) {
    const std::size_t count = values.size() / static_cast<std::size_t>(type[2] - '0');
    const Dataset<double> set =
        parse_npy<double>(npy(dictionary(type, "(" + std::to_string(count) + ",)"), values), "a.npy");
    REQUIRE(set.samples.rows() == 1);
    return std::vector<double>(set.samples.data(), set.samples.data() + set.samples.size());
  };
  const std::vector<double> floats{0, -2.5, 1e30, 1e-40, -0.0};
  for (const bool big : {false, true}) {
    const std::string order = big ? ">" : "<";
    Bytes f4, f8;
    std::vector<double> rounded;
    for (const double value : floats) {
      put(f4, std::bit_cast<std::uint32_t>(static_cast<float>(value)), 4, big);
      put(f8, std::bit_cast<std::uint64_t>(value), 8, big);
      rounded.push_back(static_cast<double>(static_cast<float>(value)));
    }
    CHECK(read(order + "f4", f4) == rounded);
    CHECK(read(order + "f8", f8) == floats);
    Bytes f2;  // 1.5, the smallest subnormal, the largest number, the number nearest to -1/3
    for (const std::uint64_t bits : {0x3E00U, 0x0001U, 0x7BFFU, 0xB555U}) put(f2, bits, 2, big);
    CHECK(read(order + "f2", f2) == std::vector<double>{1.5, 0x1p-24, 65504, -0x1.554p-2});
    for (const std::size_t width : {1U, 2U, 4U, 8U}) {
      const double half = std::pow(2.0, 8.0 * static_cast<double>(width) - 1);  // -1 and the least, if signed
      Bytes whole;
      put(whole, 5, width, big);
      put(whole, std::uint64_t{1} << (8 * width - 1), width, big);
      put(whole, ~std::uint64_t{0}, width, big);
      const std::string size = std::to_string(width);
      const std::vector<double> u = read(order + "u" + size, whole), i = read(order + "i" + size, whole);
      CHECK((u[0] == 5 && i[0] == 5));
      CHECK((u[1] == half && i[1] == -half));
      CHECK((u[2] == 2 * half - (width < 8 ? 1 : 0) && i[2] == -1));  // 2^64 - 1 rounds up in double
    }
  }
  CHECK(read("|u1", {7, 255}) == std::vector<double>{7, 255});
  CHECK(read("|i1", {7, 255}) == std::vector<double>{7, -1});
  CHECK(read("|b1", {0, 1, 2}) == std::vector<double>{0, 1, 1});
  Bytes native;  // "=": this machine's order
  put(native, 0x3FC00000, 4, std::endian::native == std::endian::big);
  CHECK(read("=f4", native) == std::vector<double>{1.5});
}

TEST_CASE("NPY values that are not finite are named by sample and value, and NaN is allowed by an option") {
  const auto file = [](const std::string& type, const std::string& shape, std::uint64_t one, std::uint64_t odd,
                       std::size_t position, bool fortran = false) {
    const auto width = static_cast<std::size_t>(type[2] - '0');
    Bytes values;
    for (std::size_t i = 0; i < 12; ++i) put(values, i == position ? odd : one, width);
    return npy(dictionary(type, shape, fortran), values);
  };
  const auto f2 = [&](std::uint64_t odd) { return file("<f2", "(4, 3)", 0x3C00, odd, 7); };
  CHECK(says(refusal(f2(0x7C00)), {"a.npy", "sample 2 holds infinity at value 1"}));
  CHECK(says(refusal(f2(0xFC00)), {"a.npy", "sample 2 holds infinity at value 1"}));
  CHECK(says(refusal(f2(0x7E01)), {"a.npy", "sample 2 holds NaN at value 1"}));
  CHECK(refusal(f2(0x7BFF)).empty());
  const std::uint64_t one = std::bit_cast<std::uint64_t>(1.0), wide = std::bit_cast<std::uint64_t>(-1e39),
                      nan = std::bit_cast<std::uint64_t>(std::nan(""));
  CHECK(
      says(refusal(file("<f8", "(4, 3)", one, wide, 7)), {"sample 2 holds a number too large for a float at value 1"}));
  CHECK(parse_npy<double>(file("<f8", "(4, 3)", one, wide, 7), "a.npy").samples(1, 2) == -1e39);
  // Value 7 in the file is that of sample 3, value 1, where the samples run fastest.
  CHECK(says(refusal(file("<f8", "(4, 3)", one, nan, 7, true)), {"sample 3 holds NaN at value 1"}));
  CHECK(says(refusal(file("<f8", "(3, 4)", one, nan, 7), {.samples_last = true}), {"sample 3 holds NaN at value 1"}));
  // Of images with the channels first, value 7 is in channel 3 of 2 x 1 pixels, the last of sample 1.
  CHECK(says(refusal(file("<f8", "(2, 3, 2, 1)", one, nan, 7), {.channels_first = true}),
             {"sample 1 holds NaN at value 3"}));
  const Dataset<float> known = parse_npy(file("<f8", "(4, 3)", one, nan, 7), "a.npy", {.allow_nan = true});
  CHECK((std::isnan(known.samples(1, 2)) && known.samples.array().isNaN().count() == 1));
  CHECK(says(refusal(f2(0x7C00), {.allow_nan = true}), {"infinity"}));
}

TEST_CASE("NPY headers of every version, in any order and with any quotes") {
  const Bytes values{1, 2, 3, 4, 5, 6};
  const Eigen::MatrixXf expected = parse_npy(npy(dictionary("|u1", "(2, 3)"), values), "a.npy").samples;
  REQUIRE(expected.rows() == 3);
  CHECK(expected(0, 1) == 4);
  for (const std::uint8_t major : Bytes{2, 3})
    CHECK(parse_npy(npy(dictionary("|u1", "(2, 3)"), values, major), "a.npy").samples == expected);
  for (const char* header : {"{\"shape\":(2,3),\"descr\":\"|u1\",\"fortran_order\":False}",
                             " { 'fortran_order' : False , 'shape' : ( 2 , 3 , ) , 'descr' : '<u1' , } ",
                             "{'descr':'|u1',\n'fortran_order':False,\t'shape':(2,3)}\n",
                             "{'descr': '|u1', 'fortran_order': False, 'shape': (2L, 3L), }         \n",  // Python 2
                             "{u'descr': u'|u1', b'fortran_order': False, u\"shape\": (2L, 3), }\n"})
    CHECK(parse_npy(npy(header, values), "a.npy").samples == expected);
}

TEST_CASE("NPY axes become samples in either order, C or Fortran") {
  const auto digits = [](Index i, Index j, Index k, Index l) {
    return static_cast<float>(1000 * i + 100 * j + 10 * k + l);
  };
  for (const bool fortran : {false, true}) {
    const Dataset<float> vector = parse_npy(counted({5}, fortran), "a.npy");
    CHECK((vector.size() == 5 && vector.shape == Shape{1, 1, 1} && vector.samples(0, 3) == 3000));
    const Dataset<float> one = parse_npy(counted({5}, fortran), "a.npy", {.samples_last = true});
    CHECK((one.size() == 1 && one.shape == Shape{1, 1, 5} && one.samples(3, 0) == 3000));

    const Dataset<float> matrix = parse_npy(counted({3, 4}, fortran), "a.npy");
    const Dataset<float> turned = parse_npy(counted({4, 3}, fortran), "a.npy", {.samples_last = true});
    REQUIRE((matrix.size() == 3 && matrix.shape == Shape{1, 1, 4}));
    REQUIRE((turned.size() == 3 && turned.shape == Shape{1, 1, 4}));
    for (Index n = 0; n < 3; ++n)
      for (Index v = 0; v < 4; ++v) {
        CHECK(matrix.samples(v, n) == digits(n, v, 0, 0));
        CHECK(turned.samples(v, n) == digits(v, n, 0, 0));
      }

    const auto image = [](Index h, Index w, Index c) { return (h * 4 + w) * 3 + c; };  // of 2 x 4 x 3
    const Dataset<float> gray = parse_npy(counted({5, 2, 4}, fortran), "a.npy");
    const Dataset<float> color = parse_npy(counted({5, 2, 4, 3}, fortran), "a.npy");
    const Dataset<float> planes = parse_npy(counted({5, 3, 2, 4}, fortran), "a.npy", {.channels_first = true});
    const Dataset<float> last = parse_npy(counted({2, 4, 3, 5}, fortran), "a.npy", {.samples_last = true});
    const Dataset<float> both =
        parse_npy(counted({3, 2, 4, 5}, fortran), "a.npy", {.samples_last = true, .channels_first = true});
    REQUIRE((gray.size() == 5 && gray.shape == Shape{2, 4, 1}));
    for (const Dataset<float>* set : {&color, &planes, &last, &both})
      REQUIRE((set->size() == 5 && set->shape == Shape{2, 4, 3} && set->samples.rows() == 24));
    for (Index n = 0; n < 5; ++n)
      for (Index h = 0; h < 2; ++h)
        for (Index w = 0; w < 4; ++w) {
          CHECK(gray.samples(h * 4 + w, n) == digits(n, h, w, 0));
          for (Index c = 0; c < 3; ++c) {
            CHECK(color.samples(image(h, w, c), n) == digits(n, h, w, c));
            CHECK(planes.samples(image(h, w, c), n) == digits(n, c, h, w));
            CHECK(last.samples(image(h, w, c), n) == digits(h, w, c, n));
            CHECK(both.samples(image(h, w, c), n) == digits(c, h, w, n));
          }
        }
  }
}

TEST_CASE("whether the samples of an NPY file are contiguous follows from its header") {
  const auto layout = [](const Bytes& file, const NpyOptions& options = {}) {
    detail::DataFile bytes(file, "a.npy");
    return detail::array_layout(detail::read_npy_header(bytes), options, "a.npy");
  };
  CHECK(layout(counted({5, 2, 4, 3}, false)).is_contiguous());
  CHECK(layout(counted({5, 2, 4}, false)).is_contiguous());
  CHECK(layout(counted({5}, true)).is_contiguous());
  CHECK(layout(counted({4, 5}, true), {.samples_last = true}).is_contiguous());
  CHECK(layout(counted({1, 5}, true)).is_contiguous());
  CHECK_FALSE(layout(counted({5, 4}, true)).is_contiguous());
  CHECK_FALSE(layout(counted({5, 3, 2, 4}, false), {.channels_first = true}).is_contiguous());
  CHECK(layout(counted({5, 3, 2, 4}, false), {.channels_first = true}).has_whole_samples());
}

TEST_CASE("NPY headers that say something else are refused, and the message says why") {
  CHECK(parse_npy(small, "a.npy").samples == Eigen::RowVector2f(1, -2));
  CHECK(says(refusal(dictionary("|O", "(3,)")), {"a.npy", "pickle"}));
  CHECK(says(refusal("{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (3,), }"),
             {"several fields"}));
  for (const char* type : {"f4", "|f4", "<f", "", "<", "<b2", "<u3", "<f44", "<i0", "<f1", "|u2", "?f4"})
    CHECK(says(refusal(dictionary(type, "(3,)")),
               {"a.npy", "has the type '" + std::string(type) + "'; supported are f2"}));
  const std::pair<const char*, const char*> others[]{
      {"<c8", "complex"},       {">c16", "complex"},  {"<U3", "texts"},     {"|S4", "texts"},
      {"<M8[s]", "dates"},      {"<m8[ns]", "times"}, {"|V8", "records"},   {"<f16", "extended precision"},
      {"|O", "Python objects"}, {"|a9", "texts"},     {"|O8", "(a pickle)"}};
  for (const auto& [type, words] : others)
    CHECK(says(refusal(dictionary(type, "(3,)")), {"a.npy", "has the type", type, words}));
  CHECK(says(refusal("{'descr': ('<f4', (2,)), 'fortran_order': False, 'shape': (3,), }"), {"several fields"}));
  CHECK(says(refusal(dictionary("<f4", "()"), 4), {"0 axes"}));
  CHECK(says(refusal(dictionary("<f4", "(1, 1, 1, 1, 1)"), 4), {"5 axes"}));
  CHECK(says(refusal(dictionary("<f4", "(3, 0)"), 0), {"empty"}));
  CHECK(says(refusal(dictionary("<f4", "(7, 1)")), {"cut off", "28", "24"}));
  CHECK(says(refusal(dictionary("<f4", "(5, 1)")), {"follow", "20", "24"}));
  CHECK(says(refusal(dictionary("<f4", "(6)")), {"tuple"}));
  for (const char* shape : {"(-6,)", "(6LL,)", "(L,)", "(6l,)", "(6.0,)", "(06,)", "(0x6,)", "(,6)", "(6,,1)", "(6 1)",
                            "[6, 1]", "6", "(6, 1", "('6',)", "(True,)"})
    CHECK(says(refusal(dictionary("<f4", shape)), {"a.npy", "NPY header"}));
  // Products that wrap to 24 bytes, or are larger than any file.
  for (const char* shape :
       {"(4611686018427387904, 4)", "(4294967296, 4294967296)", "(999999999999999999, 999999999999999999)",
        "(18446744073709551622,)", "(2147483648, 2147483648, 4)", "(2305843009213693952,)",
        "(100000000000000000000000000000,)"})
    CHECK(says(refusal(dictionary("<f4", shape)), {"claims"}));
  CHECK(says(refusal(dictionary("<f4", "(999999999999, 1)")), {"cut off"}));
  std::string deep = "(";
  for (int i = 0; i < 33; ++i) deep += "1,";
  CHECK(says(refusal(dictionary("<f4", deep + ")"), 4), {"32 dimensions"}));
  CHECK(says(refusal(dictionary("<f4", std::string(60000, '('))), {"number"}));

  const std::string order = "'fortran_order': False", type = "'descr': '<f4'", shape = "'shape': (6,)";
  CHECK(refusal("{" + type + "," + order + "," + shape + "}").empty());
  for (const std::string& text :
       {"{" + type + "," + order + "}", "{" + type + "," + shape + "}", "{" + order + "," + shape + "}",
        "{" + type + "," + order + "," + shape + "," + shape + "}",
        "{" + type + "," + order + "," + shape + ",'more': 1}", "{" + type + "," + order + "," + shape + "} + {}",
        "{" + type + "," + order + "," + shape, "{" + type + " " + order + "," + shape + "}", "{,}" + type,
        std::string("{}"), std::string(), std::string("__import__('os')"),
        "{'descr': '<f\\x34'," + order + "," + shape + "}", "{" + type + ",'fortran_order': 0," + shape + "}",
        "{'descr': '<f4," + order + "," + shape + "}", "{'descr' '<f4'," + order + "," + shape + "}"})
    CHECK(says(refusal(text), {"a.npy", "NPY header"}));

  Bytes other = small;
  other[0] = 'N';
  CHECK(says(refusal(other), {"not an NPY file"}));
  other = small;
  for (const std::uint8_t major : Bytes{0, 4}) {
    other[6] = major;
    CHECK(says(refusal(other), {"version"}));
  }
  Bytes huge = npy(dictionary("<f4", "(6,)"), Bytes(24), 2);
  huge[10] = huge[11] = 0xFF;
  CHECK(says(refusal(huge), {"longer than 64 KiB"}));
}

TEST_CASE("an NPY file cut off or longer, or with a flipped bit in its header, is refused") {
  for (std::size_t size = 0; size < small.size(); ++size)
    CHECK_FALSE(refusal(Bytes(small.begin(), small.begin() + static_cast<std::ptrdiff_t>(size))).empty());
  Bytes longer = small;
  longer.push_back(0);
  CHECK_FALSE(refusal(longer).empty());
  for (std::size_t i = 0; i < small.size() - 8; ++i)
    for (int bit = 0; bit < 8; ++bit) {
      Bytes damaged = small;
      damaged[i] = static_cast<std::uint8_t>(damaged[i] ^ 1 << bit);
      const bool other_order = small[i] == '<' && (damaged[i] == '>' || damaged[i] == '=');  // as good a header
      CHECK(refusal(damaged).empty() == other_order);
    }
}

TEST_CASE("labels are read from whole numbers of any type") {
  CHECK(parse_npy_labels(npy(dictionary("<i8", "(3,)"), {3,    0,    0,    0,    0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF,
                                                         0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0,    0,    0,    0}),
                         "a.npy") == std::vector<int>{3, -1, 0});
  CHECK(parse_npy_labels(small, "a.npy") == std::vector<int>{1, -2});
  CHECK(parse_npy_labels(npy(dictionary("|b1", "(2,)"), {1, 0}), "a.npy") == std::vector<int>{1, 0});
  const auto refused = [](const Bytes& file) { return thrown<FileError>([&] { parse_npy_labels(file, "a.npy"); }); };
  CHECK(says(refused(npy(dictionary("<f4", "(2,)"), {0, 0, 0x80, 0x3F, 0, 0, 0, 0x3F})), {"label 1"}));  // 0.5
  CHECK(says(refused(npy(dictionary("<f4", "(1,)"), {0, 0, 0xC0, 0x7F})), {"label 0"}));                 // NaN
  CHECK(says(refused(npy(dictionary("<u4", "(1,)"), {0, 0, 0, 0x80})), {"label 0"}));                    // 2^31
  CHECK(says(refused(npy(dictionary("|u1", "(1,2)"), {0, 0})), {"one label for each sample"}));
}

TEST_CASE("what is written as NPY has NumPy's form, and is read again bit for bit") {
  const TemporaryFolder folder;
  const std::string path = folder / "codes.npy";
  Eigen::MatrixXf codes(2, 3);
  codes << 1, 2, 3, -4, 0.1F, 1e-40F;
  write_npy(path, codes);
  const Bytes file = bytes_of(path);
  REQUIRE(file.size() == 128 + 24);
  CHECK((file[6] == 1 && file[7] == 0 && file[8] == 118 && file[9] == 0));
  const std::string header(file.begin() + 10, file.begin() + 128);
  const std::string begin = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }";
  if constexpr (std::endian::native == std::endian::little) CHECK(header.substr(0, begin.size()) == begin);
  CHECK(header.substr(begin.size()) == std::string(118 - begin.size() - 1, ' ') + "\n");
  CHECK(read_npy(path).samples == codes);

  const Eigen::MatrixXd wide = Eigen::MatrixXd::Random(7, 5);
  write_npy(path, wide.middleCols(1, 3));
  CHECK(read_npy<double>(path).samples == wide.middleCols(1, 3));
  write_npy(path, wide.topRows(4));  // columns apart in memory
  CHECK(read_npy<double>(path).samples == wide.topRows(4));
  write_npy(path, wide.col(2).eval());
  CHECK(read_npy<double>(path).size() == 1);

  Dataset<float> images;
  images.shape = {2, 3, 4};
  images.samples = Eigen::MatrixXf::Random(24, 2);
  write_npy(path, images);
  const Dataset<float> again = read_npy(path);
  CHECK(again.shape == images.shape);
  CHECK(again.samples == images.samples);
  images.shape = {2, 3, 5};
  CHECK_THROWS_AS(write_npy(path, images), ShapeError);
  CHECK(folder.entries() == 1);
  CHECK_THROWS_AS(write_npy(folder.path(), codes), FileError);
  CHECK_THROWS_AS(read_npy(folder / "nowhere.npy"), FileError);
  CHECK(says(thrown<FileError>([&] { read_npy(folder.put("b.npy", {})); }), {"b.npy"}));
}

}  // namespace npy_test
