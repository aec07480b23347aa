#pragma once

#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <functional>
#include <string>
#include <vector>
#include "baseline.hpp"

namespace examples {

/// A way to find odd images, whatever it is made of.
struct ImageDetector {
  std::string key;   ///< in files
  std::string name;  ///< on the screen
  std::function<std::vector<double>(eigencoder::View<float>)> score;   ///< of each image; higher is odder
  std::function<eigencoder::MatrixX<double>(eigencoder::View<float>)> heat;  ///< pixels x images; empty: it has none
};

/// The error of PCA's reconstruction, smoothed and scored as the autoencoder's.
ImageDetector pca_detector(const Baseline& pca, const eigencoder::Shape& image);

/// The squared distance from the nearest training image.
ImageDetector nearest_detector(eigencoder::View<float> training);

}  // namespace examples
