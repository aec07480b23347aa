#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/data/resize.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/image/decode.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <filesystem>
#include <limits>
#include <new>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

/// @file
/// Optional: PNG and JPEG files as data sets (needs stb_image; target `eigencoder::image`). stb_image is
/// compiled static, so that a program with a copy of its own still links.
namespace eigencoder {

/// How files become samples.
struct ImageOptions {
  Index height = 0;    ///< of a sample; with `width` 0 too, that of the first image, and all have to agree
  Index width = 0;     ///< of a sample; other images are fitted in, aspect kept, as `fit_image` says
  Index channels = 3;  ///< 3 is red, green, blue; 1 is gray (0.299 R + 0.587 G + 0.114 B, ITU-R BT.601)
  /// Red, green, blue in [0,1]: what shows through where an image is transparent, and around one fitted in.
  std::array<float, 3> background = {1, 1, 1};
  bool skip_damaged = false;  ///< report a file that cannot be read in `Dataset::skipped` and go on
  /// Larger images are refused; at most 250 million. A small file may hold a large image, and decoding one takes up to
  /// 24 bytes a pixel for a while. 150 million cover photos of 108 megapixels and A3 pages scanned at 600 dots an inch.
  Index max_pixels = 150'000'000;
  bool apply_orientation = true;  ///< turn and mirror an image as its EXIF data say; false: as it is stored
};

namespace detail {

inline void check_options(const ImageOptions& options) {
  if (options.height < 0 || options.width < 0 || (options.height == 0) != (options.width == 0))
    throw OptionError(message({"ImageOptions: height and width are ", options.height, " and ", options.width,
                               "; give both, or neither to keep the size of the images"}));
  if (options.channels != 1 && options.channels != 3)
    throw OptionError(message({"ImageOptions: channels is ", options.channels, ", it has to be 1 or 3"}));
  for (const float value : options.background)
    if (!(value >= 0 && value <= 1))
      throw OptionError("eigencoder: ImageOptions: the background has to lie in [0,1]");
  if (options.max_pixels < 1 || options.max_pixels > detail::pixel_limit)
    throw OptionError(message({"ImageOptions: max_pixels is ", options.max_pixels, ", it has to be from 1 to ",
                               detail::pixel_limit}));
}

/// Gray of a color; exactly v where all three are v.
inline float gray(const float* rgb) {
  return rgb[1] + 0.299F * (rgb[0] - rgb[1]) + 0.114F * (rgb[2] - rgb[1]);
}

/// Writes a row of an image, blended over the background: a c + (1 - a) b in the stored values, so that custom pixels
/// stay exactly what they are.
template <class Value>
void composite_row(const DecodedImage& image, Index row, const ImageOptions& options, float* to) {
  constexpr auto one = static_cast<float>((std::numeric_limits<Value>::max)());
  const auto* pixels = static_cast<const Value*>(image.rgba.get());
  for (Index column = 0; column < image.width; ++column, to += options.channels) {
    const Value* from = pixels + 4 * image.pixel(row, column);
    const float alpha = static_cast<float>(from[3]) / one;
    float rgb[3];
    for (std::size_t c = 0; c < 3; ++c)
      rgb[c] = alpha * (static_cast<float>(from[c]) / one) + (1 - alpha) * options.background[c];
    if (options.channels == 1)
      to[0] = gray(rgb);
    else
      for (std::size_t c = 0; c < 3; ++c) to[c] = rgb[c];
  }
}

/// The files as one set, sample by sample.
inline Dataset<float> read_image_files(const std::vector<std::filesystem::path>& files,
                                       ImageOptions options) {
  const bool fit = options.height > 0;
  VectorX<float> background(options.channels);
  if (options.channels == 1)
    background[0] = gray(options.background.data());
  else
    std::copy_n(options.background.data(), 3, background.data());

  Dataset<float> set;
  Index count = 0;
  for (const std::filesystem::path& file : files) {
    DecodedImage image;
    try {
      image = decode_image(read_file(file.string()), options.max_pixels, options.apply_orientation);
      if (!image.error.empty()) fail_file("read", file.string(), image.error);
    } catch (const std::bad_alloc&) {
      fail_file("read", file.string(), "it does not fit into the memory");
    } catch (const FileError& error) {
      if (!options.skip_damaged) throw;
      set.skipped.push_back(std::string(error.what()).substr(message({}).size()));  // without "eigencoder: "
      continue;
    }
    if (count == 0) {  // the first that can be read sets the size
      if (!fit) {
        options.height = image.height;
        options.width = image.width;
      }
      set.shape = {options.height, options.width, options.channels};
      set.samples.resize(set.shape.size(), 0);
    }
    if (!fit && (image.height != options.height || image.width != options.width))
      throw ShapeError(message({"'", file.string(), "' is ", image.height, " x ", image.width, ", but '", set.names[0],
                                "' is ", options.height, " x ", options.width,
                                " (height x width); give ImageOptions a height and a width to fit them"}));
    const Shape own{image.height, image.width, options.channels};
    const auto read_row = [&](Index row, float* values) {
      image.is_deep ? composite_row<std::uint16_t>(image, row, options, values)
                    : composite_row<std::uint8_t>(image, row, options, values);
    };
    const std::string what =
        std::to_string(files.size()) + " samples of " + std::to_string(set.shape.size()) + " values";
    take_memory(file.string(), what, [&] {
      // As many more again: an image of another size is found before there is room for all.
      if (count == set.samples.cols())
        set.samples.conservativeResize(Eigen::NoChange,
                                       std::clamp<Index>(2 * count, 1, static_cast<Index>(files.size())));
      set.samples.col(count) = fit_rows(read_row, own, set.shape, background);
    });
    ++count;
    set.names.push_back(file.filename().string());
  }
  if (count == 0)
    throw FileError(
        message({"none of ", files.size(), " image files can be read; the first: ", set.skipped[0]}));
  set.samples.conservativeResize(Eigen::NoChange, count);
  return set;
}

/// Whether a file's name is that of an image. One that begins with "._" holds what macOS knows of the file of the other
/// name, where the file system cannot.
inline bool is_named_as_image(const std::filesystem::path& file) {
  if (file.filename().string().starts_with("._")) return false;
  std::string extension = file.extension().string();
  for (char& c : extension)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg" || extension == ".jpe" ||
         extension == ".jfif";
}

}  // namespace detail

/// One PNG or JPEG file, whatever its extension, as a set of one sample: height x width x channels with the channel
/// fastest, values in [0,1], turned and mirrored as its EXIF data say. JPEGs may be gray, YCbCr, RGB, CMYK or YCCK, of
/// 8 bits, sequential or progressive. JPEG has no checksums: one that is cut off is found (but not its last blocks),
/// other damage may give wrong pixels. An animated PNG counts with its default image. Color profiles are not applied.
/// @throws FileError naming the file and the reason where it cannot be read, is damaged or has too many pixels
/// @throws OptionError where an option is out of range
inline Dataset<float> read_image(const std::string& file, const ImageOptions& options = {}) {
  detail::check_options(options);
  return detail::read_image_files({file}, options);
}

/// Every PNG and JPEG file of a folder, in the order of the bytes of their names; or one file, as `read_image`. Values
/// as there; `names` are file names. Files count that end in .png, .jpg, .jpeg, .jpe or .jfif in any case, but not
/// those that begin with "._" (macOS adds them), and not those of folders inside.
/// @throws FileError naming the folder or the file, and the reason, where a folder is missing or without
///         images, or a file cannot be read or is damaged (but see `ImageOptions::skip_damaged`)
/// @throws ShapeError naming the first image of another size where the options give no size
/// @throws OptionError where an option is out of range
inline Dataset<float> read_images(const std::string& folder_or_file, const ImageOptions& options = {}) {
  namespace fs = std::filesystem;
  detail::check_options(options);
  std::error_code error;
  const bool is_folder = fs::is_directory(folder_or_file, error);
  if (!is_folder) return detail::read_image_files({folder_or_file}, options);

  std::vector<fs::path> files;
  fs::directory_iterator entry(folder_or_file, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code ignored;  // a file whose kind cannot be told is reported when it is read
    if (detail::is_named_as_image(entry->path()) && !entry->is_directory(ignored))
      files.push_back(entry->path());
  }
  if (error) detail::fail_file("read the folder", folder_or_file, error.message());
  if (files.empty())
    detail::fail_file("read images from", folder_or_file, "it holds no .png, .jpg, .jpeg, .jpe or .jfif file");
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
    return a.filename().string() < b.filename().string();
  });
  return detail::read_image_files(files, options);
}

}  // namespace eigencoder
