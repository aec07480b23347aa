#include "foreign_images.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <eigencoder/data/resize.hpp>
#include <eigencoder/data/split.hpp>
#include <eigencoder/datasets/idx.hpp>
#include <eigencoder/extend/random.hpp>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include <vector>
#include "digits.hpp"
#include "images.hpp"
#include "pgm.hpp"

namespace examples {

using eigencoder::Dataset, eigencoder::Index, eigencoder::Purpose, eigencoder::Random, eigencoder::Shape,
    eigencoder::VectorX;

namespace {

Dataset<float> gray_digits(Index count) {
  constexpr std::uint64_t drawn_seed = 2;
  const std::string folder = image_folder({}, "mnist");
  for (const char* end : {"", ".gz"}) {
    const std::string file = (std::filesystem::path(folder) / "t10k-images-idx3-ubyte").string() + end;
    std::error_code ignored;
    if (folder.empty() || !std::filesystem::exists(file, ignored)) continue;
    std::cout << "Digits: from " << file << "\n";
    const Dataset<float> all = eigencoder::read_idx_images(file);
    return take(all, evenly(count, all.size()));
  }
  std::cout << "Digits: drawn by this program (not MNIST)\n";
  return draw_digits(count, drawn_seed);
}

/// A color of a sprite that is not pale, or black where there is none after some tries.
VectorX<float> draw_color(const Dataset<float>& sprites, Random& random) {
  constexpr int tries = 200;
  constexpr float pale = 0.7F;
  for (int k = 0; k < tries; ++k) {
    const Index j = random.below(static_cast<std::uint32_t>(sprites.size()));
    const Index p = random.below(static_cast<std::uint32_t>(sprites.shape.height * sprites.shape.width));
    const VectorX<float> color = sprites.samples.col(j).segment(3 * p, 3);
    if (color.mean() < pale) return color;
  }
  return VectorX<float>::Zero(3);
}

}  // namespace

Dataset<float> foreign_digits(Index count, const Dataset<float>& sprites, std::uint64_t seed) {
  const Dataset<float> gray = gray_digits(count);
  const Shape one{sprites.shape.height, sprites.shape.width, 1};
  Dataset<float> out{eigencoder::MatrixX<float>(sprites.shape.size(), gray.size()), sprites.shape, {}, {}, {}};
  for (Index j = 0; j < gray.size(); ++j) {
    Random random(seed, Purpose::user, 100, 0, static_cast<std::uint32_t>(j));
    const VectorX<float> ink = draw_color(sprites, random);
    const VectorX<float> stroke =
        eigencoder::fit_image<float>(gray.samples.col(j), gray.shape, one, VectorX<float>::Zero(1));
    for (Index p = 0; p < stroke.size(); ++p)
      out.samples.col(j).segment(3 * p, 3) = (1 - stroke(p) + stroke(p) * ink.array()).matrix();
  }
  return out;
}

Dataset<float> foreign_faces(Index count, const Shape& shape) {
  Dataset<float> out;
  out.shape = shape;
  const std::string folder = image_folder({}, "faces/orl_faces");
  std::vector<std::string> files;
  std::error_code error;
  if (!folder.empty())
    for (std::filesystem::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
      if (entry->path().extension() == ".pgm") files.push_back(entry->path().string());
  std::sort(files.begin(), files.end());
  const std::vector<Index> chosen = evenly(count, static_cast<Index>(files.size()));
  out.samples.resize(shape.size(), static_cast<Index>(chosen.size()));
  for (std::size_t j = 0; j < chosen.size(); ++j) {
    const Dataset<float> photo = read_pgm(files[static_cast<std::size_t>(chosen[j])]);
    const VectorX<float> gray = eigencoder::fit_image<float>(photo.samples.col(0), photo.shape,
                                                             {shape.height, shape.width, 1}, VectorX<float>::Ones(1));
    for (Index p = 0; p < gray.size(); ++p)
      out.samples.col(static_cast<Index>(j)).segment(3 * p, 3).setConstant(gray(p));
  }
  std::cout << (chosen.empty() ? "Faces: none, as there is no $EIGENCODER_DATA/faces/orl_faces\n"
                               : "Faces: from " + folder + "\n");
  return out;
}

}  // namespace examples
