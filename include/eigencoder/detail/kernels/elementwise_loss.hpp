#pragma once

#include <algorithm>
#include <eigencoder/detail/base/sums.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

/// How many values of a sample are computed at a time.
inline constexpr Index loss_block = 128;

/// The loss of one sample, for losses that are a sum of terms of one value each. Returns the sum and, unless `gradient`
/// is null, writes `scale` times the derivative by the output there (`gradient` may be `output` itself).
///
/// `terms(output, target, value, derivative)` computes `loss_block` terms at once; the last block is padded with zeros.
/// So its loops have constant length and vectorize, and the bits of a term do not depend on its index in the block.
/// The terms are added by `RunningSums`.
template <class Scalar, class Terms>
double sum_elementwise(const Scalar* output, const Scalar* target, Scalar* gradient, Index size, double scale,
                       const Terms& terms) {
  alignas(64) Scalar value[loss_block];
  alignas(64) Scalar derivative[loss_block];
  RunningSums sums;
  const Scalar factor = static_cast<Scalar>(scale);
  for (Index first = 0; first < size; first += loss_block) {
    const Index count = (std::min)(loss_block, size - first);
    if (count == loss_block) {
      terms(output + first, target + first, value, derivative);
    } else {
      Scalar last_output[loss_block] = {};
      Scalar last_target[loss_block] = {};
      std::copy_n(output + first, count, last_output);
      std::copy_n(target + first, count, last_target);
      terms(last_output, last_target, value, derivative);
      std::fill(value + count, value + loss_block, Scalar(0));
    }
    sums.add(loss_block, [&](double& sum, Index i) { sum += static_cast<double>(value[i]); });
    if (gradient)
      for (Index i = 0; i < count; ++i) gradient[first + i] = factor * derivative[i];
  }
  return sums.total();
}

}  // namespace eigencoder::detail
