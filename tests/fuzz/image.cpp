#include <cstring>
#include <eigencoder/image/decode.hpp>
#include <vector>

#include "fuzz.hpp"

namespace {

/// Right checksums for the chunks of a PNG: chance would never get past them.
std::vector<std::uint8_t> repaired(std::span<const std::uint8_t> file) {
  std::vector<std::uint8_t> png(file.begin(), file.end());
  for (std::size_t at = 8; at < png.size() && png.size() - at >= 12;) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8 | png[at + i];
    if (length > png.size() - at - 12) break;
    const std::uint32_t crc = eigencoder::detail::crc32(std::span(png).subspan(at + 4, length + 4));
    for (std::size_t i = 0; i < 4; ++i) png[at + 8 + length + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
    at += length + 12;
  }
  return png;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span file(data, size);
  const bool png = size > 0 && data[0] == 0x89;
  const auto image = eigencoder::detail::decode_image(png ? repaired(file) : std::vector(file.begin(), file.end()));
  const bool whole = image.rgba && image.height > 0 && image.width > 0;
  if (image.error.empty() != whole) std::abort();
  return 0;
}
