#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace eigencoder::detail {

/// `crc32_tables[k][b]`: the contribution of a byte b, followed by k zero bytes, to a checksum.
inline constexpr auto crc32_tables = [] {
  std::array<std::array<std::uint32_t, 256>, 8> tables{};
  for (std::uint32_t b = 0; b < 256; ++b) {
    tables[0][b] = b;
    for (int bit = 0; bit < 8; ++bit)
      tables[0][b] = (tables[0][b] >> 1) ^ ((tables[0][b] & 1) != 0 ? 0xEDB88320U : 0U);
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t b = 0; b < 256; ++b)
      tables[k][b] = (tables[k - 1][b] >> 8) ^ tables[0][tables[k - 1][b] & 0xFF];
  return tables;
}();

/// The checksum of PNG, ZIP and gzip, computed eight bytes at a time. `crc32(b, crc32(a))` is that of a followed by b.
/// Sources: PNG specification (third edition), annex D; Kounavis & Berry, "A Systematic Approach to Building
/// High Performance Software-Based CRC Generators", 2005 ("slicing by 8").
constexpr std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t before = 0) {
  const auto& t = crc32_tables;
  const std::uint8_t* p = bytes.data();
  std::size_t rest = bytes.size();
  std::uint32_t crc = ~before;
  for (; rest >= 8; rest -= 8, p += 8) {
    crc ^= p[0] | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16 | std::uint32_t{p[3]} << 24;
    crc = t[7][crc & 0xFF] ^ t[6][crc >> 8 & 0xFF] ^ t[5][crc >> 16 & 0xFF] ^ t[4][crc >> 24] ^  //
          t[3][p[4]] ^ t[2][p[5]] ^ t[1][p[6]] ^ t[0][p[7]];
  }
  for (; rest > 0; --rest, ++p) crc = (crc >> 8) ^ t[0][(crc ^ *p) & 0xFF];
  return ~crc;
}

}  // namespace eigencoder::detail
