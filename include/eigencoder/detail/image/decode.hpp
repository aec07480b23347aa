#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/detail/image/jpeg_segments.hpp>
#include <eigencoder/detail/image/png_chunks.hpp>
#include <eigencoder/detail/image/stb_read.hpp>
#include <eigencoder/extend/types.hpp>
#include <memory>
#include <span>
#include <string>
#include <utility>

/// @file
/// Decodes PNG and JPEG files to RGBA by stb_image. What stb_image does not check is checked before.
namespace eigencoder::detail {

/// For more pixels stb_image may need blocks of 2 GB, whose sizes it cannot count.
inline constexpr Index pixel_limit = 250'000'000;
/// stb_image decodes no image with a longer side.
inline constexpr std::uint64_t longest_side = std::uint64_t{1} << 24;

/// An RGBA image, or the reason why there is none. Its orientation is applied by the steps from pixel to pixel.
struct DecodedImage {
  Index height = 0, width = 0;  ///< of the oriented image
  std::unique_ptr<void, void (*)(void*)> rgba{nullptr, stb::eigencoder_stbi_image_free};
  bool is_deep = false;  ///< values are std::uint16_t from 0 to 65535, else std::uint8_t from 0 to 255
  /// The index of the pixel at the top left, and the distances to the pixels below and to the right of a pixel.
  Index first = 0, row_step = 0, column_step = 0;
  std::string error;  ///< empty: there is an image

  /// The index of a pixel in `rgba`; its four values begin at 4 times this index.
  Index pixel(Index row, Index column) const { return first + row * row_step + column * column_step; }

  /// Sets size and steps for a stored image of this size. @param orientation  as `exif_orientation` gives it
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

/// Gives a file in memory to stb_image. stb_image takes missing bytes at the end of a file or of a scan as zeros, so
/// this records whether it asks for more bytes than there are.
struct ByteSource {
  /// Of a JPEG: the bytes before the data of the last scan, these data, zeros, and the rest. A PNG is one part.
  std::array<std::span<const std::uint8_t>, 4> parts;
  std::size_t part = 0;       ///< the part from which stb_image read last
  bool has_scan_end = false;  ///< stb_image has all pixels of the last scan
  bool overrun = false;       ///< stb_image asked for more bytes than there are

  static ByteSource of_png(std::span<const std::uint8_t> file) { return {{file}}; }
  static ByteSource of_jpeg(std::span<const std::uint8_t> file, std::size_t scan_begin, std::size_t scan_end) {
    return {{file.first(scan_begin), file.subspan(scan_begin, scan_end - scan_begin), zeros, file.subspan(scan_end)}};
  }

  static int read(void* self, char* out, int size) {
    auto& source = *static_cast<ByteSource*>(self);
    std::span<const std::uint8_t>& rest = source.begin_part();
    const std::size_t requested = source.part == 2 ? 1 : static_cast<std::size_t>(size);
    const std::size_t n = requested < rest.size() ? requested : rest.size();
    if (n == 0 || (source.part == 2 && zeros.size() - rest.size() >= read_ahead && !source.has_scan_end))
      source.overrun = true;
    if (n > 0) std::memcpy(out, rest.data(), n);
    rest = rest.subspan(n);
    return static_cast<int>(n);
  }
  static void skip(void* self, int size) {  // within a segment or chunk, so within a part
    auto& source = *static_cast<ByteSource*>(self);
    std::span<const std::uint8_t>& rest = source.begin_part();
    const std::size_t n = size < 0 ? 0 : static_cast<std::size_t>(size);
    source.overrun = source.overrun || n > rest.size();
    rest = rest.subspan(n < rest.size() ? n : rest.size());
  }
  /// stb_image calls this before it searches the marker after a scan of which it has all pixels.
  static int at_end(void* self) {
    auto& source = *static_cast<ByteSource*>(self);
    if (source.part > 0) source.has_scan_end = true;
    for (std::size_t i = source.part; i < source.parts.size(); ++i)
      if (!source.parts[i].empty()) return 0;
    return 1;
  }

 private:
  static constexpr std::array<std::uint8_t, 8> zeros{};
  static constexpr std::size_t read_ahead = 4;  ///< bytes that stb_image reads after a scan without need

