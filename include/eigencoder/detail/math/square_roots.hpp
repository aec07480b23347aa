#pragma once

#include <algorithm>
#include <eigencoder/detail/math/bits.hpp>
#include <eigencoder/extend/types.hpp>
#include <limits>
#include <type_traits>

namespace eigencoder::detail {

/// Calls `apply(i, sqrt(radicand(i)))` for every i below n, block by block. It uses Eigen's square root: the standard's
/// may set `errno`, which keeps loops from vectorizing. Every root is taken in a whole block, the last one padded, so
/// that its bits do not depend on how parameters are divided into ranges. For a `float` that is 0 or subnormal Eigen
/// computes 0 as infinity times 0, an invalid operation, which a program may trap: such values are replaced before.
///
/// For bits that do not depend on the range, `radicand` and `apply` must also add at most one product at a time: in
/// a b + c d the compiler may fuse either product with the sum, and choose differently in the vectorized loop and its
/// remainder. So a running mean is written as m + (1 - beta) (g - m).
template <class Scalar, class Radicand, class Apply>
void with_square_roots(Index n, const Radicand& radicand, const Apply& apply) {
  constexpr Index block = 128;
  constexpr Index packet = 32 / static_cast<Index>(sizeof(Scalar));  // wider ones make g++ 12 warn in vain
  constexpr Scalar least = std::is_same_v<Scalar, float> ? (std::numeric_limits<Scalar>::min)() : Scalar(0);
  alignas(64) Scalar value[block], root[block];
  for (Index first = 0; first < n; first += block) {
    const Index count = (std::min)(block, n - first);
    for (Index i = 0; i < count; ++i) value[i] = radicand(first + i);
    std::fill(value + count, value + block, Scalar(1));
    for (Index i = 0; i < block; ++i) root[i] = detail::math::select(value[i] < least, Scalar(1), value[i]);
    for (Index i = 0; i < block; i += packet) {
      Eigen::Map<Eigen::Array<Scalar, packet, 1>> roots(root + i);
      roots = roots.sqrt();
    }
    for (Index i = 0; i < count; ++i) apply(first + i, detail::math::select(value[i] < least, Scalar(0), root[i]));
  }
}

}  // namespace eigencoder::detail
