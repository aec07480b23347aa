#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/data/resize_rows.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/image/decode.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/image/types.hpp>
#include <filesystem>
#include <limits>
#include <new>
#include <string>
#include <vector>

namespace eigencoder::detail {

/// @throws OptionError where an option is out of range
inline void check_options(const ImageOptions& options) {
  if (options.height < 0 || options.width < 0 || (options.height == 0) != (options.width == 0))
    throw OptionError(message({"ImageOptions: height and width are ", options.height, " and ", options.width,
                               "; give both, or neither to keep the size of the images"}));
  if (options.channels != 1 && options.channels != 3)
    throw OptionError(message({"ImageOptions: channels is ", options.channels, ", it must be 1 or 3"}));
  for (const float value : options.background)
    if (!(value >= 0 && value <= 1))
      throw OptionError("eigencoder: ImageOptions: the background must lie in [0,1]");
  if (options.max_pixels < 1 || options.max_pixels > pixel_limit)
    throw OptionError(message({"ImageOptions: max_pixels is ", options.max_pixels, ", it must be from 1 to ",
                               pixel_limit}));
}

/// The gray value of a color; exactly v where red, green and blue are v.
inline float gray(const float* rgb) {
  return rgb[1] + 0.299F * (rgb[0] - rgb[1]) + 0.114F * (rgb[2] - rgb[1]);
}

/// Writes a row of an image over the background: a c + (1 - a) b for a color c of opacity a, in the stored values, so
/// that opaque pixels stay exactly as they are.
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

/// Reads the files as one data set, a sample each. @throws FileError, ShapeError as `read_images` does
inline Dataset<float> read_image_files(const std::vector<std::filesystem::path>& files,
                                       ImageOptions options) {
  const bool has_size = options.height > 0;
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
    if (count == 0) {  // the first image that can be read determines the size
      if (!has_size) {
        options.height = image.height;
        options.width = image.width;
      }
      set.shape = {options.height, options.width, options.channels};
      set.samples.resize(set.shape.size(), 0);
    }
    if (!has_size && (image.height != options.height || image.width != options.width))
      throw ShapeError(message({"'", file.string(), "' is ", image.height, " x ", image.width, ", but '", set.names[0],
                                "' is ", options.height, " x ", options.width,
                                " (height x width); give ImageOptions a height and a width to fit them"}));
    const Shape stored{image.height, image.width, options.channels};
    const auto read_row = [&](Index row, float* values) {
      image.is_deep ? composite_row<std::uint16_t>(image, row, options, values)
                    : composite_row<std::uint8_t>(image, row, options, values);
    };
    const std::string what =
        std::to_string(files.size()) + " samples of " + std::to_string(set.shape.size()) + " values";
    allocate_for_file(file.string(), what, [&] {
      // Doubles the capacity, so that an image of another size is found before there is memory for all.
      if (count == set.samples.cols())
        set.samples.conservativeResize(Eigen::NoChange,
                                       std::clamp<Index>(2 * count, 1, static_cast<Index>(files.size())));
      set.samples.col(count) = fit_rows(read_row, stored, set.shape, background);
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

/// Whether a file's name is that of an image. Names that begin with "._" are those of files with metadata, which macOS
/// adds on file systems that cannot store them otherwise.
inline bool is_named_as_image(const std::filesystem::path& file) {
  if (file.filename().string().starts_with("._")) return false;
  std::string extension = file.extension().string();
  for (char& c : extension)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg" || extension == ".jpe" ||
         extension == ".jfif";
}

}  // namespace eigencoder::detail
