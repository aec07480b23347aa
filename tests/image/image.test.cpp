#include "support/catch.hpp"

#include <eigencoder/image.hpp>
#include <eigencoder/image/picture.hpp>

#include <cstdlib>

#include "support/deflated.hpp"
#include "support/temporary_folder.hpp"
#include "support/png_builder.hpp"

using namespace eigencoder;

namespace {

constexpr float unit(int value) { return static_cast<float>(value) / 255.F; }

Picture noise(Index height, Index width) {
  Picture picture{height, width, {}};
  std::uint32_t state = 12345;
  for (Index i = 0; i < height * width * 3; ++i) {
    state = state * 1664525U + 1013904223U;
    picture.rgb.push_back(static_cast<std::uint8_t>(state >> 24));
  }
  return picture;
}

Bytes jpeg_of(const Picture& picture) {
  Bytes out;
  const auto append = [](void* to, void* data, int size) {
    auto& bytes = *static_cast<Bytes*>(to);
    bytes.insert(bytes.end(), static_cast<std::uint8_t*>(data), static_cast<std::uint8_t*>(data) + size);
  };
  detail::stb::stbi_write_jpg_to_func(append, &out, static_cast<int>(picture.width),
                                      static_cast<int>(picture.height), 3, picture.rgb.data(), 95);
  return out;
}

}  // namespace

TEST_CASE("a PNG comes back exactly as it was written") {
  const TemporaryFolder folder;
  const Picture picture = noise(7, 5);
  write_png(folder / "noise.png", picture);
  const Dataset<float> set = read_images(folder.path());
  REQUIRE(set.shape == Shape{7, 5, 3});
  REQUIRE(set.size() == 1);
  for (Index i = 0; i < set.shape.size(); ++i)
    CHECK(set.samples(i, 0) == unit(picture.rgb[static_cast<std::size_t>(i)]));
  CHECK(set.names == std::vector<std::string>{"noise.png"});

  // and once more through the picture of the samples
  write_png(folder / "again.png", image_grid(set, set.shape, {.gap = 0}));
  CHECK(read_image(folder / "again.png").samples == set.samples);
}

TEST_CASE("transparent pixels show the background in proportion") {
  const TemporaryFolder folder;
  const Png png{.width = 3, .color = 6, .rows = {0, 10, 20, 30, 255, 10, 20, 30, 0, 0, 0, 0, 51}};
  const std::string file = folder.put("alpha.png", png.bytes());

  const Dataset<float> white = read_image(file);
  CHECK(white.samples(0, 0) == unit(10));  // custom: exactly its color
  CHECK(white.samples(2, 0) == unit(30));
  CHECK(white.samples(3, 0) == 1);  // invisible: exactly the background
  CHECK(white.samples(6, 0) == Approx(0.8));

  const Dataset<float> blue = read_image(file, {.background = {0, 0, 0.5F}});
  CHECK(blue.samples(3, 0) == 0);
  CHECK(blue.samples(5, 0) == 0.5F);
  CHECK(blue.samples(8, 0) == Approx(0.4));
}

