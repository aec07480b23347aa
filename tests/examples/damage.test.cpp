#include <common/creatures.hpp>
#include <common/damage.hpp>
#include <eigencoder/extend/errors.hpp>
#include <set>
#include <string>
#include "support/catch.hpp"

namespace damage_test {

using eigencoder::Dataset;
using eigencoder::Index;
using eigencoder::MatrixX;
using namespace examples;

/// The greatest difference of a pixel's values between two images.
float difference(const MatrixX<float>& a, const MatrixX<float>& b, Index pixel, Index j) {
  return (a.col(j).segment(3 * pixel, 3) - b.col(j).segment(3 * pixel, 3)).cwiseAbs().maxCoeff();
}

TEST_CASE("damage of every kind changes the pixels of its mask visibly, and no other visibly") {
  const Dataset<float> images = draw_creatures(30, 1);
  for (const Damage kind : all_damage) {
    const DamagedImages found = damaged(images, kind, 5);
    INFO(name_of(kind));
    REQUIRE(found.samples.cols() == 30);
    REQUIRE(found.masks.rows() == 1600);
    Index wrong = 0;
    for (Index j = 0; j < images.size(); ++j)
      for (Index p = 0; p < 1600; ++p)
        wrong += (difference(found.samples, images.samples, p, j) > 0.1F) != (found.masks(p, j) == 1);
    CHECK(wrong == 0);
    CHECK(found.masks.colwise().sum().minCoeff() >= 10);   // there is something to find
    CHECK(found.masks.colwise().sum().maxCoeff() <= 320);  // and most of the image is whole
    CHECK(found.samples.minCoeff() >= 0);
    CHECK(found.samples.maxCoeff() <= 1);
  }
}

TEST_CASE("damage is what its name says") {
  const Dataset<float> images = draw_creatures(20, 1);
  const auto each_changed = [&](Damage kind, const auto& check) {
    const DamagedImages found = damaged(images, kind, 5);
    for (Index j = 0; j < images.size(); ++j)
      for (Index p = 0; p < 1600; ++p)
        if (found.masks(p, j) == 1)
          check(found.samples.col(j).segment(3 * p, 3), images.samples.col(j).segment(3 * p, 3), j);
  };
  Index wrong = 0;
  each_changed(Damage::erased, [&](const auto& now, const auto&, Index) { wrong += now.minCoeff() != 1; });
  CHECK(wrong == 0);
  each_changed(Damage::recolored, [&](const auto& now, const auto& before, Index) {
    wrong += now(0) != before(1) || now(1) != before(2) || now(2) != before(0);
  });
  CHECK(wrong == 0);
  std::set<float> reds[20];  // of the colors of each image's scratches
  each_changed(Damage::scratched, [&](const auto& now, const auto&, Index j) { reds[j].insert(now(0)); });
  for (const auto& colors : reds) wrong += colors.size() != 1;
  CHECK(wrong == 0);
  // A turned block has the values that it had.
  const DamagedImages turned = damaged(images, Damage::rotated, 5);
  for (Index j = 0; j < images.size(); ++j)
    wrong += std::abs(turned.samples.col(j).sum() - images.samples.col(j).sum()) > 0.01F;
  CHECK(wrong == 0);
}

TEST_CASE("damage depends on the seed, the kind and the image alone") {
  const Dataset<float> images = draw_creatures(10, 1);
  const DamagedImages once = damaged(images, Damage::blurred, 5), again = damaged(images, Damage::blurred, 5);
  CHECK(once.samples == again.samples);
  CHECK(once.masks == again.masks);
  CHECK_FALSE(damaged(images, Damage::blurred, 6).masks == once.masks);
  CHECK_FALSE(damaged(images, Damage::rotated, 5).masks == once.masks);
}

TEST_CASE("images that look the same wherever they are damaged stay as they are, gray ones are refused") {
  Dataset<float> white;
  white.shape = {9, 7, 3};
  white.samples = MatrixX<float>::Ones(9 * 7 * 3, 1);
  for (const Damage kind : {Damage::erased, Damage::rotated, Damage::replaced, Damage::blurred}) {
    const DamagedImages found = damaged(white, kind, 1);
    CHECK(found.samples == white.samples);
    CHECK(found.masks.isZero(0));
  }
  white.shape = {9, 21, 1};
  CHECK_THROWS_AS(damaged(white, Damage::erased, 1), eigencoder::ShapeError);
}

}  // namespace damage_test
