#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/files/crc32.hpp>
#include <eigencoder/detail/image/exif.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// Checks the chunks of a PNG file, and reduces them to those that the pixels depend on.
/// Source: PNG specification (third edition), chapters 5 and 11.
namespace eigencoder::detail {

/// The contents of a PNG file's chunks.
struct PngChunks {
  std::string error = {};                  ///< what is wrong with the file; empty: nothing
  std::vector<std::uint8_t> decoded = {};  ///< a PNG file of the chunks that the pixels depend on
  std::uint32_t width = 0, height = 0;
  int depth = 0;                           ///< bits of a stored value
  int values_per_pixel = 0;                ///< as stored: 1 where there is a palette
  bool is_apples = false;                  ///< Apple's variant: values are blue, green, red, multiplied by alpha
  int orientation = 1;                     ///< from the chunk eXIf, as `exif_orientation` gives it
};

/// The number of values of a pixel; 0 if PNG has no such color type of this bit depth.
inline int png_values_per_pixel(int color_type, int depth) {
  constexpr int values[] = {1, 0, 3, 1, 2, 0, 4};
  const bool is_less_than_byte = depth == 1 || depth == 2 || depth == 4;
  const bool exists =
      depth == 8 || (depth == 16 && color_type != 3) || (is_less_than_byte && (color_type == 0 || color_type == 3));
  return color_type >= 0 && color_type <= 6 && exists ? values[color_type] : 0;
}

/// Reads the chunks of a file that begins with PNG's signature, up to IEND: what follows is no part of the image.
inline PngChunks read_png_chunks(std::span<const std::uint8_t> file) {
  constexpr std::size_t signature_size = 8, frame_size = 12;  // of each chunk: length, type, checksum
  constexpr std::size_t palette_size = 3 * 256;
  PngChunks png;
  png.decoded.resize(file.size() + palette_size);
  std::size_t used = 0;
  const auto append = [&](std::span<const std::uint8_t> bytes) {
    std::memcpy(png.decoded.data() + used, bytes.data(), bytes.size());
    used += bytes.size();
  };
  bool has_palette = false;
  const auto number = [&](std::size_t at) {
    return std::uint32_t{file[at]} << 24 | std::uint32_t{file[at + 1]} << 16 | std::uint32_t{file[at + 2]} << 8 |
           file[at + 3];
  };
  const auto is_decoded = [](std::string_view type) {
    return type == "IHDR" || type == "PLTE" || type == "IDAT" || type == "IEND" || type == "tRNS" || type == "CgBI";
  };
  const auto fail = [&](std::string reason) {
    png.error = std::move(reason);
    return png;
  };

  append(file.first(signature_size));
  for (std::size_t at = signature_size; file.size() - at >= frame_size;) {
    const std::size_t length = number(at);
    if (length > file.size() - at - frame_size) break;
    const std::span<const std::uint8_t> chunk = file.subspan(at, frame_size + length), data = chunk.subspan(8, length);
    at += frame_size + length;
    const std::string type(reinterpret_cast<const char*>(chunk.data() + 4), 4);
    // One bit of the type says whether a decoder may ignore the chunk. If only this bit is damaged, the other bits
    // still name a chunk that the pixels depend on.
    const bool is_ancillary = (type[0] & 0x20) != 0;
    const std::string critical = std::string(1, static_cast<char>(type[0] & ~0x20)) + type.substr(1);
    const bool matters = !is_ancillary || is_decoded(type) || is_decoded(critical);
    const bool is_whole = crc32(chunk.subspan(4, length + 4)) == number(at - 4);
    if (!is_whole && matters) return fail("a checksum is wrong: the file is damaged");

    if (type == "IHDR") {
      if (png.depth != 0) return fail("it has two headers: the file is damaged");
      png.depth = length == 13 ? data[8] : 0;
      png.values_per_pixel = length == 13 ? png_values_per_pixel(data[9], data[8]) : 0;
      if (png.values_per_pixel == 0) return fail("its header names no color type and bit depth of PNG");
      png.width = number(at - length - 4);
      png.height = number(at - length);
    } else if (type == "CgBI") {
      png.is_apples = true;
    } else if (type == "eXIf" && is_whole) {
      png.orientation = exif_orientation(data);
    } else if (!is_ancillary && !is_decoded(type)) {
      return fail("it holds a chunk that must be understood and is not PNG's own");
    }
    if (type == "PLTE") {
      if (has_palette || length == 0 || length > palette_size || length % 3 != 0)
        return fail("its palette has a wrong size or comes twice: the file is damaged");
      has_palette = true;
      // Fills the palette with black up to its largest size, as libpng does: stb_image would read uninitialized memory
      // for a pixel whose color is after the palette's end.
      std::array<std::uint8_t, 8 + palette_size + 4> whole{0, 0, palette_size >> 8, palette_size & 255};
      std::memcpy(whole.data() + 4, "PLTE", 4);
      std::memcpy(whole.data() + 8, data.data(), length);
      append(whole);  // its checksum stays 0: stb_image does not read it
    } else if (is_decoded(type) && !(type == "IDAT" && length == 0)) {  // stb_image would copy 0 bytes to null
      append(chunk);
    }
    if (type == "IEND") {
      png.decoded.resize(used);
      return png;
    }
  }
  return fail("it ends too early: the file is cut off");
}

}  // namespace eigencoder::detail
