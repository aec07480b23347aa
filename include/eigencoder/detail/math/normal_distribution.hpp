#pragma once

#include <cmath>
#include <eigencoder/detail/math/exponential.hpp>
#include <numbers>

EIGENCODER_PRECISE_BEGIN
namespace eigencoder::detail::math {

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
