#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/core/types.hpp>
#include <eigencoder/image/jpeg_segments.hpp>
#include <eigencoder/image/png_chunks.hpp>
#include <eigencoder/image/stb_read.hpp>
#include <memory>
#include <span>
#include <string>
#include <utility>

/// @file
/// Bytes of a PNG or JPEG file to RGBA. stb_image decodes; what it does not check is checked before.
namespace eigencoder::detail {

/// An image of more pixels may need blocks of 2 GB, which stb_image cannot count.
inline constexpr Index most_pixels = 250'000'000;

/// An RGBA image, or the reason why there is none. Its orientation is in the steps from pixel to pixel.
struct DecodedImage {
  Index height = 0, width = 0;  ///< as the image is to be shown
  std::unique_ptr<void, void (*)(void*)> rgba{nullptr, stb::eigencoder_stbi_image_free};
  bool is_deep = false;  ///< values are std::uint16_t, and 65535 is one; else std::uint8_t, and 255 is one
  Index first = 0, row_step = 0, column_step = 0;  ///< the pixel at the top left, and the ways down and to the right
  std::string error;

  /// The place of a pixel; its four values begin at four times that.
  Index pixel(Index row, Index column) const { return first + row * row_step + column * column_step; }

  /// Sets how the image is to be shown: `orientation` as `exif_orientation`, of a stored image of this size.
  void orient(Index stored_height, Index stored_width, int orientation) {
    const bool is_upside_down = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    const bool is_mirrored = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    height = stored_height;
    width = stored_width;
    first = (is_upside_down ? (height - 1) * width : 0) + (is_mirrored ? width - 1 : 0);
    row_step = is_upside_down ? -width : width;
    column_step = is_mirrored ? -1 : 1;
    if (orientation < 5) return;
    std::swap(height, width);
    std::swap(row_step, column_step);
  }
};

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

/// Pixels as Apple's variant of PNG stores them (blue, green, red, multiplied by alpha) to RGBA.
template <class Value>
void convert_apples_pixels(Value* rgba, Index pixels, std::uint64_t one) {
  for (Value* const end = rgba + 4 * pixels; rgba != end; rgba += 4) {
    std::swap(rgba[0], rgba[2]);
    const std::uint64_t alpha = rgba[3];
    if (alpha == 0) continue;
    for (int c = 0; c < 3; ++c) {
      const std::uint64_t value = (rgba[c] * one + alpha / 2) / alpha;
      rgba[c] = static_cast<Value>(value < one ? value : one);
    }
  }
}

/// What stb_image says is wrong with the file that it has just refused.
inline std::string decoder_refusal(const ByteSource& source) {
  if (source.overrun) return "it ends too early: the file is cut off";
  const std::string reason = stb::eigencoder_stbi_failure_reason();
  if (reason == "outofmem") return "it holds more than an image of its size: the file is damaged";
  return "it is damaged or of an unknown kind (" + reason + ")";
}

/// Empty, or why an image of the size that its header claims is not decoded.
inline std::string size_refusal(Index width, Index height, Index least_bytes, Index bytes, Index max_pixels) {
  const std::string claim = std::to_string(width) + " x " + std::to_string(height) + " pixels";
  if (least_bytes > bytes)
    return "it claims " + claim + ", more than its " + std::to_string(bytes) + " bytes can hold: the file is damaged";
  if (width * height > max_pixels)
    return "it has " + claim + ", " + std::to_string(width * height) +
           " in all: more than ImageOptions::max_pixels, which is " + std::to_string(max_pixels);
  return "";
}

/// The image of a PNG or JPEG file that is in memory. No block of memory that decoding takes is larger than
/// 2^16 + max(2 * bytes of the file, 16 * pixels, sides rounded up), whatever the file claims.
/// @param max_pixels at most `most_pixels`
/// @param oriented whether the orientation in EXIF data is applied
inline DecodedImage decode_image(std::span<const std::uint8_t> file, Index max_pixels, bool oriented) {
  constexpr std::uint8_t png_signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  constexpr std::uint8_t jpeg_signature[] = {0xFF, 0xD8, 0xFF};
  const auto starts_with = [&](std::span<const std::uint8_t> signature) {
    return file.size() >= signature.size() && std::memcmp(file.data(), signature.data(), signature.size()) == 0;
  };
  DecodedImage image;
  const bool is_png = starts_with(png_signature);
  PngChunks png;
  int orientation = 1;
  if (is_png) {
    png = read_png_chunks(file);
    image.error = png.error;
    orientation = png.orientation;
  } else if (starts_with(jpeg_signature)) {
    const JpegSegments jpeg = JpegReader::read(file);
    image.error = jpeg.error;
    orientation = jpeg.orientation;
  } else {
    image.error = file.empty() ? "it is empty" : "it is neither a PNG nor a JPEG image";
  }
  if (!image.error.empty()) return image;
  const std::span<const std::uint8_t> bytes = is_png ? png.decoded : file;

  const stb::stbi_io_callbacks callbacks{ByteSource::read, ByteSource::skip, ByteSource::at_end};
  stb::stbi__err("no reason is known");  // where stb_image fails without a reason, an earlier one stands there
  // The decoder's own tables, and a PNG's deflated bytes, whose room it doubles when it is full.
  stb::most_bytes = (std::size_t{1} << 16) + 2 * bytes.size();
  int width = 0, height = 0, channels = 0;
  ByteSource header{bytes};
  if (stb::eigencoder_stbi_info_from_callbacks(&callbacks, &header, &width, &height, &channels) == 0) {
    image.error = decoder_refusal(header);
    return image;
  }
  const Index pixels = Index{width} * height;
  // One byte of deflate stands for at most 1032. JPEG spends a bit or more on 8 x 8 values of a component.
  const Index least_bytes = is_png ? pixels / 1032 * png.depth * png.values_per_pixel / 8 : pixels / 512;
  image.error = size_refusal(width, height, least_bytes, static_cast<Index>(file.size()), max_pixels);
  if (!image.error.empty()) return image;

  // A pixel takes at most 8 bytes, twice that where the room for inflated rows grows (each with a byte for its filter);
  // JPEG's blocks end past the edge.
  const Index room = 16 * (is_png ? pixels + height + 8 : (Index{width} + 32) * (Index{height} + 32));
  if (stb::most_bytes < static_cast<std::size_t>(room)) stb::most_bytes = static_cast<std::size_t>(room);
  ByteSource source{bytes};
  image.is_deep = is_png && png.depth == 16;
  if (image.is_deep)
    image.rgba.reset(stb::eigencoder_stbi_load_16_from_callbacks(&callbacks, &source, &width, &height, &channels, 4));
  else
    image.rgba.reset(stb::eigencoder_stbi_load_from_callbacks(&callbacks, &source, &width, &height, &channels, 4));
  if (!image.rgba || source.overrun) {
    image.error = decoder_refusal(source);
    image.rgba.reset();
    return image;
  }
  if (png.is_apples && png.values_per_pixel >= 3) {
    if (image.is_deep)
      convert_apples_pixels(static_cast<std::uint16_t*>(image.rgba.get()), pixels, 65535);
    else
      convert_apples_pixels(static_cast<std::uint8_t*>(image.rgba.get()), pixels, 255);
  }
  image.orient(height, width, oriented ? orientation : 1);
  return image;
}

}  // namespace eigencoder::detail
