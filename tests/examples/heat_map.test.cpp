#include <cmath>
#include <common/heat_map.hpp>
#include <common/image_detector.hpp>
#include <common/smoothed_error_score.hpp>
#include <eigencoder/anomaly/score.hpp>
#include <eigencoder/extend/errors.hpp>
#include <vector>
#include "support/catch.hpp"

namespace heat_map_test {

using eigencoder::Buffer;
using eigencoder::Index;
using eigencoder::MatrixX;
using eigencoder::ScoreInputs;
using eigencoder::View;
using namespace examples;

static_assert(eigencoder::AnomalyScore<SmoothedErrorScore>);

MatrixX<double> map_of(const SmoothedErrorScore& score, const MatrixX<float>& x, const MatrixX<float>& made) {
  MatrixX<double> map(x.rows(), x.cols());
  Buffer<double> scratch;
  score.contributions(ScoreInputs<float>{x, made, {nullptr, 0, x.cols()}}, {}, scratch, map.data());
  return map;
}

TEST_CASE("the score is the highest heat of a pixel") {
  const SmoothedErrorScore score{.image = {5, 6, 3}};
  const MatrixX<float> x = MatrixX<float>::Random(90, 4), made = MatrixX<float>::Random(90, 4);
  const MatrixX<double> heat = pixel_heat(map_of(score, x, made), 3);
  std::vector<double> scores(4);
  Buffer<double> scratch;
  score.evaluate(ScoreInputs<float>{x, made, {nullptr, 0, 4}}, {}, scratch, scores.data());
  for (Index j = 0; j < 4; ++j) CHECK(scores[static_cast<std::size_t>(j)] == heat.col(j).maxCoeff());
}

TEST_CASE("differences are smoothed before they are squared") {
  // Of one channel and 3 x 3 pixels: weights 1, 6, 1 in each direction, cut off at the border.
  const SmoothedErrorScore score{.image = {3, 3, 1}};
  MatrixX<float> x = MatrixX<float>::Zero(9, 1), made = x;
  x(4) = 1;
  const MatrixX<double> spot = map_of(score, x, made);
  CHECK(spot(4) == Approx(std::pow(36.0 / 64, 2)));
  CHECK(spot(1) == Approx(std::pow(6.0 / 56, 2)));
  CHECK(spot(0) == Approx(std::pow(1.0 / 49, 2)));
  const MatrixX<double> even = map_of(score, MatrixX<float>::Constant(9, 1, 0.5F), made);
  CHECK(even.isApproxToConstant(0.25, 1e-12));
  made = x;
  CHECK(map_of(score, x, made).isZero(0));
}

TEST_CASE("heat lies over images from none to red") {
  const MatrixX<float> images = MatrixX<float>::Ones(12, 1);
  MatrixX<double> heat(4, 1);
  heat << 0, 0.5, 2, 9;
  const MatrixX<float> shown = heat_overlay(images, {2, 2, 3}, heat, 2);
  CHECK(shown.col(0).head(3).isApproxToConstant(1));  // as the image, white
  CHECK(shown(3) > shown(5));                         // yellow
  CHECK(shown(4) > shown(5));
  CHECK(shown.col(0).segment(6, 3) == shown.col(0).tail(3));
  CHECK(shown(7) < 0.2F);  // red
  CHECK(shown(6) > 0.9F);
  CHECK_THROWS_AS(heat_overlay(images, {2, 2, 3}, heat.topRows(3), 2), eigencoder::ShapeError);
  CHECK_THROWS_AS(heat_overlay(images, {4, 3, 1}, heat, 2), eigencoder::ShapeError);
  CHECK_THROWS_AS(pixel_heat(MatrixX<double>::Zero(8, 1), 3), eigencoder::ShapeError);
}

TEST_CASE("a mask is black on light gray") {
  MatrixX<float> masks(2, 1);
  masks << 1, 0;
  const MatrixX<float> shown = mask_pictures(masks);
  CHECK(shown.rows() == 6);
  CHECK(shown.col(0).head(3).isZero(0));
  CHECK(shown.col(0).tail(3).minCoeff() > 0.8F);
}

TEST_CASE("the classic detectors score what they have learned low, and show where an image differs") {
  MatrixX<float> training(12, 3);
  training.setZero();
  training.row(0) << 0.2F, 0.5F, 0.8F;
  MatrixX<float> tested = training;
  tested(9, 1) = 1;
  const ImageDetector pca = pca_detector(Baseline(training, 5), {2, 2, 3}), nearest = nearest_detector(training);
  CHECK(pca.name == "PCA, 1 components");
  const std::vector<double> errors = pca.score(tested), distances = nearest.score(tested);
  CHECK(errors[0] < 1e-10);
  CHECK(errors[1] > 0.05);
  CHECK(distances[0] == 0);
  CHECK(distances[1] == Approx(1));
  Index hottest = 0;
  pca.heat(tested).col(1).maxCoeff(&hottest);
  CHECK(hottest == 3);
}

}  // namespace heat_map_test
