#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/platform/floating_point.hpp>
#include <limits>
#include <numbers>
#include <type_traits>
#include <utility>

#ifdef __clang__  // which may have been told to reorder sums, see floating_point.hpp: not these
#pragma float_control(push)
#pragma float_control(precise, on)
#endif
#include <eigencoder/detail/math/exponential.hpp>
#include <eigencoder/detail/math/logarithm.hpp>
#include <eigencoder/detail/math/normal_distribution.hpp>
#include <eigencoder/detail/math/sigmoids.hpp>
#ifdef __clang__
#pragma float_control(pop)
#endif

namespace eigencoder::detail {

/// Elementary functions of `float` and `double` without branches or calls: a loop over contiguous values vectorizes
/// (g++ and clang, -O3), and a value's bits do not depend on its place in the loop. Layers of your own may use them.
///
/// Each names the bound of its error in units in the last place, |result - exact| / (epsilon |exact|), which
/// holds in rounding to nearest, with or without fused multiplication and addition; tests/core/elementary.test.cpp
/// measures it against `long double`.
namespace elementary {}

/// x, but 0 where it is subnormal. A running mean of zeros never leaves the subnormal numbers, as its decay is rounded
/// away there, and on many processors each of them costs more than a hundred others.
template <class Scalar>
Scalar without_subnormal(Scalar x) {
  return (std::abs)(x) < (std::numeric_limits<Scalar>::min)() ? Scalar(0) : x;
}
}  // namespace eigencoder::detail
