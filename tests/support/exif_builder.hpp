#pragma once

#include <cstdint>

#include "support/png_builder.hpp"

/// EXIF data with one entry and another before it: a TIFF file, built after CIPA DC-008.
inline Bytes exif_data(std::uint32_t orientation, bool little_endian, std::uint32_t type = 3, std::uint32_t count = 1) {
  Bytes out;
  const auto put = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
      out.push_back(static_cast<std::uint8_t>(value >> 8 * (little_endian ? i : bytes - 1 - i)));
  };
  out.insert(out.end(), 2, little_endian ? 'I' : 'M');
  put(42, 2);
  put(10, 4);  // where the directory begins
  put(0, 2);
  put(2, 2);  // entries
  put(0x010F, 2), put(2, 2), put(4, 4), put(0, 4);
  put(0x0112, 2), put(type, 2), put(count, 4), put(orientation, type == 3 ? 2 : 4);
  if (type == 3) put(0, 2);
  put(0, 4);  // no other directory
  return out;
}

inline Bytes exif_segment_data(const Bytes& tiff) {
  Bytes out{'E', 'x', 'i', 'f', 0, 0};
  out.insert(out.end(), tiff.begin(), tiff.end());
  return out;
}
