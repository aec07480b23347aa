#pragma once

#include <eigencoder/core/types.hpp>

namespace eigencoder::detail {

/// y[i] = value(i) for i = 0, ..., count - 1, eight at a time: few channels make loops too short for compilers to find
/// vectors in by themselves. `value(i)` may read y[i].
template <class Scalar, class Value>
void fill_lanes(Scalar* y, Index count, const Value& value) {
  constexpr Index lanes = 8;
  Index i = 0;
  for (; i + lanes <= count; i += lanes) {
    Scalar block[lanes];  // all are read before one is written: no array can overlap another
    for (Index k = 0; k < lanes; ++k) block[k] = value(i + k);
    for (Index k = 0; k < lanes; ++k) y[i + k] = block[k];
  }
  for (; i < count; ++i) y[i] = value(i);
}

/// y += weight x; the two do not overlap.
template <class Scalar>
void add_lanes(const Scalar* __restrict x, Index count, Scalar weight, Scalar* __restrict y) {
  constexpr Index lanes = 8;
  Index i = 0;
  for (; i + lanes <= count; i += lanes)
    for (Index k = 0; k < lanes; ++k) y[i + k] += weight * x[i + k];
  for (; i < count; ++i) y[i] += weight * x[i];
}

}  // namespace eigencoder::detail
