#pragma once

#include <eigencoder/extend/buffer.hpp>
#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

/// The emphasized loss of one sample: `corrupted_weight` times the loss of the values that the corruption changed plus
/// `intact_weight` times the loss of the others. A value that a corruption happened to leave as it was counts as intact.
/// `scale` times the derivative by the output goes to `gradient`.
/// Source: Vincent et al., "Stacked denoising autoencoders" (2010), section 3.4.
///
/// @param loss       a `SeparableLoss`: it is called once for the changed values and once for the others
/// @param clean      the sample before its corruption
/// @param corrupted  the sample after its corruption
/// @param gradient   may be null, or `output` itself
/// @param scratch    grows to 2 `size` values; overlaps none of the others
template <class Scalar, class LossType>
double emphasized_loss(const LossType& loss, const Scalar* output, const Scalar* target, const Scalar* clean,
                       const Scalar* corrupted, Scalar* gradient, Index size, double scale, double corrupted_weight,
                       double intact_weight, Buffer<Scalar>& scratch) {
  Scalar* const outputs = scratch.ensure_size(2 * size);
  Scalar* const targets = outputs + size;
  Index changed = 0;
  for (Index i = 0; i < size; ++i) changed += corrupted[i] != clean[i] ? 1 : 0;

  // The changed values come first, then the others; a branch would be unpredictable.
  Index next[] = {changed, 0};
  for (Index i = 0; i < size; ++i) {
    const Index to = next[corrupted[i] != clean[i]]++;
    outputs[to] = output[i];
    targets[to] = target[i];
  }
  const auto part = [&](Index first, Index count, double weight) {
    Scalar* const derivatives = gradient ? outputs + first : nullptr;
    return weight * loss.value_and_gradient(outputs + first, targets + first, derivatives, count, Index{1}, weight * scale);
  };
  const double sum = part(0, changed, corrupted_weight) + part(changed, size - changed, intact_weight);
  if (!gradient) return sum;

  next[0] = changed;
  next[1] = 0;
  for (Index i = 0; i < size; ++i) gradient[i] = outputs[next[corrupted[i] != clean[i]]++];
  return sum;
}

}  // namespace eigencoder::detail
