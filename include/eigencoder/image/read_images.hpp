#pragma once

#include <algorithm>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/image/image_files.hpp>
#include <eigencoder/image/types.hpp>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

/// @file
/// PNG and JPEG files as data sets (needs stb_image; target `eigencoder::image`). stb_image is compiled static, so a
/// program with a copy of its own still links.
namespace eigencoder {

/// One PNG or JPEG file, whatever its extension, as a set of one sample: height x width x channels with the channel
/// fastest, values in [0,1], turned and mirrored as its EXIF data say. JPEGs may be gray, YCbCr, RGB, CMYK or YCCK, of
/// 8 bits, sequential or progressive. JPEG has no checksums: a file that is cut off is an error (unless only the last
/// blocks are missing), other damage may give wrong pixels. Of an animated PNG, the default image is read. Color
/// profiles are not applied.
/// @throws FileError naming the file and the reason where it cannot be read, is damaged or has too many pixels
/// @throws OptionError where an option is out of range
inline Dataset<float> read_image(const std::string& file, const ImageOptions& options = {}) {
  detail::check_options(options);
  return detail::read_image_files({file}, options);
}

/// The paths of the files of a folder that `read_images` reads, in the order of the bytes of their names: those that
/// end in .png, .jpg, .jpeg, .jpe or .jfif in any case, but not those that begin with "._" (macOS adds them), nor those
/// of subfolders. `read_image` reads each at its own size.
/// @throws FileError naming the folder, and the reason, where it does not exist or has no images
inline std::vector<std::string> image_files(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<fs::path> files;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code ignored;  // a file whose kind is unknown is reported when it is read
    if (detail::is_named_as_image(entry->path()) && !entry->is_directory(ignored))
      files.push_back(entry->path());
  }
  if (error) detail::fail_file("read the folder", folder, error.message());
  if (files.empty()) detail::fail_file("read images from", folder, "it holds no .png, .jpg, .jpeg, .jpe or .jfif file");
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
    return a.filename().string() < b.filename().string();
  });
  std::vector<std::string> paths;
  for (const fs::path& file : files) paths.push_back(file.string());
  return paths;
}

/// Every PNG and JPEG file of a folder, those of `image_files` in this order; or one file, as by `read_image`. Values
/// are as there; `names` are file names.
/// @throws FileError naming the folder or the file, and the reason, where a folder does not exist or has no images, or
///         a file cannot be read, is damaged or has too many pixels (but see `ImageOptions::skip_damaged`)
/// @throws ShapeError where the options give no size, naming the first image of another size
/// @throws OptionError where an option is out of range
inline Dataset<float> read_images(const std::string& folder_or_file, const ImageOptions& options = {}) {
  detail::check_options(options);
  std::error_code error;
  if (!std::filesystem::is_directory(folder_or_file, error))
    return detail::read_image_files({folder_or_file}, options);
  const std::vector<std::string> files = image_files(folder_or_file);
  return detail::read_image_files(std::vector<std::filesystem::path>(files.begin(), files.end()), options);
}

}  // namespace eigencoder
