#include "faces.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <eigencoder/data/resize.hpp>
#include <eigencoder/extend/random.hpp>
#include <filesystem>
#include <iostream>
#include <numbers>
#include <string>
#include <vector>
#include "images.hpp"
#include "pgm.hpp"

namespace examples {

using eigencoder::Dataset, eigencoder::Index, eigencoder::Random, eigencoder::VectorX;

namespace {

constexpr Index people = 40, pictures = 10, side = 64;

/// A face in place of a photograph: soft spots of light and shade on an oval, a little different in each picture.
VectorX<float> draw_face(Index person, Index picture) {
  Random own(1, eigencoder::Purpose::drawing, 1, 0, static_cast<std::uint32_t>(person));
  Random moved(1, eigencoder::Purpose::drawing, 2, 0, static_cast<std::uint32_t>(person * pictures + picture));
  const auto between = [](Random& random, double low, double high) { return low + (high - low) * random.uniform(); };
  const double right = between(moved, -4, 4), down = between(moved, -4, 4), light = between(moved, -0.3, 0.3);
  struct Spot {
    double x, y, width, height, brightness;
  };
  const double eyes = between(own, 8, 12), eye_line = between(own, -9, -4), mouth = between(own, 12, 18);
  const Spot spots[] = {{0, 0, between(own, 17, 24), between(own, 24, 30), between(own, 0.4, 0.7)},
                        {-eyes, eye_line, 4, between(own, 1.5, 3), -0.4},
                        {eyes, eye_line, 4, between(own, 1.5, 3), -0.4},
                        {0, between(own, 2, 6), 2, between(own, 4, 8), between(own, 0, 0.25)},
                        {0, mouth, between(own, 5, 10), 1.5, -0.35},
                        {0, -26, between(own, 15, 24), between(own, 5, 12), between(own, -0.5, 0)}};
  VectorX<float> face(side * side);
  for (Index row = 0; row < side; ++row)
    for (Index col = 0; col < side; ++col) {
      const double x = static_cast<double>(col) - side / 2 - right, y = static_cast<double>(row) - side / 2 - down;
      double value = 0.2 + light * x / side;
      for (const Spot& spot : spots) {
        const double dx = (x - spot.x) / spot.width, dy = (y - spot.y) / spot.height;
        value += spot.brightness * std::exp(-(dx * dx + dy * dy) / 2);
      }
      face[row * side + col] = static_cast<float>(value);
    }
  return face;
}

/// A photograph, shrunk to a square. @throws UsageError where it cannot be read
VectorX<float> read_face(const std::filesystem::path& folder, Index person, Index picture) {
  const auto path = folder / ("s" + std::to_string(person + 1)) / (std::to_string(picture + 1) + ".pgm");
  try {
    const Dataset<float> image = read_pgm(path.string());
    return eigencoder::resize_image<float>(image.samples.col(0), image.shape, {side, side, 1});
  } catch (const eigencoder::Error& error) {
    throw UsageError("--images: " + one_line(error.what()));
  }
}

/// Writes a patch of a face: turned, enlarged, and every other pixel of a square within it.
void cut_patch(const VectorX<float>& face, Random& random, float* patch) {
  const double angle = (random.uniform() - 0.5) * std::numbers::pi, zoom = 1.4 + 0.4 * random.uniform();
  const double down = 2 / zoom * std::cos(angle), right = 2 / zoom * std::sin(angle);  // pixels of the face for one
  constexpr double half = (patch_side - 1) / 2;
  const double margin = half * (std::abs(down) + std::abs(right)), room = side - 1 - 2 * margin;
  const double center_row = margin + room * random.uniform(), center_col = margin + room * random.uniform();
  for (Index i = 0; i < patch_side; ++i)
    for (Index j = 0; j < patch_side; ++j) {
      const double a = static_cast<double>(i) - half, b = static_cast<double>(j) - half;
      const double row = center_row + a * down - b * right, col = center_col + a * right + b * down;
      const auto top = std::min<Index>(static_cast<Index>(row), side - 2);
      const auto left = std::min<Index>(static_cast<Index>(col), side - 2);
      const double y = row - static_cast<double>(top), x = col - static_cast<double>(left);
      const float* at = face.data() + top * side + left;
      *patch++ = static_cast<float>((1 - y) * ((1 - x) * double{at[0]} + x * double{at[1]}) +
                                    y * ((1 - x) * double{at[side]} + x * double{at[side + 1]}));
    }
}

/// The patches of some people; the seed of a run does not change them.
Dataset<float> patches_of(const std::vector<VectorX<float>>& faces, Index first, Index count, Index patches) {
  Dataset<float> set;
  set.shape = {patch_side, patch_side, 1};
  set.samples.resize(patch_side * patch_side, count * pictures * patches);
  for (Index j = 0; j < set.samples.cols(); ++j) {
    const Index face = first * pictures + j / patches;
    Random random(1, eigencoder::Purpose::drawing, 3, static_cast<std::uint32_t>(face),
                  static_cast<std::uint32_t>(j % patches));
    cut_patch(faces[static_cast<std::size_t>(face)], random, set.samples.col(j).data());
  }
  return set;
}

}  // namespace

void explain_faces(CommandLine& line) {
  line.explain("--images", "Folder of the ORL faces, s1 to s40; else that in $EIGENCODER_DATA/faces, else drawn faces");
}

FacePatches load_face_patches(const Options& options, Index patches, bool validate) {
  std::filesystem::path folder = image_folder(options, "faces");
  if (std::filesystem::is_directory(folder / "orl_faces")) folder /= "orl_faces";
  std::vector<VectorX<float>> faces;
  for (Index person = 0; person < people; ++person)
    for (Index picture = 0; picture < pictures; ++picture)
      faces.push_back(folder.empty() ? draw_face(person, picture) : read_face(folder, person, picture));

  const Index held_out = validate ? 5 : 10, training = validate ? 25 : 30;
  FacePatches set{patches_of(faces, 0, training, patches), patches_of(faces, training, held_out, patches)};
  const VectorX<float> mean = set.training.samples.rowwise().mean();
  set.training.samples.colwise() -= mean;
  set.held_out.samples.colwise() -= mean;
  const double square = set.training.samples.cast<double>().squaredNorm();
  const auto scale = static_cast<float>(std::sqrt(static_cast<double>(set.training.samples.size()) / square));
  set.training.samples *= scale;
  set.held_out.samples *= scale;
  std::cout << "Faces: " << set.training.size() << " patches of " << training << " people to learn from, "
            << set.held_out.size() << " of " << held_out << " others, "
            << (folder.empty() ? "drawn by this program" : "from " + folder.string()) << std::endl;
  return set;
}

}  // namespace examples
