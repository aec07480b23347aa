#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// PNG files of any encoding, built byte by byte after the specification, without any library.
using Bytes = std::vector<std::uint8_t>;

inline void put_big_endian(Bytes& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

inline Bytes png_chunk(const std::string& type, const Bytes& data) {
  Bytes body(type.begin(), type.end());
  body.insert(body.end(), data.begin(), data.end());
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint8_t byte : body)
    for (int bit = 0; bit < 8; ++bit) {
      const bool odd = ((crc ^ (std::uint32_t{byte} >> bit)) & 1) != 0;
      crc = (crc >> 1) ^ (odd ? 0xEDB88320U : 0U);
    }
  Bytes chunk;
  put_big_endian(chunk, static_cast<std::uint32_t>(data.size()));
  chunk.insert(chunk.end(), body.begin(), body.end());
  put_big_endian(chunk, ~crc);
  return chunk;
}

/// A zlib stream of one stored block (fewer than 65536 bytes).
inline Bytes zlib_stored(const Bytes& data) {
  const auto n = static_cast<std::uint16_t>(data.size());
  const auto inverse = static_cast<std::uint16_t>(~n);
  Bytes out{0x78,
            0x01,
            0x01,
            static_cast<std::uint8_t>(n & 255),
            static_cast<std::uint8_t>(n >> 8),
            static_cast<std::uint8_t>(inverse & 255),
            static_cast<std::uint8_t>(inverse >> 8)};
  out.insert(out.end(), data.begin(), data.end());
  std::uint32_t a = 1, b = 0;
  for (const std::uint8_t byte : data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  put_big_endian(out, b << 16 | a);
  return out;
}

struct Png {
  std::uint32_t width = 1;
  std::uint32_t height = 1;
  std::uint8_t depth = 8;  // bits of a value
  std::uint8_t color = 2;  // 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA
  bool interlaced = false;
  Bytes palette = {};       // PLTE
  Bytes transparency = {};  // tRNS
  Bytes rows = {};          // a filter byte 0 and the packed values, for each row (of each pass)

  Bytes bytes() const {
    Bytes header;
    put_big_endian(header, width);
    put_big_endian(header, height);
    for (const int value : {int{depth}, int{color}, 0, 0, interlaced ? 1 : 0})
      header.push_back(static_cast<std::uint8_t>(value));
    Bytes out{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    const auto add = [&](const Bytes& chunk) { out.insert(out.end(), chunk.begin(), chunk.end()); };
    add(png_chunk("IHDR", header));
    if (!palette.empty()) add(png_chunk("PLTE", palette));
    if (!transparency.empty()) add(png_chunk("tRNS", transparency));
    add(png_chunk("IDAT", zlib_stored(rows)));
    add(png_chunk("IEND", {}));
    return out;
  }
};
