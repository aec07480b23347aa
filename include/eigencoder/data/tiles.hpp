#pragma once

#include <algorithm>
#include <eigencoder/detail/data/tiled_image.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <vector>

/// @file
/// A large image as a set of overlapping tiles, so that a model restores it part by part, and the way back:
///
///     const MatrixX<float> tiles = tile_image(photo, shape, {64, 64, 3}, 16);  // one sample per column
///     const VectorX<float> restored = blend_tiles(model.reconstruct(tiles), shape, {64, 64, 3}, 16);
namespace eigencoder {

/// Cuts an image into tiles of height x width x channels, row by row, one per column of the result. Neighbors have
/// `overlap` rows or columns in common; the last ones of a row or column are moved back onto the image, and overlap
/// more.
/// @throws ShapeError unless the image is one sample of `shape` and not smaller than a tile, of as many channels
/// @throws OptionError unless the overlap is at least 0 and less than height and width of a tile
template <class Derived>
MatrixX<typename Derived::Scalar> tile_image(const Eigen::MatrixBase<Derived>& image, Shape shape, Shape tile,
                                             Index overlap) {
  using Scalar = typename Derived::Scalar;
  const detail::TiledImage grid("tile_image", shape, tile, overlap);
  if (image.rows() != shape.size() || image.cols() != 1)
    throw ShapeError(detail::message({"tile_image: ", image.cols(), " samples of ", image.rows(),
                                      " values are no image of ", shape.text().view()}));
  const View<Scalar> from(image);
  MatrixX<Scalar> tiles(tile.size(), grid.count());
  const Index channels = tile.channels, line = tile.width * channels;
  Scalar* to = tiles.data();
  for (Index i = 0; i < grid.rows.count(); ++i)
    for (Index j = 0; j < grid.columns.count(); ++j)
      for (Index row = grid.rows.start(i); row < grid.rows.start(i) + tile.height; ++row)
        to = std::copy_n(from.data() + (row * shape.width + grid.columns.start(j)) * channels, line, to);
  return tiles;
}

/// Joins the tiles that `tile_image` cuts from an image of `shape`, in its order, after a model has changed them. Where
/// tiles overlap their weights fall off linearly towards their edges, and sum to 1, so unchanged tiles yield the image,
/// up to rounding. Where a model enlarges tiles, height, width and overlap are k times those given to `tile_image`; the
/// channels may be others.
/// @throws ShapeError unless the tiles are as many and as large as those of such an image
/// @throws OptionError as `tile_image` does
template <class Derived>
VectorX<typename Derived::Scalar> blend_tiles(const Eigen::MatrixBase<Derived>& tiles, Shape shape, Shape tile,
                                              Index overlap) {
  using Scalar = typename Derived::Scalar;
  const detail::TiledImage grid("blend_tiles", shape, tile, overlap);
  if (tiles.rows() != tile.size() || tiles.cols() != grid.count())
    throw ShapeError(detail::message({"blend_tiles: ", tiles.cols(), " tiles of ", tiles.rows(), " values, not ",
                                      grid.count(), " of ", tile.text().view()}));
  const View<Scalar> from(tiles);
  const std::vector<double> row_weights = grid.rows.weights(), column_weights = grid.columns.weights();
  VectorX<Scalar> image = VectorX<Scalar>::Zero(shape.size());
  const Index channels = tile.channels;
  for (Index i = 0; i < grid.rows.count(); ++i)
    for (Index j = 0; j < grid.columns.count(); ++j) {
      const Scalar* value = from.column(i * grid.columns.count() + j);
      for (Index row = 0; row < tile.height; ++row) {
        const double row_weight = row_weights[static_cast<std::size_t>(i * tile.height + row)];
        const double* column_weight = column_weights.data() + j * tile.width;
        Scalar* to = image.data() + ((grid.rows.start(i) + row) * shape.width + grid.columns.start(j)) * channels;
        for (Index column = 0; column < tile.width; ++column) {
          const auto weight = static_cast<Scalar>(row_weight * column_weight[column]);
          for (Index c = 0; c < channels; ++c) *to++ += weight * *value++;
        }
      }
    }
  return image;
}

}  // namespace eigencoder
