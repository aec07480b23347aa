#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/core/shape.hpp>
#include <eigencoder/core/types.hpp>
#include <eigencoder/image/stb_read.hpp>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// @file
/// Bytes of a PNG or JPEG file to RGBA. stb_image decodes; what it does not check (the checksums of a
/// PNG, an early end, sizes out of proportion) is checked here.
namespace eigencoder::detail {

/// Images with more pixels are refused.
inline constexpr Index max_pixels = Index{1} << 26;

/// An RGBA image, or the reason why there is none.
struct DecodedImage {
  Index height = 0;
  Index width = 0;
  std::vector<std::uint16_t> rgba;  ///< 65535 is one; an 8-bit v comes as 257 v, so v / 255 exactly
  std::string error;
};

/// The checksum of a PNG chunk. Source: PNG specification (third edition), annex D, CRC-32.
constexpr std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
  constexpr auto table = [] {
    std::array<std::uint32_t, 256> t{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      t[i] = i;
      for (int bit = 0; bit < 8; ++bit) t[i] = (t[i] >> 1) ^ ((t[i] & 1) != 0 ? 0xEDB88320U : 0U);
    }
    return t;
  }();
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint8_t byte : bytes) crc = (crc >> 8) ^ table[(crc ^ byte) & 0xFF];
  return ~crc;
}

/// What is wrong with the chunks of a PNG file: lengths, checksums, the end. Empty where nothing is.
inline std::string png_damage(std::span<const std::uint8_t> file) {
  const auto big_endian = [&](std::size_t at) {
    return std::uint32_t{file[at]} << 24 | std::uint32_t{file[at + 1]} << 16 |
           std::uint32_t{file[at + 2]} << 8 | file[at + 3];
  };
  for (std::size_t at = 8; file.size() - at >= 12;) {
    const std::size_t length = big_endian(at);
    if (length > file.size() - at - 12) break;
    if (crc32(file.subspan(at + 4, length + 4)) != big_endian(at + 8 + length))
      return "a checksum is wrong: the file is damaged";
    if (std::memcmp(&file[at + 4], "IEND", 4) == 0) return "";
    at += length + 12;
  }
  return "it ends too early: the file is cut off";
}

/// stb_image's view of a file in memory; it notes when the decoder asks for more than there is, since
/// stb_image fills a JPEG that is cut off with zeros.
struct ByteSource {
  std::span<const std::uint8_t> rest;
  bool overrun = false;

  static int read(void* self, char* out, int size) {
    auto& source = *static_cast<ByteSource*>(self);
    const std::size_t wanted = static_cast<std::size_t>(size);
    const std::size_t n = wanted < source.rest.size() ? wanted : source.rest.size();
    if (n == 0) source.overrun = true;
    if (n > 0) std::memcpy(out, source.rest.data(), n);
    source.rest = source.rest.subspan(n);
    return static_cast<int>(n);
  }
  static void skip(void* self, int size) {
    auto& source = *static_cast<ByteSource*>(self);
    const std::size_t n = size < 0 ? 0 : static_cast<std::size_t>(size);
    source.overrun = source.overrun || n > source.rest.size();
    source.rest = source.rest.subspan(n < source.rest.size() ? n : source.rest.size());
  }
  static int at_end(void* self) { return static_cast<ByteSource*>(self)->rest.empty() ? 1 : 0; }
};

inline DecodedImage decode_image(std::span<const std::uint8_t> file) {
  constexpr std::uint8_t png_signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  constexpr std::uint8_t jpeg_signature[] = {0xFF, 0xD8, 0xFF};
  const auto starts_with = [&](std::span<const std::uint8_t> signature) {
    return file.size() >= signature.size() &&
           std::memcmp(file.data(), signature.data(), signature.size()) == 0;
  };
  DecodedImage image;
  if (starts_with(png_signature)) {
    image.error = png_damage(file);
    if (!image.error.empty()) return image;
  } else if (!starts_with(jpeg_signature)) {
    image.error = file.empty() ? "it is empty" : "it is neither a PNG nor a JPEG image";
    return image;
  }

  const stb::stbi_io_callbacks callbacks{ByteSource::read, ByteSource::skip, ByteSource::at_end};
  const auto reason = [](const ByteSource& source) {
    return source.overrun
               ? std::string("it ends too early: the file is cut off")
               : "it is damaged or of an unknown kind (" + std::string(stb::eigencoder_stbi_failure_reason()) + ")";
  };
  int width = 0, height = 0, channels = 0;
  ByteSource header{file};
  if (stb::eigencoder_stbi_info_from_callbacks(&callbacks, &header, &width, &height, &channels) == 0) {
    image.error = reason(header);
    return image;
  }
  // One byte of deflate stands for at most 1032, and one of these for at most 8 pixels; JPEG packs less.
  const Index pixels = Index{width} * height;
  if (pixels > max_pixels || pixels / (8 * 1032) > static_cast<Index>(file.size())) {
    image.error = "it claims " + std::to_string(width) + " x " + std::to_string(height) + " pixels: too many";
    return image;
  }

  ByteSource source{file};
  const std::unique_ptr<stb::stbi_us, void (*)(void*)> data(
      stb::eigencoder_stbi_load_16_from_callbacks(&callbacks, &source, &width, &height, &channels, 4),
      stb::eigencoder_stbi_image_free);
  if (!data || source.overrun) {
    image.error = reason(source);
    return image;
  }
  image.height = height;
  image.width = width;
  image.rgba.assign(data.get(), data.get() + 4 * pixels);
  return image;
}

}  // namespace eigencoder::detail
