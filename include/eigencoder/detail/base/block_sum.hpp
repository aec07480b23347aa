#pragma once

#include <algorithm>
#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

/// The sum of `term(i)` for i from 0 to size - 1, in `double`; from 16 terms on of four running sums, term i in number
/// i mod 4, so that the order is fixed. The terms are computed some at a time before they are added, so that
/// computing them vectorizes.
template <class Term>
double block_sum(Index size, const Term& term) {
  if (size < 16) {  // not worth a block
    double sum = 0;
    for (Index i = 0; i < size; ++i) sum += static_cast<double>(term(i));
    return sum;
  }
  constexpr Index block = 128, lanes = 4;
  alignas(64) double terms[block];
  double sums[lanes] = {};
  for (Index first = 0; first < size; first += block) {
    const Index count = (std::min)(block, size - first);
    for (Index i = 0; i < count; ++i) terms[i] = static_cast<double>(term(first + i));
    const Index whole = count - count % lanes;
    for (Index i = 0; i < whole; i += lanes)
      for (Index lane = 0; lane < lanes; ++lane) sums[lane] += terms[i + lane];
    for (Index i = whole; i < count; ++i) sums[i - whole] += terms[i];
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace eigencoder::detail
