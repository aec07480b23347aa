#include <common/creatures.hpp>
#include <common/foreign_images.hpp>
#include <common/pgm.hpp>
#include <cstdlib>
#include <eigencoder/extend/errors.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace foreign_images_test {

using eigencoder::Index;
using namespace examples;

void write(const std::string& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

TEST_CASE("a PGM file is read row by row, with comments in its header") {
  const TemporaryFolder folder;
  write(folder / "a.pgm", std::string("P5\n# a comment\n3 2\n# another\n4\n") + '\0' + "\1\2\3\4\4");
  const auto image = read_pgm(folder / "a.pgm");
  CHECK(image.shape == eigencoder::Shape{2, 3, 1});
  CHECK(image.samples(0, 0) == 0);
  CHECK(image.samples(1, 0) == 0.25F);
  CHECK(image.samples(3, 0) == 0.75F);
  CHECK(image.samples(5, 0) == 1);
}

TEST_CASE("what is no PGM file, or damaged, is refused by its name") {
  const TemporaryFolder folder;
  for (const char* bytes : {"", "P2\n1 1\n255\nx", "P5\n2 2\n255\nxyz", "P5\n0 1\n255\n", "P5\n1 1\n65535\nxx",
                            "P5\n1\n", "P5\n999999 1\n255\nx", "P5\n# no end"}) {
    write(folder / "bad.pgm", bytes);
    CHECK_THROWS_AS(read_pgm(folder / "bad.pgm"), eigencoder::FileError);
  }
  CHECK_THROWS_AS(read_pgm(folder / "none.pgm"), eigencoder::FileError);
}

TEST_CASE("digits are drawn in a color of the sprites on white, and the same every time") {
  unsetenv("EIGENCODER_DATA");
  const auto sprites = draw_creatures(20, 1);
  const auto digits = foreign_digits(30, sprites, 5);
  CHECK(digits.shape == sprites.shape);
  CHECK(digits.size() == 30);
  CHECK(digits.samples == foreign_digits(30, sprites, 5).samples);
  CHECK_FALSE(digits.samples == foreign_digits(30, sprites, 6).samples);
  CHECK(digits.samples.topRows(3).minCoeff() == 1);  // a corner
  Index wrong = 0;
  for (Index j = 0; j < digits.size(); ++j) {
    // The darkest pixel is full of ink, which is a sprite's.
    Index darkest = 0;
    digits.samples.col(j).reshaped(3, 1600).colwise().sum().minCoeff(&darkest);
    const Eigen::Vector3f ink = digits.samples.col(j).segment(3 * darkest, 3);
    bool found = false;
    for (Index i = 0; i < sprites.size() && !found; ++i)
      for (Index p = 0; p < 1600 && !found; ++p)
        found = (sprites.samples.col(i).segment(3 * p, 3) - ink).cwiseAbs().maxCoeff() < 0.02F;
    wrong += !found;
  }
  CHECK(wrong == 0);
}

TEST_CASE("faces come from the data's folder, in gray, or there are none") {
  unsetenv("EIGENCODER_DATA");
  CHECK(foreign_faces(5, {40, 30, 3}).size() == 0);
  const TemporaryFolder folder;
  for (const char* person : {"s1", "s2"}) {
    const std::filesystem::path of = std::filesystem::path(folder / "faces/orl_faces") / person;
    std::filesystem::create_directories(of);
    write((of / "1.pgm").string(), "P5\n2 4\n255\n" + std::string(8, person[1] == '1' ? '\x33' : '\x66'));
    write((of / "notes.txt").string(), "no face");
  }
  setenv("EIGENCODER_DATA", (folder / "").c_str(), 1);
  const auto faces = foreign_faces(5, {8, 8, 3});
  unsetenv("EIGENCODER_DATA");
  REQUIRE(faces.size() == 2);
  CHECK(faces.shape == eigencoder::Shape{8, 8, 3});
  CHECK(faces.samples.col(0).head(3).isApproxToConstant(1));  // beside a narrow face it is white
  const Index middle = 3 * (4 * 8 + 4);
  CHECK(faces.samples.col(0).segment(middle, 3).isApproxToConstant(0.2F));
  CHECK(faces.samples.col(1).segment(middle, 3).isApproxToConstant(0.4F));
}

}  // namespace foreign_images_test
