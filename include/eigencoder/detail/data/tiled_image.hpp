#pragma once

#include <algorithm>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <vector>

namespace eigencoder::detail {

/// Where overlapping tiles lie along one side of an image, and how much each of them counts in a blend.
struct TiledSide {
  Index size;     ///< of the image
  Index tile;     ///< of a tile, at most `size`
  Index overlap;  ///< of neighbors, less than `tile`; more where the last tile is moved back onto the image

  /// The number of tiles.
  Index count() const {
    const Index step = tile - overlap;
    return (size - tile + step - 1) / step + 1;
  }
  /// Where tile i begins. Of an image, tiles and overlap k times as large it is k times as much.
  Index start(Index i) const { return (std::min)(i * (tile - overlap), size - tile); }

  /// The weights of the positions in the tiles, tile after tile: linear where two tiles overlap. Those of all tiles at
  /// a position of the image sum to 1.
  std::vector<double> weights() const {
    std::vector<double> all;
    std::vector<double> sums(static_cast<std::size_t>(size));
    for (Index i = 0; i < count(); ++i) {
      const Index left = i > 0 ? start(i - 1) + tile - start(i) : 0;
      const Index right = i + 1 < count() ? start(i) + tile - start(i + 1) : 0;
      for (Index k = 0; k < tile; ++k) {
        const double weight = (std::min)(ramp(k, left), ramp(tile - 1 - k, right));
        all.push_back(weight);
        sums[static_cast<std::size_t>(start(i) + k)] += weight;
      }
    }
    std::size_t at = 0;
    for (Index i = 0; i < count(); ++i)
      for (Index k = 0; k < tile; ++k) all[at++] /= sums[static_cast<std::size_t>(start(i) + k)];
    return all;
  }

 private:
  /// At the center of value k of an overlap.
  static double ramp(Index k, Index length) {
    return k < length ? (static_cast<double>(k) + 0.5) / static_cast<double>(length) : 1;
  }
};

/// The sides of an image that is cut into tiles.
struct TiledImage {
  TiledSide rows, columns;

  /// @throws ShapeError for an unknown size or a tile that is larger than the image or has other channels
  /// @throws OptionError for an overlap that is negative, or as large as a tile
  [[gnu::cold]] TiledImage(const char* what, Shape image, Shape tile, Index overlap)
      : rows{image.height, tile.height, overlap}, columns{image.width, tile.width, overlap} {
    const bool fits = image.is_static() && image.is_possible() && tile.is_static() && tile.height <= image.height &&
                      tile.width <= image.width && tile.channels == image.channels;
    if (!fits)
      throw ShapeError(message({what, ": an image of ", image.text().view(), " has no tiles of ", tile.text().view()}));
    if (overlap < 0 || overlap >= (std::min)(tile.height, tile.width))
      throw OptionError(message({what, ": the overlap must be at least 0 and less than a tile, not ", overlap}));
  }

  Index count() const { return rows.count() * columns.count(); }
};

}  // namespace eigencoder::detail
