#include <cstring>
#include <eigencoder/detail/image/decode.hpp>
#include <vector>

#include "fuzz.hpp"

namespace {

/// Corrects the checksums of a PNG's chunks, which random changes would never match.
std::vector<std::uint8_t> repaired(std::span<const std::uint8_t> file) {
  std::vector<std::uint8_t> png(file.begin(), file.end());
  for (std::size_t chunk = 8; chunk < png.size() && png.size() - chunk >= 12;) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8 | png[chunk + i];
    if (length > png.size() - chunk - 12) break;
    const std::uint32_t crc = eigencoder::detail::crc32(std::span(png).subspan(chunk + 4, length + 4));
    for (std::size_t i = 0; i < 4; ++i) png[chunk + 8 + length + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
    chunk += length + 12;
  }
  return png;
}

/// The sum of the values at the corners of the oriented image: a sanitizer notices if they are missing.
template <class Value>
unsigned corners(const eigencoder::detail::DecodedImage& image) {
  const auto* values = static_cast<const Value*>(image.rgba.get());
  unsigned sum = 0;
  for (const eigencoder::Index row : {eigencoder::Index{0}, image.height - 1})
    for (const eigencoder::Index column : {eigencoder::Index{0}, image.width - 1})
      for (int c = 0; c < 4; ++c) sum += values[4 * image.pixel(row, column) + c];
  return sum;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span file(data, size);
  const bool png = size > 0 && data[0] == 0x89;
  const auto image = eigencoder::detail::decode_image(png ? repaired(file) : std::vector(file.begin(), file.end()),
                                                      eigencoder::Index{1} << 22, true);
  const bool whole = image.rgba && image.height > 0 && image.width > 0;
  if (image.error.empty() != whole) std::abort();
  if (whole) {
    [[maybe_unused]] volatile unsigned sum =
        image.is_deep ? corners<std::uint16_t>(image) : corners<std::uint8_t>(image);
  }
  return 0;
}
