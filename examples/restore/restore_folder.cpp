#include "restore_folder.hpp"

#include <common/options.hpp>
#include <eigencoder/data/dataset.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/image/picture.hpp>
#include <eigencoder/image/read_images.hpp>
#include <exception>
#include <filesystem>
#include <iostream>
#include <set>
#include <system_error>
#include <vector>

namespace examples {

namespace fs = std::filesystem;
using eigencoder::Dataset, eigencoder::Index, eigencoder::MatrixX, eigencoder::VectorX;

namespace {

std::vector<std::string> pictures_in(const std::string& folder) {
  try {
    return eigencoder::image_files(folder);
  } catch (const eigencoder::FileError& error) {
    throw UsageError("--restore: " + one_line(error.what()));
  }
}

Photo read_photo(const std::string& file) {
  const Dataset<float> read = eigencoder::read_image(file);
  return {read.samples.col(0), read.shape};
}

void write_photo(const std::string& file, const Photo& photo) {
  eigencoder::write_png(file, eigencoder::image_grid(photo.values, photo.shape, {.gap = 0}));
}

}  // namespace

Index restore_folder(const std::string& from, const std::string& to, const PhotoRestorer& restore) {
  const std::vector<std::string> files = pictures_in(from);
  std::error_code error;
  fs::create_directories(to, error);
  if (!fs::is_directory(to, error)) throw eigencoder::FileError("cannot make the folder '" + to + "'");
  if (fs::equivalent(from, to, error))
    throw UsageError("--restore: '" + from + "' would be written over, as it is also the folder of the results");
  std::set<std::string> written;
  for (const std::string& file : files) {
    const std::string name = fs::path(file).stem().string() + ".png";
    try {
      if (written.count(name) > 0) throw eigencoder::FileError("another picture is already written as " + name);
      write_photo((fs::path(to) / name).string(), restore(read_photo(file)));
      written.insert(name);
    } catch (const std::exception& failure) {
      const std::string reason = one_line(failure.what());
      const bool names_file = reason.find(file) != std::string::npos;
      std::cerr << "skipped: " << (names_file ? "" : file + ": ") << reason << '\n';
    }
  }
  return static_cast<Index>(written.size());
}

VectorX<float> holes_of(const Photo& photo) {
  VectorX<float> mask = VectorX<float>::Zero(photo.values.size());
  for (Index i = 0; i + 2 < mask.size(); i += 3)
    if (photo.values[i] == 1 && photo.values[i + 1] == 0 && photo.values[i + 2] == 1) mask.segment(i, 3).setOnes();
  return mask;
}

}  // namespace examples
