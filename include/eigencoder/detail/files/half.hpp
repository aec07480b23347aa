#pragma once

#include <bit>
#include <cstdint>

/// @file
/// Floating-point numbers of 16 bits, by their bits. Every one of them is a float: nothing is rounded.
namespace eigencoder::detail {

/// IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 of fraction. Subnormals, infinities and NaNs included.
constexpr float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1F;
  const std::uint32_t fraction = half & 0x3FF;
  if (exponent == 0)  // zero and subnormals: fraction * 2^-24, which a float holds as a normal number
    return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(static_cast<float>(fraction) * 0x1p-24F));
  const std::uint32_t wide = exponent == 0x1F ? 0xFF : exponent + (127 - 15);
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

/// bfloat16: the upper half of a float.
constexpr float bfloat16_to_float(std::uint16_t half) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(half) << 16);
}

}  // namespace eigencoder::detail
