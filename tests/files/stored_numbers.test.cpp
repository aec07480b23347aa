// Floating-point numbers of 16 bits.
#include <eigencoder/detail/files/stored_numbers.hpp>

#include <bit>
#include <cmath>
#include <cstdint>

#include "support/catch.hpp"

using namespace eigencoder;

namespace {

/// The number of a format with the given bits of exponent and fraction, by its definition in IEEE 754, section 3.4.
double by_definition(std::uint32_t bits, int exponent_bits, int fraction_bits) {
  const int bias = (1 << (exponent_bits - 1)) - 1, most = (1 << exponent_bits) - 1;
  const int exponent = static_cast<int>(bits >> fraction_bits) & most;
  const auto fraction = static_cast<double>(bits & ((1U << fraction_bits) - 1));
  double value = exponent == 0 ? std::ldexp(fraction, 1 - bias - fraction_bits)
                               : std::ldexp(1 + std::ldexp(fraction, -fraction_bits), exponent - bias);
  if (exponent == most) value = fraction == 0 ? HUGE_VAL : std::nan("");
  return (bits >> (exponent_bits + fraction_bits)) != 0 ? -value : value;
}

bool same(float value, double expected) {
  if (std::isnan(expected)) return std::isnan(value);
  return static_cast<double>(value) == expected && std::signbit(value) == std::signbit(expected);
}

}  // namespace

TEST_CASE("every number of 16 bits becomes the float of the same value") {
  int wrong = 0;
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    wrong += !same(detail::half_to_float(half), by_definition(bits, 5, 10));
    wrong += !same(detail::bfloat16_to_float(half), by_definition(bits, 8, 7));
  }
  CHECK(wrong == 0);
  CHECK(detail::half_to_float(0x3555) == 0x1.554p-2F);  // the nearest to 1/3
  CHECK(detail::half_to_float(0x0001) == 0x1p-24F);     // the smallest subnormal
  CHECK(detail::half_to_float(0x7BFF) == 65504.F);      // the largest
  CHECK(detail::bfloat16_to_float(0x4049) == 3.140625F);
}
