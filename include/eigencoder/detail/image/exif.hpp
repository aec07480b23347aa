#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace eigencoder::detail {

/// The orientation of an image in its EXIF data, 1 to 8: which row and column of the stored image are to be shown at
/// the top and at the left. 1 (as stored) where the data are damaged or have none.
/// Source: CIPA DC-008 (Exif 3.0), tag 0x0112 of the first directory.
/// @param tiff  the data, which begin with the byte order, or with "Exif\0\0" as in a JPEG and in the chunk eXIf of
///              some PNG writers
inline int exif_orientation(std::span<const std::uint8_t> tiff) {
  constexpr std::size_t header_size = 8, entry_size = 12;
  constexpr std::uint32_t orientation = 0x0112, type_short = 3;
  if (tiff.size() >= 6 && std::memcmp(tiff.data(), "Exif\0\0", 6) == 0) tiff = tiff.subspan(6);
  if (tiff.size() < header_size || tiff[0] != tiff[1] || (tiff[0] != 'I' && tiff[0] != 'M')) return 1;
  const bool little_endian = tiff[0] == 'I';
  const auto number = [&](std::size_t at, std::size_t bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | tiff[at + (little_endian ? bytes - 1 - i : i)];
    return value;
  };
  const std::size_t directory = number(4, 4);
  if (number(2, 2) != 42 || directory > tiff.size() - 2) return 1;
  const std::size_t entries = number(directory, 2);
  for (std::size_t i = 0, at = directory + 2; i < entries && tiff.size() - at >= entry_size; ++i, at += entry_size)
    if (number(at, 2) == orientation) {
      const std::uint32_t value = number(at + 8, 2);
      const bool is_one_short = number(at + 2, 2) == type_short && number(at + 4, 4) == 1;
      return is_one_short && value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
  return 1;
}

}  // namespace eigencoder::detail
