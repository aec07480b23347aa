#pragma once

#include <algorithm>
#include <cmath>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/detail/math/elementary.hpp>
#include <eigencoder/extend/types.hpp>

/// @file
/// Losses that are a sum of terms of one value each. `terms(output, target, value, derivative)` computes a constant
/// number of terms, `length`, and their derivatives by the output at once.
namespace eigencoder::detail {

/// How many values of a sample are computed at a time.
inline constexpr Index loss_block = 128;

/// The terms of `SquaredError`.
template <Index length = loss_block>
struct SquaredErrorTerms {
  template <class Scalar>
  void operator()(const Scalar* y, const Scalar* t, Scalar* value, Scalar* derivative) const {
    for (Index i = 0; i < length; ++i) {
      const Scalar difference = y[i] - t[i];
      value[i] = difference * difference;
      derivative[i] = 2 * difference;
    }
  }
};

/// The terms of `Bernoulli`.
template <Index length = loss_block>
struct BernoulliTerms {
  template <class Scalar>
  void operator()(const Scalar* z, const Scalar* t, Scalar* value, Scalar* derivative) const {
    for (Index i = 0; i < length; ++i) {
      const Scalar tail = math::exp(-(std::abs)(z[i]));
      value[i] = (z[i] > 0 ? z[i] : Scalar(0)) - z[i] * t[i] + math::log1p_of_fraction(tail);
      derivative[i] = (z[i] > 0 ? Scalar(1) : tail) / (1 + tail) - t[i];
    }
  }
};

/// Computes `count` terms, `length` at most, and writes `length` values and derivatives: the others are those of zeros.
/// So its loops have constant length and vectorize, and the bits of a term do not depend on its index.
template <Index length, class Scalar, class Terms>
void compute_terms(const Scalar* output, const Scalar* target, Index count, Scalar* value, Scalar* derivative,
                   const Terms& terms) {
  if (count == length) return terms(output, target, value, derivative);
  Scalar last_output[std::size_t{length}] = {};
  Scalar last_target[std::size_t{length}] = {};
  std::copy_n(output, count, last_output);
  std::copy_n(target, count, last_target);
  terms(last_output, last_target, value, derivative);
}

/// The loss of one sample. Returns the sum of its terms and, unless `gradient` is null, writes `scale` times the
/// derivative by the output there (`gradient` may be `output` itself). The terms are added by `RunningSums`.
template <class Scalar, class Terms>
double sum_elementwise(const Scalar* output, const Scalar* target, Scalar* gradient, Index size, double scale,
                       const Terms& terms) {
  alignas(64) Scalar value[loss_block];
  alignas(64) Scalar derivative[loss_block];
  RunningSums sums;
  const Scalar factor = static_cast<Scalar>(scale);
  for (Index first = 0; first < size; first += loss_block) {
    const Index count = (std::min)(loss_block, size - first);
    compute_terms<loss_block>(output + first, target + first, count, value, derivative, terms);
    std::fill(value + count, value + loss_block, Scalar(0));
    sums.add(loss_block, [&](double& sum, Index i) { sum += static_cast<double>(value[i]); });
    if (gradient)
      for (Index i = 0; i < count; ++i) gradient[first + i] = factor * derivative[i];
  }
  return sums.total();
}

}  // namespace eigencoder::detail
