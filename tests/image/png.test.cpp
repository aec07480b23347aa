#include <eigencoder/image.hpp>
#include <string>

#include "support/temporary_folder.hpp"
#include "support/catch.hpp"
#include "support/png_builder.hpp"

using namespace eigencoder;

namespace png_test {
namespace {

Dataset<float> read(const Bytes& bytes) {
  const TemporaryFolder folder;
  return read_image(folder.put("image.png", bytes));
}

bool is_refused(const Bytes& bytes, const char* reason) {
  return message_of<FileError>([&] { read(bytes); }).find(reason) != std::string::npos;
}

/// Another chunk before the one that begins at `at`; by default after the header.
Bytes with_chunk(Bytes png, const Bytes& chunk, std::ptrdiff_t at = 8 + 25) {
  png.insert(png.begin() + at, chunk.begin(), chunk.end());
  return png;
}

/// As Apple's tools store it: a chunk in front, deflated data without zlib's frame.
Bytes apples(const Png& png) {
  Bytes packed = zlib_stored(png.rows);
  packed = Bytes(packed.begin() + 2, packed.end() - 4);
  Bytes out = png.bytes();
  out.resize(8 + 25);
  for (const Bytes& chunk : {png_chunk("IDAT", packed), png_chunk("IEND", {})})
    out = with_chunk(out, chunk, std::ssize(out));
  return with_chunk(out, png_chunk("CgBI", {0x50, 0, 0x20, 2}), 8);
}

}  // namespace

TEST_CASE("a pixel that names no color of the palette is black, each time") {
  for (const std::uint8_t depth : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{4}, std::uint8_t{8}}) {
    const std::uint8_t last = static_cast<std::uint8_t>((1 << depth) - 1);
    const auto first_byte = static_cast<std::uint8_t>(last << (8 - depth));  // the first pixel: the last index
    Png png{.depth = depth, .color = 3, .palette = {9, 8, 7}, .rows = {0, first_byte}};
    CHECK((read(png.bytes()).samples.array() == 0).all());
    png.transparency = {128};
    CHECK((read(png.bytes()).samples.array() == 0).all());
  }
  const Png png{.width = 2, .color = 3, .palette = {9, 8, 7, 6, 5, 4}, .rows = {0, 1, 0}};
  CHECK(read(png.bytes()).samples(0, 0) == 6 / 255.F);
  CHECK(is_refused(with_chunk(png.bytes(), png_chunk("PLTE", {1, 2, 3})), "palette"));  // a second one
  CHECK(is_refused(Png{.color = 3, .palette = Bytes(7), .rows = {0, 0}}.bytes(), "palette"));
  CHECK(is_refused(Png{.color = 3, .palette = Bytes(771), .rows = {0, 0}}.bytes(), "palette"));
  CHECK_THROWS_AS(read(Png{.color = 3, .rows = {0, 0}}.bytes()), FileError);
}

TEST_CASE("Apple's PNGs have their colors in the right order, and not multiplied by alpha") {
  const auto set = read(apples({.width = 2, .rows = {0, 10, 20, 250, 30, 20, 10}}));
  const float expected[] = {250, 20, 10, 10, 20, 30};
  for (Index i = 0; i < 6; ++i) CHECK(set.samples(i, 0) == expected[i] / 255);

  const TemporaryFolder folder;  // half transparent: red at 200 of 255 is stored as 100 of 128
  const Bytes half = apples({.width = 2, .color = 6, .rows = {0, 0, 50, 100, 128, 0, 0, 0, 0}});
  const auto black = read_image(folder.put("half.png", half), {.background = {0, 0, 0}});
  CHECK(black.samples(0, 0) == Approx(100 / 255.).margin(0.5 / 255));
  CHECK(black.samples(1, 0) == Approx(50 / 255.).margin(0.5 / 255));
  CHECK(black.samples(2, 0) == 0);
  CHECK(read_image(folder / "half.png").samples(3, 0) == 1);

  const auto gray = read(apples({.width = 2, .color = 0, .rows = {0, 10, 200}}));
  CHECK(gray.samples(5, 0) == 200 / 255.F);
}

TEST_CASE("a chunk that no pixel depends on may be damaged, and anything may follow the end") {
  const Png png{.width = 2, .color = 3, .palette = {9, 8, 7, 6, 5, 4}, .transparency = {255, 0}, .rows = {0, 1, 0}};
  const Bytes good = png.bytes();
  Bytes text = png_chunk("tEXt", {'a', 0, 'b'});
  text.back() ^= 1;
  CHECK(read(with_chunk(good, text)).samples == read(good).samples);
  const std::ptrdiff_t pixels = 8 + 25 + 12 + 6 + 12 + 2;
  CHECK(read(with_chunk(good, png_chunk("IDAT", {}), pixels)).samples == read(good).samples);
  Bytes longer = good;
  longer.insert(longer.end(), text.begin(), text.end());
  CHECK(read(longer).samples == read(good).samples);

  // But no bit of those that the pixels depend on, not even the one that says so.
  for (const char* type : {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"}) {
    const auto at = std::string(good.begin(), good.end()).find(type);
    Bytes bad = good;
    bad[at] ^= 0x20;
    CHECK(is_refused(bad, "checksum"));
    bad[at] ^= 0x20;
    CHECK(read(bad).samples == read(good).samples);
    bad[at - 1] ^= 0x01;  // its length
    CHECK_THROWS_AS(read(bad), FileError);
  }
  CHECK(is_refused(with_chunk(good, png_chunk("ABCD", {})), "must be understood"));
}

TEST_CASE("a header with a color type and a bit depth that PNG does not have is refused") {
  for (int color = 0; color < 256; color += color < 8 ? 1 : 31)
    for (int depth = 0; depth < 20; ++depth) {
      const bool is_byte = depth == 8 || depth == 16, is_less = depth == 1 || depth == 2 || depth == 4;
      const bool exists = color == 0   ? is_byte || is_less
                          : color == 3 ? depth == 8 || is_less
                                       : is_byte && (color == 2 || color == 4 || color == 6);
      Png png{.depth = static_cast<std::uint8_t>(depth), .color = static_cast<std::uint8_t>(color), .rows = Bytes(9)};
      png.palette = {9, 8, 7};
      if (color == 0 || color == 4) png.palette.clear();
      CAPTURE(color, depth);
      CHECK(is_refused(png.bytes(), "color type") == !exists);
    }
}

}  // namespace png_test
