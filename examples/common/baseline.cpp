#include "baseline.hpp"

#include <eigencoder/evaluation/pca.hpp>

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::VectorX, eigencoder::View;

struct Baseline::Fitted : eigencoder::Pca<float> {
  using Pca::Pca;
};

Baseline::Baseline(View<float> samples, Index components)
    : fitted_(std::make_shared<const Fitted>(samples, components)) {}

Index Baseline::components() const { return fitted_->components(); }
const VectorX<float>& Baseline::mean() const { return fitted_->mean(); }
MatrixX<float> Baseline::encode(View<float> samples) const { return fitted_->encode(samples); }
MatrixX<float> Baseline::reconstruct(View<float> samples) const { return fitted_->reconstruct(samples); }

}  // namespace examples
