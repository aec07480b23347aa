#pragma once

#include <cstddef>
#include <utility>

namespace eigencoder::detail::math {

/// c[0] + c[1] x + c[2] x^2 + ..., by Horner's rule, written out: a loop inside of a loop might not vectorize.
template <class Scalar, std::size_t Size>
[[gnu::always_inline]] constexpr Scalar polynomial(const Scalar (&c)[Size], Scalar x) {
  Scalar sum = c[Size - 1];
  [&]<std::size_t... Step>(std::index_sequence<Step...>) {
    ((sum = c[Size - 2 - Step] + sum * x), ...);
  }(std::make_index_sequence<Size - 1>());
  return sum;
}

}  // namespace eigencoder::detail::math
