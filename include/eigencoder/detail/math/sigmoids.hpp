#pragma once

#include <cmath>
#include <eigencoder/detail/math/exponential.hpp>

namespace eigencoder::detail::math {

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

}  // namespace eigencoder::detail::math
