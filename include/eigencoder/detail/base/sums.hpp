#pragma once

#include <algorithm>
#include <eigencoder/detail/platform/floating_point.hpp>
#include <eigencoder/extend/types.hpp>

/// @file
/// Sums whose order depends on their length alone, and which still vectorize: terms are added to several running sums,
/// and these at the end.
EIGENCODER_PRECISE_BEGIN
namespace eigencoder::detail {

/// Sixteen running sums in `double`.
class RunningSums {
 public:
  static constexpr Index count = 16;

  /// Calls `add_term(sum, i)` for i from 0 to size - 1, which adds term i to `sum`, running sum i mod 16.
  template <class Add>
  void add(Index size, const Add& add_term) {
    double sums[count];  // in registers: compilers cannot tell that the terms do not overlap members
    std::copy_n(sums_, count, sums);
    const Index whole = size - size % count;
    for (Index i = 0; i < whole; i += count)
      for (Index k = 0; k < count; ++k) add_term(sums[k], i + k);
    for (Index i = whole; i < size; ++i) add_term(sums[i - whole], i);
    std::copy_n(sums, count, sums_);
  }

  /// The running sums, added in order.
  double total() const {
    double total = 0;
    for (const double sum : sums_) total += sum;
    return total;
  }

 private:
  double sums_[count] = {};
};

/// The sum of the squares of n values.
template <class Scalar>
double squared_norm(const Scalar* values, Index n) {
  RunningSums sums;
  sums.add(n, [&](double& sum, Index i) {
    const double value = static_cast<double>(values[i]);
    sum += value * value;
  });
  return sums.total();
}

/// The sum of `term(i)` for i from 0 to size - 1, for terms that cost more than to load a value: they are computed a
/// block at a time before they are added, so that computing them vectorizes. From 16 terms on there are four running
/// sums, with term i in number i mod 4.
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

/// The sum of `term(i)` for i = 0, ..., n - 1. Each 1024 terms are added in `Scalar`, in 16 lanes of 64 terms, so that
/// the loop vectorizes; their sums are added in double.
template <class Scalar, class Term>
double lane_sum(Index n, const Term& term) {
  constexpr Index lanes = 16, run = 1024;
  double total = 0;
  for (Index first = 0; first < n; first += run) {
    const Index end = (std::min)(n, first + run);
    Scalar lane[lanes] = {};
    Index i = first;
    for (; i + lanes <= end; i += lanes)
      for (Index k = 0; k < lanes; ++k) lane[k] += term(i + k);
    if (i > first)
      for (Index half = lanes / 2; half > 0; half /= 2)
        for (Index k = 0; k < half; ++k) lane[k] += lane[k + half];
    for (; i < end; ++i) lane[0] += term(i);
    total += lane[0];
  }
  return total;
}

}  // namespace eigencoder::detail
EIGENCODER_PRECISE_END
