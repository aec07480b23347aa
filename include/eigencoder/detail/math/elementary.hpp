#pragma once

#include <cmath>
#include <eigencoder/detail/math/bits.hpp>
#include <limits>
#include <numbers>

/// @file
/// Elementary functions of `float` and `double` without branches or calls, in `detail::math`: the exponential function
/// and the functions made of it, and the normal distribution. A loop over contiguous values vectorizes (g++ and clang,
/// -O3), and a value's bits do not depend on its position in the loop.
///
/// Each docstring states the bound of the error in units in the last place, |result - exact| / (epsilon |exact|), in
/// rounding to nearest, with or without fused multiplication and addition; tests/detail/elementary.test.cpp measures it
/// against `long double`.
EIGENCODER_PRECISE_BEGIN
namespace eigencoder::detail::math {

/// (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2 and a little more: the polynomial that interpolates it in the Chebyshev
/// nodes, computed with 50 digits.
template <class Scalar>
[[gnu::always_inline]] inline Scalar exponential_remainder(Scalar r) {
  if constexpr (Format<Scalar>::single) {
    constexpr float c[] = {0.5F, 0.1666650749F, 0.04166646781F, 0.008373104177F, 0.001393858035F};
    return polynomial(c, r);
  } else {
    constexpr double c[] = {0.500000000000000102,     0.166666666666666675,     0.0416666666666240377,
                            0.0083333333333300549,    0.00138888889172587583,   0.000198412698630882544,
                            0.0000248015212259864325, 2.7557268406190795e-6,    2.76201217173819352e-7,
                            2.51004110820149011e-8};
    return polynomial(c, r);
  }
}

/// The reduction x = k ln 2 + r, with an integer k and |r| <= ln 2 / 2. `half_power` is 2^k / 2, or 0 for the least
/// exponent, where the result might not be normal. Numbers below or above the range are replaced by one with the least
/// exponent, or by one whose power overflows. k is the integer part of a sum that is too large for fraction bits; k
/// times the first part of ln 2 is exact.
template <class Scalar>
struct PowerOfTwo {
  Scalar half_power, rest;

