#include <algorithm>
#include <cmath>
#include <common/creatures.hpp>
#include <eigencoder/extend/errors.hpp>
#include <restore/color_classes.hpp>
#include <restore/lab.hpp>
#include <vector>
#include "support/catch.hpp"

namespace restore_colors_test {

using eigencoder::Index;
using eigencoder::MatrixX;
using namespace examples;

/// A pixel of a lightness and a color, in sRGB.
Eigen::Vector3f pixel(double lightness, double a, double b) {
  const Rgb color = to_rgb({lightness, a, b});
  return {static_cast<float>(color[0]), static_cast<float>(color[1]), static_cast<float>(color[2])};
}

TEST_CASE("colors of sRGB have the published values in CIELAB") {
  // To two decimals, as tables of sRGB's primaries under D65 have them.
  const auto found = [](const Rgb& color, double lightness, double a, double b) {
    const Lab lab = to_lab(color);
    return (std::abs)(lab.lightness - lightness) < 0.02 && (std::abs)(lab.a - a) < 0.02 && (std::abs)(lab.b - b) < 0.02;
  };
  CHECK(found({0, 0, 0}, 0, 0, 0));
  CHECK(found({1, 1, 1}, 100, 0, 0));
  CHECK(found({1, 0, 0}, 53.24, 80.09, 67.20));
  CHECK(found({0, 1, 0}, 87.73, -86.18, 83.18));
  CHECK(found({0, 0, 1}, 32.30, 79.19, -107.86));
  CHECK(found({1, 1, 0}, 97.14, -21.55, 94.48));
  CHECK(found({0, 1, 1}, 91.11, -48.09, -14.13));
  CHECK(found({1, 0, 1}, 60.32, 98.23, -60.83));
  CHECK(found({128 / 255.0, 128 / 255.0, 128 / 255.0}, 53.59, 0, 0));
  CHECK(found({0.02, 0.02, 0.02}, 903.3 * 0.02 / 12.92, 0, 0));  // both curves are straight there
}

TEST_CASE("a color comes back from CIELAB as it was") {
  for (const double red : {0.0, 0.03, 0.3, 0.77, 1.0})
    for (const double green : {0.0, 0.04, 0.5, 1.0})
      for (const double blue : {0.0, 0.05, 0.6, 1.0}) {
        const Rgb back = to_rgb(to_lab({red, green, blue}));
        CHECK(back[0] == Approx(red).margin(1e-6));
        CHECK(back[1] == Approx(green).margin(1e-6));
        CHECK(back[2] == Approx(blue).margin(1e-6));
      }
}

TEST_CASE("the mean chroma passes over background and is 0 for gray") {
  MatrixX<float> originals(9, 1), images(9, 1);
  originals << 1, 1, 1, pixel(50, 30, 40), 0.995F, 0.995F, 0.985F;
  CHECK(mean_chroma(originals, originals) == Approx((50 + to_lab({0.995, 0.995, 0.985}).chroma()) / 2).epsilon(1e-5));
  images << pixel(50, 30, 40), pixel(50, 6, 8), pixel(50, 0, -20);
  CHECK(mean_chroma(images, originals) == Approx(15).epsilon(1e-4));
  images.setConstant(0.3F);
  CHECK(mean_chroma(images, originals) < 1e-3);
  CHECK_THROWS_AS(mean_chroma(images, originals.topRows(6).eval()), eigencoder::ShapeError);
  CHECK_THROWS_AS(mean_chroma(images, MatrixX<float>::Ones(9, 1).eval()), eigencoder::DataError);
}

/// Six gray pixels, one of a little color, one of much.
MatrixX<float> colors() {
  MatrixX<float> images(12, 2);
  for (Index p = 0; p < 3; ++p) images.col(0).segment(3 * p, 3) = images.col(1).segment(3 * p, 3) = pixel(50, 1, -2);
  images.col(0).tail(3) = pixel(70, 18, 1);
  images.col(1).tail(3) = pixel(60, 41, 52);
  return images;
}

TEST_CASE("classes are the squares of colors that occur") {
  const ColorClasses classes(colors());
  REQUIRE(classes.count() == 3);
  MatrixX<float> expected(4, 2);
  expected << 0, 0, 0, 0, 0, 0, 1, 2;
  CHECK(classes.classes_of(colors()) == expected);
  MatrixX<float> others(6, 1);
  others << pixel(50, 30, 50), pixel(30, 17, -18);  // of no class
  CHECK(classes.classes_of(others)(0) == 2);
  CHECK(classes.classes_of(others)(1) == 1);
  CHECK_THROWS_AS(classes.classes_of(others.topRows(4).eval()), eigencoder::ShapeError);
  CHECK_THROWS_AS(ColorClasses(MatrixX<float>(12, 0)), eigencoder::DataError);
  CHECK_THROWS_AS(ColorClasses(colors(), 0), eigencoder::OptionError);
}

TEST_CASE("weights are those of Zhang et al., a mean of 1 over the shares") {
  const std::vector<double> found = ColorClasses(colors()).weights(0.5, 1e-3);  // so narrow that nothing is smoothed
  REQUIRE(found.size() == 3);
  CHECK(0.75 * found[0] + 0.125 * found[1] + 0.125 * found[2] == Approx(1));
  CHECK(found[1] == Approx(found[2]));
  CHECK(found[1] / found[0] == Approx((0.375 + 1.0 / 6) / (0.0625 + 1.0 / 6)));
  for (const double weight : ColorClasses(colors()).weights(1)) CHECK(weight == Approx(1));

  // Centers at (0, 0), (20, 0) and (40, 50): with a deviation of 10, the first two pass on exp(-2) of their shares.
  const double passed = std::exp(-2), less = std::exp(-14.5), least = std::exp(-20.5);
  const double shares[] = {0.75 + 0.125 * passed + 0.125 * least, 0.125 + 0.75 * passed + 0.125 * less,
                           0.125 + 0.125 * less + 0.75 * least};
  const double mass = shares[0] + shares[1] + shares[2];
  const std::vector<double> smooth = ColorClasses(colors()).weights(0.5, 10);
  CHECK(smooth[1] / smooth[0] == Approx((shares[0] / mass + 1.0 / 3) / (shares[1] / mass + 1.0 / 3)));
  CHECK(smooth[2] / smooth[0] == Approx((shares[0] / mass + 1.0 / 3) / (shares[2] / mass + 1.0 / 3)));
}

TEST_CASE("probabilities of classes become colors by the annealed mean, in the lightness of the gray image") {
  const ColorClasses classes(colors());
  MatrixX<float> gray(6, 1), probabilities(6, 1);
  gray << 0.5F, 0.5F, 0.5F, 0.7F, 0.7F, 0.7F;
  probabilities << 0, 1, 0, 0.8F, 0.2F, 0;
  const auto lab_at = [&](const MatrixX<float>& images, Index p) {
    return to_lab({static_cast<double>(images(3 * p)), static_cast<double>(images(3 * p + 1)),
                   static_cast<double>(images(3 * p + 2))});
  };
  const MatrixX<float> found = classes.colored(probabilities, gray);
  CHECK(lab_at(found, 0).lightness == Approx(lab_at(gray, 0).lightness).epsilon(1e-4));
  CHECK(lab_at(found, 1).lightness == Approx(lab_at(gray, 1).lightness).epsilon(1e-4));
  CHECK(lab_at(found, 0).a == Approx(20).epsilon(1e-3));
  CHECK(lab_at(found, 0).b == Approx(0).margin(0.01));
  const double odds = std::pow(0.25, 1 / 0.38);
  CHECK(lab_at(found, 1).a == Approx(20 * odds / (1 + odds)).epsilon(1e-2));
  CHECK(lab_at(classes.colored(probabilities, gray, 1), 1).a == Approx(4).epsilon(1e-3));
  CHECK_THROWS_AS(classes.colored(probabilities, gray.topRows(3).eval()), eigencoder::ShapeError);
}

TEST_CASE("images keep most of their chroma as classes") {
  const auto images = draw_creatures(10, 1, 32, 32).samples;
  const ColorClasses classes(images);
  CHECK(classes.count() > 10);
  const MatrixX<float> of = classes.classes_of(images);
  MatrixX<float> certain = MatrixX<float>::Zero(of.rows() * classes.count(), of.cols());
  for (Index j = 0; j < of.cols(); ++j)
    for (Index p = 0; p < of.rows(); ++p) certain(p * classes.count() + static_cast<Index>(of(p, j)), j) = 1;
  const MatrixX<float> back = classes.colored(certain, images);
  CHECK((back - images).squaredNorm() < 0.02F * images.squaredNorm());
  CHECK(mean_chroma(back, images) > 0.95 * mean_chroma(images, images));
  CHECK(mean_chroma(back, images) < 1.05 * mean_chroma(images, images));
}

}  // namespace restore_colors_test
