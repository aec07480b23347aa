#include <common/options.hpp>
#include <cstddef>
#include <cstdint>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/image.hpp>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <restore/restore_folder.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace restore_folder_test {

using eigencoder::Index;
using examples::holes_of;
using examples::Photo;
using examples::restore_folder;

Photo inverted(const Photo& photo) {
  if (photo.shape.width == 7) throw std::runtime_error("seven is too odd");
  return {Eigen::VectorXf::Ones(photo.values.size()) - photo.values, photo.shape};
}

/// What is written to the standard error output while `call` runs.
template <class Call>
std::string errors_of(const Call& call) {
  std::ostringstream text;
  std::streambuf* const before = std::cerr.rdbuf(text.rdbuf());
  call();
  std::cerr.rdbuf(before);
  return text.str();
}

void put(const TemporaryFolder& folder, const std::string& name, Index height, Index width) {
  std::vector<std::uint8_t> rgb(static_cast<std::size_t>(3 * height * width));
  for (std::size_t i = 0; i < rgb.size(); ++i) rgb[i] = static_cast<std::uint8_t>(i * 5);
  eigencoder::write_png(folder / name, {height, width, rgb});
}

TEST_CASE("pictures of a folder are restored at their own sizes, and bad ones named and passed over") {
  const TemporaryFolder folder;
  const std::string to = folder / "made/of two";
  put(folder, "a.png", 3, 5);
  put(folder, "b.jpeg", 6, 4);  // a PNG by its content
  put(folder, "b.png", 2, 2);
  put(folder, "odd.png", 1, 7);
  folder.put("broken.png", std::vector<std::uint8_t>{1, 2, 3});
  folder.put("notes.txt", std::vector<std::uint8_t>{1, 2, 3});
  Index written = 0;
  const std::string errors = errors_of([&] { written = restore_folder(folder.path(), to, inverted); });
  CHECK(written == 2);
  CHECK(std::distance(std::filesystem::directory_iterator(to), {}) == 2);
  const auto a = eigencoder::read_image(folder / "a.png"), done = eigencoder::read_image(to + "/a.png");
  REQUIRE(done.shape == a.shape);
  CHECK(done.samples.isApprox(inverted({a.samples.col(0), a.shape}).values));
  CHECK(eigencoder::read_image(to + "/b.png").shape == eigencoder::Shape{6, 4, 3});
  for (const char* part : {"b.png: another picture is already written", "broken.png", "odd.png: seven is too odd"}) {
    INFO(errors);
    CHECK(errors.find(part) != std::string::npos);
  }
  CHECK(errors.find("notes") == std::string::npos);
}

TEST_CASE("a restored picture may have another size") {
  const TemporaryFolder folder;
  put(folder, "a.png", 3, 5);
  restore_folder(folder.path(), folder / "out",
                 [](const Photo&) { return Photo{Eigen::VectorXf::Ones(6 * 10 * 3), {6, 10, 3}}; });
  CHECK(eigencoder::read_image(folder / "out/a.png").shape == eigencoder::Shape{6, 10, 3});
}

TEST_CASE("folders that cannot be used are refused, and no picture is written over") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(restore_folder(folder / "none", folder / "out", inverted), examples::UsageError);
  CHECK_THROWS_AS(restore_folder(folder.path(), folder / "out", inverted), examples::UsageError);  // without pictures
  put(folder, "a.png", 3, 5);
  const auto before = bytes_of(folder / "a.png");
  CHECK_THROWS_AS(restore_folder(folder.path(), folder / ".", inverted), examples::UsageError);
  CHECK(bytes_of(folder / "a.png") == before);
  CHECK_THROWS_AS(restore_folder(folder.path(), folder / "a.png", inverted), eigencoder::FileError);
}

TEST_CASE("pure magenta marks holes") {
  Photo photo{Eigen::VectorXf(12), {2, 2, 3}};
  photo.values << 1, 0, 1, 0.999F, 0, 1, 1, 1, 1, 1, 0, 1;
  Eigen::VectorXf expected(12);
  expected << 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1;
  CHECK(holes_of(photo) == expected);
}

}  // namespace restore_folder_test
