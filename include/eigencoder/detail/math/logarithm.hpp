#pragma once

#include <eigencoder/detail/math/bits.hpp>
#include <eigencoder/detail/math/polynomial.hpp>

namespace eigencoder::detail::math {

/// log(1 + t) for t in [0, 1], to 2 units in the last place: t times a polynomial that interpolates log(1 + t) / t in
/// the Chebyshev nodes, found with 50 digits. A NaN stays one.
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

}  // namespace eigencoder::detail::math
