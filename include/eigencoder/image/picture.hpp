#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/image/stb_write.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// @file
/// Pictures of samples, and PNG files of them (needs stb_image_write; target `eigencoder::image`).
namespace eigencoder {

/// height x width pixels, row by row, three bytes each: red, green, blue.
struct Picture {
  Index height = 0;
  Index width = 0;
  std::vector<std::uint8_t> rgb = {};
};

/// How a grid of samples looks.
struct GridOptions {
  Index columns = 0;                            ///< 0: as many as make the grid about square
  Index scale = 1;                              ///< every pixel becomes scale x scale
  Index gap = 2;                                ///< pixels of background around every sample
  std::array<float, 3> background = {1, 1, 1};  ///< red, green, blue
};

namespace detail {

/// stb_image_write counts bytes in `int`; this leaves it room to double its buffers.
inline constexpr Index max_picture_pixels = Index{1} << 27;

/// [0,1] to 0..255, rounded; values outside are clamped, and what is not a number is black.
inline std::uint8_t to_byte(float value) {
  if (!(value > 0)) return 0;
  return value < 1 ? static_cast<std::uint8_t>(value * 255 + 0.5F) : std::uint8_t{255};
}

inline void check_options(const GridOptions& options) {
  if (options.columns < 0 || options.scale < 1 || options.gap < 0)
    throw OptionError(message({"GridOptions: columns ", options.columns, ", scale ", options.scale, ", gap ",
                               options.gap, "; they have to be at least 0, 1 and 0"}));
}

/// An empty grid and where its cells lie.
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

  Picture take() { return std::move(picture_); }

 private:
  double pitch(Index side) const {
    return static_cast<double>(side) * static_cast<double>(scale_) + static_cast<double>(gap_);
  }

  Shape shape_;
  Index scale_;
  Index gap_;
  Picture picture_;
};

inline void require_samples(const char* where, View<float> samples, Shape shape) {
  if (samples.cols() == 0) throw DataError(message({where, ": there is no sample to show"}));
  if (samples.rows() != shape.size())
    throw ShapeError(message({where, ": the samples have ", samples.rows(), " values, images of ",
                              shape.text().view(), " have ", shape.size()}));
}

}  // namespace detail

/// Samples side by side, row by row. Values are clamped to [0,1]; one channel shows as gray.
/// @throws ShapeError where the samples do not have `shape`, it is not height x width x 1 or 3, or the picture
///         would have more than 2^27 pixels
/// @throws DataError without samples
/// @throws OptionError where an option is out of range
inline Picture image_grid(View<float> samples, Shape shape, const GridOptions& options = {}) {
  detail::check_options(options);
  detail::require_samples("image_grid", samples, shape);
  const Index count = samples.cols();
  const auto square = static_cast<Index>(std::ceil(std::sqrt(static_cast<double>(count))));
  const Index columns = options.columns > 0 ? options.columns : square;
  detail::GridPainter painter(shape, (count - 1) / columns + 1, columns, options);
  for (Index j = 0; j < count; ++j) painter.paint(samples.column(j), j / columns, j % columns);
  return painter.take();
}

/// Sets of as many samples under each other, one row each, such as originals and reconstructions; the
/// columns are given by the samples. @throws as `image_grid`, and ShapeError where the sets differ in size
inline Picture comparison(std::span<const View<float>> rows, Shape shape, const GridOptions& options = {}) {
  detail::check_options(options);
  if (rows.empty()) throw DataError("eigencoder: comparison: there is no row to show");
  for (const View<float>& row : rows) {
    detail::require_samples("comparison", row, shape);
    if (row.cols() != rows[0].cols())
      throw ShapeError(
          detail::message({"comparison: rows of ", rows[0].cols(), " and of ", row.cols(), " samples"}));
  }
  detail::GridPainter painter(shape, static_cast<Index>(rows.size()), rows[0].cols(), options);
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (Index j = 0; j < rows[i].cols(); ++j) painter.paint(rows[i].column(j), static_cast<Index>(i), j);
  return painter.take();
}

/// Writes a PNG file: wholly, or what was there before stays.
/// @throws ShapeError where `rgb` does not hold the picture's size
/// @throws FileError naming the file and the reason where it cannot be written
inline void write_png(const std::string& path, const Picture& picture) {
  const bool drawable =
      picture.height > 0 && picture.width > 0 && picture.height <= detail::max_picture_pixels / picture.width;
  if (!drawable || picture.rgb.size() != static_cast<std::size_t>(picture.height * picture.width * 3))
    throw ShapeError(detail::message({"write_png: a picture of ", picture.height, " x ", picture.width, " with ",
                                      picture.rgb.size(), " bytes"}));
  std::vector<std::uint8_t> png;
  const auto append = [](void* out, void* data, int size) {
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    auto& all = *static_cast<std::vector<std::uint8_t>*>(out);
    all.insert(all.end(), bytes, bytes + size);
  };
  const int width = static_cast<int>(picture.width), height = static_cast<int>(picture.height);
  if (detail::stb::stbi_write_png_to_func(append, &png, width, height, 3, picture.rgb.data(), 3 * width) == 0)
    detail::fail_file("write", path, "the picture cannot be encoded");
  detail::write_file(path, png);
}

}  // namespace eigencoder
