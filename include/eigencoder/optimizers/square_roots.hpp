#pragma once

#include <algorithm>
#include <eigencoder/core/types.hpp>

namespace eigencoder::detail {

/// Calls `apply(i, sqrt(radicand(i)))` for every i below n, block by block. The standard's square root may
/// set `errno`, which keeps a loop from being vectorized; Eigen's does not. Every root is taken in a whole
/// block, the last one padded, so that its bits do not depend on where a range of parameters was cut.
///
/// For the same reason `radicand` and `apply` add at most one product at a time: of a b + c d the compiler
/// may fuse either product with the sum, and need not choose alike in the vectorized body of a loop and its
/// remainder. So a running mean is written m + (1 - beta) (g - m).
template <class Scalar, class Radicand, class Apply>
void with_square_roots(Index n, const Radicand& radicand, const Apply& apply) {
  constexpr Index block = 128;
  constexpr Index packet = 32 / static_cast<Index>(sizeof(Scalar));  // wider ones make g++ 12 warn in vain
  alignas(64) Scalar root[block];
  for (Index first = 0; first < n; first += block) {
    const Index count = (std::min)(block, n - first);
    for (Index i = 0; i < count; ++i) root[i] = radicand(first + i);
    std::fill(root + count, root + block, Scalar(0));
    for (Index i = 0; i < block; i += packet) {
      Eigen::Map<Eigen::Array<Scalar, packet, 1>> some(root + i);
      some = some.sqrt();
    }
    for (Index i = 0; i < count; ++i) apply(first + i, root[i]);
  }
}

}  // namespace eigencoder::detail
