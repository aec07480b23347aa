#pragma once

#include <algorithm>
#include <eigencoder/extend/types.hpp>

/// @file
/// Sums in `double` whose order depends on their length alone, and which still vectorize: terms are added to several
/// running sums, and these at the end.
namespace eigencoder::detail {

/// Sixteen running sums.
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

}  // namespace eigencoder::detail