  [[gnu::always_inline]] explicit PowerOfTwo(Scalar x) {
    using F = Format<Scalar>;
    using Bits = typename F::Bits;
    constexpr Scalar shifter = Scalar(3) * static_cast<Scalar>(Bits{1} << (F::mantissa - 1));
    constexpr Scalar ln2_high = F::single ? Scalar(0x1.62e4p-1) : Scalar(0x1.62e42fee00000p-1);
    constexpr Scalar ln2_low = F::single ? Scalar(0x1.7f7d1cp-20) : Scalar(0x1.a39ef35793c76p-33);
    constexpr Scalar lowest = static_cast<Scalar>((1 - F::bias) * 0.6931471805599453);
    constexpr Scalar highest = static_cast<Scalar>((F::bias + 1.25) * 0.6931471805599453);
    x = select(x < lowest, lowest, x);  // no branch: compilers would compute the constant side in advance
    x = select(x > highest, highest, x);
    const Scalar shifted = x * Scalar(1.4426950408889634) + shifter;
    const Scalar k = shifted - shifter;
    rest = (x - k * ln2_high) - k * ln2_low;
    const Bits exponent = std::bit_cast<Bits>(shifted) - std::bit_cast<Bits>(shifter) + Bits{F::bias - 1};
    half_power = std::bit_cast<Scalar>(static_cast<Bits>(exponent << F::mantissa));
  }
};

/// e^(x + low), where |low| is at most 0.05 (`float`) or 1e-4 (`double`); see `exp`.
template <class Scalar>
[[gnu::always_inline]] inline Scalar exp_of_sum(Scalar x, Scalar low) {
  const PowerOfTwo<Scalar> power(x);
  const Scalar r = power.rest + low;
  const Scalar half = (1 + (r + r * r * exponential_remainder(r))) * power.half_power;
  return half + half;
}

/// e^x to 1 unit in the last place, infinite where it overflows; 0, not a subnormal number, below about 1.4 times the
/// smallest normal one (x < -86.9 or -708.0). A NaN stays NaN.
template <class Scalar>
[[gnu::always_inline]] inline Scalar exp(Scalar x) { return exp_of_sum(x, Scalar(0)); }

/// e^x - 1 to 2 units in the last place, near 0 too; infinite where it overflows. A NaN stays NaN.
/// With x = k ln 2 + r it is 2^k (e^r - 1) + (2^k - 1).
template <class Scalar>
[[gnu::always_inline]] inline Scalar expm1(Scalar x) {
  const PowerOfTwo<Scalar> power(x);
  const Scalar r = power.rest;
  const Scalar half = (r + r * r * exponential_remainder(r)) * power.half_power + (power.half_power - Scalar(0.5));
  return half + half;
}

/// log(1 + t) for t in [0, 1], to 2 units in the last place: t times the polynomial that interpolates log(1 + t) / t in
/// the Chebyshev nodes, computed with 50 digits. A NaN stays NaN.
template <class Scalar>
[[gnu::always_inline]] inline Scalar log1p_of_fraction(Scalar t) {
  if constexpr (Format<Scalar>::single) {
    constexpr float c[] = {1.0F,           -0.4999989265F, 0.333297105F,    -0.2495161626F, 0.1966327426F,
                           -0.1526966707F, 0.105436238F,   -0.05637361283F, 0.01954252726F, -0.003176057018F};
    return t * polynomial(c, t);
  } else {
    constexpr double c[] = {
        1.0,                    -0.49999999999999079,   0.333333333331975252,   -0.249999999920095234,
        0.199999997498565228,   -0.166666618482485386,  0.142856519752759262,   -0.124994270635143811,
        0.111072115852995379,   -0.0997976809658656833, 0.0900909581519863245,  -0.0807095457843020583,
        0.0701529623652647141,  -0.0571897853419390586, 0.0419257098539041573,  -0.0263987794807432172,
        0.0135987780906172537,  -0.00542173399100160966, 0.00155352440343343336, -0.000282742113937410716,
        0.0000244379739485809471};
    return t * polynomial(c, t);
  }
}

/// 1 / (1 + e^-z) to 2 units in the last place where that is a normal number. A NaN stays NaN.
template <class Scalar>
[[gnu::always_inline]] inline Scalar sigmoid(Scalar z) { return 1 / (1 + exp(-z)); }

/// tanh z to 2 units in the last place, near 0 too; odd, bit for bit. A NaN stays NaN.
/// With m = e^(-2 |z|) - 1 its absolute value is -m / (2 + m).
template <class Scalar>
[[gnu::always_inline]] inline Scalar tanh(Scalar z) {
  const Scalar m = expm1(-2 * (std::abs)(z));
  return std::copysign(m / (2 + m), z);
}

/// log(1 + e^z) to 2 units in the last place where that is a normal number, as max(z, 0) + log(1 + e^-|z|): nothing
/// overflows. A NaN stays NaN.
template <class Scalar>
[[gnu::always_inline]] inline Scalar softplus(Scalar z) {
  const Scalar tail = log1p_of_fraction(exp(-(std::abs)(z)));
  return select(z > 0, z, Scalar(0)) + tail;
}

/// e^(-z^2 / 2) to 2 units in the last place where that is a normal number, 0 below. A NaN stays NaN.
/// With h the first half of z's digits, z^2 = h^2 + (z - h) (z + h), where h^2 is exact.
template <class Scalar>
[[gnu::always_inline]] inline Scalar exp_of_half_square(Scalar z) {
  using F = Format<Scalar>;
  using Bits = typename F::Bits;
  constexpr Scalar last = F::single ? 14 : 39;  // from here on the result is 0
  const Scalar size = (std::abs)(z);
  const Scalar a = select(size > last, last, size);
  const Scalar h = std::bit_cast<Scalar>(std::bit_cast<Bits>(a) & ~((Bits{1} << F::half_mantissa) - 1));
  return exp_of_sum(Scalar(-0.5) * (h * h), Scalar(-0.5) * ((a - h) * (a + h)));
}

/// (a + 4) P(-a) e^(a^2 / 2) for a >= 0, as a function of t = 1 - 8 / (a + 4), in which it is smooth up to t = 1; P is
/// the standard normal distribution function. The polynomial interpolates it in the Chebyshev nodes of the interval for
/// a <= 14 or 39, computed with 50 digits. The change of variable is Shepherd & Laframboise's, "Chebyshev approximation
/// of (1 + 2x) exp(x^2) erfc x in 0 <= x < infinity" (1981).
template <class Scalar>
[[gnu::always_inline]] inline Scalar scaled_normal_tail(Scalar t) {
  if constexpr (Format<Scalar>::single) {
    constexpr float c[] = {0.7552851383F,  -0.6078966183F,   0.3871366841F, -0.1865226849F,  0.06040668873F,
                           -0.007529250703F, -0.0035261837F, 0.001572317879F, 0.0002012617303F, -0.0001201844011F};
    return polynomial(c, t);
  } else {
    constexpr double c[] = {
        0.75528513041575148,      -0.607896641971891759,    0.387137400742218879,     -0.186521857959694163,
        0.0603965748906994641,    -0.00754018896559305902,  -0.00347969236224253334,  0.0016308184418903596,
        0.000133344254019049116,  -0.000231094818319376211, -1.90786653166135743e-6,  0.0000351441811577609727,
        7.15005595921609866e-7,   -5.91889273176323645e-6,  -6.25132104047868019e-7,  1.01980485181351727e-6,
        2.63682485764076251e-7,   -1.54263205367710739e-7,  -7.63808205349045035e-8,  1.45785933470364597e-8,
        1.39240239935017101e-8,   7.26954547902668946e-11,  -9.65342542022850467e-10};
    return polynomial(c, t);
  }
}

/// The standard normal distribution function at z, to 5 units in the last place, also in the lower tail as long as the
/// result is a normal number. A NaN stays NaN.
template <class Scalar>
[[gnu::always_inline]] inline Scalar normal_distribution(Scalar z) {
  const Scalar a = (std::abs)(z);
  const Scalar q = 1 / (a + 4);
  const Scalar tail = exp_of_half_square(z) * (q * scaled_normal_tail(1 - 8 * q));
  return select(z > 0, 1 - tail, tail);
}

/// The standard normal density at z, to 2 units in the last place where that is a normal number, 0 below. A NaN stays
/// NaN.
template <class Scalar>
[[gnu::always_inline]] inline Scalar normal_density(Scalar z) {
  constexpr Scalar factor = std::numbers::inv_sqrtpi_v<Scalar> * std::numbers::sqrt2_v<Scalar> / 2;
  return factor * exp_of_half_square(z);
}

}  // namespace eigencoder::detail::math
EIGENCODER_PRECISE_END

namespace eigencoder::detail {

/// x, or 0 if it is subnormal. A running mean of zeros would stay subnormal for ever, as its decay is rounded away
/// there, and on many processors arithmetic with a subnormal number costs more than a hundred other operations.
template <class Scalar>
Scalar without_subnormal(Scalar x) {
  return (std::abs)(x) < (std::numeric_limits<Scalar>::min)() ? Scalar(0) : x;
}

}  // namespace eigencoder::detail
