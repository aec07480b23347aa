#pragma once

#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <memory>

namespace examples {

/// What every model is measured against: `eigencoder::Pca<float>`, which one file compiles for all programs, as Eigen's
/// eigenvalue solver takes the compiler longer than a whole model. Copies share the components.
class Baseline {
 public:
  /// Fits PCA to samples, one a column. @throws as `eigencoder::Pca`
  Baseline(eigencoder::View<float> samples, eigencoder::Index components);

  eigencoder::Index components() const;
  const eigencoder::VectorX<float>& mean() const;
  eigencoder::MatrixX<float> encode(eigencoder::View<float> samples) const;
  eigencoder::MatrixX<float> reconstruct(eigencoder::View<float> samples) const;

 private:
  struct Fitted;
  std::shared_ptr<const Fitted> fitted_;
};

}  // namespace examples
