#pragma once

#include <cmath>
#include <eigencoder/detail/math/exponential.hpp>
#include <eigencoder/detail/math/normal_distribution.hpp>
#include <limits>

/// @file
/// Elementary functions of `float` and `double` without branches or calls, in `detail::math`. A loop over contiguous
/// values vectorizes (g++ and clang, -O3), and a value's bits do not depend on its position in the loop.
///
/// Each docstring states the bound of the error in units in the last place, |result - exact| / (epsilon |exact|), in
/// rounding to nearest, with or without fused multiplication and addition; tests/detail/elementary.test.cpp measures it
/// against `long double`.
namespace eigencoder::detail {

/// x, or 0 if it is subnormal. A running mean of zeros would stay subnormal for ever, as its decay is rounded away
/// there, and on many processors arithmetic with a subnormal number costs more than a hundred other operations.
template <class Scalar>
Scalar without_subnormal(Scalar x) {
  return (std::abs)(x) < (std::numeric_limits<Scalar>::min)() ? Scalar(0) : x;
}

}  // namespace eigencoder::detail
