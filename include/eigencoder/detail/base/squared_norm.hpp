#pragma once

#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

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

}  // namespace eigencoder::detail
