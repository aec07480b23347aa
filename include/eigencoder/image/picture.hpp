#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/image/grid_painter.hpp>
#include <eigencoder/detail/image/stb_write.hpp>
#include <eigencoder/detail/platform/message.hpp>
#include <eigencoder/extend/errors.hpp>
#include <eigencoder/extend/shape.hpp>
#include <eigencoder/extend/types.hpp>
#include <eigencoder/extend/view.hpp>
#include <eigencoder/image/types.hpp>
#include <span>
#include <string>
#include <vector>

/// @file
/// Pictures of samples, and PNG files of them (needs stb_image_write; target `eigencoder::image`).
namespace eigencoder {

/// Samples side by side, row by row. Values are clamped to [0,1]; images of one channel are shown in gray.
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

/// Sets of samples below each other, one row each, such as originals and reconstructions: column j shows sample j of
/// each set. `GridOptions::columns` has no effect.
/// @throws ShapeError as `image_grid` does, and where the sets differ in size
/// @throws DataError without sets, or without samples
/// @throws OptionError where an option is out of range
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

/// Writes a PNG file. The old contents of the file stay unless all is written.
/// @throws ShapeError where `rgb` does not have 3 * height * width bytes, or there are none or too many
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
