#pragma once

#include <eigencoder/core/types.hpp>

/// @file
/// Clipping of gradients, as in Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural
/// networks" (2013), sec. 3.2. A NaN stays a NaN, so that a divergence is not hidden.
namespace eigencoder {

/// Moves every value into [-limit, limit]; `limit` is above 0.
template <class Scalar>
void clip_by_value(Scalar* g, Index n, double limit) {
  const Scalar high = static_cast<Scalar>(limit);
  for (Index i = 0; i < n; ++i) {
    const Scalar below = g[i] > high ? high : g[i];
    g[i] = below < -high ? -high : below;
  }
}

/// The sum of the squares, in `double`. Value i is added to running sum i mod 16; the sixteen are added in
/// order at the end.
template <class Scalar>
double squared_norm(const Scalar* g, Index n) {
  constexpr Index lanes = 16;
  double sums[lanes] = {};
  const Index whole = n - n % lanes;
  for (Index i = 0; i < whole; i += lanes)
    for (Index lane = 0; lane < lanes; ++lane) {
      const double value = static_cast<double>(g[i + lane]);
      sums[lane] += value * value;
    }
  for (Index i = whole; i < n; ++i) {
    const double value = static_cast<double>(g[i]);
    sums[i - whole] += value * value;
  }
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

/// The factor that shrinks a gradient of Euclidean length `norm` to at most `limit` (above 0), and leaves a
/// shorter one alone: min(1, limit / (norm + 1e-6)), as PyTorch's `clip_grad_norm_`; 1 for a NaN.
inline double global_norm_factor(double norm, double limit) {
  const double factor = limit / (norm + 1e-6);
  return factor < 1 ? factor : 1;
}

}  // namespace eigencoder
