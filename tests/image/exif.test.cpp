#include <eigencoder/image.hpp>
#include <string>

#include "support/temporary_folder.hpp"
#include "support/catch.hpp"
#include "support/exif_builder.hpp"
#include "support/jpeg_builder.hpp"

using namespace eigencoder;

namespace {

/// A PNG of two rows, "abc" and "def", with EXIF data.
Bytes letters(const Bytes& exif, bool after_pixels = false) {
  const Png png{.width = 3, .height = 2, .color = 0, .rows = {0, 'a', 'b', 'c', 0, 'd', 'e', 'f'}};
  Bytes out = png.bytes();
  const Bytes chunk = png_chunk("eXIf", exif);
  const std::ptrdiff_t header = 8 + 25, end = 12;
  out.insert(after_pixels ? out.end() - end : out.begin() + header, chunk.begin(), chunk.end());
  return out;
}

/// The rows of a gray image, letter by letter, with a bar between them.
std::string shown(const Bytes& bytes, bool applied = true) {
  const TemporaryFolder folder;
  const Dataset<float> set = read_image(folder.put("image", bytes), {.channels = 1, .apply_orientation = applied});
  std::string text;
  for (Index i = 0; i < set.shape.size(); ++i) {
    if (i > 0 && i % set.shape.width == 0) text += '|';
    text += static_cast<char>(static_cast<int>(set.samples(i, 0) * 255 + 0.5F));
  }
  return text;
}

// By CIPA DC-008: where the stored row 0 and column 0 are to be seen.
constexpr const char* oriented[] = {"abc|def",  "abc|def",  "cba|fed",  "fed|cba", "def|abc",
                                    "ad|be|cf", "da|eb|fc", "fc|eb|da", "cf|be|ad"};

}  // namespace

TEST_CASE("images are turned and mirrored as their EXIF data say") {
  for (std::uint32_t value = 1; value <= 8; ++value)
    for (const bool little_endian : {false, true}) {
      CAPTURE(value, little_endian);
      const Bytes png = letters(exif_data(value, little_endian), little_endian);
      CHECK(shown(png) == oriented[value]);
      CHECK(shown(png, false) == "abc|def");
      const Bytes named = exif_segment_data(exif_data(value, little_endian));  // as some writers of PNG store it
      CHECK(shown(letters(named, little_endian)) == oriented[value]);

      Jpeg jpeg{.width = 24, .height = 16, .components = {{1, 1, 1, {'a', 'b', 'c', 'd', 'e', 'f'}}}};
      jpeg.before = jpeg_segment(0xE1, exif_segment_data(exif_data(value, little_endian)));
      const TemporaryFolder folder;
      const Index height = value >= 5 ? 3 : 2, width = 5 - height;
      const Dataset<float> set = read_image(folder.put("image.jpg", jpeg.bytes()), {.channels = 1});
      REQUIRE(set.shape == Shape{8 * height, 8 * width, 1});
      for (Index row = 0; row < height; ++row)
        for (Index column = 0; column < width; ++column)
          CHECK(static_cast<int>(set.samples(8 * row * 8 * width + 8 * column, 0) * 255 + 0.5F) ==
                static_cast<int>(oriented[value][row * (width + 1) + column]));
    }
}

TEST_CASE("EXIF data that are damaged or say nothing leave an image as it is stored") {
  const Bytes good = exif_data(6, true);
  REQUIRE(shown(letters(good)) == oriented[6]);
  for (const std::uint32_t value : {0U, 9U, 65535U}) CHECK(shown(letters(exif_data(value, true))) == oriented[1]);
  CHECK(shown(letters(exif_data(6, false, 4))) == oriented[1]);    // not a short number
  CHECK(shown(letters(exif_data(6, true, 3, 2))) == oriented[1]);  // two of them
  for (std::size_t size = 0; size < good.size(); ++size) {
    const Bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK(shown(letters(cut)) == oriented[size < 36 ? 1 : 6]);  // the entry ends at 36
  }
  for (const std::size_t at : {0U, 1U, 2U, 4U, 5U, 7U}) {  // byte order, number 42, place of the directory
    Bytes bad = good;
    bad[at] ^= 0x40;
    CHECK(shown(letters(bad)) == oriented[1]);
  }
  Bytes torn = letters(good);
  torn[8 + 25 + 8 + 30] ^= 1;  // within the chunk, whose checksum is wrong now
  CHECK(shown(torn) == oriented[1]);
}

TEST_CASE("images have to agree in size as they are shown") {
  const TemporaryFolder folder;
  folder.put("a.png", letters(exif_data(6, true)));
  folder.put("b.png", Png{.width = 2, .height = 3, .color = 0, .rows = {0, 1, 2, 0, 3, 4, 0, 5, 6}}.bytes());
  CHECK(read_images(folder.path()).shape == Shape{3, 2, 3});
  CHECK_THROWS_AS(read_images(folder.path(), {.apply_orientation = false}), ShapeError);
}