  std::span<const std::uint8_t>& begin_part() {
    while (parts[part].empty() && part + 1 < parts.size()) ++part;
    return parts[part];
  }
};

/// Converts pixels of Apple's variant of PNG (blue, green, red, multiplied by alpha) to RGBA.
/// @param one  the largest value
template <class Value>
void convert_apples_pixels(Value* rgba, std::uint64_t pixels, std::uint64_t one) {
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

/// Why stb_image has just refused the file.
inline std::string decoder_refusal(const ByteSource& source) {
  if (source.overrun) return "it ends too early: the file is cut off";
  const std::string reason = stb::eigencoder_stbi_failure_reason();
  if (stb::is_out_of_memory) return "its pixels do not fit into the memory";
  if (reason == "outofmem") return "it holds more than an image of its size: the file is damaged";
  return "it is damaged or of an unknown kind (" + reason + ")";
}

/// Why an image of the size that its header claims is not decoded; empty if it is.
inline std::string size_refusal(std::uint64_t width, std::uint64_t height, std::uint64_t least_bytes,
                                std::uint64_t bytes, std::uint64_t max_pixels) {
  const std::string claim = std::to_string(width) + " x " + std::to_string(height) + " pixels";
  if (least_bytes > bytes)
    return "it claims " + claim + ", more than its " + std::to_string(bytes) + " bytes can hold: the file is damaged";
  if (width * height > max_pixels)
    return "it has " + claim + ", " + std::to_string(width * height) +
           " in all: more than ImageOptions::max_pixels, which is " + std::to_string(max_pixels);
  if (width > longest_side || height > longest_side)
    return "it has " + claim + ", and " + std::to_string(longest_side) + " on a side are supported";
  return "";
}

/// The image of a PNG or JPEG file in memory. Decoding allocates no block of memory that is larger than
/// 2^16 + max(2 * bytes of the file, 16 * pixels, sides rounded up), whatever the file claims.
/// @param max_pixels  at most `pixel_limit`
/// @param oriented  whether the orientation in EXIF data is applied
inline DecodedImage decode_image(std::span<const std::uint8_t> file, Index max_pixels, bool oriented) {
  constexpr std::uint8_t png_signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  constexpr std::uint8_t jpeg_signature[] = {0xFF, 0xD8, 0xFF};
  const auto starts_with = [&](std::span<const std::uint8_t> signature) {
    return file.size() >= signature.size() && std::memcmp(file.data(), signature.data(), signature.size()) == 0;
  };
  DecodedImage image;
  const bool is_png = starts_with(png_signature);
  PngChunks png;
  JpegSegments jpeg;
  if (is_png) {
    png = read_png_chunks(file);
    image.error = png.error;
  } else if (starts_with(jpeg_signature)) {
    jpeg = JpegReader::read(file);
    image.error = jpeg.error;
  } else {
    image.error = file.empty() ? "it is empty" : "it is neither a PNG nor a JPEG image";
  }
  if (!image.error.empty()) return image;

  // In 64 bits, whatever Index is: an image may claim far more pixels than are decoded.
  const std::uint64_t claimed_width = is_png ? png.width : jpeg.width;
  const std::uint64_t claimed_height = is_png ? png.height : jpeg.height;
  const std::uint64_t pixels = claimed_width * claimed_height;
  const auto value_bits = static_cast<std::uint64_t>(png.depth * png.values_per_pixel);
  // One byte of deflate stands for at most 1032. JPEG spends a bit or more on 8 x 8 values of a component.
  const std::uint64_t least_bytes = is_png ? pixels / 1032 * value_bits / 8 : pixels / 512;
  image.error = size_refusal(claimed_width, claimed_height, least_bytes, file.size(),
                             static_cast<std::uint64_t>(max_pixels));
  if (!image.error.empty()) return image;

  // The decoder's own tables, and a buffer for a PNG's deflated bytes, whose size it doubles when it is full.
  const std::uint64_t tables = (std::uint64_t{1} << 16) + 2 * std::uint64_t{is_png ? png.decoded.size() : file.size()};
  // A pixel takes at most 8 bytes, twice that where the buffer for inflated rows grows (each row with a byte for its
  // filter); JPEG's blocks end past the edge.
  const std::uint64_t pixel_bytes =
      16 * (is_png ? pixels + claimed_height + 8 : (claimed_width + 32) * (claimed_height + 32));
  stb::max_bytes = static_cast<std::size_t>((std::max)(tables, pixel_bytes));
  stb::is_out_of_memory = false;
  stb::stbi__err("no reason is known");  // or an earlier reason would remain where it gives none
  const stb::stbi_io_callbacks callbacks{ByteSource::read, ByteSource::skip, ByteSource::at_end};
  ByteSource source =
      is_png ? ByteSource::of_png(png.decoded) : ByteSource::of_jpeg(file, jpeg.scan_begin, jpeg.scan_end);
  int width = 0, height = 0, channels = 0;
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
  image.orient(height, width, !oriented ? 1 : is_png ? png.orientation : jpeg.orientation);
  return image;
}

}  // namespace eigencoder::detail
