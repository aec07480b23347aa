#pragma once

#include <algorithm>
#include <eigencoder/detail/kernels/custom_layer_support.hpp>

/// @file
/// The selection of the k largest values, of `TopK`, `BatchTopK` and `AuxiliaryTopK`: the k-th largest is found first,
/// in linear time on average, and everything above it is kept. Sorting would be slower and lose the order of ties.
namespace eigencoder::detail {

/// Whether a is selected before b: the larger value, and NaN before all others, so that it is not hidden.
template <class Scalar>
bool comes_before(Scalar a, Scalar b) {
  return a > b || (a != a && b == b);
}

/// The k-th largest of n values, 0 < k <= n. `scratch` has space for n values and does not overlap x.
template <class Scalar>
Scalar kth_largest(const Scalar* x, Index n, Index k, Scalar* scratch) {
  const auto order = [](Scalar a, Scalar b) { return comes_before(a, b); };
  if (k <= n / 16) {  // a heap of the k largest so far, which most values do not enter
    std::partial_sort_copy(x, x + n, scratch, scratch + k, order);
  } else {
    std::copy_n(x, n, scratch);
    std::nth_element(scratch, scratch + k - 1, scratch + n, order);
  }
  return scratch[k - 1];
}

/// y = the k largest of the n values x (ties: the first), and 0 elsewhere. `mask`, unless null, becomes 1 where
/// a value is kept and 0 elsewhere. Returns the smallest value kept. The arrays do not overlap.
template <class Scalar>
Scalar keep_largest(const Scalar* x, Index n, Index k, Scalar* y, Scalar* mask) {
  const Scalar smallest = kth_largest(x, n, k, y);
  Index ties_left = k;  // how many values equal to the smallest are kept
  for (Index i = 0; i < n; ++i) ties_left -= comes_before(x[i], smallest);
  for (Index i = 0; i < n; ++i) {
    const bool larger = comes_before(x[i], smallest), ties = !larger && !comes_before(smallest, x[i]);
    const bool keeps = larger || (ties && ties_left > 0);
    ties_left -= keeps && ties;
    y[i] = keeps ? x[i] : Scalar(0);
    if (mask) mask[i] = keeps;
  }
  return smallest;
}

/// y = r where the mask in the cache is not 0, and 0 elsewhere.
template <class Scalar>
void apply_mask(const LayerContext<Scalar>& context, const Scalar* r, Scalar* y) {
  const Index n = context.shape.size();
  for_each_sample(context, [&](Index j) {
    for (Index i = j * n; i < (j + 1) * n; ++i) y[i] = context.cache[i] != 0 ? r[i] : Scalar(0);
  });
}

}  // namespace eigencoder::detail
