#include "photos.hpp"

#include <algorithm>
#include <eigencoder/corruption/erased_mask.hpp>
#include <eigencoder/corruption/grayscale.hpp>
#include <eigencoder/data/pad.hpp>
#include <eigencoder/data/resize.hpp>
#include <eigencoder/data/tiles.hpp>
#include <eigencoder/layers/interpolation.hpp>

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::Shape, eigencoder::VectorX;

namespace {

constexpr Index tile_side = 128, tile_overlap = 32;  // in pixels, multiples of `side_multiple`
static_assert(tile_side % side_multiple == 0);

/// The picture as the model takes it: what the user gives stands for the damaged image.
Photo model_input(Task task, const Photo& photo, const VectorX<float>& holes) {
  Photo input = photo;
  if (task == Task::colorize) {
    eigencoder::Random random(0, eigencoder::Purpose::corruption);
    eigencoder::Grayscale{}.corrupt(input.values.data(), input.shape, random);
  } else if (task == Task::inpaint) {
    const auto erased = static_cast<float>(missing_block.value);
    for (Index i = 0; i < input.values.size(); ++i)
      if (holes[i] > 0) input.values[i] = erased;
  } else if (task == Task::upscale) {
    input.shape.height *= 2;
    input.shape.width *= 2;
    input.values = eigencoder::resize_image(photo.values, photo.shape, input.shape, eigencoder::Bicubic{});
  }
  return input;
}

}  // namespace

Photo restore_photo(const ImageRestorer& restorer, Task task, const Photo& photo) {
  const VectorX<float> holes = holes_of(photo);
  const Photo input = model_input(task, photo, holes);
  const Shape padded = eigencoder::padded_shape(input.shape, side_multiple);
  const Shape tile{(std::min)(padded.height, tile_side), (std::min)(padded.width, tile_side), padded.channels};
  const Index overlap = (std::min)({tile_overlap, tile.height - 1, tile.width - 1});
  const VectorX<float> whole = eigencoder::pad_to_multiple(input.values, input.shape, side_multiple).col(0);
  const MatrixX<float> tiles = restorer(eigencoder::tile_image(whole, padded, tile, overlap), tile);
  const VectorX<float> joined = eigencoder::blend_tiles(tiles, padded, tile, overlap);
  Photo restored{eigencoder::crop_image(joined, padded, input.shape).col(0), input.shape};
  for (float& value : restored.values) value = std::clamp(value, 0.0F, 1.0F);
  if (task == Task::inpaint) restored.values = eigencoder::copy_known(restored.values, photo.values, holes).col(0);
  return restored;
}

}  // namespace examples
