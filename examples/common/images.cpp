#include "images.hpp"

#include <algorithm>
#include <cstdlib>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/image.hpp>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <utility>
#include "creatures.hpp"

namespace examples {

std::string image_folder(const Options& options, const std::string& data_set) {
  if (!options.images.empty()) return options.images;
  const char* data = std::getenv("EIGENCODER_DATA");
  if (data == nullptr || *data == '\0') return {};
  const std::filesystem::path folder = std::filesystem::path(data) / data_set;
  std::error_code error;
  return std::filesystem::is_directory(folder, error) ? folder.string() : std::string{};
}

namespace {

/// Why there are no images of the data set, where some were expected.
std::string reason_to_draw() {
  const char* data = std::getenv("EIGENCODER_DATA");
  return data == nullptr || *data == '\0' ? "" : ", as $EIGENCODER_DATA has no folder 'pokemon'";
}

}  // namespace

void add_sprite_options(CommandLine& line, ImageSize& size, const Recipe& recipe) {
  line.size("--size", size, "Width and height of the images; others are fitted in");
  line.show_defaults(recipe);
}

std::vector<eigencoder::Index> evenly(eigencoder::Index count, eigencoder::Index size) {
  std::vector<eigencoder::Index> indices;
  for (eigencoder::Index i = 0, n = (std::min)(count, size); i < n; ++i) indices.push_back(i * size / n);
  return indices;
}

eigencoder::Dataset<float> load_images(const Options& options, eigencoder::Index height, eigencoder::Index width,
                                       eigencoder::Index fewest) {
  constexpr eigencoder::Index drawn = 800, few = 120;
  const std::string folder = image_folder(options);
  eigencoder::Dataset<float> images;
  if (folder.empty()) {
    images = draw_creatures(options.quick ? few : drawn, 1, height, width);
  } else {
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored))
      throw UsageError("--images: there is no folder '" + folder + "'");
    try {
      images = eigencoder::read_images(folder, {.height = height, .width = width, .skip_damaged = true});
    } catch (const eigencoder::Error& error) {
      throw UsageError("--images: " + one_line(error.what()));
    }
    if (images.size() < fewest)
      throw UsageError("--images: '" + folder + "' holds " + std::to_string(images.size()) +
                       (images.size() == 1 ? " image" : " images") + " that can be read; this program needs at least " +
                       std::to_string(fewest) + ", as it holds a fifth of them out" +
                       (images.skipped.empty() ? "" : ". The first that it " + one_line(images.skipped[0])));
    for (const std::string& skipped : images.skipped)
      std::cerr << options.program << ": skipped: " << one_line(skipped) << '\n';
    if (options.quick) {
      const std::vector<std::string> skipped = std::move(images.skipped);
      images = take(images, evenly(few, images.size()));
      images.skipped = skipped;
    }
  }
  std::cout << "Images: " << images.size() << " of " << images.shape.text().view() << ", "
            << (folder.empty() ? "creatures drawn by this program" + reason_to_draw() : "from " + folder);
  if (!images.skipped.empty()) std::cout << " (" << images.skipped.size() << " more cannot be read)";
  std::cout << std::endl;
  return images;
}

void add_part_option(CommandLine& line, std::string& part) {
  line.choice("--part", part, {"test", "validation"},
              "Images to test with: a fifth of all, or a fifth of the others, to choose settings by");
}

ImageParts take_parts(const eigencoder::Dataset<float>& images, const std::string& part, std::uint64_t seed) {
  const eigencoder::Split parts = eigencoder::split(images.size(), 0.2, seed);
  ImageParts taken{take(images, parts.train), take(images, parts.test)};
  return part == "validation" ? take_parts(taken.training, "test", seed) : taken;
}

}  // namespace examples
