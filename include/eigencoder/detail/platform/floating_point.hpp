#pragma once

/// @file
/// Refuses compiler modes in which results would be wrong. Checks for NaN and infinity, elementary functions that take
/// an integer from the bits of a rounded sum, and normalization far from zero need arithmetic that follows IEEE 754.
/// clang has no macro for -funsafe-math-optimizations alone: headers whose results it would break put their functions
/// between `EIGENCODER_PRECISE_BEGIN` and `EIGENCODER_PRECISE_END`, where clang neither reorders nor approximates.

#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(_M_FP_FAST) || \
    (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0) ||                    \
    (defined(__GNUC__) && __GNUC__ < 12 && defined(__GCC_IEC_559) && __GCC_IEC_559 == 0)  // which had no other macro
#error "Eigencoder computes wrong results under -ffast-math, -Ofast, -ffinite-math-only, -funsafe-math-optimizations, \
-fassociative-math and /fp:fast: compile the files that include it without (-O3 -fno-math-errno is safe)"
#endif

#if defined(__FLT_EVAL_METHOD__) && (__FLT_EVAL_METHOD__ == 1 || __FLT_EVAL_METHOD__ == 2 || __FLT_EVAL_METHOD__ == -1)
#error "Eigencoder needs float and double computed in their own precision, which this target does not do by default: \
for x86 with 32 bits add -msse2 -mfpmath=sse"
#endif

static_assert(0.1 != static_cast<double>(0.1F),
              "Eigencoder needs constants of type double: compile without -fsingle-precision-constant");

#ifdef __clang__
#define EIGENCODER_PRECISE_BEGIN _Pragma("float_control(push)") _Pragma("float_control(precise, on)")
#define EIGENCODER_PRECISE_END _Pragma("float_control(pop)")
#else
#define EIGENCODER_PRECISE_BEGIN
#define EIGENCODER_PRECISE_END
#endif
