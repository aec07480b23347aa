#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/platform/floating_point.hpp>
#include <type_traits>
#include <utility>

/// @file
/// What the elementary functions are made of.
EIGENCODER_PRECISE_BEGIN
namespace eigencoder::detail::math {

/// The binary format of `float` and `double`.
template <class Scalar>
struct Format {
  static constexpr bool single = std::is_same_v<Scalar, float>;
  static_assert(single || std::is_same_v<Scalar, double>, "eigencoder: the scalar is float or double");
  using Bits = std::conditional_t<single, std::uint32_t, std::uint64_t>;
  static constexpr int mantissa = single ? 23 : 52;       ///< bits stored of the significand
  static constexpr int bias = single ? 127 : 1023;        ///< of the exponent
  static constexpr int half_mantissa = single ? 12 : 27;  ///< a number without so many last bits has an exact square
};

/// `condition ? yes : no` with both computed, without a branch, so that a loop over it vectorizes.
template <class Scalar>
[[gnu::always_inline]] inline Scalar select(bool condition, Scalar yes, Scalar no) {
  using Bits = typename Format<Scalar>::Bits;
  Bits mask = Bits{0} - Bits{condition};
  // Not every processor can widen a comparison to 64 bits in the way above.
  if constexpr (!Format<Scalar>::single)
    mask = std::bit_cast<Bits>(condition ? std::bit_cast<Scalar>(~Bits{0}) : Scalar(0));
  return std::bit_cast<Scalar>((std::bit_cast<Bits>(yes) & mask) | (std::bit_cast<Bits>(no) & ~mask));
}

/// c[0] + c[1] x + c[2] x^2 + ..., by Horner's rule, unrolled: a loop around an inner loop might not vectorize.
template <class Scalar, std::size_t Size>
[[gnu::always_inline]] constexpr Scalar polynomial(const Scalar (&c)[Size], Scalar x) {
  Scalar sum = c[Size - 1];
  [&]<std::size_t... Step>(std::index_sequence<Step...>) {
    ((sum = c[Size - 2 - Step] + sum * x), ...);
  }(std::make_index_sequence<Size - 1>());
  return sum;
}

}  // namespace eigencoder::detail::math
EIGENCODER_PRECISE_END
