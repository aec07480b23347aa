#pragma once

#include <array>
#include <cstdint>
#include <eigencoder/extend/types.hpp>
#include <vector>

/// @file
/// How images are read and shown.
namespace eigencoder {

/// How image files become samples.
struct ImageOptions {
  Index height = 0;    ///< of a sample; if `width` is 0 too, that of the first image, and all images must have its size
  Index width = 0;     ///< of a sample; images of another size are fitted in, aspect kept, as by `fit_image`
  Index channels = 3;  ///< 3 is red, green, blue; 1 is gray (0.299 R + 0.587 G + 0.114 B, ITU-R BT.601)
  /// Red, green, blue in [0,1]: the color behind transparent pixels, and around an image that is fitted in.
  std::array<float, 3> background = {1, 1, 1};
  bool skip_damaged = false;  ///< report a file that cannot be read in `Dataset::skipped` and go on
  /// Larger images are refused; at most 250 million. A small file may hold a large image, and decoding one takes up to
  /// 24 bytes per pixel for a while. 150 million are enough for photos of 108 megapixels and A3 pages scanned at 600
  /// dots per inch.
  Index max_pixels = 150'000'000;
  bool apply_orientation = true;  ///< turn and mirror an image as its EXIF data say; false: leave it as it is stored
};

/// An image of height x width pixels.
struct Picture {
  Index height = 0;                    ///< in pixels
  Index width = 0;                     ///< in pixels
  std::vector<std::uint8_t> rgb = {};  ///< row by row, three bytes per pixel: red, green, blue
};

/// How a grid of samples looks.
struct GridOptions {
  Index columns = 0;                            ///< 0: such that the grid is about square
  Index scale = 1;                              ///< every pixel becomes scale x scale pixels
  Index gap = 2;                                ///< pixels of background around every sample
  std::array<float, 3> background = {1, 1, 1};  ///< red, green, blue in [0,1]
};

}  // namespace eigencoder