TEST_CASE("every encoding of PNG comes out right") {
  const TemporaryFolder folder;
  SECTION("16 bits keep their precision") {
    const Png png{.depth = 16, .rows = {0, 0x12, 0x34, 0xFF, 0xFF, 0x00, 0x01}};
    const Dataset<float> set = read_image(folder.put("deep.png", png.bytes()));
    CHECK(set.samples(0, 0) == Approx(0x1234 / 65535.));
    CHECK(set.samples(1, 0) == 1);
    CHECK(set.samples(2, 0) == Approx(1 / 65535.));
  }
  SECTION("a palette with transparency, 2 bits a pixel") {
    const Png png{.width = 3,
                  .depth = 2,
                  .color = 3,
                  .palette = {9, 8, 7, 6, 5, 4, 3, 2, 1},
                  .transparency = {255, 0},
                  .rows = {0, 0b10'00'01'00}};
    const Dataset<float> set = read_image(folder.put("palette.png", png.bytes()));
    const float expected[] = {unit(3), unit(2), unit(1), unit(9), unit(8), unit(7), 1, 1, 1};
    for (Index i = 0; i < 9; ++i) CHECK(set.samples(i, 0) == expected[i]);
  }
  SECTION("black and white, 1 bit a pixel") {
    const Png png{.width = 4, .depth = 1, .color = 0, .rows = {0, 0b1010'0000}};
    const Dataset<float> set = read_image(folder.put("bits.png", png.bytes()), {.channels = 1});
    CHECK(set.shape == Shape{1, 4, 1});
    for (Index i = 0; i < 4; ++i) CHECK(set.samples(i, 0) == (i % 2 == 0 ? 1.F : 0.F));
  }
  SECTION("interlaced: seven passes") {
    const int start[7][2] = {{0, 0}, {0, 4}, {4, 0}, {0, 2}, {2, 0}, {0, 1}, {1, 0}};  // row, column
    const int step[7][2] = {{8, 8}, {8, 8}, {8, 4}, {4, 4}, {4, 2}, {2, 2}, {2, 1}};
    Png png{.width = 9, .height = 6, .color = 0, .interlaced = true};
    for (int pass = 0; pass < 7; ++pass)
      for (int row = start[pass][0]; row < 6; row += step[pass][0]) {
        png.rows.push_back(0);
        for (int col = start[pass][1]; col < 9; col += step[pass][1])
          png.rows.push_back(static_cast<std::uint8_t>(row * 9 + col));
      }
    const Dataset<float> set = read_image(folder.put("adam7.png", png.bytes()), {.channels = 1});
    for (int i = 0; i < 54; ++i) CHECK(set.samples(i, 0) == unit(i));
  }
}

TEST_CASE("gray is the luma of the color, and gray pixels keep their value") {
  const TemporaryFolder folder;
  const Png png{.width = 2, .rows = {0, 255, 0, 51, 77, 77, 77}};
  const Dataset<float> set = read_image(folder.put("color.png", png.bytes()), {.channels = 1});
  CHECK(set.samples(0, 0) == Approx(0.299 + 0.114 * 0.2));
  CHECK(set.samples(1, 0) == unit(77));
}

TEST_CASE("a folder is read in the order of its names, whatever the case of their extensions") {
  const TemporaryFolder folder;
  const auto gray = [](std::uint8_t value) { return Png{.rows = {0, value, value, value}}.bytes(); };
  folder.put("b.png", gray(2));
  folder.put("B.PNG", gray(1));
  folder.put("\xC3\xA4.Png", gray(4));
  folder.put("b10.png", gray(3));
  folder.put("c.jpeg", jpeg_of({1, 1, {3, 3, 3}}));
  folder.put("d.JPE", jpeg_of({1, 1, {3, 3, 3}}));
  folder.put("e.Jfif", jpeg_of({1, 1, {3, 3, 3}}));
  folder.put("notes.txt", Bytes{1, 2, 3});
  folder.put("._b.png", Bytes{0, 5, 22, 7});  // of macOS, beside b.png
  std::filesystem::create_directory(folder / "inner.png");  // a folder, not an image
  const Dataset<float> set = read_images(folder.path());
  CHECK(set.names == std::vector<std::string>{"B.PNG", "b.png", "b10.png", "c.jpeg", "d.JPE", "e.Jfif",
                                              "\xC3\xA4.Png"});
  std::vector<std::string> paths;
  for (const std::string& name : set.names) paths.push_back(folder / name);
  CHECK(image_files(folder.path()) == paths);
  CHECK(set.samples(0, 0) == unit(1));
  CHECK(set.samples(0, 6) == unit(4));
  CHECK(set.skipped.empty());
  CHECK(set.labels.empty());
}

TEST_CASE("a JPEG is read, and one that is cut off is not taken for whole") {
  const TemporaryFolder folder;
  Picture red{16, 24, {}};
  for (int i = 0; i < 16 * 24; ++i) red.rgb.insert(red.rgb.end(), {200, 30, 40});
  const Dataset<float> set = read_image(folder.put("red.jpg", jpeg_of(red)));
  REQUIRE(set.shape == Shape{16, 24, 3});
  for (Index p = 0; p < 16 * 24; ++p) {
    CHECK(set.samples(3 * p, 0) == Approx(unit(200)).margin(0.012));
    CHECK(set.samples(3 * p + 1, 0) == Approx(unit(30)).margin(0.012));
    CHECK(set.samples(3 * p + 2, 0) == Approx(unit(40)).margin(0.012));
  }
  const Bytes whole = jpeg_of(noise(40, 40));
  CHECK(read_image(folder.put("whole.jpg", whole)).shape == Shape{40, 40, 3});
  for (std::size_t size = 0; size < whole.size(); size += size < 700 ? 7 : 101)
    REQUIRE_THROWS_AS(read_image(folder.put("cut.jpg", std::span(whole).first(size))), FileError);
}

TEST_CASE("images are fitted to the expected size, or have to agree") {
  const TemporaryFolder folder;
  write_png(folder / "a.png", {2, 2, Bytes(12, 255)});
  write_png(folder / "b.png", {2, 4, Bytes(24, 0)});
  const std::string message = message_of<ShapeError>([&] { read_images(folder.path()); });
  CHECK(message.find("b.png") != std::string::npos);
  CHECK(message.find("2 x 4") != std::string::npos);
  CHECK(message.find("a.png") != std::string::npos);

  const Dataset<float> set =
      read_images(folder.path(), {.height = 4, .width = 4, .background = {0.5F, 0.5F, 0.5F}});
  REQUIRE(set.shape == Shape{4, 4, 3});
  CHECK((set.samples.col(0).array() == 1).all());
  CHECK((set.samples.col(1).segment(0, 12).array() == 0.5F).all());  // 2 x 4 in the middle of 4 x 4
  CHECK((set.samples.col(1).segment(12, 24).array() == 0).all());
  CHECK((set.samples.col(1).segment(36, 12).array() == 0.5F).all());
}

TEST_CASE("an image of another size is found before memory for all is allocated") {
  const TemporaryFolder folder;
  const std::string large = folder.put(
      "large.png", Png{.width = 8, .height = 30000, .depth = 1, .color = 0, .rows = Bytes(60000)}.bytes());
  const std::string small = folder.put("small.png", Png{.rows = {0, 1, 2, 3}}.bytes());
  std::vector<std::filesystem::path> files(400'000, small);  // a terabyte, if all were as large as the first
  files[0] = large;
  const std::string message = message_of<ShapeError>([&] { detail::read_image_files(files, {}); });
  CHECK(message.find("1 x 1, but 'large.png' is 30000 x 8") != std::string::npos);
}

TEST_CASE("files that cannot be read are named, or skipped with a report") {
  const TemporaryFolder folder;
  const auto reason = [](const std::string& path) {
    return message_of<FileError>([&] { read_images(path); });
  };
  const auto names = [](const std::string& message, const std::string& part) {
    return message.find(part) != std::string::npos;
  };
  CHECK(names(reason(folder / "nowhere"), "nowhere"));
  CHECK(names(reason(folder.path()), folder.path()));  // no images in it
  CHECK_THROWS_AS(image_files(folder.path()), FileError);
  CHECK_THROWS_AS(image_files(folder / "nowhere"), FileError);
  CHECK(names(reason(folder / std::string(5000, 'a')), "aaaa"));
  REQUIRE_THROWS_AS(read_image(folder.path()), FileError);

  write_png(folder / "good.png", noise(4, 4));
  const Bytes good = bytes_of(folder / "good.png");
  Bytes flipped = good;
  flipped[good.size() / 2] ^= 0x10;
  folder.put("flipped.png", flipped);
  folder.put("empty.png", {});
  folder.put("text.png", Bytes{'h', 'e', 'l', 'l', 'o'});
  CHECK(names(reason(folder.path()), "empty.png"));
  CHECK(names(reason(folder / "flipped.png"), "flipped.png"));

  std::error_code no_links;
  std::filesystem::create_symlink(folder / "gone", folder / "link.png", no_links);
  const Dataset<float> set = read_images(folder.path(), {.skip_damaged = true});
  CHECK(set.names == std::vector<std::string>{"good.png"});
  CHECK(set.size() == 1);
  REQUIRE(set.skipped.size() == (no_links ? 3U : 4U));
  CHECK(names(set.skipped[0], "empty.png"));
  CHECK(names(set.skipped[1], "flipped.png"));

  std::filesystem::remove(folder / "good.png");
  CHECK_THROWS_AS(read_images(folder.path(), {.skip_damaged = true}), FileError);
}

TEST_CASE("no single damaged or missing byte of a PNG goes unnoticed") {
  const TemporaryFolder folder;
  write_png(folder / "good.png", noise(3, 3));
  const Bytes good = bytes_of(folder / "good.png");
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes bad = good;
    bad[i] ^= 0x01;
    REQUIRE_THROWS_AS(read_image(folder.put("bad.png", bad)), FileError);
    REQUIRE_THROWS_AS(read_image(folder.put("cut.png", std::span(good).first(i))), FileError);
  }
}

TEST_CASE("a small file that claims a huge image is refused") {
  const TemporaryFolder folder;
  for (const std::uint32_t side : {65536U, 30000U, 8000U, 0x7FFFFFFFU, 0U}) {
    const Png png{.width = side, .height = side, .rows = {0, 0, 0}};
    CHECK_THROWS_AS(read_image(folder.put("huge.png", png.bytes())), FileError);
  }
  Bytes chunk = Png{.rows = {0, 1, 2, 3}}.bytes();
  chunk[8 + 25] = 0x3F;  // the length of IDAT
  CHECK_THROWS_AS(read_image(folder.put("chunk.png", chunk)), FileError);

  Bytes jpeg = jpeg_of(noise(8, 8));
  for (std::size_t i = 0; i + 9 < jpeg.size(); ++i)
    if (jpeg[i] == 0xFF && jpeg[i + 1] == 0xC0) jpeg[i + 5] = jpeg[i + 7] = 0xFF;  // high bytes of its sides
  CHECK_THROWS_AS(read_image(folder.put("huge.jpg", jpeg)), FileError);
}

TEST_CASE("what an image may take is in proportion to its file") {
  const TemporaryFolder folder;
  const auto refusal = [&](const Bytes& bytes) {
    return message_of<FileError>([&] { read_image(folder.put("bomb", bytes)); });
  };
  const auto says = [](const std::string& message, const char* part) { return message.find(part) != message.npos; };

  // A byte of a PNG stands for at most 1032 * 8 pixels of one bit, a byte of a JPEG for at most 8 blocks of 64.
  const Png white{.width = 3000, .height = 3000, .depth = 1, .color = 0, .rows = Bytes(900)};
  CHECK(says(refusal(white.bytes()), "3000 x 3000 pixels, more than its"));
  Bytes jpeg = jpeg_of({8, 8, Bytes(192)});  // under a kilobyte
  for (std::size_t i = 0; i + 9 < jpeg.size(); ++i)
    if (jpeg[i] == 0xFF && jpeg[i + 1] == 0xC0) jpeg[i + 5] = jpeg[i + 7] = 0x04;  // 1032 x 1032
  CHECK(says(refusal(jpeg), "1032 x 1032 pixels, more than its"));

#if EIGENCODER_HAS_ZLIB
  Bytes packed{0x78, 0x9C};  // one pixel, followed by 32 MB
  for (const std::uint8_t byte : deflated(Bytes(std::size_t{1} << 25), detail::Compression::raw_deflate))
    packed.push_back(byte);
  packed.insert(packed.end(), 4, 0);
  REQUIRE(packed.size() < 50000);
  Bytes bomb = Png{}.bytes();
  bomb.resize(8 + 25);  // signature and header
  for (const Bytes& chunk : {png_chunk("IDAT", packed), png_chunk("IEND", {})})
    bomb.insert(bomb.end(), chunk.begin(), chunk.end());
  CHECK(says(refusal(bomb), "more than an image of its size"));
#endif
}

TEST_CASE("how many pixels an image may have is an option, which its refusal names") {
  const TemporaryFolder folder;
  const Png tall{.width = 8, .height = 3000, .depth = 1, .color = 0, .rows = Bytes(6000)};
  const std::string file = folder.put("tall.png", tall.bytes());
  CHECK(read_image(file, {.max_pixels = 24000}).shape == Shape{3000, 8, 3});
  const std::string message = message_of<FileError>([&] { read_image(file, {.max_pixels = 23999}); });
  for (const char* part : {"tall.png", "8 x 3000 pixels", "24000", "ImageOptions::max_pixels", "23999"})
    CHECK(message.find(part) != std::string::npos);
#if EIGENCODER_HAS_ZLIB
  // An empty page at 300 dots an inch, a bit a pixel: 9 million pixels in a file of 9 KB, by default.
  const Index height = 3508, width = 2480;
  Bytes packed{0x78, 0x9C};
  const Bytes rows(static_cast<std::size_t>(height * (1 + width / 8)));
  for (const std::uint8_t byte : deflated(rows, detail::Compression::raw_deflate)) packed.push_back(byte);
  packed.insert(packed.end(), 4, 0);
  Bytes page = Png{.width = 2480, .height = 3508, .depth = 1, .color = 0}.bytes();
  page.resize(8 + 25);
  for (const Bytes& chunk : {png_chunk("IDAT", packed), png_chunk("IEND", {})})
    page.insert(page.end(), chunk.begin(), chunk.end());
  REQUIRE(page.size() < 9000);
  const ImageOptions small{.height = 32, .width = 32, .background = {0, 0, 0}};
  CHECK((read_image(folder.put("page.png", page), small).samples.array() == 0).all());
#endif
}

TEST_CASE("a Huffman table of more codes than there can be is refused, in the header and between scans") {
  const TemporaryFolder folder;
  const Bytes good = jpeg_of(noise(9, 9));
  std::size_t table = 0;
  while (!(good[table] == 0xFF && good[table + 1] == 0xC4)) ++table;
  Bytes wrong = good;
  for (std::size_t i = 15; i < 21; ++i) wrong[table + i] = 0xFF;  // of its 16 counts
  Bytes later = good;
  later.insert(later.end() - 2, wrong.begin() + static_cast<std::ptrdiff_t>(table), wrong.end());
  Bytes comment{0xFF, 0xFE, 0x00, 0x17};  // a comment may hold anything
  comment.insert(comment.end(), wrong.begin() + static_cast<std::ptrdiff_t>(table),
                 wrong.begin() + static_cast<std::ptrdiff_t>(table + 21));
  Bytes commented = good;
  commented.insert(commented.begin() + 2, comment.begin(), comment.end());

  for (const Bytes& bytes : {wrong, later}) {
    const std::string message = message_of<FileError>([&] { read_image(folder.put("wrong.jpg", bytes)); });
    CHECK(message.find("Huffman table") != std::string::npos);
  }
  CHECK(read_image(folder.put("commented.jpg", commented)).samples ==
        read_image(folder.put("good.jpg", good)).samples);
}

TEST_CASE("options out of range are refused before any file is read") {
  CHECK_THROWS_AS(read_images("nowhere", {.height = 4}), OptionError);
  CHECK_THROWS_AS(read_images("nowhere", {.height = -1, .width = 3}), OptionError);
  CHECK_THROWS_AS(read_images("nowhere", {.channels = 2}), OptionError);
  CHECK_THROWS_AS(read_images("nowhere", {.background = {2, 0, 0}}), OptionError);
  CHECK_THROWS_AS(read_images("nowhere", {.max_pixels = 0}), OptionError);
  CHECK_THROWS_AS(read_images("nowhere", {.max_pixels = Index{1} << 28}), OptionError);
}

TEST_CASE("the sprites of the development data are read") {
  const char* data = std::getenv("EIGENCODER_DATA");
  if (data == nullptr) {
    WARN("EIGENCODER_DATA is not set: real sprites not read");
    return;
  }
  const Dataset<float> set = read_images(std::string(data) + "/pokemon");
  CHECK(set.size() == 792);
  CHECK(set.shape == Shape{40, 40, 3});
  CHECK((set.samples.array() >= 0 && set.samples.array() <= 1).all());
  CHECK((set.samples.row(0).array() == 1).count() > 700);  // corners are transparent: white
}
