#pragma once

#include <cstring>
#include <eigencoder/extend/types.hpp>

/// @file
/// Loops over the channels of a pixel, eight or sixteen at a time. Images often have so few channels that compilers do
/// not vectorize such loops by themselves.
namespace eigencoder::detail {

/// `count` values in a SIMD register, by the vector extension of g++ and clang: arithmetic, comparison and selection
/// work value by value.
template <class Scalar, int count>
using SimdVector [[gnu::vector_size(count * sizeof(Scalar))]] = Scalar;

template <class Scalar, class Vector>
void load(const Scalar* from, Vector& vector) {
  std::memcpy(&vector, from, sizeof vector);
}
template <class Scalar, class Vector>
void store(const Vector& vector, Scalar* to) {
  std::memcpy(to, &vector, sizeof vector);
}

/// Splits `count` values into SIMD vectors of 16, 4 and 1 values and calls `visit(tag, first)` for each. `tag` is a
/// null pointer to the vector's type, `first` the index of its first value.
template <class Scalar, class Visit>
[[gnu::always_inline]] inline void for_each_vector(Index count, const Visit& visit) {
  Index i = 0;
  for (; i + 16 <= count; i += 16) visit(static_cast<SimdVector<Scalar, 16>*>(nullptr), i);
  for (; i + 4 <= count; i += 4) visit(static_cast<SimdVector<Scalar, 4>*>(nullptr), i);
  for (; i < count; ++i) visit(static_cast<SimdVector<Scalar, 1>*>(nullptr), i);
}

/// y[i] = value(i) for i = 0, ..., count - 1, eight at a time. `value(i)` may read y[i].
template <class Scalar, class Value>
void fill(Scalar* y, Index count, const Value& value) {
  constexpr Index lanes = 8;
  Index i = 0;
  for (; i + lanes <= count; i += lanes) {
    Scalar block[lanes];  // all are read before one is written, so that overlap of arrays does not matter
    for (Index k = 0; k < lanes; ++k) block[k] = value(i + k);
    for (Index k = 0; k < lanes; ++k) y[i + k] = block[k];
  }
  for (; i < count; ++i) y[i] = value(i);
}

/// y += a x (BLAS's axpy), eight values at a time; x and y do not overlap.
template <class Scalar>
void axpy(Scalar a, const Scalar* __restrict x, Index count, Scalar* __restrict y) {
  constexpr Index lanes = 8;
  Index i = 0;
  for (; i + lanes <= count; i += lanes)
    for (Index k = 0; k < lanes; ++k) y[i + k] += a * x[i + k];
  for (; i < count; ++i) y[i] += a * x[i];
}

}  // namespace eigencoder::detail
