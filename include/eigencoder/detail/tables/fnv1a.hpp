#pragma once

#include <cstdint>
#include <string_view>

namespace eigencoder::detail {

/// A hash of 64 bits that is the same on every machine: FNV-1a.
/// Source: Fowler, Noll, Vo & Eastlake, "The FNV non-cryptographic hash algorithm", RFC 9923.
constexpr std::uint64_t fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3;
  return hash;
}

}  // namespace eigencoder::detail
