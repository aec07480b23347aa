#include "support/catch.hpp"

#include <eigencoder/image/picture.hpp>

#include <cmath>

#include "support/temporary_folder.hpp"

using namespace eigencoder;

namespace {

int red(const Picture& picture, Index row, Index col) {
  return picture.rgb.at(static_cast<std::size_t>((row * picture.width + col) * 3));
}

}  // namespace

TEST_CASE("a grid shows every sample at its position, the rest is background") {
  MatrixX<float> samples(4, 3);  // 2 x 2, gray
  for (Index i = 0; i < 12; ++i) samples(i % 4, i / 4) = static_cast<float>(20 * (i + 1)) / 255;
  const Index scale = 3, gap = 2;
  const Picture grid =
      image_grid(samples, {2, 2, 1}, {.columns = 2, .scale = scale, .gap = gap, .background = {1, 0, 0}});
  REQUIRE(grid.height == 3 * gap + 2 * 2 * scale);
  REQUIRE(grid.width == grid.height);
  REQUIRE(static_cast<Index>(grid.rgb.size()) == grid.height * grid.width * 3);
  Index shown = 0;
  for (Index y = 0; y < grid.height; ++y)
    for (Index x = 0; x < grid.width; ++x) {
      const Index pitch = 2 * scale + gap, j = (y / pitch) * 2 + x / pitch;
      const Index row = y % pitch - gap, col = x % pitch - gap;
      const bool inside = row >= 0 && col >= 0 && j < 3 && y / pitch < 2 && x / pitch < 2;
      const auto* pixel = &grid.rgb[static_cast<std::size_t>((y * grid.width + x) * 3)];
      const int expected = inside ? static_cast<int>(20 * (4 * j + row / scale * 2 + col / scale + 1)) : 255;
      CHECK(int{pixel[0]} == expected);
      CHECK(int{pixel[1]} == (inside ? expected : 0));
      shown += inside;
    }
  CHECK(shown == 3 * 4 * scale * scale);
}

TEST_CASE("values are clamped and rounded") {
  MatrixX<float> samples(1, 7);
  samples << -5, 0, 0.5F / 255 + 1e-6F, 0.5F / 255 - 1e-6F, 7, INFINITY, NAN;
  const Picture grid = image_grid(samples, {1, 1, 1}, {.columns = 7, .gap = 0});
  const int expected[] = {0, 0, 1, 0, 255, 255, 0};
  for (Index i = 0; i < 7; ++i) CHECK(red(grid, 0, i) == expected[i]);
}

TEST_CASE("a comparison has a row for each set and a column for each sample") {
  MatrixX<float> first(3, 4), second(3, 4);
  for (Index i = 0; i < 12; ++i) {
    first(i % 3, i / 3) = static_cast<float>(i) / 255;
    second(i % 3, i / 3) = static_cast<float>(100 + i) / 255;
  }
  const View<float> rows[] = {first, second};
  const Picture picture = comparison(rows, {1, 1, 3}, {.gap = 0});
  REQUIRE(picture.height == 2);
  REQUIRE(picture.width == 4);
  for (std::size_t i = 0; i < 24; ++i)
    CHECK(int{picture.rgb[i]} == static_cast<int>(i < 12 ? i : 100 + i - 12));

  const View<float> uneven[] = {first, second.leftCols(3)};
  CHECK_THROWS_AS(comparison(uneven, {1, 1, 3}), ShapeError);
  CHECK_THROWS_AS(comparison({}, {1, 1, 3}), DataError);
}

TEST_CASE("samples that make no picture are refused") {
  const MatrixX<float> samples = MatrixX<float>::Zero(12, 2);
  CHECK_THROWS_AS(image_grid(samples, {2, 2, 1}), ShapeError);
  CHECK_THROWS_AS(image_grid(samples, {2, 3, 2}), ShapeError);
  CHECK_THROWS_AS(image_grid(samples, {Dynamic, 3, 2}), ShapeError);
  CHECK_THROWS_AS(image_grid(samples.leftCols(0), {2, 2, 3}), DataError);
  CHECK_THROWS_AS(image_grid(samples, {2, 2, 3}, {.scale = 0}), OptionError);
  CHECK_THROWS_AS(image_grid(samples, {2, 2, 3}, {.gap = -1}), OptionError);
  CHECK_THROWS_AS(image_grid(samples, {2, 2, 3}, {.columns = -1}), OptionError);
  CHECK_THROWS_AS(image_grid(samples, {2, 2, 3}, {.scale = Index{1} << 40}), ShapeError);
  CHECK_THROWS_AS(write_png("unwritten.png", {2, 2, std::vector<std::uint8_t>(11)}), ShapeError);
  CHECK_THROWS_AS(write_png("unwritten.png", {0, 0, {}}), ShapeError);
}

TEST_CASE("a picture is written wholly or not at all") {
  const TemporaryFolder folder;
  const Picture black{1, 1, {0, 0, 0}}, white{1, 1, {255, 255, 255}};
  const std::string file = folder / "picture.png";
  write_png(file, black);
  const auto before = bytes_of(file);
  write_png(file, white);
  CHECK(bytes_of(file) != before);
  write_png(file, black);
  CHECK(bytes_of(file) == before);
  CHECK(folder.entries() == 1);  // nothing else is left

  const std::string nowhere = folder / "no such folder/picture.png";
  CHECK(message_of<FileError>([&] { write_png(nowhere, black); }).find(nowhere) != std::string::npos);
  CHECK_THROWS_AS(write_png(folder.path(), black), FileError);
  CHECK_THROWS_AS(write_png("", black), FileError);
  CHECK(folder.entries() == 1);

  std::error_code no_links;
  std::filesystem::create_symlink("picture.png", folder / "link.png", no_links);
  if (!no_links) {  // the target of a link is replaced, the link stays
    write_png(folder / "link.png", white);
    CHECK(std::filesystem::is_symlink(folder / "link.png"));
    CHECK(bytes_of(file) != before);
    CHECK(folder.entries() == 2);
  }
}

TEST_CASE("a full disk is an error that says so") {
  if (!std::filesystem::is_character_file("/dev/full")) {
    WARN("there is no /dev/full here: not tested");
    return;
  }
  const std::string message = message_of<FileError>([] { write_png("/dev/full", {1, 1, {0, 0, 0}}); });
  CHECK(message.find("/dev/full") != std::string::npos);
  CHECK(message.find(std::strerror(ENOSPC)) != std::string::npos);
  CHECK(std::filesystem::is_character_file("/dev/full"));
}
