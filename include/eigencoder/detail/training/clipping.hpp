#pragma once

#include <eigencoder/detail/base/sums.hpp>

/// @file
/// Clipping of gradients, as in Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural
/// networks" (2013), sec. 3.2. A NaN stays a NaN, so that a divergence is not hidden.
namespace eigencoder::detail {

/// Moves every value into [-limit, limit]; `limit` is above 0.
template <class Scalar>
void clip_by_value(Scalar* g, Index n, double limit) {
  const Scalar high = static_cast<Scalar>(limit);
  for (Index i = 0; i < n; ++i) {
    const Scalar below = g[i] > high ? high : g[i];
    g[i] = below < -high ? -high : below;
  }
}

/// The factor that shrinks a gradient of Euclidean length `norm` to at most `limit` (above 0), and leaves a
/// shorter one alone: min(1, limit / (norm + 1e-6)), as PyTorch's `clip_grad_norm_`; 1 for a NaN.
inline double global_norm_factor(double norm, double limit) {
  const double factor = limit / (norm + 1e-6);
  return factor < 1 ? factor : 1;
}

}  // namespace eigencoder::detail
