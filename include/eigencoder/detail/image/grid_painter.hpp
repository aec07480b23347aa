#pragma once

#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/image/types.hpp>
#include <utility>

namespace eigencoder::detail {

/// stb_image_write counts bytes in `int`, and doubles its buffers.
inline constexpr Index max_picture_pixels = Index{1} << 27;

/// Maps [0,1] to 0..255, rounded; values outside are clamped, NaN becomes 0.
inline std::uint8_t to_byte(float value) {
  if (!(value > 0)) return 0;
  return value < 1 ? static_cast<std::uint8_t>(value * 255 + 0.5F) : std::uint8_t{255};
}

/// @throws OptionError where an option is out of range
inline void check_options(const GridOptions& options) {
  if (options.columns < 0 || options.scale < 1 || options.gap < 0)
    throw OptionError(message({"GridOptions: columns ", options.columns, ", scale ", options.scale, ", gap ",
                               options.gap, "; they must be at least 0, 1 and 0"}));
}

/// Paints samples into the cells of a grid.
class GridPainter {
 public:
  GridPainter(Shape shape, Index rows, Index columns, const GridOptions& options)
      : shape_(shape), scale_(options.scale), gap_(options.gap) {
    check_options(options);
    if (!shape.is_static() || (shape.channels != 1 && shape.channels != 3))
      throw ShapeError(
          message({"a picture needs samples of height x width x 1 or 3, not ", shape.text().view()}));
    const double height = static_cast<double>(rows) * pitch(shape.height) + static_cast<double>(gap_);
    const double width = static_cast<double>(columns) * pitch(shape.width) + static_cast<double>(gap_);
    if (height * width > static_cast<double>(max_picture_pixels))
      throw ShapeError(message({"a picture of ", rows, " x ", columns, " samples of ", shape.text().view(),
                                " is too large"}));
    picture_.height = static_cast<Index>(height);
    picture_.width = static_cast<Index>(width);
    picture_.rgb.resize(static_cast<std::size_t>(picture_.height * picture_.width * 3));
    for (std::size_t i = 0; i < picture_.rgb.size(); ++i)
      picture_.rgb[i] = to_byte(options.background[i % 3]);
  }

  /// Paints a sample into a cell.
  void paint(const float* sample, Index row, Index column) {
    const Index top = gap_ + row * (shape_.height * scale_ + gap_);
    const Index left = gap_ + column * (shape_.width * scale_ + gap_);
    for (Index y = 0; y < shape_.height * scale_; ++y)
      for (Index x = 0; x < shape_.width * scale_; ++x) {
        const float* from = sample + (y / scale_ * shape_.width + x / scale_) * shape_.channels;
        std::uint8_t* to = picture_.rgb.data() + ((top + y) * picture_.width + left + x) * 3;
        for (Index c = 0; c < 3; ++c) to[c] = to_byte(from[shape_.channels == 3 ? c : 0]);
      }
  }

  /// The painted grid.
  Picture take() { return std::move(picture_); }

 private:
  /// The distance of neighboring cells, in pixels.
  double pitch(Index side) const {
    return static_cast<double>(side) * static_cast<double>(scale_) + static_cast<double>(gap_);
  }

  Shape shape_;
  Index scale_;
  Index gap_;
  Picture picture_;
};

/// @throws DataError without samples, ShapeError where they do not have `shape`
inline void require_samples(const char* where, View<float> samples, Shape shape) {
  if (samples.cols() == 0) throw DataError(message({where, ": there is no sample to show"}));
  if (samples.rows() != shape.size())
    throw ShapeError(message({where, ": the samples have ", samples.rows(), " values, images of ",
                              shape.text().view(), " have ", shape.size()}));
}

}  // namespace eigencoder::detail
