#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/core/shape.hpp>
#include <eigencoder/core/types.hpp>
#include <eigencoder/image/stb_read.hpp>
#include <eigencoder/io/crc32.hpp>
#include <memory>
#include <span>
#include <string>

/// @file
/// Bytes of a PNG or JPEG file to RGBA. stb_image decodes; what it does not check (the checksums of a PNG, the Huffman
/// tables of a JPEG, an early end, sizes out of proportion) is checked here.
namespace eigencoder::detail {

/// Images with more pixels are refused, and those above the second limit unless a byte of the file stands for at most
/// so many of them: a file has to be large to take much memory.
inline constexpr Index max_pixels = Index{1} << 25;
inline constexpr Index usual_pixels = Index{1} << 22;
inline constexpr Index max_pixels_per_byte = 64;

/// An RGBA image, or the reason why there is none.
struct DecodedImage {
  Index height = 0;
  Index width = 0;
  /// 65535 is one; an 8-bit v comes as 257 v, so v / 255 exactly.
  std::unique_ptr<std::uint16_t, void (*)(void*)> rgba{nullptr, stb::eigencoder_stbi_image_free};
  std::string error;
};

/// What is wrong with the chunks of a PNG file: lengths, checksums, the end. Empty where nothing is.
inline std::string png_damage(std::span<const std::uint8_t> file) {
  const auto big_endian = [&](std::size_t at) {
    return std::uint32_t{file[at]} << 24 | std::uint32_t{file[at + 1]} << 16 | std::uint32_t{file[at + 2]} << 8 |
           file[at + 3];
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

/// Whether a Huffman table of a JPEG file counts more than the 256 codes there can be, for which stb_image has no room
/// before its version 2.28. Up to the first scan the file is a row of segments (ITU-T T.81, annex B), in which it
/// cannot lose its place; behind that, every marker counts that it may come upon.
inline bool has_wrong_huffman_table(std::span<const std::uint8_t> file) {
  const auto byte = [&](std::size_t at) { return at < file.size() ? std::size_t{file[at]} : 0; };
  bool in_header = true;
  for (std::size_t at = 2; at + 1 < file.size();) {
    const std::size_t marker = byte(at) == 0xFF ? byte(at + 1) : 0;
    if (marker == 0 || marker == 0xFF) {
      ++at;
      continue;
    }
    at += 2;
    const std::size_t end = at + (byte(at) << 8 | byte(at + 1));
    if (marker == 0xC4) {
      for (std::size_t table = at + 2; table < end;) {
        std::size_t codes = 0;
        for (std::size_t i = 1; i <= 16; ++i) codes += byte(table + i);
        if (codes > 256) return true;
        table += 17 + codes;
      }
    }
    if (marker == 0xDA) in_header = false;
    if (in_header) at = end;
  }
  return false;
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

/// The image of a PNG or JPEG file that is in memory. No block of memory that decoding takes is larger than
/// 2^16 + max(2 * bytes of the file, 16 * pixels, sides rounded up), whatever the file claims.
inline DecodedImage decode_image(std::span<const std::uint8_t> file) {
  constexpr std::uint8_t png_signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  constexpr std::uint8_t jpeg_signature[] = {0xFF, 0xD8, 0xFF};
  const auto starts_with = [&](std::span<const std::uint8_t> signature) {
    return file.size() >= signature.size() && std::memcmp(file.data(), signature.data(), signature.size()) == 0;
  };
  DecodedImage image;
  const bool is_png = starts_with(png_signature);
  if (is_png) {
    image.error = png_damage(file);
    if (!image.error.empty()) return image;
  } else if (!starts_with(jpeg_signature)) {
    image.error = file.empty() ? "it is empty" : "it is neither a PNG nor a JPEG image";
    return image;
  } else if (has_wrong_huffman_table(file)) {
    image.error = "a Huffman table counts more codes than there can be: the file is damaged";
    return image;
  }

  const stb::stbi_io_callbacks callbacks{ByteSource::read, ByteSource::skip, ByteSource::at_end};
  const auto reason = [](const ByteSource& source) -> std::string {
    if (source.overrun) return "it ends too early: the file is cut off";
    const std::string own = stb::eigencoder_stbi_failure_reason();
    if (own == "outofmem") return "it holds more than an image of its size: the file is damaged";
    return "it is damaged or of an unknown kind (" + own + ")";
  };
  // The decoder's own tables, and a PNG's deflated bytes, whose room it doubles when it is full.
  stb::most_bytes = (std::size_t{1} << 16) + 2 * file.size();
  int width = 0, height = 0, channels = 0;
  ByteSource header{file};
  if (stb::eigencoder_stbi_info_from_callbacks(&callbacks, &header, &width, &height, &channels) == 0) {
    image.error = reason(header);
    return image;
  }
  // One byte of deflate stands for at most 1032, and one of these for at most 8 pixels. JPEG spends a bit or more on
  // 8 x 8 values of a component.
  const Index pixels = Index{width} * height, size = static_cast<Index>(file.size());
  if (pixels > max_pixels || pixels / (is_png ? 8 * 1032 : 8 * 64) > size ||
      pixels > usual_pixels + max_pixels_per_byte * size) {
    image.error = "it claims " + std::to_string(width) + " x " + std::to_string(height) + " pixels: too many";
    return image;
  }

  // A pixel takes at most 8 bytes, twice that where the room for inflated rows grows; JPEG's blocks end past the edge.
  const auto room = 16 * (static_cast<std::size_t>(width) + 32) * (static_cast<std::size_t>(height) + 32);
  if (stb::most_bytes < room) stb::most_bytes = room;
  ByteSource source{file};
  image.rgba.reset(stb::eigencoder_stbi_load_16_from_callbacks(&callbacks, &source, &width, &height, &channels, 4));
  if (!image.rgba || source.overrun) {
    image.error = reason(source);
    return image;
  }
  image.height = height;
  image.width = width;
  return image;
}

}  // namespace eigencoder::detail
