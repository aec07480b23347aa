#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/files/half.hpp>
#include <eigencoder/extend/types.hpp>
#include <type_traits>

/// @file
/// Numbers as the bytes of a file.
namespace eigencoder::detail {

/// How a file stores its numbers.
struct NumberFormat {
  /// 'f' floating point (IEEE 754), 'i' signed, 'u' unsigned, 'b' truth values, 'p' pixels: unsigned bytes v that mean
  /// v / 255
  char kind = 'f';
  std::size_t width = 4;  ///< bytes of a number: 2, 4 or 8, or 1 where it is no floating-point number
  bool big_endian = false;
};

/// Converts `count` numbers, `step` numbers apart in the file, to numbers `to_step` apart, rounded where `Scalar`
/// cannot hold them. Truth values become 0 and 1.
/// @param from  the first; all of them are there, whatever their alignment
template <class Scalar>
void convert_numbers(const NumberFormat& format, const std::uint8_t* from, Index step, Index count, Scalar* to,
                     Index to_step) {
  const auto convert = [&]<class Bits>(Bits, const auto& decode) {
    constexpr std::size_t width = sizeof(Bits);
    const bool swap = width > 1 && format.big_endian == (std::endian::native == std::endian::little);
    const auto one = [&](Index at) {
      Bits bits;
      std::memcpy(&bits, from + at * static_cast<Index>(width), width);
      if (swap) {
        Bits turned = 0;
        for (std::size_t b = 0; b < width; ++b)
          turned = static_cast<Bits>(turned | ((bits >> (8 * b)) & 0xFF) << (8 * (width - 1 - b)));
        bits = turned;
      }
      return static_cast<Scalar>(decode(bits));
    };
    if (step == 1 && to_step == 1)  // as most files are, and compilers vectorize
      for (Index i = 0; i < count; ++i) to[i] = one(i);
    else
      for (Index i = 0; i < count; ++i) to[i * to_step] = one(i * step);
  };
  const auto convert_whole = [&]<class Bits>(Bits zero) {
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
    convert_whole(std::uint8_t{});
  } else if (format.width == 2) {
    convert_whole(std::uint16_t{});
  } else if (format.width == 4) {
    convert_whole(std::uint32_t{});
  } else {
    convert_whole(std::uint64_t{});
  }
}

}  // namespace eigencoder::detail
