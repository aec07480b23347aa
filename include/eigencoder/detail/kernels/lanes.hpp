#pragma once

#include <cstring>
#include <eigencoder/extend/types.hpp>

namespace eigencoder::detail {

/// Values side by side in registers, as an extension of g++ and clang knows them: with arithmetic, comparison, choice.
template <class Scalar, int count>
using Lanes [[gnu::vector_size(count * sizeof(Scalar))]] = Scalar;

template <class Scalar, class Values>
void load(const Scalar* from, Values& values) {
  std::memcpy(&values, from, sizeof values);
}
template <class Scalar, class Values>
void store(const Values& values, Scalar* to) {
  std::memcpy(to, &values, sizeof values);
}

/// Cuts `count` values into as few `Lanes` as possible and calls `visit(null pointer to them, first)` for each.
template <class Scalar, class Visit>
[[gnu::always_inline]] inline void in_lanes(Index count, const Visit& visit) {
  Index i = 0;
  for (; i + 16 <= count; i += 16) visit(static_cast<Lanes<Scalar, 16>*>(nullptr), i);
  for (; i + 4 <= count; i += 4) visit(static_cast<Lanes<Scalar, 4>*>(nullptr), i);
  for (; i < count; ++i) visit(static_cast<Lanes<Scalar, 1>*>(nullptr), i);
}

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
