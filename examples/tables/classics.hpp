#pragma once

#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <string>
#include <vector>

/// @file
/// Well-known detectors that need no autoencoder, for comparison.
namespace examples {

/// Scores of one method; higher is odder.
struct MethodScores {
  std::string key;   ///< in files
  std::string name;  ///< on the screen
  std::vector<double> scores;
};

/// The scores of tested rows by the mean distance to the 5 nearest training rows, by the Mahalanobis distance with the
/// full covariance, and by the error of PCA's reconstruction with the components of 90 % of the variance. Columns are
/// scaled to mean 0 and variance 1 in training, and NaN is taken for the mean. Of very many training rows an even share
/// is searched for neighbors.
std::vector<MethodScores> classic_scores(eigencoder::View<float> training, eigencoder::View<float> tested);

}  // namespace examples
