#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace eigencoder::detail {

/// Text out of a file, fit for a message: quoted, short, and without control characters.
inline std::string shown(std::string_view text) {
  constexpr std::size_t most = 60;
  std::string out = "'";
  for (const char c : text.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7F ? '?' : c;
  }
  return out + (text.size() > most ? "...'" : "'");
}

}  // namespace eigencoder::detail
