#include "image_sets.hpp"

#include <algorithm>
#include <common/images.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/datasets/cifar10.hpp>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <vector>

namespace examples {

namespace {

/// The binary files of a folder, in order.
std::vector<std::string> binary_files(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.find(".bin") != std::string::npos) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

eigencoder::Dataset<float> load_image_set(const Options& options, const std::string& data, const ImageSize& size) {
  constexpr eigencoder::Index fewest = 5, few = 120;
  if (data == "pokemon") return load_images(options, size.height, size.width, fewest);
  const std::string folder = image_folder(options, data);
  const std::vector<std::string> files = binary_files(folder);
  if (files.empty())
    throw UsageError("--data cifar10: " + (folder.empty() ? "there is no folder $EIGENCODER_DATA/cifar10"
                                                          : "'" + folder + "' holds no .bin files") +
                     "; --images names another one with the binary files of CIFAR-10");
  eigencoder::Dataset<float> images = eigencoder::read_cifar10(files);
  if (options.quick) images = take(images, evenly(few, images.size()));
  std::cout << "Images: " << images.size() << " of " << images.shape.text().view() << ", from " << folder << std::endl;
  return images;
}

}  // namespace examples
