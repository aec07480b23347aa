#include "image_detector.hpp"

#include "heat_map.hpp"
#include "smoothed_error_score.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::Shape, eigencoder::View;

ImageDetector pca_detector(const Baseline& pca, const Shape& image) {
  const SmoothedErrorScore score{.image = image};
  const auto scores = [pca, score](View<float> samples) {
    std::vector<double> found(static_cast<std::size_t>(samples.cols()));
    const MatrixX<float> made = pca.reconstruct(samples);
    eigencoder::Buffer<double> scratch;
    score.evaluate(eigencoder::ScoreInputs<float>{samples, made, {nullptr, 0, samples.cols()}}, {}, scratch,
                   found.data());
    return found;
  };
  const auto heat = [pca, score](View<float> samples) {
    MatrixX<double> map(samples.rows(), samples.cols());
    const MatrixX<float> made = pca.reconstruct(samples);
    eigencoder::Buffer<double> scratch;
    score.contributions(eigencoder::ScoreInputs<float>{samples, made, {nullptr, 0, samples.cols()}}, {}, scratch,
                        map.data());
    return pixel_heat(map, score.image.channels);
  };
  return {"pca", "PCA, " + std::to_string(pca.components()) + " components", scores, heat};
}

ImageDetector nearest_detector(View<float> training) {
  const auto scores = [known = MatrixX<float>(training.matrix())](View<float> samples) {
    std::vector<double> found;
    for (Index j = 0; j < samples.cols(); ++j)
      found.push_back(static_cast<double>(
          (known.colwise() - samples.matrix().col(j)).colwise().squaredNorm().minCoeff()));
    return found;
  };
  return {"nearest", "nearest training image", scores, {}};
}

}  // namespace examples
