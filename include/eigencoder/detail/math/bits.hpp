#pragma once

#include <bit>
#include <cstdint>
#include <eigencoder/detail/platform/floating_point.hpp>
#include <type_traits>

namespace eigencoder::detail::math {

/// What the functions need to know of `float` and `double`.
template <class Scalar>
struct Format {
  static constexpr bool single = std::is_same_v<Scalar, float>;
  static_assert(single || std::is_same_v<Scalar, double>, "eigencoder: the scalar is float or double");
  using Bits = std::conditional_t<single, std::uint32_t, std::uint64_t>;
  static constexpr int mantissa = single ? 23 : 52;
  static constexpr int bias = single ? 127 : 1023;
  static constexpr int half_mantissa = single ? 12 : 27;  // without that many last bits a square is exact
};

/// `condition ? yes : no` with both computed, so that a loop over it vectorizes: compilers will not run the two sides
/// of a branch.
template <class Scalar>
[[gnu::always_inline]] inline Scalar select(bool condition, Scalar yes, Scalar no) {
  using Bits = typename Format<Scalar>::Bits;
  Bits mask = Bits{0} - Bits{condition};
  // Not every processor can make 64 bits of a comparison in that way.
  if constexpr (!Format<Scalar>::single)
    mask = std::bit_cast<Bits>(condition ? std::bit_cast<Scalar>(~Bits{0}) : Scalar(0));
  return std::bit_cast<Scalar>((std::bit_cast<Bits>(yes) & mask) | (std::bit_cast<Bits>(no) & ~mask));
}

}  // namespace eigencoder::detail::math
