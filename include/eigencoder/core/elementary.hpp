#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

/// @file
/// Elementary functions without branches or calls, so that loops over them vectorize; float and double.
namespace eigencoder::detail {

/// e^x for x <= 0, to a few units in the last place; where that would be subnormal, the smallest normal power
/// (about e^-87, e^-708). With k the integer next to x / ln 2 and r = x - k ln 2, it is 2^k times the Taylor polynomial
/// of e^r, |r| <= ln 2 / 2; k is read off the bits of a sum that has no room for a fraction. A NaN stays one.
template <class Scalar>
Scalar exp_of_negative(Scalar x) {
  constexpr bool single = std::is_same_v<Scalar, float>;
  using Bits = std::conditional_t<single, std::uint32_t, std::uint64_t>;
  constexpr int mantissa = single ? 23 : 52, bias = single ? 127 : 1023, degree = single ? 7 : 13;
  constexpr Scalar lowest = single ? Scalar(-87) : Scalar(-708);
  constexpr Scalar shifter = Scalar(3) * static_cast<Scalar>(Bits{1} << (mantissa - 1));
  constexpr Scalar ln2_high = single ? Scalar(0x1.62e4p-1) : Scalar(0x1.62e42fee00000p-1);  // k ln2_high is exact
  constexpr Scalar ln2_low = single ? Scalar(0x1.7f7d1cp-20) : Scalar(0x1.a39ef35793c76p-33);
  x = x < lowest ? lowest : x;
  const Scalar shifted = x * Scalar(1.4426950408889634) + shifter;
  const Scalar k = shifted - shifter;
  const Scalar r = (x - k * ln2_high) - k * ln2_low;
  Scalar sum = 1;
  for (int n = degree; n > 0; --n) sum = 1 + sum * (r * (1 / static_cast<Scalar>(n)));
  const Bits exponent = std::bit_cast<Bits>(shifted) - std::bit_cast<Bits>(shifter) + Bits{bias};
  return sum * std::bit_cast<Scalar>(static_cast<Bits>(exponent << mantissa));
}

/// log(1 + t) for t in [0, 1], to a few units in the last place: 2 artanh(s), s = t / (2 + t) <= 1/3, by its series.
template <class Scalar>
Scalar log1p_of_fraction(Scalar t) {
  constexpr int terms = std::is_same_v<Scalar, float> ? 8 : 17;
  const Scalar s = t / (2 + t);
  const Scalar square = s * s;
  Scalar sum = 0;
  for (int n = terms; n >= 0; --n) sum = sum * square + 1 / static_cast<Scalar>(2 * n + 1);
  return 2 * s * sum;
}

/// x, but 0 where it is subnormal. A running mean of zeros never leaves the subnormal numbers, as its decay is rounded
/// away there, and on many processors each of them costs more than a hundred others.
template <class Scalar>
Scalar without_subnormal(Scalar x) {
  return std::abs(x) < std::numeric_limits<Scalar>::min() ? Scalar(0) : x;
}

}  // namespace eigencoder::detail
