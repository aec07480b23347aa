#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/extend/types.hpp>
#include <type_traits>

/// @file
/// Numbers as the bytes of a file.
namespace eigencoder::detail {

/// The value of an IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 of fraction; subnormals, infinities and
/// NaNs included. Every such number is a float: nothing is rounded.
constexpr float half_to_float(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1F;
  const std::uint32_t fraction = half & 0x3FF;
  if (exponent == 0)  // zero and subnormals: fraction * 2^-24, which a float holds as a normal number
    return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(static_cast<float>(fraction) * 0x1p-24F));
  const std::uint32_t wide = exponent == 0x1F ? 0xFF : exponent + (127 - 15);
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

/// The value of a bfloat16, which is the upper half of a float.
constexpr float bfloat16_to_float(std::uint16_t half) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(half) << 16);
}

/// How a file stores its numbers.
struct NumberFormat {
  /// 'f' floating point (IEEE 754), 'i' signed and 'u' unsigned integers, 'b' truth values, 'p' pixels: unsigned bytes
  /// v that mean v / 255.
  char kind = 'f';
  std::size_t width = 4;  ///< bytes of a number: 2, 4 or 8, or 1 unless it is floating-point
  bool big_endian = false;
};

/// Converts `count` numbers with a stride of `step` numbers in the file to numbers with a stride of `to_step`, rounded
/// where `Scalar` cannot represent them. Truth values become 0 and 1.
/// @param from  the first number; it may be unaligned
template <class Scalar>
void convert_numbers(const NumberFormat& format, const std::uint8_t* from, Index step, Index count, Scalar* to,
                     Index to_step) {
  const auto convert = [&]<class Bits>(Bits, const auto& decode) {
    constexpr std::size_t width = sizeof(Bits);
    const bool swap = width > 1 && format.big_endian == (std::endian::native == std::endian::little);
    const auto number = [&](Index i) {
      Bits bits;
      std::memcpy(&bits, from + i * static_cast<Index>(width), width);
      if (swap) {
        Bits swapped = 0;
        for (std::size_t b = 0; b < width; ++b)
          swapped = static_cast<Bits>(swapped | ((bits >> (8 * b)) & 0xFF) << (8 * (width - 1 - b)));
        bits = swapped;
      }
      return static_cast<Scalar>(decode(bits));
    };
    if (step == 1 && to_step == 1)  // the usual case, which compilers vectorize
      for (Index i = 0; i < count; ++i) to[i] = number(i);
    else
      for (Index i = 0; i < count; ++i) to[i * to_step] = number(i * step);
  };
  const auto convert_integer = [&]<class Bits>(Bits zero) {
    if (format.kind == 'i')
      convert(zero, [](Bits bits) { return std::bit_cast<std::make_signed_t<Bits>>(bits); });
    else
      convert(zero, [](Bits bits) { return bits; });
  };
  if (format.kind == 'f') {
    if (format.width == 2)
      convert(std::uint16_t{}, half_to_float);
    else if (format.width == 4)
      convert(std::uint32_t{}, [](std::uint32_t bits) { return std::bit_cast<float>(bits); });
    else
      convert(std::uint64_t{}, [](std::uint64_t bits) { return std::bit_cast<double>(bits); });
  } else if (format.kind == 'b') {
    convert(std::uint8_t{}, [](std::uint8_t bits) { return bits != 0 ? 1 : 0; });
  } else if (format.kind == 'p') {
    convert(std::uint8_t{}, [](std::uint8_t bits) { return static_cast<Scalar>(bits) / Scalar(255); });
  } else if (format.width == 1) {
    convert_integer(std::uint8_t{});
  } else if (format.width == 2) {
    convert_integer(std::uint16_t{});
  } else if (format.width == 4) {
    convert_integer(std::uint32_t{});
  } else {
    convert_integer(std::uint64_t{});
  }
}

}  // namespace eigencoder::detail
